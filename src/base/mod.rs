//! Files and time: atomic writes, locks, the clock. The only room that writes files.
