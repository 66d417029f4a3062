//! The server that a team shares its projects through.
//!
//! Nothing is served yet, so there is no `aiut-server` command yet either. The crate stands
//! apart from the root crate so that installing the command line needs no C++ build: this is
//! the only place that will name RocksDB.
