//! Connections: who may listen where, how many there are, and how they end.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::app::App;
use crate::routes::router;

/// Longest head of a request, in bytes.
const MOST_HEAD_BYTES: usize = 32 << 10;

/// A server that listens.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    app: Arc<App>,
}

/// Listens. What is said is not encrypted, so it stays on this machine unless a proxy stands before it.
///
/// # Errors
/// `PermissionDenied` for an address that others reach, without `behind_proxy`; any I/O error.
pub async fn bind(app: App, address: SocketAddr, behind_proxy: bool) -> io::Result<Server> {
    if !address.ip().is_loopback() && !behind_proxy {
        let why = format!(
            "others can reach {address}, and nothing that is said there would be encrypted; listen on \
             127.0.0.1, or say --behind-proxy where a proxy encrypts it"
        );
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
    }
    Ok(Server {
        listener: TcpListener::bind(address).await?,
        app: Arc::new(app),
    })
}

impl Server {
    /// Where it listens.
    ///
    /// # Errors
    /// Any I/O error.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `end`, and then until all that was begun is done, or takes too long.
    ///
    /// # Errors
    /// Any I/O error of listening.
    pub async fn run(self, end: impl Future<Output = ()>) -> io::Result<()> {
        let Self { listener, app } = self;
        let limits = app.limits;
        let service = router(Arc::clone(&app));
        let mut http = hyper::server::conn::http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(limits.header_time)
            .max_buf_size(MOST_HEAD_BYTES)
            .half_close(false);
        let places = Arc::new(Semaphore::new(limits.connections));
        let graceful = GracefulShutdown::new();
        let mut end = pin!(end);
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = &mut end => break,
            };
            let (stream, _) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // No descriptors are left, or the other side was gone already.
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                    continue;
                }
            };
            let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                app.metrics
                    .connections_refused
                    .fetch_add(1, Ordering::Relaxed);
                drop(stream);
                continue;
            };
            let _ = stream.set_nodelay(true);
            let io = TokioIo::new(stream);
            let connection = http.serve_connection(io, TowerToHyperService::new(service.clone()));
            let connection = graceful.watch(connection);
            let app = Arc::clone(&app);
            app.metrics.connections.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::debug!(%error, "a connection broke");
                }
                app.metrics.connections.fetch_sub(1, Ordering::Relaxed);
                drop(place);
            });
        }
        app.draining.store(true, Ordering::Relaxed);
        drop(listener);
        if tokio::time::timeout(limits.drain_time, graceful.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("requests were cut off");
        }
        Ok(())
    }
}
