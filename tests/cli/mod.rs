//! One file a subject; `world` runs the program.

mod agreed;
mod amend;
mod amounts;
mod attacks;
mod command;
mod command_limits;
#[cfg(unix)]
mod complete;
mod config;
mod differences;
mod doctor;
mod drafts;
mod explain;
mod faults_told;
mod film;
mod frame;
mod generate;
#[cfg(unix)]
mod git_tools;
mod history;
#[cfg(unix)]
mod house;
#[cfg(unix)]
mod house_left;
mod import;
mod import_places;
mod joins;
mod kept;
mod lists;
mod locked;
mod log;
mod lost;
mod media;
mod merge;
mod misnamed;
mod money;
mod names;
mod newcomers;
mod not_found;
mod numbered;
mod own;
mod paid_once;
mod patch;
mod paths;
mod picture;
mod rates;
mod rebase;
mod reference;
mod refusals;
mod renamed;
mod resolve;
mod revisions;
mod room;
#[cfg(unix)]
mod screen;
mod search;
mod served;
mod shapes;
mod sharing;
mod sights;
mod standing;
mod stood;
mod stories;
mod stream;
mod transplant;
mod trust;
mod trust_arguments;
mod undo;
mod upkeep;
mod vocabulary;
mod why;
mod words;
mod world;
mod writing;
