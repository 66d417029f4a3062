//! What is read of a project.

use std::io::Write as _;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{Answer, Context, written};
use crate::body;
use crate::remote::{RemoteError, Wanted};
use crate::routes::{blocking, failed};
use crate::tokens::Scope;

/// The names of the projects that the asker may read.
pub(super) async fn projects(context: Context) -> Answer {
    let app = context.app.clone();
    let mut names = blocking(move || app.root.projects().map_err(failed)).await?;
    let guest = context.guest()?;
    names.retain(|name| guest.allows(Scope::Read, Some(name)));
    let names: Vec<&str> = names
        .iter()
        .map(crate::names::ProjectName::as_str)
        .collect();
    Ok(body::json(&serde_json::json!({ "projects": names })))
}

pub(super) async fn refs(context: Context) -> Answer {
    let host = context.host()?;
    Ok(body::json(&blocking(move || host.advertise()).await?))
}

pub(super) async fn missing(context: Context, request: Request) -> Answer {
    let host = context.host()?;
    let records = context.records(request).await?;
    let missing = blocking(move || host.missing(None, &records)).await?;
    Ok(body::bytes(written(&missing)))
}

pub(super) async fn list(context: Context, request: Request) -> Answer {
    let host = context.host()?;
    let idle = context.app.limits.idle_time;
    let body = body::whole(request.into_body(), context.most, idle).await?;
    context.app.count_received(body.len() as u64);
    let wanted: Wanted = serde_json::from_slice(&body)
        .map_err(|error| RemoteError::Refused(format!("the body names no commits: {error}")))?;
    let listed = blocking(move || host.list(&wanted)).await?;
    let bytes: Vec<u8> = listed.iter().flat_map(|listed| listed.to_bytes()).collect();
    context.app.count_sent(bytes.len() as u64);
    Ok(body::bytes(bytes))
}

/// The pack of the records that the body names, from the byte on that `Range` names.
pub(super) async fn download(context: Context, request: Request) -> Answer {
    let host = context.host()?;
    let app = context.app.clone();
    let offset = range(request.headers())?;
    let records = context.records(request).await?;
    let (measured, asked) = (host.clone(), records.clone());
    let bytes = blocking(move || measured.download_bytes(&asked)).await?;
    let from = offset.unwrap_or(0);
    if from > bytes {
        return Err(RemoteError::Refused(format!("the pack has {bytes} bytes")));
    }
    let (mut out, mut response) = body::outgoing(app.limits.idle_time, bytes - from);
    if offset.is_some() && from < bytes {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let range = format!("bytes {from}-{}/{bytes}", bytes - 1);
        if let Ok(range) = HeaderValue::from_str(&range) {
            response.headers_mut().insert(header::CONTENT_RANGE, range);
        }
    }
    tokio::task::spawn_blocking(move || {
        let sent = host.download(&records, from, &mut out);
        match sent.map(|()| out.flush()) {
            Ok(Ok(())) => app.count_sent(bytes - from),
            Ok(Err(_)) | Err(RemoteError::Away(_)) => {}
            Err(error) => {
                let causes = crate::base::causes::with_causes(&error);
                tracing::error!(error = %causes, "a pack broke off");
                out.fail();
            }
        }
    });
    Ok(response)
}

/// Where a download goes on: `Range: bytes=N-`. Without it, at the beginning.
fn range(headers: &HeaderMap) -> Result<Option<u64>, RemoteError> {
    let Some(given) = headers.get(header::RANGE) else {
        return Ok(None);
    };
    let from = given.to_str().ok();
    let from = from.and_then(|text| text.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
    match from {
        Some(from) => Ok(Some(from)),
        None => Err(RemoteError::Refused(
            "a range is `bytes=N-` here".to_owned(),
        )),
    }
}
