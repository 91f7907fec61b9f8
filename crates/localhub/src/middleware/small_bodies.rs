//! Reading small bodies whole before anything else.
//!
//! A request that is refused before its body was read costs the connection, and a client that sends its next
//! request on it at that moment sees it break. The Hub's own load balancer reads bodies, so that its clients
//! never learned to live with that.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::Denial;

/// Up to how many bytes a body is read ahead. Larger ones are streamed to those who want them.
const SMALL: usize = 64 << 10;

/// Reads the body, if its length is stated and small.
pub(crate) async fn read_ahead(request: Request, next: Next) -> Response {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if !length.is_some_and(|length| (1..=SMALL).contains(&length)) {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    match to_bytes(body, SMALL).await {
        Ok(bytes) => next.run(Request::from_parts(head, Body::from(bytes))).await,
        Err(_) => Denial::bad_request("The body cannot be read").into_response(),
    }
}
