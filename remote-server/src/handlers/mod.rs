//! What each route does. None is reached but by way of [`crate::routes`], which has checked who asks.

mod fetch;
mod health;
mod push;

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;

use crate::access::Guest;
use crate::app::App;
use crate::body;
use crate::names::ProjectName;
use crate::remote::{Host, PackId, RemoteError, SessionId};
use crate::store::RecordId;

type Answer = Result<Response, RemoteError>;

/// What a route does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handler {
    Health,
    Ready,
    Metrics,
    Projects,
    Refs,
    Missing,
    List,
    Download,
    Begin,
    PushMissing,
    Arrived,
    Upload,
    Commit,
}

/// What is known of a request when its handler begins.
pub(crate) struct Context {
    pub(crate) app: Arc<App>,
    pub(crate) guest: Option<Guest>,
    pub(crate) project: Option<ProjectName>,
    pub(crate) host: Option<Arc<Host>>,
    pub(crate) push: Option<String>,
    pub(crate) pack: Option<String>,
    pub(crate) most: usize,
}

impl Context {
    fn guest(&self) -> Result<&Guest, RemoteError> {
        self.guest.as_ref().ok_or(RemoteError::Unauthorized)
    }

    fn host(&self) -> Result<Arc<Host>, RemoteError> {
        let absent = || RemoteError::Absent("the project".to_owned());
        self.host.clone().ok_or_else(absent)
    }

    fn project(&self) -> Result<&ProjectName, RemoteError> {
        let absent = || RemoteError::Absent("the project".to_owned());
        self.project.as_ref().ok_or_else(absent)
    }

    /// The push that is asked about: that of this name among the asker's own.
    fn session(&self) -> Result<SessionId, RemoteError> {
        let name = self
            .push
            .as_deref()
            .and_then(|name| name.parse::<SessionId>().ok());
        let wrong =
            || RemoteError::Refused("the name of a push has 32 hexadecimal digits".to_owned());
        Ok(name.ok_or_else(wrong)?.of_owner(&self.guest()?.id))
    }

    fn pack(&self) -> Result<PackId, RemoteError> {
        let name = self.pack.as_deref().and_then(|name| name.parse().ok());
        name.ok_or_else(|| {
            RemoteError::Refused("the name of a pack has 32 hexadecimal digits".to_owned())
        })
    }

    /// The records that the body names, 33 bytes each.
    async fn records(&self, request: Request) -> Result<Vec<RecordId>, RemoteError> {
        let idle = self.app.limits.idle_time;
        let body = body::whole(request.into_body(), self.most, idle).await?;
        self.app.count_received(body.len() as u64);
        let (records, rest) = body.as_chunks::<33>();
        let known: Option<Vec<RecordId>> = records.iter().map(RecordId::from_bytes).collect();
        match known.filter(|_| rest.is_empty()) {
            Some(records) => Ok(records),
            None => Err(RemoteError::Refused("the body names no records".to_owned())),
        }
    }
}

impl App {
    /// Bytes came in.
    pub(crate) fn count_received(&self, bytes: u64) {
        self.metrics
            .received
            .fetch_add(bytes, std::sync::atomic::Ordering::Relaxed);
    }
}

impl Handler {
    pub(crate) async fn handle(self, context: Context, request: Request) -> Answer {
        match self {
            Self::Health => Ok(health::health()),
            Self::Ready => health::ready(context).await,
            Self::Metrics => Ok(health::metrics(&context)),
            Self::Projects => fetch::projects(context).await,
            Self::Refs => fetch::refs(context).await,
            Self::Missing => fetch::missing(context, request).await,
            Self::List => fetch::list(context, request).await,
            Self::Download => fetch::download(context, request).await,
            Self::Begin => push::begin(context).await,
            Self::PushMissing => push::missing(context, request).await,
            Self::Arrived => push::arrived(context).await,
            Self::Upload => push::upload(context, request).await,
            Self::Commit => push::commit(context, request).await,
        }
    }
}

/// Records on the wire.
fn written(records: &[RecordId]) -> Vec<u8> {
    records.iter().flat_map(RecordId::to_bytes).collect()
}
