//! Every route, with what it takes: one table, from which the router, the checks and the tests are made.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::body::Body;
use axum::extract::{RawPathParams, Request, State};
use axum::response::Response;
use axum::routing::{MethodFilter, on};

use crate::access::{Guest, authorize};
use crate::app::App;
use crate::body;
use crate::handlers::{Context, Handler};
use crate::names::ProjectName;
use crate::remote::{Host, Problem, ProblemCode, RemoteError};
use crate::tokens::Scope;

/// How a route is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// It changes nothing.
    Get,
    /// It changes something, or asks with a body.
    Post,
    /// It may be repeated.
    Put,
}

impl Method {
    /// As it is written.
    #[must_use]
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }

    const fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
            Self::Put => MethodFilter::PUT,
        }
    }
}

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Anybody: it tells nothing.
    Open,
    /// Whoever has a token with this scope; of a project, for that project.
    With(Scope),
}

/// A route.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Route {
    /// How.
    pub(crate) method: Method,
    /// Where. `{project}` is a project that has to be there, and that the token has to be for.
    pub(crate) path: &'static str,
    /// Who.
    pub(crate) access: Access,
    /// Longest body that is taken, in bytes; that of an upload is taken piece by piece and has its own limit.
    pub(crate) body: usize,
    pub(crate) handler: Handler,
}

const fn route(
    method: Method,
    path: &'static str,
    access: Access,
    body: usize,
    handler: Handler,
) -> Route {
    Route {
        method,
        path,
        access,
        body,
        handler,
    }
}

const NONE: usize = 0;
const SOME: usize = 4 << 20;
/// A million records.
const RECORDS: usize = 33 << 20;

/// All routes.
pub(crate) const ROUTES: &[Route] = {
    use Access::{Open, With};
    use Method::{Get, Post, Put};
    use Scope::{Admin, Push, Read};
    &[
        route(Get, "/healthz", Open, NONE, Handler::Health),
        route(Get, "/readyz", Open, NONE, Handler::Ready),
        route(Get, "/metrics", With(Admin), NONE, Handler::Metrics),
        route(Get, "/api/v1/projects", With(Read), NONE, Handler::Projects),
        route(
            Get,
            "/api/v1/projects/{project}/refs",
            With(Read),
            NONE,
            Handler::Refs,
        ),
        route(
            Post,
            "/api/v1/projects/{project}/missing",
            With(Read),
            RECORDS,
            Handler::Missing,
        ),
        route(
            Post,
            "/api/v1/projects/{project}/list",
            With(Read),
            RECORDS * 2,
            Handler::List,
        ),
        route(
            Post,
            "/api/v1/projects/{project}/pack",
            With(Read),
            RECORDS,
            Handler::Download,
        ),
        route(
            Put,
            "/api/v1/projects/{project}/pushes/{push}",
            With(Push),
            NONE,
            Handler::Begin,
        ),
        route(
            Post,
            "/api/v1/projects/{project}/pushes/{push}/missing",
            With(Push),
            RECORDS,
            Handler::PushMissing,
        ),
        route(
            Get,
            "/api/v1/projects/{project}/pushes/{push}/packs/{pack}",
            With(Push),
            NONE,
            Handler::Arrived,
        ),
        route(
            Put,
            "/api/v1/projects/{project}/pushes/{push}/packs/{pack}",
            With(Push),
            NONE,
            Handler::Upload,
        ),
        route(
            Post,
            "/api/v1/projects/{project}/pushes/{push}/commit",
            With(Push),
            SOME,
            Handler::Commit,
        ),
    ]
};

/// The router of the table.
pub(crate) fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for (number, row) in ROUTES.iter().enumerate() {
        let handle = move |State(app): State<Arc<App>>, params: RawPathParams, request: Request| async move {
            enter(app, number, &params, request).await
        };
        router = router.route(row.path, on(row.method.filter(), handle));
    }
    let absent = || async { body::problem(&Problem::of(&absent("this address"))) };
    router
        .fallback(absent)
        .method_not_allowed_fallback(absent)
        .with_state(app)
}

/// What is answered where something is not there, and where it is not for the one who asks.
fn absent(what: &str) -> RemoteError {
    RemoteError::Absent(what.to_owned())
}

/// The one way to a handler.
async fn enter(app: Arc<App>, number: usize, params: &RawPathParams, request: Request) -> Response {
    let row = &ROUTES[number];
    let started = app.clock.elapsed();
    let mut guest = None;
    let answer = admit(&app, row, params, request, &mut guest).await;
    let response = match answer {
        Ok(response) => response,
        Err(error) => {
            let problem = Problem::of(&error);
            if problem.code == ProblemCode::Internal {
                // Paths and what the system said: for the log alone.
                let causes = crate::base::causes::with_causes(&error);
                tracing::error!(route = row.path, error = %causes, "failed");
            }
            body::problem(&problem)
        }
    };
    let status = response.status().as_u16();
    app.metrics.answered(number, status);
    let took = app.clock.elapsed().saturating_sub(started);
    tracing::info!(
        method = row.method.name(),
        route = row.path,
        status,
        token = guest.as_ref().map_or("", |guest: &Guest| guest.id.as_str()),
        micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}

async fn admit(
    app: &Arc<App>,
    row: &'static Route,
    params: &RawPathParams,
    request: Request,
    noted: &mut Option<Guest>,
) -> Result<Response, RemoteError> {
    let param = |name: &str| {
        params
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned())
    };
    let is_of_project = row.path.contains("{project}");
    let name: Option<ProjectName> = param("project").and_then(|name| name.parse().ok());
    let guest = match row.access {
        Access::Open => None,
        Access::With(scope) => {
            let tokens = app.tokens().map_err(failed)?;
            let now = app.clock.now().unix_seconds;
            let guest = authorize(&tokens, request.headers(), now)?;
            *noted = Some(guest.clone());
            if !guest.allows(scope, name.as_ref()) || (is_of_project && name.is_none()) {
                return Err(absent("the project"));
            }
            Some(guest)
        }
    };
    let mut host: Option<Arc<Host>> = None;
    if let Some(name) = name.clone() {
        let app = Arc::clone(app);
        let found = blocking(move || app.host(&name).map_err(failed)).await?;
        host = Some(found.ok_or_else(|| absent("the project"))?);
    }
    let context = Context {
        app: Arc::clone(app),
        guest,
        project: name,
        host,
        push: param("push"),
        pack: param("pack"),
        most: row.body,
    };
    row.handler.handle(context, request).await
}

/// What failed on this side.
pub(crate) fn failed(error: crate::root::RootError) -> RemoteError {
    match error {
        crate::root::RootError::Project(error) => error,
        other => RemoteError::Io {
            action: "use",
            path: "the server's folder".into(),
            source: std::io::Error::other(other),
        },
    }
}

/// Does what waits for the disk where it holds up nobody else.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, RemoteError> + Send + 'static,
) -> Result<T, RemoteError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(RemoteError::Io {
            action: "finish",
            path: "a request".into(),
            source: std::io::Error::other(error),
        }),
    }
}

impl App {
    /// Bytes went out.
    pub(crate) fn count_sent(&self, bytes: u64) {
        self.metrics.sent.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// A body of text.
pub(crate) fn text(status: u16, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = axum::http::StatusCode::from_u16(status).unwrap_or_default();
    let kind = axum::http::HeaderValue::from_static("text/plain; charset=utf-8");
    response
        .headers_mut()
        .insert(axum::http::header::CONTENT_TYPE, kind);
    response
}
