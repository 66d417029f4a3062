//! Carrying out a plan: the scheduler and the generators.
