//! Answers of git-lfs's batch API (git-lfs, `docs/api/batch.md`): where large files are sent and fetched.
//!
//! Hubs put the caller's own credential into the actions. What is called at the Hub comes back to the
//! broker, with the credential that the client sent to it; what is called elsewhere is left as it is, since
//! its signature would break, but carries no credential of the Hub's.

use serde_json::{Map, Value};

use super::{Context, Scrubber, places::Places};

/// Whether answers to an operation are such.
pub(super) fn is_answer_to(operation: &str) -> bool {
    operation == "large.batch"
}

/// Makes an answer fit: a batch, or a refusal of one.
pub(super) fn rewrite(context: &Context, scrubber: &Scrubber, value: &mut Value) {
    let Some(places) = context.places() else { return };
    let Some(Value::Array(objects)) = value.get_mut("objects") else { return };
    let batch = Batch { context, scrubber, places };
    for object in objects {
        // Older servers say `_links` (git-lfs, `docs/api/v1/batch.md`), and git-lfs still reads it.
        for key in ["actions", "_links"] {
            let Some(Value::Object(actions)) = object.get_mut(key) else { continue };
            for (name, action) in actions {
                batch.rewrite(name, action);
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
    fn rewrite(&self, name: &str, action: &mut Value) {
        let Some(action) = action.as_object_mut() else { return };
        let href = action.get("href").and_then(Value::as_str).unwrap_or_default();
        let (at_broker, target) = (self.places.turned(href), self.places.path_at_hub(href));
        let mut header = match action.remove("header") {
            Some(Value::Object(header)) => header,
            _ => Map::new(),
        };
        self.drop_credentials(&mut header, at_broker.is_some());
        let is_in_parts = name == "upload" && header.keys().any(|name| is_part(name));
        let href = match (at_broker, target) {
            // The end of an upload in parts is told without any credential.
            (Some(_), Some(target)) if is_in_parts => Some(self.context.pass(&target)),
            (Some(href), _) => {
                self.authorize(&mut header);
                Some(href)
            }
            (None, _) => None,
        };
        action.extend(href.map(|href| ("href".to_owned(), href.into())));
        if !header.is_empty() {
            action.insert("header".to_owned(), header.into());
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

    /// Has the client send to the broker what it sent before. git-lfs sends nothing by itself if the answer
    /// says that its actions are authenticated.
    fn authorize(&self, header: &mut Map<String, Value>) {
        if let Ok(own) = self.context.authorization.to_str() {
            header.insert("Authorization".to_owned(), own.into());
        }
    }
}

/// Whether a member of an action's header is the address of a part, by its number (`huggingface_hub`'s
/// `lfs.py`, `_get_sorted_parts_urls`).
fn is_part(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}
