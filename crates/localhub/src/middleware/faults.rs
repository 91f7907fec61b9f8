//! Faults on request: what a client must live through, for requests that match, a number of times.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Json, Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc::channel;
use tokio_stream::wrappers::ReceiverStream;

use crate::{Denial, World, json::JsonBody};

/// A fault to inject.
#[derive(Debug, Clone, Deserialize)]
pub struct Fault {
    /// The method that it is for; all, if left out.
    pub method: Option<String>,
    /// The path that it is for, without the query. A `*` at its end stands for anything.
    pub path: String,
    /// To how many requests it happens.
    #[serde(default = "one")]
    pub times: u32,
    /// What happens.
    pub fault: FaultKind,
}

fn one() -> u32 {
    1
}

/// What happens to a request.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// It is refused: 401, 403, 404 and 429 in the Hub's words, others with a word or two.
    Status {
        /// The status.
        status: u16,
        /// The text, if it is to be another.
        message: Option<String>,
    },
    /// It is answered as ever, that much later.
    Slow {
        /// How much later.
        milliseconds: u64,
    },
    /// It is answered as ever, but the connection ends after that many bytes of the body.
    Truncated {
        /// How many bytes of the body arrive.
        bytes: usize,
    },
    /// It is sent elsewhere.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// Where to.
        location: String,
    },
    /// It is answered as ever, with a `Link` to a next page elsewhere.
    Link {
        /// Where to.
        url: String,
    },
    /// It is answered with success and this JSON, whatever was asked.
    Answer {
        /// The JSON.
        content: Value,
    },
    /// It is answered with a body without end, in place of JSON.
    Endless,
    /// It is answered with JSON of that size.
    Gigantic {
        /// How many bytes, about.
        bytes: usize,
    },
}

/// The faults that are to happen.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    pub(crate) fn add(&self, fault: Fault) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(fault);
    }

    fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The next fault for a request, which is used up a little by that.
    fn take(&self, method: &str, path: &str) -> Option<FaultKind> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fault = faults.iter_mut().find(|fault| fault.times > 0 && fault.fits(method, path))?;
        fault.times -= 1;
        Some(fault.fault.clone())
    }
}

impl Fault {
    fn fits(&self, method: &str, path: &str) -> bool {
        let is_method = self.method.as_ref().is_none_or(|m| m.eq_ignore_ascii_case(method));
        let is_path = match self.path.strip_suffix('*') {
            Some(start) => path.starts_with(start),
            None => path == self.path,
        };
        is_method && is_path
    }
}

/// The route by which another process asks for faults: `POST /_localhub/faults`, and `DELETE` to forget.
pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new().route("/_localhub/faults", post(add).delete(clear))
}

async fn add(State(world): State<Arc<World>>, JsonBody(fault): JsonBody<Fault>) -> Json<Value> {
    world.faults.add(fault);
    Json(json!({}))
}

async fn clear(State(world): State<Arc<World>>) -> Json<Value> {
    world.faults.clear();
    Json(json!({}))
}

/// Lets a fault happen to the request, if there is one for it.
pub(crate) async fn inject(
    State(world): State<Arc<World>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let is_control = path.starts_with("/_localhub/");
    let fault = if is_control { None } else { world.faults.take(request.method().as_str(), path) };
    match fault {
        None => next.run(request).await,
        Some(FaultKind::Status { status, message }) => refused(status, message),
        Some(FaultKind::Slow { milliseconds }) => {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            next.run(request).await
        }
        Some(FaultKind::Truncated { bytes }) => truncated(next.run(request).await, bytes).await,
        Some(FaultKind::Redirect { status, location }) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::FOUND);
            with_header(status.into_response(), header::LOCATION, location)
        }
        Some(FaultKind::Link { url }) => {
            let answer = next.run(request).await;
            with_header(answer, header::LINK, format!("<{url}>; rel=\"next\""))
        }
        Some(FaultKind::Answer { content }) => Json(content).into_response(),
        Some(FaultKind::Endless) => endless(),
        Some(FaultKind::Gigantic { bytes }) => {
            Json(json!({ "a": "a".repeat(bytes) })).into_response()
        }
    }
}

fn refused(status: u16, message: Option<String>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let denial = match (status, message) {
        (_, Some(message)) => Denial::new(status, message),
        (StatusCode::UNAUTHORIZED, None) => Denial::invalid_credentials(),
        (StatusCode::FORBIDDEN, None) => Denial::forbidden(),
        (StatusCode::NOT_FOUND, None) => Denial::repo_not_found(false),
        (StatusCode::TOO_MANY_REQUESTS, None) => Denial::rate_limited(1),
        (_, None) => Denial::new(status, status.canonical_reason().unwrap_or("Error")),
    };
    denial.into_response()
}

fn with_header(mut response: Response, name: HeaderName, value: String) -> Response {
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().insert(name, value);
    }
    response
}

/// The answer states its whole length and ends early, after what there is has been sent.
async fn truncated(response: Response, bytes: usize) -> Response {
    let (parts, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let length = whole.len().to_string();
    let start = whole.slice(..bytes.min(whole.len()));
    let (sender, receiver) = channel(1);
    tokio::spawn(async move {
        if sender.send(Ok(start)).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let cut = std::io::Error::other("the body was cut, as was asked for");
            // Whoever has gone meanwhile has been cut off as well.
            drop(sender.send(Err(cut)).await);
        }
    });
    let response = Response::from_parts(parts, Body::from_stream(ReceiverStream::new(receiver)));
    with_header(response, header::CONTENT_LENGTH, length)
}

fn endless() -> Response {
    let spaces = axum::body::Bytes::from(vec![b' '; 64 << 10]);
    let body =
        tokio_stream::iter(std::iter::repeat_with(move || Ok::<_, std::io::Error>(spaces.clone())));
    let response = Body::from_stream(body).into_response();
    with_header(response, header::CONTENT_TYPE, "application/json".to_owned())
}
