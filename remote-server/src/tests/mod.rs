//! The server as it is asked: route by route without a network, and by the client over one.

#[cfg(unix)]
mod hooks;
mod killed;
mod limits;
mod secrets;
mod support;
mod table;
mod whole;
