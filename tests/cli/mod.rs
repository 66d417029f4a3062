//! One file a subject; `world` runs the program.

mod config;
mod frame;
mod world;
