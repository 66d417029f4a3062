//! Route × who asks: from the one table, so that a new route is tried before anybody thinks of it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::support::{NOW, Place};
use crate::routes::{Access, ROUTES, Route, router};
use crate::{Limits, Scope, Tokens};

async fn ask(
    router: &axum::Router,
    row: &Route,
    project: &str,
    token: Option<&str>,
) -> (u16, String) {
    let path = row.path.replace("{project}", project);
    let path = path
        .replace("{push}", &"0".repeat(32))
        .replace("{pack}", &"1".repeat(32));
    let mut request = Request::builder().method(row.method.name()).uri(path);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    send(router, request.body(Body::empty()).unwrap()).await
}

async fn send(router: &axum::Router, request: Request<Body>) -> (u16, String) {
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn every_route_is_for_those_alone_whom_the_table_names() {
    let place = Place::new();
    let router = router(Arc::new(place.app(Limits::default())));
    let (_, all) = place.token(&Scope::ALL, "*");
    let (revoked_id, revoked) = place.token(&Scope::ALL, "*");
    let revoke = |tokens: &mut Tokens| {
        let found = tokens
            .tokens
            .iter_mut()
            .find(|token| token.id == revoked_id);
        found.unwrap().revoked = true;
        Ok(())
    };
    Tokens::change(place.root.folder(), revoke).unwrap();
    let (_, elsewhere) = place.token(&Scope::ALL, "other");
    let mut tried = 0;
    for row in ROUTES {
        let at = format!("{} {}", row.method.name(), row.path);
        let Access::With(scope) = row.access else {
            let (status, _) = ask(&router, row, "ferry", None).await;
            assert_eq!(status, 200, "{at}");
            continue;
        };
        for wrong in [None, Some("aiut_0_0"), Some(""), Some(revoked.as_str())] {
            let (status, body) = ask(&router, row, "ferry", wrong).await;
            assert_eq!(status, 401, "{at} with {wrong:?}");
            assert!(body.contains("unauthorized"), "{body}");
        }
        // What is not there, whoever asks, is the measure for what one may not see.
        let (absent, words) = ask(&router, row, "nothing", Some(&all)).await;
        for other in Scope::ALL.into_iter().filter(|other| *other != scope) {
            let (_, token) = place.token(&[other], "*");
            let (status, body) = ask(&router, row, "ferry", Some(&token)).await;
            assert_eq!(status, 404, "{at} with {other:?}");
            if row.path.contains("{project}") {
                assert_eq!((status, &body), (absent, &words), "{at} with {other:?}");
            }
        }
        if row.path.contains("{project}") {
            assert_eq!(absent, 404, "{at}");
            for (project, token) in [
                ("ferry", &elsewhere),
                ("FERRY", &all),
                ("..", &all),
                ("%2e%2e", &all),
            ] {
                let (status, body) = ask(&router, row, project, Some(token)).await;
                assert_eq!(status, 404, "{at} of {project}");
                assert!(
                    project.contains('.') || body == words,
                    "{at} of {project}: {body}"
                );
            }
        }
        let (_, right) = place.token(&[scope], "ferry");
        let (status, body) = ask(&router, row, "ferry", Some(&right)).await;
        assert!(
            ![401, 403, 405, 500].contains(&status),
            "{at}: {status} {body}"
        );
        assert!(status != 404 || body != words, "{at}: {body}");
        place.clock.0.store(NOW + 1000, Ordering::Relaxed);
        assert_eq!(
            ask(&router, row, "ferry", Some(&right)).await.0,
            401,
            "{at} when it ended"
        );
        place.clock.0.store(NOW, Ordering::Relaxed);
        tried += 1;
    }
    assert!(tried >= 11);
}

#[tokio::test]
async fn a_token_stands_in_one_header_and_nowhere_else() {
    let place = Place::new();
    let router = router(Arc::new(place.app(Limits::default())));
    let (_, token) = place.token(&[Scope::Read], "ferry");
    let refs = "/api/v1/projects/ferry/refs";
    let request = |uri: &str| Request::builder().uri(uri);
    let bearer = format!("Bearer {token}");
    let good = request(refs)
        .header("authorization", &bearer)
        .body(Body::empty())
        .unwrap();
    assert_eq!(send(&router, good).await.0, 200);
    for bad in [
        request(&format!("{refs}?token={token}")).body(Body::empty()),
        request(&format!("{refs}?authorization={token}")).body(Body::empty()),
        request(refs)
            .header("cookie", format!("token={token}"))
            .body(Body::empty()),
        request(refs)
            .header("authorization", &token)
            .body(Body::empty()),
        request(refs)
            .header("authorization", format!("Basic {token}"))
            .body(Body::empty()),
        request(refs)
            .header("authorization", &bearer)
            .header("authorization", &bearer)
            .body(Body::empty()),
        request(refs).body(Body::from(token.clone())),
    ] {
        assert_eq!(send(&router, bad.unwrap()).await.0, 401);
    }
}

#[tokio::test]
async fn nothing_lies_outside_the_table() {
    let place = Place::new();
    let router = router(Arc::new(place.app(Limits::default())));
    let (_, all) = place.token(&Scope::ALL, "*");
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/api/v1"),
        ("DELETE", "/api/v1/projects/ferry/refs"),
        ("POST", "/api/v1/projects/ferry/refs"),
        ("GET", "/api/v1/projects/ferry/packs/00000001.pack"),
        ("GET", "/api/v1/projects/../tokens.json"),
        ("TRACE", "/healthz"),
    ] {
        let request = Request::builder().method(method).uri(path);
        let request = request.header("authorization", format!("Bearer {all}"));
        let (status, body) = send(&router, request.body(Body::empty()).unwrap()).await;
        assert_eq!(status, 404, "{method} {path}");
        assert!(body.contains("this address"), "{body}");
    }
    // The router is made in one place.
    let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let mut made = Vec::new();
    let mut folders = vec![std::path::PathBuf::from(sources)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if path.file_name().is_some_and(|name| name != "tests") {
                    folders.push(path);
                }
            } else if std::fs::read_to_string(&path).unwrap().contains(".route(") {
                made.push(path.file_name().unwrap().to_owned());
            }
        }
    }
    assert_eq!(made, ["routes.rs"]);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_words() {
    let place = Place::new();
    let router = router(Arc::new(place.app(Limits::default())));
    let (_, all) = place.token(&Scope::ALL, "*");
    let push = format!("/api/v1/projects/ferry/pushes/{}", "0".repeat(32));
    let pack = format!("{push}/packs/{}", "1".repeat(32));
    for (method, path, body, status) in [
        (
            "POST",
            "/api/v1/projects/ferry/missing".to_owned(),
            "abc",
            422,
        ),
        (
            "POST",
            "/api/v1/projects/ferry/missing".to_owned(),
            "00000000000000000000000000000000000000",
            422,
        ),
        ("POST", "/api/v1/projects/ferry/list".to_owned(), "{", 422),
        (
            "POST",
            "/api/v1/projects/ferry/list".to_owned(),
            r#"{"wants":["zz"],"common":[]}"#,
            422,
        ),
        (
            "PUT",
            "/api/v1/projects/ferry/pushes/no".to_owned(),
            "",
            422,
        ),
        ("GET", format!("{push}/packs/no"), "", 422),
        ("GET", pack.clone(), "", 410),
        ("PUT", pack.clone(), "x", 422),
        ("PUT", format!("{pack}?bytes=1&offset=0&more=1"), "x", 422),
        (
            "PUT",
            format!("{pack}?bytes=999999999999&offset=0"),
            "x",
            422,
        ),
        ("PUT", format!("{pack}?bytes=1&offset=0"), "x", 410),
        ("POST", format!("{push}/commit"), "{}", 422),
        (
            "POST",
            format!("{push}/commit"),
            r#"{"moves":{"remotes/a/b":{"from":null,"to":null}},"force":false}"#,
            422,
        ),
        (
            "POST",
            format!("{push}/commit"),
            r#"{"moves":{},"force":false}"#,
            410,
        ),
    ] {
        let request = Request::builder().method(method).uri(&path);
        let request = request.header("authorization", format!("Bearer {all}"));
        let (found, words) = send(&router, request.body(Body::from(body)).unwrap()).await;
        assert_eq!(found, status, "{method} {path}: {words}");
        assert!(words.contains("\"message\""), "{words}");
    }
}
