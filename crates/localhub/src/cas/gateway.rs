//! The gateway before the store: who may do what, and passing it on.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

use crate::{Denial, World};

/// The routes of the origin that plays the store.
pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new().fallback(pass)
}

/// What a request needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    Read,
    Write,
    /// The URL is its own permission, as a presigned one: it names an upload that was granted, or
    /// contents by their hash.
    Nothing,
}

/// What the operations of the store need: sending needs a token that writes. The server's levers for
/// simulations are none of them.
fn need(method: &Method, path: &str) -> Option<Need> {
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    match (method.as_str(), segments.as_slice()) {
        ("GET", ["v1", "fetch_term"]) | ("PUT", ["simulation", "xorb-uploads", _]) => {
            Some(Need::Nothing)
        }
        ("GET", ["v1" | "v2", "reconstructions", ..] | ["v1", "chunks", _, _])
        | ("HEAD", ["v1", "xorbs", _, _] | ["v1", "files", _])
        | ("POST", ["v1", "telemetry"]) => Some(Need::Read),
        (
            "POST",
            ["v1", "xorbs" | "xorb-grants" | "xorb-commits", ..] | ["v1" | "v2", "shards"],
        ) => Some(Need::Write),
        _ => None,
    }
}

async fn pass(State(world): State<Arc<World>>, request: Request) -> Response {
    let path = request.uri().path();
    let answer = match need(request.method(), path) {
        None => Err(Denial::not_found("Not found")),
        Some(Need::Nothing) => Ok(()),
        Some(need) => {
            let token = bearer(request.headers());
            if token.is_some_and(|token| world.accepts_xet_token(token, need == Need::Write)) {
                Ok(())
            } else {
                Err(Denial::new(StatusCode::UNAUTHORIZED, "Invalid or insufficient token"))
            }
        }
    };
    match answer {
        Ok(()) => forward(&world, request).await,
        Err(denial) => denial.into_response(),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// Passes a request on. Its `Host` stays the gateway's: the server builds URLs from it.
async fn forward(world: &World, mut request: Request) -> Response {
    let Some(cas) = &world.cas else { return Denial::not_found("Not found").into_response() };
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let Ok(uri) = format!("{}{path}", cas.server.origin()).parse::<Uri>() else {
        return Denial::bad_request("Not an address").into_response();
    };
    *request.uri_mut() = uri;
    request.headers_mut().remove(header::AUTHORIZATION);
    match cas.client.request(request).await {
        Ok(answer) => answer.map(Body::new),
        Err(error) => Denial::internal(&error).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sending_needs_a_token_that_writes_and_levers_are_out_of_reach() {
        let of = |method: &str, path: &str| need(&method.parse().unwrap(), path);
        assert_eq!(of("POST", "/v2/shards"), Some(Need::Write));
        assert_eq!(of("POST", "/v1/xorbs/default/ab"), Some(Need::Write));
        assert_eq!(of("POST", "/v1/xorb-grants/default/ab"), Some(Need::Write));
        assert_eq!(of("GET", "/v2/reconstructions/ab"), Some(Need::Read));
        assert_eq!(of("GET", "/v1/chunks/default/ab"), Some(Need::Read));
        assert_eq!(of("GET", "/v1/fetch_term"), Some(Need::Nothing));
        for (method, path) in [
            ("GET", "/simulation/xorbs"),
            ("POST", "/simulation/set_config"),
            ("DELETE", "/simulation/file_entries/ab"),
            ("PUT", "/simulation/xorb-uploads/a/../../xorbs"),
            ("GET", "/v1/get_xorb/default/ab/"),
        ] {
            assert_eq!(of(method, path), None, "{method} {path}");
        }
    }
}
