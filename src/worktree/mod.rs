//! The files as they lie in the folder: scanning, the stat cache, ignore rules, safe checkout.
