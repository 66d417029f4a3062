//! What all requests share.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::audit::Audit;
use crate::base::clock::Clock;
use crate::metrics::Metrics;
use crate::names::ProjectName;
use crate::remote::{Host, HostLimits};
use crate::root::{Root, RootError};
use crate::tokens::Tokens;

/// What a server puts up with.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at a time.
    pub connections: usize,
    /// How long the head of a request may take.
    pub header_time: Duration,
    /// How long nothing may come, or be taken, within a body.
    pub idle_time: Duration,
    /// How long requests may go on when the server is asked to end.
    pub drain_time: Duration,
    /// Bytes that a project may have, packs and uploads together.
    pub quota: u64,
    /// Bytes that stay free on the disk.
    pub free: u64,
    /// Of pushes.
    pub host: HostLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            header_time: Duration::from_secs(10),
            idle_time: Duration::from_secs(30),
            drain_time: Duration::from_secs(30),
            quota: 1 << 42,
            free: 1 << 30,
            host: HostLimits::default(),
        }
    }
}

/// Tokens as they were last read, and of which file.
type Known = (Option<(u64, u64)>, Arc<Tokens>);

/// What all requests share.
pub struct App {
    /// Its folder.
    pub(crate) root: Root,
    /// The time.
    pub(crate) clock: Arc<dyn Clock>,
    /// What it puts up with.
    pub(crate) limits: Limits,
    pub(crate) metrics: Metrics,
    pub(crate) audit: Audit,
    /// Whether it was asked to end.
    pub(crate) draining: AtomicBool,
    hosts: Mutex<HashMap<ProjectName, Arc<Host>>>,
    tokens: Mutex<Known>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "App({})", self.root.folder().path().display())
    }
}

impl App {
    /// A server of this folder.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub fn new(root: Root, clock: Arc<dyn Clock>, limits: Limits) -> Result<Self, RootError> {
        let audit = Audit::open(root.folder()).map_err(|source| RootError::Io {
            path: root.folder().path().to_owned(),
            source,
        })?;
        let app = Self {
            root,
            clock,
            limits,
            metrics: Metrics::default(),
            audit,
            draining: AtomicBool::new(false),
            hosts: Mutex::default(),
            tokens: Mutex::default(),
        };
        app.tokens()?;
        Ok(app)
    }

    /// The tokens as they are now: whoever adds or revokes one needs no restart.
    pub(crate) fn tokens(&self) -> Result<Arc<Tokens>, RootError> {
        let folder = self.root.folder();
        let io = |source| RootError::Io {
            path: folder.path().to_owned(),
            source,
        };
        let stamp = Tokens::stamp(folder).map_err(io)?;
        let mut known = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if known.0 != stamp {
            *known = (stamp, Arc::new(Tokens::read(folder).map_err(io)?));
        }
        Ok(Arc::clone(&known.1))
    }

    /// A project, opened once; none where it is not there.
    pub(crate) fn host(&self, name: &ProjectName) -> Result<Option<Arc<Host>>, RootError> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = hosts.get(name) {
            if self.root.path_of(name).exists() {
                return Ok(Some(Arc::clone(host)));
            }
            hosts.remove(name);
        }
        let clock = Arc::clone(&self.clock);
        let host = self.root.host(name, clock, self.limits.host)?.map(Arc::new);
        if let Some(host) = &host {
            hosts.insert(name.clone(), Arc::clone(host));
        }
        Ok(host)
    }
}
