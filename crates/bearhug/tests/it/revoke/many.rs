//! Very many tokens at once, within the Hub's limits.

use std::time::{Duration, Instant};

use bearhug_localhub::{Limits, TokenSpec};
use serde_json::Value;

use crate::support::{LocalHub, TestEnvironment};

/// The limits are the Hub's documented ones, in windows of two seconds in place of five minutes, and
/// for whoami a guess that is stricter than those.
#[test]
fn a_thousand_leaked_tokens_die_in_one_command() {
    let env = TestEnvironment::new();
    let hub = LocalHub::with(Limits { window_seconds: 2, whoami: 250, factor: 1 });
    let tokens: Vec<String> =
        (0..1000).map(|n| hub.token(TokenSpec::read(&format!("token {n}")))).collect();
    let start = Instant::now();
    let arguments =
        ["revoke", "--yes", "--per-minute", "600000", "--ask-first", "never", "--format", "json"];
    let outcome = hub.feed(&env, &tokens.join("\n"), &arguments).exits(0);
    let seconds = start.elapsed().as_secs_f64();
    let proof: Value = serde_json::from_str(&outcome.stdout()).unwrap();
    assert_eq!((&proof["revoked"], &proof["not_sent"]), (&1000.into(), &0.into()));
    let mut times: Vec<u64> = proof["tokens"]
        .as_array()
        .unwrap()
        .iter()
        .map(|ending| ending["milliseconds_to_dead"].as_u64().unwrap())
        .collect();
    times.sort_unstable();
    println!(
        "1000 tokens revoked and proved in {seconds:.1} s; proved after {} ms (first), {} ms (median), {} ms (last)",
        times[0], times[500], times[999]
    );
    std::thread::sleep(Duration::from_secs(2));
    assert!(!tokens.iter().step_by(100).any(|token| hub.knows(token)));
}

/// Each is asked about before, at the same limits.
#[test]
fn a_hundred_are_introduced_first() {
    let env = TestEnvironment::new();
    let hub = LocalHub::with(Limits { window_seconds: 1, whoami: 60, factor: 1 });
    let tokens: Vec<String> =
        (0..100).map(|n| hub.token(TokenSpec::read(&format!("token {n}")))).collect();
    let arguments =
        ["revoke", "--yes", "--per-minute", "600000", "--ask-first", "always", "--format", "jsonl"];
    let outcome = hub.feed(&env, &tokens.join("\n"), &arguments).exits(0);
    let records = outcome.records();
    assert_eq!(records.len(), 101);
    assert!(records[..100].iter().all(|ending| ending["before"]["account"] == "ada"));
    assert_eq!(records[100]["revoked"], 100);
}
