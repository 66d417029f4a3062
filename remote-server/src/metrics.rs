//! Numbers for Prometheus. No names of projects or people are among them.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::routes::ROUTES;

/// Classes of statuses: 2xx, 4xx, 5xx.
const CLASSES: [&str; 3] = ["2xx", "4xx", "5xx"];

/// What is counted.
#[derive(Debug)]
pub(crate) struct Metrics {
    requests: Vec<[AtomicU64; CLASSES.len()]>,
    pub(crate) received: AtomicU64,
    pub(crate) sent: AtomicU64,
    pub(crate) pushes: AtomicU64,
    pub(crate) pushes_refused: AtomicU64,
    pub(crate) connections: AtomicU64,
    pub(crate) connections_refused: AtomicU64,
}

impl Default for Metrics {
    fn default() -> Self {
        let zero = || AtomicU64::new(0);
        Self {
            requests: ROUTES.iter().map(|_| [zero(), zero(), zero()]).collect(),
            received: zero(),
            sent: zero(),
            pushes: zero(),
            pushes_refused: zero(),
            connections: zero(),
            connections_refused: zero(),
        }
    }
}

impl Metrics {
    /// A request of a route was answered.
    pub(crate) fn answered(&self, route: usize, status: u16) {
        let class = match status {
            ..400 => 0,
            400..500 => 1,
            _ => 2,
        };
        self.requests[route][class].fetch_add(1, Ordering::Relaxed);
    }

    /// The text that is scraped.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "# TYPE aiut_requests_total counter");
        for (row, counts) in ROUTES.iter().zip(&self.requests) {
            for (class, count) in CLASSES.iter().zip(counts) {
                let count = count.load(Ordering::Relaxed);
                if count > 0 {
                    let route = row.path;
                    let method = row.method.name();
                    let _ = writeln!(
                        out,
                        "aiut_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{class}\"}} {count}"
                    );
                }
            }
        }
        for (name, kind, value) in [
            ("received_bytes_total", "counter", &self.received),
            ("sent_bytes_total", "counter", &self.sent),
            ("pushes_total", "counter", &self.pushes),
            ("pushes_refused_total", "counter", &self.pushes_refused),
            ("connections", "gauge", &self.connections),
            (
                "connections_refused_total",
                "counter",
                &self.connections_refused,
            ),
        ] {
            let value = value.load(Ordering::Relaxed);
            let _ = writeln!(out, "# TYPE aiut_{name} {kind}\naiut_{name} {value}");
        }
        out
    }
}
