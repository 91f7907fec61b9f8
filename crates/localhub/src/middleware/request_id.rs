//! `X-Request-Id`, by which the Hub's support finds a request again.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};

use crate::ids;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Stamps the answer with an id of its own, as the Hub's load balancer and the Hub make them.
pub(crate) async fn stamp(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let id = format!("Root=1-{}-{};{}", &ids::object_id()[..8], ids::object_id(), ids::uuid());
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}
