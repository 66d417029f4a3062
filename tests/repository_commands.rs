//! The repository commands, over real folders with a clock of their own.

mod repository;
