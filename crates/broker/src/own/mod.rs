//! What the broker answers by itself.

mod whoami;

use std::sync::Arc;

use bearhug_core::{
    lease::LeaseId,
    lending::{Operation, Spent},
};
use http::{HeaderValue, Method, Response, StatusCode, header};
use hyper::body::Incoming;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

pub(crate) use self::whoami::whoami;
use crate::{
    Ending, Standing, Wanted,
    book::BookError,
    broker::{Broker, Peer},
    exchange::{Body, NotWhole, full, read_whole},
    refusing::No,
    routes::Refusal,
};

/// The largest description of a lease that is wanted, in bytes.
const WANTED: usize = 64 << 10;

/// Whether the broker is there.
pub(crate) fn health() -> Response<Body> {
    reply(StatusCode::OK, &json!({ "status": "ok" }))
}

/// What asking who one is does.
pub(crate) fn whoami_operation() -> Operation {
    Operation { name: "whoami", needs: Vec::new(), partly: Vec::new(), model: None }
}

/// Answers what a holder asks about its own lease, at a place below `/.bearhug/`.
pub(crate) async fn answer(
    broker: &Broker,
    lease: LeaseId,
    peer: &Peer,
    (method, place): (&Method, &str),
    body: Incoming,
) -> Result<Response<Body>, No> {
    // It must be as free to use its lease as for any request, though nothing is spent by it.
    broker.book.also(lease, &whoami_operation(), peer.source)?;
    match (method, place) {
        (&Method::GET, "lease") => {
            let standing = broker.book.find(lease).ok_or(No::Stranger)?;
            Ok(reply(StatusCode::OK, &described(&standing)))
        }
        (&Method::DELETE, "lease") => {
            let left = broker.book.revoke(lease, "its holder ended it", Ending::Cut);
            let left = left.map_err(|error| unfit(&error))?;
            let answer = json!({ "schema": "bearhug.lease_end/1", "outliving": left });
            Ok(reply(StatusCode::OK, &answer))
        }
        (&Method::POST, "leases") => {
            let body = read_whole(body, WANTED, broker.settings.idle).await;
            let body = body.map_err(|why| match why {
                NotWhole::Oversized => No::Refused(Refusal::TooLarge(WANTED)),
                NotWhole::Stalled => No::Stalled,
                NotWhole::Broken => No::Malformed("its body broke off"),
            })?;
            narrow(broker, lease, &body)
        }
        _ => Err(No::Nothing),
    }
}

/// Makes a weaker lease of the caller's.
#[expect(clippy::disallowed_methods, reason = "a lease is seen once, by whoever asked for it")]
fn narrow(broker: &Broker, parent: LeaseId, body: &[u8]) -> Result<Response<Body>, No> {
    let wanted: Wanted =
        serde_json::from_slice(body).map_err(|error| No::Unfit(error.to_string()))?;
    let (value, lease) = broker.book.narrow(parent, wanted).map_err(|error| unfit(&error))?;
    let standing = Standing { lease: Arc::new(lease), spent: Spent::default(), holder: None };
    let mut answer = described(&standing);
    answer["value"] = Value::from(value.expose_secret());
    Ok(reply(StatusCode::CREATED, &answer))
}

fn unfit(error: &BookError) -> No {
    No::Unfit(error.to_string())
}

/// A lease as its holder sees it.
fn described(standing: &Standing) -> Value {
    json!({
        "schema": "bearhug.lease/1",
        "lease": *standing.lease,
        "spent": { "requests": standing.spent.requests, "bytes": standing.spent.bytes },
        "holder": standing.holder,
    })
}

/// An answer in JSON, which no cache keeps.
pub(super) fn reply(status: StatusCode, body: &Value) -> Response<Body> {
    let mut answer = Response::new(full(body.to_string()));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
