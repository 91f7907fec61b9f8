//! Texts of a server, with the tokens in them taken out.
//!
//! A hostile or careless server may repeat the token that it was asked with, or another, as the name of
//! something. What leaves this crate has passed here, so that no report need think of it.

use bearhug_core::{Token, token_at_start};
use secrecy::ExposeSecret as _;
use serde_json::Value;

/// A text without these tokens, and without whatever else is shaped like one.
#[expect(clippy::disallowed_methods, reason = "finds the tokens in a text to remove them")]
pub(crate) fn redacted<'a>(text: &str, secrets: impl Iterator<Item = &'a Token>) -> String {
    let mut text = text.to_owned();
    for token in secrets {
        let value = token.expose_secret();
        if !value.is_empty() {
            text = text.replace(value, &token.redacted());
        }
    }
    without_shapes(&text)
}

/// Cleans every text of a JSON value.
pub(crate) fn clean(value: &mut Value, cleaned: &impl Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = cleaned(text),
        Value::Array(items) => items.iter_mut().for_each(|item| clean(item, cleaned)),
        Value::Object(fields) => fields.values_mut().for_each(|field| clean(field, cleaned)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn without_shapes(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if let Some((prefix, length)) = token_at_start(rest) {
            safe.extend([prefix, "…"]);
            length
        } else {
            safe.push(c);
            c.len_utf8()
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shaped_like_a_token_goes_and_names_stay() {
        let body = "QkRvTzLpWmXcJnYbGsHdFaUeKiOqPtVxZr";
        for (text, expected) in [
            (format!("ada/hf_{body}.bin, x"), "ada/hf_…, x"),
            (format!("_hf_{body}_hf_{body}"), "_hf_…"),
            (format!("hf_oauth__refresh_{body}"), "hf_oauth__refresh_…"),
            (format!("\"hf_jwt_{body}.{body}_-.{body}\""), "\"hf_jwt_…\""),
            (format!("api_org_{body}é"), "api_org_…é"),
        ] {
            assert_eq!(without_shapes(&text), expected, "{expected}");
        }
        for name in ["", "hf_", "acme/hf_tiny-random-model-of-great-length", "hf_hf_hf_", "é…hf"]
        {
            assert_eq!(without_shapes(name), name);
        }
    }

    #[test]
    fn every_text_of_a_value_is_cleaned() {
        let mut value = serde_json::json!({"a": ["x", {"b": "x"}], "c": 1, "d": "x"});
        clean(&mut value, &|text| text.replace('x', "y"));
        assert_eq!(value, serde_json::json!({"a": ["y", {"b": "y"}], "c": 1, "d": "y"}));
    }
}
