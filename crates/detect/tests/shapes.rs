//! Every row of the table finds what it should and leaves out what it should.

mod common;

use bearhug_core::{Confidence, Kind};
use bearhug_detect::{Body, Candidate, SHAPES, Shape};
use common::{
    dice::Dice,
    scan, text,
    tokens::{Credential, KINDS},
};
use proptest::prelude::*;
use secrecy::ExposeSecret as _;

/// A generated S3 access key id is found as the public half of a pair; its secret has no shape.
const SECRET: &str = "QkRvTzLpWmXcJnYb/GsHdFaUeKiOqPtVxZrLpWmX";

fn random(seed: u64) -> impl FnMut() -> u32 {
    let mut state = seed;
    move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(state >> 33).unwrap_or_default()
    }
}

#[expect(clippy::disallowed_methods, reason = "a test compares the value with the one it planted")]
fn value(candidate: &Candidate) -> &str {
    candidate.token.expose_secret()
}

/// What is found of one kind, above a confidence.
fn found(text: &str, kind: Kind, above: Confidence) -> Vec<Candidate> {
    let mut candidates = scan(text).candidates;
    candidates.retain(|c| c.token.kind() == kind && c.assessment.confidence > above);
    candidates
}

fn check_example(shape: &Shape, example: &str) {
    let id_only = shape.body == Body::KeyId;
    // An id without its secret opens no door; with it the secret is what is found.
    let (kind, planted) = if id_only { (Kind::S3SecretKey, SECRET) } else { (shape.kind, example) };
    let suffix = if id_only { format!(" {SECRET}") } else { String::new() };
    for (before, after) in [("", ""), ("x = \"", "\""), ("(", ")\n"), ("Bearer ", "\r\n")] {
        let text = format!("{before}{example}{suffix}{after}");
        let candidates = found(&text, kind, Confidence::Low);
        let values: Vec<&str> = candidates.iter().map(value).collect();
        assert_eq!(values, [planted], "{kind} in {before}…{after}");
        assert_eq!(&text[candidates[0].span.clone()], planted);
        assert_eq!(candidates[0].encodings, []);
        assert_eq!(candidates[0].companion.as_deref(), id_only.then_some(example));
    }
}

#[test]
fn examples_are_found() {
    for shape in SHAPES {
        for seed in 1..=8 {
            check_example(shape, &shape.generate(&mut random(seed)));
        }
    }
}

/// Most of the Hub's tokens are letters alone, which is all that the generator draws.
#[test]
fn an_example_with_digits_is_found() {
    let shape = SHAPES.iter().find(|s| s.kind == Kind::UserToken).expect("there is one");
    check_example(shape, &format!("{}{}", shape.prefix, "94wBQkRvTzLpWmXcJnYbGsHdFaUeKiOqPt"));
}

#[test]
fn counter_examples_are_not() {
    for shape in SHAPES {
        assert!(!shape.counter_examples.is_empty(), "{}", shape.kind);
        for counter in shape.counter_examples {
            let text = format!("token = \"{}\"\n", counter.concat());
            let loud: Vec<Kind> = scan(&text)
                .candidates
                .iter()
                .filter(|c| c.assessment.confidence > Confidence::Low)
                .map(|c| c.token.kind())
                .collect();
            assert_eq!(loud, [], "{}", shape.kind);
        }
    }
}

/// Every kind has a row, but for the secret that is found by its id.
#[test]
fn every_kind_has_a_row() {
    for kind in Kind::ALL {
        let rows = SHAPES.iter().filter(|shape| shape.kind == kind).count();
        assert_eq!(rows, usize::from(kind != Kind::S3SecretKey), "{kind}");
        assert!(SHAPES.iter().all(|s| s.kind != kind || s.prefix.starts_with(kind.prefix())));
    }
}

/// The two generators, the crate's and the tests' own, agree on what a value looks like.
#[test]
fn generated_values_have_the_length_of_drawn_ones() {
    for kind in KINDS {
        let shape = SHAPES.iter().find(|s| s.kind == kind).expect("every kind has a row");
        let generated = shape.generate(&mut random(1));
        let drawn = Credential::draw(kind, 1).value;
        assert!(generated.starts_with(shape.prefix) && drawn.starts_with(shape.prefix), "{kind}");
        if shape.body != Body::Jwt {
            assert_eq!(generated.len(), drawn.len(), "{kind}");
        }
    }
}

proptest! {
    #![proptest_config(common::cases(4000))]

    #[test]
    fn generated_values_are_found_where_they_stand(
        row in 0..SHAPES.len(),
        (seed, ours) in (any::<u64>(), any::<bool>()),
        choices in prop::collection::vec(any::<u8>(), 0..16),
        words in 0..40_usize,
    ) {
        let shape = &SHAPES[row];
        let generated = match shape.body {
            Body::KeyId => return Ok(()),
            _ if ours => Credential::draw(shape.kind, seed).value,
            _ => shape.generate(&mut random(seed)),
        };
        let credential = Credential { kind: shape.kind, value: generated };
        let mut dice = Dice::new(&choices);
        let before = text::before(&mut dice, words);
        let text = format!("{before}{}{}", credential.value, text::after(&mut dice, words));
        let scan = scan(&text);
        prop_assert!(scan.complete);
        let found: Vec<_> = scan
            .candidates
            .iter()
            .map(|c| (c.token.kind(), c.span.clone(), c.token.fingerprint().to_string()))
            .collect();
        let span = before.len()..before.len() + credential.value.len();
        prop_assert_eq!(found, [(shape.kind, span, credential.fingerprint())]);
        let printed = format!("{:?}", scan.candidates);
        prop_assert!(!printed.contains(&credential.value[12..]), "the value leaked through Debug");
    }

    /// A pair is found by its id, whichever half stands first and whatever they are called.
    #[test]
    fn generated_pairs_are_found(
        seed in any::<u64>(),
        id_first in any::<bool>(),
        (first, second) in prop::sample::select(vec![
            ("AWS_ACCESS_KEY_ID=", "\nAWS_SECRET_ACCESS_KEY="),
            ("{\"accessKeyId\": \"", "\", \"secretAccessKey\": \""),
            ("key_id: ", "\r\nkey: "),
        ]),
    ) {
        let shape = SHAPES.iter().find(|s| s.body == Body::KeyId).expect("there is one");
        let id = shape.generate(&mut random(seed));
        let seed = seed.to_le_bytes();
        let alphabet = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/";
        // The seed's own bytes are no random text.
        let secret = &Dice::new(&seed).text(48, alphabet)[8..];
        let text = if id_first {
            format!("{first}{id}{second}{secret}\"\n")
        } else {
            format!("{first}{secret}{second}{id}\"\n")
        };
        let found = found(&text, Kind::S3SecretKey, Confidence::Medium);
        // Now and then a random text reads like a stand-in.
        prop_assume!(!found.is_empty());
        prop_assert_eq!(found.iter().map(value).collect::<Vec<_>>(), [secret]);
        prop_assert_eq!(&text[found[0].span.clone()], secret);
        prop_assert_eq!(found[0].companion.as_deref(), Some(id.as_str()));
    }
}
