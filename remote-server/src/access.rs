//! Who asks: told by a token in the header, and by nothing else.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use crate::names::ProjectName;
use crate::remote::RemoteError;
use crate::tokens::{Scope, Token, Tokens};

/// Who a request is from.
#[derive(Debug, Clone)]
pub(crate) struct Guest {
    /// Id of the token.
    pub(crate) id: String,
    /// Whose it is.
    pub(crate) name: String,
    token: Token,
}

impl Guest {
    /// Whether something is allowed in a project; without one, in any.
    pub(crate) fn allows(&self, scope: Scope, project: Option<&ProjectName>) -> bool {
        self.token.allows(scope, project)
    }
}

/// Who asks, by the one header that says so.
pub(crate) fn authorize(
    tokens: &Tokens,
    headers: &HeaderMap,
    now: i64,
) -> Result<Guest, RemoteError> {
    let mut given = headers.get_all(AUTHORIZATION).iter();
    let text = match (given.next(), given.next()) {
        (Some(one), None) => one
            .to_str()
            .ok()
            .and_then(|text| text.strip_prefix("Bearer ")),
        _ => None,
    };
    let token = text.and_then(|text| tokens.find(text, now));
    let token = token.ok_or(RemoteError::Unauthorized)?.clone();
    Ok(Guest {
        id: token.id.clone(),
        name: token.name.clone(),
        token,
    })
}
