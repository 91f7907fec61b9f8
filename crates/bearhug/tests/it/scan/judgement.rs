//! What counts as a token, and what the user does not want to hear of.

use crate::support::{Forge, TestEnvironment, fingerprint, line_and_column, written};

#[test]
fn every_kind_is_found_under_the_name_that_sha256sum_gives_it() {
    let env = TestEnvironment::new();
    let all = Forge::new(7).every_kind();
    for planted in &all {
        env.write(planted.kind, format!("# settings\n{}\n", planted.text));
    }
    let findings = env.run(["scan", ".", "--format", "jsonl"]).exits(3).findings();
    assert_eq!(findings.len(), all.len());
    for planted in &all {
        let finding = findings.iter().find(|f| f["kind"] == planted.kind);
        let finding = finding.unwrap_or_else(|| panic!("{} is missed", planted.kind));
        assert_eq!(finding["fingerprint"], fingerprint(&planted.value), "{finding}");
        let redacted = finding["redacted"].as_str().unwrap();
        let (prefix, last4) = redacted.split_once('…').unwrap();
        assert!(planted.value.starts_with(prefix), "{finding}");
        assert_eq!(last4, &planted.value[planted.value.len() - 4..], "{finding}");
    }
}

#[test]
fn a_place_is_where_the_token_was_put() {
    let env = TestEnvironment::new();
    let token = Forge::new(1).token();
    let text = format!("é first\n\n\tHF_TOKEN = \"ü{token}\"\r\nlast\n");
    env.write("a.txt", &text);
    let offset = text.find(&token).unwrap();
    let (line, column) = line_and_column(text.as_bytes(), offset);
    let findings = env.run(["scan", "a.txt", "--format", "jsonl"]).findings();
    let seen = &findings[0]["sightings"][0];
    assert_eq!((&seen["line"], &seen["column"]), (&line.into(), &column.into()));
    assert_eq!(seen["offset"], offset);
    assert_eq!(seen["origin"], serde_json::json!(["file:a.txt"]));
}

#[test]
fn placeholders_are_counted_and_shown_on_request() {
    let env = TestEnvironment::new();
    env.write("README.md", format!("export HF_TOKEN=hf_{}\n", "x".repeat(34)));
    let hidden = env.run(["scan", ".", "--format", "jsonl"]).exits(0);
    assert!(hidden.findings().is_empty(), "{hidden}");
    assert_eq!(hidden.summary()["hidden"]["placeholders"], 1);
    let told = env.run(["scan", "."]).stdout();
    assert!(told.contains("1 placeholder (--include-placeholders shows them)"), "{told}");
    let shown = env.run(["scan", ".", "--include-placeholders", "--format", "jsonl"]).exits(0);
    assert_eq!(shown.findings()[0]["placeholder"], true);
    assert_eq!(shown.summary()["hidden"]["placeholders"], 0);
}

#[test]
fn what_is_less_sure_than_asked_for_is_counted() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(1).tokens(3);
    env.write("low", format!("my_{}", tokens[0]));
    env.write("medium", format!(" _{}", tokens[1]));
    env.write("high", &tokens[2]);
    for (least, shown) in [
        ("low", &["high", "low", "medium"][..]),
        ("medium", &["high", "medium"]),
        ("high", &["high"]),
    ] {
        let outcome = env.run(["scan", ".", "--format", "jsonl", "--min-confidence", least]);
        assert_eq!(outcome.paths(), shown);
        assert_eq!(outcome.summary()["hidden"]["unsure"], 3 - shown.len());
        for finding in outcome.findings() {
            assert_eq!(finding["confidence"], finding["sightings"][0]["path"]);
        }
    }
}

#[test]
fn fast_leaves_encodings_out_and_nothing_else() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(1).tokens(2);
    env.write("plain", &tokens[0]);
    let escaped = written("json", &tokens[1]);
    env.write("encoded.json", format!("{{\"token\":\"{escaped}\"}}"));
    assert_eq!(env.run(["scan", ".", "--format", "jsonl"]).paths(), ["encoded.json", "plain"]);
    assert_eq!(env.run(["scan", ".", "--fast", "--format", "jsonl"]).paths(), ["plain"]);
}

#[test]
fn one_token_in_many_places_is_one_finding() {
    let env = TestEnvironment::new();
    let token = Forge::new(1).token();
    for i in 0..9 {
        env.write(format!("f{i}"), format!("{token}\n{token}"));
    }
    let outcome = env.run(["scan", ".", "--format", "jsonl"]);
    assert_eq!(outcome.fingerprints(), [fingerprint(&token)]);
    assert_eq!(outcome.paths().len(), 18);
    assert_eq!(outcome.summary()["sightings"], 18);
}
