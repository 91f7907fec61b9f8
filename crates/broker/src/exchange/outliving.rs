//! What an answer hands out that ending the lease cannot take back.

use http::{header::LOCATION, response::Parts};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::{book::Outliving, rewriting::Context};

/// For how long a signed address counts as good that does not say so.
const UNSAID: SignedDuration = SignedDuration::from_hours(1);

/// What the head of an answer hands out: a Xet token, by the header that `huggingface_hub` reads
/// (`utils/_xet.py`), and a redirect to an address that is signed.
pub(super) fn of_head(parts: &Parts, context: &Context) -> Vec<Outliving> {
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let mut found = Vec::new();
    if text("x-xet-access-token").is_some() {
        let until = text("x-xet-token-expiration").and_then(|seconds| seconds.parse().ok());
        let until = until.and_then(|seconds| Timestamp::from_second(seconds).ok());
        found.push(outliving("a Xet token", until, context));
    }
    let target = text(LOCATION.as_str()).filter(|target| !target.starts_with('/'));
    if let Some(target) = target.filter(|target| !target.starts_with(&*context.upstream)) {
        found.push(outliving("a signed address", signed_until(target, context.at), context));
    }
    found
}

/// What the body of an answer hands out: the addresses of an LFS batch
/// (git-lfs `docs/api/batch.md`, "Successful Responses").
pub(super) fn of_body(body: &[u8], context: &Context) -> Vec<Outliving> {
    if context.operation.name != "large.batch" {
        return Vec::new();
    }
    let Ok(batch) = serde_json::from_slice::<Value>(body) else { return Vec::new() };
    let objects = batch.get("objects").and_then(Value::as_array).into_iter().flatten();
    let actions = objects.filter_map(|object| object.get("actions")?.as_object());
    let targets = actions.flat_map(|actions| actions.values()).filter(|action| {
        let href = action.get("href").and_then(Value::as_str).unwrap_or_default();
        !href.starts_with(&*context.upstream) || is_in_parts(action)
    });
    let unsaid = later(context.at, UNSAID.as_secs()).unwrap_or(context.at);
    // One entry says as much of a batch of ten thousand as ten thousand.
    let last = targets.map(|action| action_until(action, context.at).unwrap_or(unsaid));
    let last = last.max().map(|until| outliving("signed addresses", Some(until), context));
    last.into_iter().collect()
}

/// Whether an action names addresses of parts, each by its number, beside one to say that all were sent
/// (`huggingface_hub`'s `lfs.py`, `_get_sorted_parts_urls`).
fn is_in_parts(action: &Value) -> bool {
    let header = action.get("header").and_then(Value::as_object);
    let is_number = |name: &String| name.bytes().all(|byte| byte.is_ascii_digit());
    header.is_some_and(|header| header.keys().any(is_number))
}

fn outliving(what: &'static str, until: Option<Timestamp>, context: &Context) -> Outliving {
    let unsaid = context.at.checked_add(UNSAID).unwrap_or(context.at);
    Outliving { until: until.unwrap_or(unsaid), what, operation: context.operation.name.to_owned() }
}

fn action_until(action: &Value, at: Timestamp) -> Option<Timestamp> {
    let said = action.get("expires_at").and_then(Value::as_str).and_then(|said| said.parse().ok());
    let within = action.get("expires_in").and_then(Value::as_i64).and_then(|s| later(at, s));
    said.or(within).or_else(|| signed_until(action.get("href")?.as_str()?, at))
}

/// Until when an address is good by its query: `X-Amz-Expires` counts seconds, and `Expires`, of `CloudFront`
/// and older S3, is a time.
fn signed_until(address: &str, at: Timestamp) -> Option<Timestamp> {
    let (_, query) = address.split_once('?')?;
    query.split('&').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        let seconds: i64 = value.parse().ok()?;
        match name {
            "X-Amz-Expires" => later(at, seconds),
            "Expires" => Timestamp::from_second(seconds).ok(),
            _ => None,
        }
    })
}

fn later(at: Timestamp, seconds: i64) -> Option<Timestamp> {
    at.checked_add(SignedDuration::from_secs(seconds)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signed_addresses_say_how_long_they_are_good() {
        let at = Timestamp::from_second(1_000).unwrap();
        let until = |query: &str| {
            signed_until(&format!("https://cdn.example/x?{query}"), at).map(Timestamp::as_second)
        };
        assert_eq!(until("a=b&X-Amz-Expires=60&X-Amz-Signature=0"), Some(1_060));
        assert_eq!(until("Expires=5000&Signature=0"), Some(5_000));
        assert_eq!(until("Signature=0"), None);
    }
}
