//! Whether the server lives, can work, and how much it did.

use std::sync::atomic::Ordering;

use axum::response::Response;

use super::{Answer, Context};
use crate::routes::{blocking, failed, text};

pub(super) fn health() -> Response {
    text(200, "ok\n".to_owned())
}

/// Whether it can take a push: it is not about to end, its folder can be read, and there is room.
pub(super) async fn ready(context: Context) -> Answer {
    let app = context.app;
    if app.draining.load(Ordering::Relaxed) {
        return Ok(text(503, "ending\n".to_owned()));
    }
    let floor = app.limits.free;
    let room = blocking(move || {
        app.tokens().map_err(failed)?;
        app.root.free_bytes().map_err(failed)
    });
    Ok(match room.await {
        Ok(free) if free >= floor => text(200, "ready\n".to_owned()),
        Ok(_) => text(503, "the disk is full\n".to_owned()),
        Err(_) => text(503, "its folder cannot be used\n".to_owned()),
    })
}

pub(super) fn metrics(context: &Context) -> Response {
    text(200, context.app.metrics.text())
}
