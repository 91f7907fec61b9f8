//! What the broker answers by itself.

mod whoami;

use std::sync::Arc;

use bearhug_core::{
    lease::{Lease, LeaseId},
    lending::{Operation, Spent},
};
use http::{HeaderValue, Method, Response, StatusCode, header};
use hyper::body::Incoming;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use self::whoami::whoami;
use crate::{
    Ending, Standing, Wanted,
    book::BookError,
    broker::Broker,
    exchange::{Body, NotWhole, full, read_whole},
    refusing::No,
    routes::Refusal,
};

/// The largest description of a lease that is wanted, in bytes.
const WANTED: usize = 8 << 10;

/// Whether the broker is there.
pub(crate) fn health() -> Response<Body> {
    reply(StatusCode::OK, &json!({ "status": "ok" }))
}

/// What a holder may ask about its own lease, whatever that allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// Who one is, in the Hub's words.
    Whoami,
    /// What one holds.
    Show,
    /// A weaker one, for somebody else.
    Narrow,
    /// That it ends.
    End,
}

impl Question {
    /// The question at a place below `/.bearhug/`.
    pub(crate) fn at(method: &Method, place: &str) -> Option<Self> {
        match (method, place) {
            (&Method::GET, "lease") => Some(Self::Show),
            (&Method::DELETE, "lease") => Some(Self::End),
            (&Method::POST, "leases") => Some(Self::Narrow),
            _ => None,
        }
    }

    /// The question as an operation.
    pub(crate) fn operation(self) -> Operation {
        let name = match self {
            Self::Whoami => "whoami",
            Self::Show => "lease.show",
            Self::Narrow => "lease.narrow",
            Self::End => "lease.end",
        };
        Operation { name, needs: Vec::new(), partly: Vec::new(), model: None }
    }
}

/// Answers a question about a lease.
pub(crate) async fn answer(
    broker: &Broker,
    lease: &Lease,
    question: Question,
    body: Incoming,
) -> Result<Response<Body>, No> {
    match question {
        Question::Whoami => Ok(whoami(lease)),
        Question::Show => {
            let standing = broker.book.find(lease.id).ok_or(No::Stranger)?;
            Ok(reply(StatusCode::OK, &described(&standing)))
        }
        Question::End => {
            let left = broker.book.revoke(lease.id, "its holder ended it", Ending::Cut);
            let left = left.map_err(|error| unfit(&error))?;
            let answer = json!({ "schema": "bearhug.lease_end/1", "outliving": left });
            Ok(reply(StatusCode::OK, &answer))
        }
        Question::Narrow => {
            let body = read_whole(body, WANTED, broker.settings.idle).await;
            let body = body.map_err(|why| match why {
                NotWhole::Oversized => No::Refused(Refusal::TooLarge(WANTED)),
                NotWhole::Stalled => No::Stalled,
                NotWhole::Broken => No::Malformed("its body broke off"),
            })?;
            narrow(broker, lease.id, &body)
        }
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
