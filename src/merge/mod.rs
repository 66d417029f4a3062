//! Joining two versions of a file that share an older one. Pure.
