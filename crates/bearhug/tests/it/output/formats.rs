//! The forms of a report. Programs read them, so other programs say whether they can.

use serde_json::{Value, json};

use crate::support::{Forge, Outcome, TestEnvironment, fingerprint, grep_count, python};

const FORMATS: [&str; 6] = ["human", "json", "jsonl", "csv", "sarif", "html"];

/// A tree with a finding of every kind, names that are a trial for every format, and gaps.
fn tree() -> TestEnvironment {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(11);
    for planted in forge.every_kind() {
        env.write(format!("kinds/{}", planted.kind), planted.text);
    }
    for name in [
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>&amp;",
        "a,b\"c\"\r\nd",
        "\x1b[31mred",
        "\u{202e}gpj.exe",
        "données/模型 50%.env",
        "http:--x#y?z",
    ] {
        env.write(name, format!("<b>é</b>, \"q\" = '{}';\r\n", forge.token()));
    }
    env.write("large", vec![b'\n'; 9_000]);
    env.folder("nested");
    env.git_in(&env.path("nested"), ["init", "-q"]);
    env.write("nested/.git/objects/pack/pack-x.pack", "PACK");
    env
}

fn report(env: &TestEnvironment, format: &str) -> Outcome {
    env.run(["scan", ".", "--max-size", "8K", "--format", format]).exits(3)
}

/// How many sightings Python reads in a report, which it must find well formed.
fn read_by_python(env: &TestEnvironment, format: &str, text: &str) -> Outcome {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/oracles/report.py");
    let file = env.root().join("tmp/report");
    std::fs::write(&file, text).unwrap();
    let mut command = env.command(python());
    command.args(["-B", script, format]).arg(file);
    Outcome::of(command)
}

#[test]
fn every_format_tells_every_sighting() {
    let env = tree();
    let jsonl = report(&env, "jsonl");
    assert_eq!(jsonl.paths().len(), 10 + 7);
    assert_eq!(jsonl.gaps().len(), 2);
    let json: Value = serde_json::from_str(&report(&env, "json").stdout()).unwrap();
    assert_eq!(json["findings"], Value::Array(jsonl.findings()));
    assert_eq!(json["sightings"], 17);
    for format in ["csv", "sarif", "html"] {
        let read = read_by_python(&env, format, &report(&env, format).stdout()).exits(0);
        assert_eq!(read.stdout().trim(), "17", "{format}");
    }
    let human = report(&env, "human").stdout();
    let names = jsonl.fingerprints();
    assert!(names.iter().all(|name| human.contains(name)), "{human}");
}

#[test]
fn the_judges_are_awake() {
    let env = TestEnvironment::new();
    let good = env.run(["scan", ".", "--format", "sarif"]).stdout();
    read_by_python(&env, "sarif", &good).exits(0);
    for (format, bad) in [
        ("sarif", good.replace("\"version\": \"2.1.0\"", "\"version\": \"2.2\"")),
        ("sarif", good.replace("\"results\"", "\"outcomes\"")),
        ("csv", "a,b\n1,2,3\n".to_owned()),
        ("html", "<!DOCTYPE html><title>x</title><p><b></p>".to_owned()),
    ] {
        read_by_python(&env, format, &bad).exits(1);
    }
}

#[test]
fn a_report_of_nothing_is_well_formed_too() {
    let env = TestEnvironment::new();
    for format in ["csv", "sarif", "html"] {
        let text = env.run(["scan", ".", "--format", format]).exits(0).stdout();
        assert_eq!(read_by_python(&env, format, &text).exits(0).stdout().trim(), "0", "{format}");
    }
}

#[test]
fn a_finding_and_the_summary_have_the_documented_shape() {
    let env = TestEnvironment::new();
    let token = Forge::new(1).token();
    env.write("notebooks/train.py", format!("login(\"{token}\")\n"));
    let outcome = env.run(["scan", ".", "--format", "jsonl"]).exits(3);
    let mut records = outcome.records();
    assert!(records[1]["seconds"].as_f64().unwrap() > 0.0);
    records[1]["seconds"] = json!(0.0);
    records[0].as_object_mut().unwrap().remove("reasons");
    let redacted = format!("hf_…{}", &token[33..]);
    let expected = json!([
        {
            "schema": "bearhug.finding/1", "fingerprint": fingerprint(&token),
            "kind": "user_token", "redacted": redacted, "companion": null,
            "confidence": "high", "placeholder": false, "verdict": "unverified",
            "account": null, "role": null, "impact": [], "blocked_by": [],
            "unavailable_because": null,
            "sightings": [{
                "path": "notebooks/train.py", "line": 1, "column": 8, "offset": 7,
                "origin": ["file:notebooks/train.py"],
                "context": format!("login(\"{redacted}\")"),
                "storage": null, "mode": null, "advice": null,
                "commit": null, "author": null, "date": null, "removed": null,
                "reach": null, "versions": null, "checked_out": null,
            }],
        },
        {
            "schema": "bearhug.scan/1", "bytes": 47, "blobs": 1, "seconds": 0.0,
            "findings": 1, "sightings": 1,
            "coverage": {"scanned": 1, "missing": 0, "oversized": 0, "undecodable": 0},
            "gaps": [],
            "hidden": {"baseline": 0, "configured": 0, "allowed": 0, "placeholders": 0, "unsure": 0},
            "interrupted": false,
        },
    ]);
    assert_eq!(Value::Array(records), expected);
}

#[test]
fn what_is_found_is_what_grep_finds() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(12);
    for i in 0..60 {
        let text: Vec<String> = (0..i).map(|n| format!("{n}: {}\n", forge.token())).collect();
        env.write(format!("d{}/f{i}", i % 5), text.concat());
    }
    let grepped = grep_count(&env.work(), "hf_[A-Za-z]{34}");
    assert_eq!(grepped, (0..60).sum::<usize>());
    assert_eq!(env.run(["scan", ".", "--format", "jsonl"]).paths().len(), grepped);
}

#[test]
fn colour_is_for_terminals_and_on_request() {
    let env = tree();
    let has_colour = |arguments: &[&str], variable: Option<&str>| {
        let mut command = env.bearhug();
        command.args(["scan", "kinds"]).args(arguments).envs(variable.map(|name| (name, "1")));
        Outcome::of(command).out.contains(&0x1b)
    };
    assert!(!has_colour(&[], None));
    assert!(!has_colour(&["--color", "never"], None));
    assert!(has_colour(&["--color", "always"], None));
    assert!(has_colour(&["--color", "always"], Some("NO_COLOR")));
    for format in &FORMATS[1..] {
        assert!(!has_colour(&["--color", "always", "--format", format], None), "{format}");
    }
}

#[test]
fn a_terminal_gets_colour_and_a_window_that_fits() {
    let env = tree();
    let on_terminal = |variable: Option<&str>| {
        let mut command = env.command("script");
        command.args(["-qefc", "stty cols 60; exec \"$PROGRAM\" scan kinds --color auto"]);
        command.arg("/dev/null").env("PROGRAM", TestEnvironment::program());
        command.env("TERM", "xterm-256color").envs(variable.map(|name| (name, "1")));
        Outcome::of(command).exits(3).stdout()
    };
    assert!(on_terminal(None).contains("\x1b[1m"));
    assert!(!on_terminal(Some("NO_COLOR")).contains("\x1b[1m"));
}

#[test]
fn gaps_are_told_in_every_format() {
    let env = tree();
    for format in FORMATS {
        let outcome = report(&env, format);
        let all = format!("{}{}", outcome.stdout(), outcome.stderr());
        for words in ["large", "size limit", "pack-x.pack"] {
            assert!(all.contains(words), "{format} does not say {words}: {all}");
        }
    }
}

#[test]
fn quiet_says_nothing_beside_the_report() {
    let env = tree();
    for format in FORMATS {
        let outcome = env.run(["scan", ".", "-q", "--format", format]).exits(3);
        assert!(outcome.err.is_empty(), "{format}: {outcome}");
        assert!(!outcome.out.is_empty(), "{format}");
    }
}

#[test]
fn verbose_tells_every_place() {
    let env = TestEnvironment::new();
    let token = Forge::new(1).token();
    env.write("many", format!("{token}\n").repeat(70));
    let places = |text: &str| text.matches("many:").count();
    assert_eq!(places(&env.run(["scan", "."]).stdout()), 5);
    assert_eq!(places(&env.run(["scan", ".", "-v"]).stdout()), 70);
}
