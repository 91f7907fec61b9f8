//! Files that are read in pieces. Whatever the size of a piece, a power of two from a mebibyte on,
//! its boundaries lie on multiples of one.

use std::{
    fs::{self, File},
    os::unix::fs::FileExt as _,
};

use serde_json::Value;

use crate::support::{Forge, Outcome, TestEnvironment, fingerprint, line_and_column, written};

const MEBIBYTE: usize = 1 << 20;

/// Text of this length with a token at each offset, and lines of all lengths.
fn text_with(len: usize, planted: &[(usize, &str)]) -> Vec<u8> {
    let mut forge = Forge::new(99);
    let mut text = vec![b'.'; len];
    let mut at = 0;
    while at < len {
        text[at] = b'\n';
        at += 1 + forge.below(if at % 7 == 0 { 9_000 } else { 120 });
    }
    for &(offset, token) in planted {
        text[offset - 1] = b' ';
        text[offset..offset + token.len()].copy_from_slice(token.as_bytes());
        text[offset + token.len()] = b' ';
    }
    text
}

/// Checks that each token was seen once, where it was put.
fn assert_seen(outcome: &Outcome, text: &[u8], planted: &[(usize, &str)]) {
    let findings = outcome.findings();
    assert_eq!(findings.len(), planted.len());
    let mut places: Vec<(u64, u64, u64)> = Vec::new();
    for finding in &findings {
        let sightings = finding["sightings"].as_array().unwrap();
        assert_eq!(sightings.len(), 1, "{finding}");
        let number = |name: &str| sightings[0].get(name).and_then(Value::as_u64).unwrap();
        places.push((number("offset"), number("line"), number("column")));
    }
    places.sort_unstable();
    let mut expected: Vec<_> = planted
        .iter()
        .map(|&(offset, _)| {
            let (line, column) = line_and_column(text, offset);
            (offset as u64, line, column)
        })
        .collect();
    expected.sort_unstable();
    assert_eq!(places, expected);
}

#[test]
fn a_token_on_any_boundary_of_a_40_megabyte_file_is_found_once() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(1).tokens(39);
    // One at each boundary, and each a little further over it than the one before.
    let planted: Vec<_> = tokens
        .iter()
        .enumerate()
        .map(|(i, token)| ((i + 1) * MEBIBYTE - 38 + i, token.as_str()))
        .collect();
    let text = text_with(40 * MEBIBYTE, &planted);
    env.write("large.log", &text);
    let outcome = env.run(["scan", ".", "--format", "jsonl"]).exits(3);
    assert_seen(&outcome, &text, &planted);
    assert_eq!(outcome.summary()["bytes"], text.len());
    assert_eq!(outcome.summary()["coverage"]["scanned"], 1);
    let mut names: Vec<_> = tokens.iter().map(|token| fingerprint(token)).collect();
    names.sort();
    assert_eq!(outcome.fingerprints(), names);
}

#[test]
fn a_token_at_every_offset_over_a_boundary_is_found_once() {
    let env = TestEnvironment::new();
    for (i, token) in Forge::new(2).tokens(41).iter().enumerate() {
        let planted = [(MEBIBYTE - 39 + i, token.as_str())];
        let text = text_with(MEBIBYTE + 4_096, &planted);
        fs::write(env.path("large.log"), &text).unwrap();
        assert_seen(&env.run(["scan", ".", "--format", "jsonl"]), &text, &planted);
    }
}

#[test]
fn an_encoded_token_on_a_boundary_is_found_once() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(3).tokens(8);
    let forms = ["json", "percent", "html", "hex"];
    let encoded: Vec<String> =
        tokens.iter().enumerate().map(|(i, token)| written(forms[i % 4], token)).collect();
    let planted: Vec<_> = encoded
        .iter()
        .enumerate()
        .map(|(i, text)| ((i + 1) * MEBIBYTE - 13 * (i + 1), text.as_str()))
        .collect();
    let text = text_with(9 * MEBIBYTE, &planted);
    env.write("large.log", &text);
    let outcome = env.run(["scan", ".", "--format", "jsonl"]).exits(3);
    assert_seen(&outcome, &text, &planted);
}

#[test]
fn a_stream_is_told_like_a_file() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(4).tokens(5);
    let planted: Vec<_> = tokens
        .iter()
        .enumerate()
        .map(|(i, token)| ((i + 1) * MEBIBYTE - 20, token.as_str()))
        .collect();
    let text = text_with(6 * MEBIBYTE, &planted);
    assert_seen(&env.feed(&text, &["scan", "-", "--format", "jsonl"]), &text, &planted);
}

#[test]
fn a_column_that_a_stream_no_longer_knows_is_not_made_up() {
    let env = TestEnvironment::new();
    let token = Forge::new(5).token();
    let mut text = b"one\n".repeat(2);
    text.extend(".".repeat(5 * MEBIBYTE).bytes());
    text.extend(format!(" {token}\n").bytes());
    let offset = text.len() - token.len() - 1;
    let (line, column) = line_and_column(&text, offset);
    let findings = env.feed(&text, &["scan", "-", "--format", "jsonl"]).findings();
    let seen = &findings[0]["sightings"][0];
    assert_eq!(seen["line"], line);
    assert!(seen["column"].is_null() || seen["column"] == column, "{seen}");
    // A file can be read again, and has it.
    env.write("file", &text);
    let findings = env.run(["scan", "file", "--format", "jsonl"]).findings();
    assert_eq!(findings[0]["sightings"][0]["column"], column);
}

#[test]
fn more_large_files_than_a_process_may_open_are_all_read() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(6).tokens(90);
    for (i, token) in tokens.iter().enumerate() {
        let size = MEBIBYTE as u64 + 64;
        let file = File::create(env.path(format!("shard-{i:02}"))).unwrap();
        file.set_len(size).unwrap();
        file.write_all_at(token.as_bytes(), size - 50).unwrap();
    }
    let mut command = env.command("bash");
    command.args(["-c", "ulimit -n 40; exec \"$0\" scan . --format jsonl"]);
    command.arg(TestEnvironment::program());
    let outcome = Outcome::of(command).exits(3);
    assert_eq!(outcome.gaps(), []);
    assert_eq!(outcome.findings().len(), tokens.len());
    assert_eq!(outcome.summary()["coverage"]["scanned"], tokens.len());
}
