//! What is pushed to a project.

use std::sync::atomic::Ordering;

use axum::extract::{Query, Request};
use serde::Deserialize;

use super::{Answer, Context, written};
use crate::app::App;
use crate::audit::Entry;
use crate::body;
use crate::hooks::Hooks;
use crate::names::ProjectName;
use crate::remote::{By, Host, MOST_PARCEL_BYTES, Push, RemoteError};
use crate::routes::{blocking, failed};
use crate::tokens::Scope;

/// Refuses what there is no room for: on the disk, or in what the project may have.
fn check_room(app: &App, project: &ProjectName, host: &Host, more: u64) -> Result<(), RemoteError> {
    let free = app.root.free_bytes().map_err(failed)?;
    if free < app.limits.free.saturating_add(more) {
        return Err(RemoteError::Full(
            "the server's disk is nearly full".to_owned(),
        ));
    }
    let has = app.root.pack_bytes(project).map_err(failed)? + host.pending_bytes()?;
    if has.saturating_add(more) > app.limits.quota {
        let quota = app.limits.quota;
        return Err(RemoteError::Full(format!(
            "the project may have {quota} bytes"
        )));
    }
    Ok(())
}

pub(super) async fn begin(context: Context) -> Answer {
    let (host, session) = (context.host()?, context.session()?);
    Ok(body::json(&blocking(move || host.begin(&session)).await?))
}

pub(super) async fn missing(context: Context, request: Request) -> Answer {
    let (host, session) = (context.host()?, context.session()?);
    let records = context.records(request).await?;
    let missing = blocking(move || host.missing(Some(&session), &records)).await?;
    Ok(body::bytes(written(&missing)))
}

pub(super) async fn arrived(context: Context) -> Answer {
    let (host, session, pack) = (context.host()?, context.session()?, context.pack()?);
    let have = blocking(move || host.arrived(&session, &pack)).await?;
    Ok(body::json(&serde_json::json!({ "have": have })))
}

/// What an upload says of itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Upload {
    /// Bytes of the whole pack.
    bytes: u64,
    /// Where the body goes on.
    offset: u64,
}

pub(super) async fn upload(context: Context, request: Request) -> Answer {
    let (host, session, pack) = (context.host()?, context.session()?, context.pack()?);
    let project = context.project()?.clone();
    let app = context.app.clone();
    let Query(Upload { bytes, offset }) = Query::try_from_uri(request.uri())
        .map_err(|_| RemoteError::Refused("an upload says `bytes` and `offset`".to_owned()))?;
    if bytes > MOST_PARCEL_BYTES {
        return Err(RemoteError::Refused(format!("a pack of {bytes} bytes")));
    }
    // Before the body is read: whoever waits to be asked for it (`Expect`) sends nothing in vain.
    let (asked, of, at) = (app.clone(), project.clone(), host.clone());
    blocking(move || check_room(&asked, &of, &at, bytes.saturating_sub(offset))).await?;
    let (to, mut from) = body::incoming();
    let idle = app.limits.idle_time;
    let fed = tokio::spawn(body::feed(request.into_body(), idle, to));
    let have = blocking(move || {
        let have = host.upload(&session, &pack, bytes, offset, &mut from);
        app.count_received(from.read);
        have
    });
    let have = have.await;
    fed.abort();
    Ok(body::json(&serde_json::json!({ "have": have? })))
}

pub(super) async fn commit(context: Context, request: Request) -> Answer {
    let (host, session) = (context.host()?, context.session()?);
    let (project, guest) = (context.project()?.clone(), context.guest()?.clone());
    let app = context.app.clone();
    let body = body::whole(request.into_body(), context.most, app.limits.idle_time).await?;
    let push: Push = serde_json::from_slice(&body)
        .map_err(|error| RemoteError::Refused(format!("the body is no push: {error}")))?;
    let by = By {
        name: guest.name.clone(),
        may_force: guest.allows(Scope::Force, Some(&project)),
    };
    let counted = app.clone();
    let pushed = blocking(move || {
        check_room(&app, &project, &host, 0)?;
        let hooks = Hooks::of(&app.root, &project, &guest.id);
        let pushed = host.commit(&session, &push, &by, &hooks)?;
        let entry = Entry {
            time: app.clock.now().unix_seconds,
            token: &guest.id,
            name: &guest.name,
            project: project.as_str(),
            session: session.to_string(),
            push: &push,
            mark: pushed.mark,
        };
        // It happened: the operation log of the project says so, too.
        if let Err(error) = app.audit.note(&entry) {
            tracing::error!(%error, "the audit log cannot be written");
        }
        hooks.received(&push, &by);
        Ok(pushed)
    });
    let pushed = pushed.await;
    let count = match pushed {
        Ok(_) => &counted.metrics.pushes,
        Err(_) => &counted.metrics.pushes_refused,
    };
    count.fetch_add(1, Ordering::Relaxed);
    Ok(body::json(&pushed?))
}
