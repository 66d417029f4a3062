//! Use cases, each joining the rooms below.
