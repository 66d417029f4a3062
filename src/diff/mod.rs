//! What differs between two versions, by kind of file.
