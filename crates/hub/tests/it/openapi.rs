//! The Hub's own description of its API, and whether a request and what was read of a response fit it.

use std::path::Path;

use bearhug_hub::{Client, Error};
use serde_json::{Map, Value, json};

use crate::server::{Seen, Server, Step, response};

pub(crate) fn document() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/hub-openapi.json");
    let text = std::fs::read(path).expect("the document");
    serde_json::from_slice(&text).expect("JSON")
}

/// Calls the client against a server that answers as the document says: once with every optional field
/// and once without any. The request must be what the document says of the operation.
pub(crate) async fn conforms<T>(
    method: &str,
    path: &str,
    call: impl AsyncFn(&Client) -> Result<T, Error>,
) {
    let document = document();
    let operation = &document["paths"][path][method.to_lowercase()];
    assert!(operation.is_object(), "{method} {path} is not in the document");
    for is_full in [true, false] {
        let (status, body) = answer(operation, is_full);
        let hub = Server::start(move |_, _| vec![Step::Bytes(response(status, &[], &body))]).await;
        if let Err(error) = call(&hub.client()).await {
            panic!("{method} {path}, full: {is_full}: {error:?}");
        }
        let seen = hub.seen();
        assert_eq!(seen.len(), 1, "{method} {path}");
        check(&seen[0], method, path, operation);
    }
}

fn check(seen: &Seen, method: &str, template: &str, operation: &Value) {
    let (path, query) = seen.target.split_once('?').unwrap_or((&seen.target, ""));
    assert_eq!(seen.method, method, "{template}");
    let (asked, expected): (Vec<_>, Vec<_>) =
        (path.split('/').collect(), template.split('/').collect());
    assert!(asked.len() >= expected.len(), "{path} for {template}");
    for (part, wanted) in asked.iter().zip(&expected) {
        assert!(
            wanted.starts_with('{') && !part.is_empty() || part == wanted,
            "{path} for {template}"
        );
    }
    let is_open = template.ends_with("{path}");
    assert!(is_open || asked.len() == expected.len(), "{path} for {template}");
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let parameters = operation["parameters"].as_array().expect("parameters");
        let known = parameters.iter().find(|p| p["in"] == "query" && p["name"] == *name);
        let known = known.unwrap_or_else(|| panic!("{template} has no parameter {name}"));
        let value = value.parse::<i64>().map_or_else(|_| json!(value), |number| json!(number));
        assert!(jsonschema::is_valid(&known["schema"], &value), "{template}: {name}={value}");
    }
    match &operation["requestBody"]["content"]["application/json"]["schema"] {
        Value::Null => assert!(seen.body.is_empty(), "{template} takes no content"),
        schema => {
            assert_eq!(seen.header("content-type"), Some("application/json"), "{template}");
            let content: Value = serde_json::from_slice(&seen.body).expect("JSON");
            let validator = jsonschema::validator_for(schema).expect("a schema");
            let errors: Vec<String> =
                validator.iter_errors(&content).map(|e| e.to_string()).collect();
            assert!(errors.is_empty(), "{template}: {errors:?}");
            // The schemas allow unknown fields, the Hub may not.
            let known = schema["properties"].as_object().expect("properties");
            for name in content.as_object().expect("an object").keys() {
                assert!(known.contains_key(name), "{template} has no field {name}");
            }
        }
    }
}

/// A response of an operation, made from its schema.
pub(crate) fn answer(operation: &Value, is_full: bool) -> (u16, Vec<u8>) {
    let nothing = Map::new();
    let responses = operation["responses"].as_object().unwrap_or(&nothing);
    for (status, described) in responses {
        let schema = &described["content"]["application/json"]["schema"];
        let Ok(status @ 200..=299) = status.parse::<u16>() else { continue };
        let is_empty = schema.as_object().is_none_or(|schema| schema.len() <= 1);
        if is_empty {
            return (status, Vec::new());
        }
        let example = example(schema, is_full);
        let validator = jsonschema::validator_for(schema).expect("a schema");
        let errors: Vec<String> = validator.iter_errors(&example).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "the example is wrong: {errors:?} {example}");
        return (status, example.to_string().into_bytes());
    }
    // What is not described: the Hub answers 202 to a revocation and something to the others.
    (202, Vec::new())
}

/// A value that fits a schema, with all optional fields or none.
fn example(schema: &Value, is_full: bool) -> Value {
    if let Some(value) = schema.get("const") {
        return value.clone();
    }
    if let Some(first) = schema["enum"].get(0).or_else(|| schema["examples"].get(0)) {
        return first.clone();
    }
    if let Some(first) = schema["anyOf"].get(0) {
        return example(first, is_full);
    }
    match schema["type"].as_str() {
        Some("object") => object(schema, is_full),
        Some("array") if is_full => json!([example(&schema["items"], is_full)]),
        Some("array") => json!([]),
        Some("string") => match (schema["format"].as_str(), schema["pattern"].as_str()) {
            (Some("date-time"), _) => json!("2026-01-02T03:04:05.678Z"),
            (_, Some(pattern)) if pattern.starts_with("^[0-9a-f") => {
                json!("0123456789abcdef01234567")
            }
            _ => json!("text"),
        },
        Some("number" | "integer") => json!(7),
        Some("boolean") => json!(true),
        _ => json!({}),
    }
}

fn object(schema: &Value, is_full: bool) -> Value {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut made = Map::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if is_full || required.contains(&name.as_str()) {
            made.insert(name.clone(), example(property, is_full));
        }
    }
    if is_full && schema["additionalProperties"].is_object() {
        made.insert("KEY".to_owned(), example(&schema["additionalProperties"], is_full));
    }
    Value::Object(made)
}
