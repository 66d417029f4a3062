//! Bodies: read whole within a limit, or handed piece by piece to and from threads that wait for the disk.

use std::io::{self, Read, Write};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use serde::Serialize;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::remote::{Problem, RemoteError};

/// Pieces that wait between a connection and a thread.
const WAITING: usize = 4;
/// Sent at a time.
const PIECE: usize = 128 << 10;

fn of_type(kind: &'static str, status: StatusCode, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}

/// An answer in JSON.
pub(crate) fn json(value: &impl Serialize) -> Response {
    let body = serde_json::to_vec(value).expect("answers are text and numbers");
    of_type("application/json", StatusCode::OK, body.into())
}

/// An answer in bytes.
pub(crate) fn bytes(bytes: Vec<u8>) -> Response {
    of_type("application/octet-stream", StatusCode::OK, bytes.into())
}

/// An error.
pub(crate) fn problem(problem: &Problem) -> Response {
    let body = serde_json::to_vec(problem).expect("problems are text and numbers");
    let status = StatusCode::from_u16(problem.code.status());
    let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = of_type("application/json", status, body.into());
    if status == StatusCode::UNAUTHORIZED {
        let how = HeaderValue::from_static("Bearer");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, how);
    }
    response
}

/// A body whole, if it is no longer than `most` and does not stop for `idle`.
pub(crate) async fn whole(
    mut body: Body,
    most: usize,
    idle: Duration,
) -> Result<Vec<u8>, RemoteError> {
    let mut all = Vec::new();
    while let Some(piece) = next(&mut body, idle).await? {
        if all.len() + piece.len() > most {
            return Err(RemoteError::Refused(format!(
                "the body has more than {most} bytes"
            )));
        }
        all.extend_from_slice(&piece);
    }
    Ok(all)
}

/// The next piece of a body.
async fn next(body: &mut Body, idle: Duration) -> Result<Option<Bytes>, RemoteError> {
    loop {
        let frame = match timeout(idle, body.frame()).await {
            Err(_) => return Err(RemoteError::Away("the body stopped coming".to_owned())),
            Ok(None) => return Ok(None),
            Ok(Some(Err(error))) => {
                return Err(RemoteError::Away(format!("the body broke off: {error}")));
            }
            Ok(Some(Ok(frame))) => frame,
        };
        if let Ok(data) = frame.into_data() {
            return Ok(Some(data));
        }
    }
}

/// Hands a body to a thread that reads it.
pub(crate) async fn feed(mut body: Body, idle: Duration, to: mpsc::Sender<io::Result<Bytes>>) {
    loop {
        let piece = match next(&mut body, idle).await {
            Ok(None) => return,
            Ok(Some(piece)) => Ok(piece),
            Err(error) => Err(io::Error::other(error.to_string())),
        };
        let stop = piece.is_err();
        // Nobody reads any more when it has what it wants, or failed.
        if to.send(piece).await.is_err() || stop {
            return;
        }
    }
}

/// A body as a thread reads it.
pub(crate) struct Incoming {
    from: mpsc::Receiver<io::Result<Bytes>>,
    piece: Bytes,
    /// How much was read.
    pub(crate) read: u64,
}

/// Both ends of a body that a thread reads.
pub(crate) fn incoming() -> (mpsc::Sender<io::Result<Bytes>>, Incoming) {
    let (to, from) = mpsc::channel(WAITING);
    let piece = Bytes::new();
    let read = 0;
    (to, Incoming { from, piece, read })
}

impl Read for Incoming {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.from.blocking_recv() {
                None => return Ok(0),
                Some(piece) => self.piece = piece?,
            }
        }
        let most = buffer.len().min(self.piece.len());
        buffer[..most].copy_from_slice(&self.piece.split_to(most));
        self.read += most as u64;
        Ok(most)
    }
}

/// Where a thread writes a body to.
pub(crate) struct Outgoing {
    to: mpsc::Sender<io::Result<Bytes>>,
    runtime: Handle,
    idle: Duration,
    buffer: Vec<u8>,
}

impl Outgoing {
    fn send(&mut self) -> io::Result<()> {
        let piece = Bytes::from(std::mem::take(&mut self.buffer));
        let sent = self
            .runtime
            .block_on(timeout(self.idle, self.to.send(Ok(piece))));
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }

    /// Breaks the body off, so that nobody takes it for whole.
    pub(crate) fn fail(&mut self) {
        self.buffer.clear();
        let broken = io::Error::other("the answer broke off");
        let _ = self
            .runtime
            .block_on(timeout(self.idle, self.to.send(Err(broken))));
    }
}

impl Write for Outgoing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= PIECE {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.buffer.is_empty() {
            true => Ok(()),
            false => self.send(),
        }
    }
}

/// Pieces as they come out of a thread.
struct Pieces(mpsc::Receiver<io::Result<Bytes>>);

impl futures_core::Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}

/// Both ends of a body that a thread writes, of so many bytes.
pub(crate) fn outgoing(idle: Duration, length: u64) -> (Outgoing, Response) {
    let (to, from) = mpsc::channel(WAITING);
    let body = Body::from_stream(Pieces(from));
    let mut response = of_type("application/octet-stream", StatusCode::OK, body);
    response
        .headers_mut()
        .insert(header::CONTENT_LENGTH, length.into());
    let outgoing = Outgoing {
        to,
        runtime: Handle::current(),
        idle,
        buffer: Vec::new(),
    };
    (outgoing, response)
}
