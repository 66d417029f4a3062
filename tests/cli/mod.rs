//! One file a subject; `world` runs the program.

mod config;
mod frame;
mod history;
mod media;
mod reference;
mod refusals;
mod world;
