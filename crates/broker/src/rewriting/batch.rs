//! Answers of git-lfs's batch API (git-lfs, `docs/api/batch.md`): where large files are sent and fetched.
//!
//! Hubs put the caller's own credential into the actions. What is called at the Hub comes back to the
//! broker, with the credential that the client sent to it; what is called elsewhere is left as it is, since
//! its signature would break, but carries no credential of the Hub's.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::head::TOKEN_EXPIRY;
use super::{
    Context, Scrubber,
    handed_out::{signed_address, xet_token},
    places::Places,
};
use crate::book::Outliving;

/// Whether answers to an operation are such.
pub(super) fn is_answer_to(operation: &str) -> bool {
    operation == "large.batch"
}

/// Makes an answer fit: a batch, or a refusal of one.
pub(super) fn rewrite(
    context: &Context,
    scrubber: &Scrubber,
    value: &mut Value,
    handed_out: &mut Vec<Outliving>,
) {
    let Some(places) = context.places() else { return };
    let Some(Value::Array(objects)) = value.get_mut("objects") else { return };
    let batch = Batch { context, scrubber, places };
    for object in objects {
        // Older servers say `_links` (git-lfs, `docs/api/v1/batch.md`), and git-lfs still reads it.
        for key in ["actions", "_links"] {
            let Some(Value::Object(actions)) = object.get_mut(key) else { continue };
            for (name, action) in actions {
                batch.rewrite(name, action, handed_out);
            }
        }
    }
}

struct Batch<'a> {
    context: &'a Context,
    scrubber: &'a Scrubber,
    places: Places<'a>,
}

impl Batch<'_> {
    fn rewrite(&self, name: &str, action: &mut Value, handed_out: &mut Vec<Outliving>) {
        let expires_at = self.expiry(action);
        let Some(action) = action.as_object_mut() else { return };
        let Some(Value::String(href)) = action.get_mut("href") else { return };
        let (at_broker, target) = (self.places.turned(href), self.places.path_at_hub(href));
        let is_at_broker = at_broker.is_some();
        if !is_at_broker {
            handed_out.extend(signed_address(self.context, href, expires_at));
        }
        *href = at_broker.unwrap_or_else(|| href.clone());
        let Value::Object(header) = action.entry("header").or_insert_with(|| Map::new().into())
        else {
            return;
        };
        self.drop_credentials(header, is_at_broker);
        let parts = header.iter().filter(|(name, _)| is_part(name));
        let parts: Vec<&str> = parts.filter_map(|(_, address)| address.as_str()).collect();
        let sign = |part: &&str| signed_address(self.context, part, expires_at);
        handed_out.extend(parts.iter().filter_map(sign));
        handed_out.extend(xet_expiry(header).and_then(|end| xet_token(self.context, end)));
        match (is_at_broker, target) {
            // The end of an upload in parts is told without any credential.
            (true, Some(target)) if name == "upload" && !parts.is_empty() => {
                action.insert("href".to_owned(), self.context.pass(&target).into());
            }
            // git-lfs sends nothing by itself if the answer says that its actions are authenticated.
            (true, _) => self.authorize(header),
            (false, _) => {}
        }
    }

    /// Takes out credentials of the Hub's: all that are for itself, and the token wherever it is to go. A
    /// store's own stay.
    fn drop_credentials(&self, header: &mut Map<String, Value>, is_for_hub: bool) {
        header.retain(|name, value| {
            let has_token =
                value.as_str().is_some_and(|text| self.scrubber.finds_in(text.as_bytes()));
            !name.eq_ignore_ascii_case("authorization") || !is_for_hub && !has_token
        });
    }

    /// Has the client send to the broker what it sent before.
    fn authorize(&self, header: &mut Map<String, Value>) {
        if let Ok(own) = self.context.authorization.to_str() {
            header.insert("Authorization".to_owned(), own.into());
        }
    }

    /// When an action stops to work, as it says itself.
    fn expiry(&self, action: &Value) -> Option<Timestamp> {
        let relative = action.get("expires_in").and_then(Value::as_i64).and_then(|seconds| {
            self.context.at.checked_add(SignedDuration::from_secs(seconds)).ok()
        });
        relative.or_else(|| action.get("expires_at")?.as_str()?.parse().ok())
    }
}

/// Whether a member of an action's header is the address of a part, by its number (`huggingface_hub`'s
/// `lfs.py`, `_get_sorted_parts_urls`).
fn is_part(name: &String) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// When the token for Xet's store expires that an action carries, in seconds since 1970.
fn xet_expiry(header: &Map<String, Value>) -> Option<i64> {
    let mut members = header.iter();
    let (_, expiry) = members.find(|(name, _)| name.eq_ignore_ascii_case(TOKEN_EXPIRY.as_str()))?;
    expiry.as_str()?.parse().ok()
}
