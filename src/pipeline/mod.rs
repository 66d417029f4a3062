//! Stages, selectors, recorded reads and staleness. Pure: no clock, no network, no files.
