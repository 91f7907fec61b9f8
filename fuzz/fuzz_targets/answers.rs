//! Any answer, with the token anywhere in it, on its way through what makes it fit.

#![no_main]

use std::sync::Arc;

use bearhug_broker::{
    Form, Passes,
    rewriting::{Context, Treatment, body, head},
};
use bearhug_core::{Kind, Token, lease::LeaseId, lending::Operation};
use http::{HeaderName, HeaderValue, Response};
use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};

/// Stands for the token in what the fuzzer makes up.
const MARK: u8 = 0xff;
const OPERATIONS: [&str; 4] = ["large.batch", "repo.create", "file.read", "repo.tree"];
const FORMS: [Form; 4] = [Form::Lfs, Form::Api, Form::Content, Form::Api];
const HEADERS: [&str; 6] =
    ["location", "link", "x-xet-refresh-route", "x-error-message", "content-type", "x-any"];

#[derive(Debug, Arbitrary)]
struct Answer {
    operation: u8,
    status: u16,
    headers: Vec<(u8, Vec<u8>)>,
    body: Vec<u8>,
    cut: u16,
}

fuzz_target!(|answer: Answer| {
    let token = format!("hf_{}", "aB3dE5gH7j".repeat(4).split_at(34).0);
    let written = |bytes: &[u8]| {
        let token = token.as_bytes();
        bytes.split(|byte| *byte == MARK).collect::<Vec<_>>().join(token)
    };
    let at = usize::from(answer.operation) % OPERATIONS.len();
    let context = Context {
        upstream: "https://huggingface.co".into(),
        broker: "http://127.0.0.1:8080".into(),
        authorization: HeaderValue::from_static("Bearer lease"),
        token: Arc::new(Token::new(Kind::UserToken, token.clone())),
        form: FORMS[at],
        operation: Arc::new(Operation {
            name: OPERATIONS[at],
            needs: Vec::new(),
            partly: Vec::new(),
            model: None,
        }),
        lease: LeaseId::of("lease"),
        at: jiff::Timestamp::UNIX_EPOCH,
        passes: Arc::new(Passes::new()),
    };
    let mut response = Response::builder().status(200 + answer.status % 400);
    for (name, value) in &answer.headers {
        let name = HeaderName::from_static(HEADERS[usize::from(*name) % HEADERS.len()]);
        if let Ok(value) = HeaderValue::from_bytes(&written(value)) {
            response = response.header(name, value);
        }
    }
    let (mut parts, ()) = response.body(()).expect("a head").into_parts();
    let treatment = head(&context, &mut parts);
    let has_token = |bytes: &[u8]| bytes.windows(token.len()).any(|part| part == token.as_bytes());
    for value in parts.headers.values() {
        assert!(!has_token(value.as_bytes()));
    }
    let sent = written(&answer.body);
    match treatment {
        Treatment::Scrub => {
            let (start, end) = sent.split_at(usize::from(answer.cut).min(sent.len()));
            let mut scrubbing = context.scrubbing();
            let mut passed = scrubbing.feed(start);
            passed.extend(scrubbing.feed(end));
            passed.extend(scrubbing.finish());
            assert!(!has_token(&passed) && passed.len() == sent.len());
        }
        Treatment::Rewrite => {
            assert!(body(&context, sent).map_or(at == 0, |fit| !has_token(&fit)));
        }
        Treatment::Pass | Treatment::Drop => {}
    }
});
