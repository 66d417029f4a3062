//! One file a campaign; `work` is what they all store, and what must be there afterwards.

mod checkout;
mod letting_go;
mod model;
mod once;
mod points;
mod power;
mod reads;
mod work;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// One test at a time has its watcher in place.
static WATCHED: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A number from the environment.
fn number(name: &str, default: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.map_or(default, |text| text.parse().expect("a number"))
}

/// Which cases are run; the same seed gives the same ones.
fn seed() -> u64 {
    let seed = number("AIUT_SEED", 1);
    println!("AIUT_SEED={seed}");
    seed
}
