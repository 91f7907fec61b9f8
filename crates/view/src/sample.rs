//! Reports for the tests of the renderers.

use std::{collections::BTreeSet, time::Duration};

use bearhug_core::{
    Assessment, Commit, Confidence, Coverage, Encoding, Finding, Fingerprint, Gap, GapReason,
    History, Kind, Origin, Reach, Reason, Sighting, Step, Verdict,
};
use bearhug_guard::hunt::{Hidden, Report};

use crate::{Format, Options, render};

/// What a format makes of a report, on a terminal of no particular width and without colour.
pub(crate) fn rendered(format: Format, report: &Report) -> String {
    let mut out = Vec::new();
    render(format, report, &Options::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// An access key id, in two parts so that no scanner finds one in these sources.
pub(crate) const KEY_ID: &str = concat!("HFAK", "EXAMPLE7Q2WX");

/// The name of the `n`-th token of these samples.
pub(crate) fn fingerprint(n: usize) -> Fingerprint {
    Fingerprint::of(&format!("sample {n}"))
}

fn origin(path: &str) -> Origin {
    Origin { path: path.to_owned(), steps: vec![Step::File(path.to_owned())] }
}

fn sighting(path: &str, line: u64, column: u64, context: &str) -> Sighting {
    Sighting {
        origin: origin(path),
        line: Some(line),
        column: Some(column),
        offset: 100 * line + column,
        context: Some(context.to_owned()),
        commit: None,
        history: None,
    }
}

/// A finding of `hf_…Ab3x` that the others are variations of.
fn finding(
    n: usize,
    confidence: Confidence,
    reasons: &[Reason],
    sightings: Vec<Sighting>,
) -> Finding {
    Finding {
        fingerprint: fingerprint(n),
        kind: Kind::UserToken,
        redacted: "hf_…Ab3x".to_owned(),
        companion: None,
        assessment: Assessment { confidence, placeholder: false, reasons: reasons.to_vec() },
        verdict: Verdict::Unverified,
        told: None,
        sightings,
    }
}

fn in_seven_places() -> Finding {
    let mut sightings = vec![
        sighting("données/模型.env", 3, 10, "HF_TOKEN=hf_…Ab3x"),
        sighting("notebooks/train.ipynb", 41, 18, "\t\"login(token='hf_…Ab3x')\\n\","),
        sighting("deploy/secret.yaml", 6, 9, "  token: aGZfUWJs…Y0RlZg=="),
    ];
    sightings[2].origin.steps.push(Step::Decoded(Encoding::Base64));
    sightings.extend((1..=4).map(|n| sighting(&format!("logs/run-{n}.log"), n, 1, "hf_…Ab3x")));
    finding(1, Confidence::High, &[Reason::RandomBody, Reason::NamedNearby], sightings)
}

fn in_a_commit() -> Finding {
    let mut seen = sighting("infra/rclone.conf", 12, 21, "secret_access_key = …Zk9q");
    seen.offset = 310;
    seen.origin.steps = vec![Step::Object("9fceb02d0ae598e95dc970b74767f19372d61af8".to_owned())];
    seen.commit = Some(Commit {
        id: "1d3fcd5ced445d1abc402225c0b8a1299641f497".to_owned(),
        author: "Ada Example <ada@example.org>".to_owned(),
        date: "2024-05-01T12:30:00+02:00".to_owned(),
    });
    let removed = Commit {
        id: "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d".to_owned(),
        author: "Eve Example <eve@example.org>".to_owned(),
        date: "2024-06-01T08:00:00Z".to_owned(),
    };
    seen.history = Some(History {
        removed: Some(removed),
        reach: Reach::Reflog,
        versions: 3,
        checked_out: false,
    });
    Finding {
        kind: Kind::S3SecretKey,
        redacted: "…Zk9q".to_owned(),
        companion: Some(KEY_ID.to_owned()),
        ..finding(2, Confidence::High, &[Reason::RandomBody, Reason::PairedNearby], vec![seen])
    }
}

fn in_a_program() -> Finding {
    let line = "OAUTH_CLIENT_SECRET = \"oauth_app_secret_…t0Qp\"";
    let seen = sighting("app/settings.py", 88, 24, line);
    Finding {
        kind: Kind::OauthAppSecret,
        redacted: "oauth_app_secret_…t0Qp".to_owned(),
        companion: Some("26be6b09-91c5-47da-9861-d2d2bb7a7e36".to_owned()),
        ..finding(3, Confidence::Medium, &[Reason::OneCase], vec![seen])
    }
}

fn in_binary() -> Finding {
    let seen = Sighting {
        line: None,
        column: None,
        offset: 1_048_576,
        context: None,
        ..sighting("cache/state.bin", 0, 0, "")
    };
    finding(4, Confidence::Medium, &[Reason::InBinary], vec![seen])
}

fn in_a_name() -> Finding {
    let mut seen = sighting("tmp/x", 1, 1, "");
    seen.origin.steps.push(Step::Name);
    Finding {
        kind: Kind::Lease,
        redacted: "hf_lease…9xYz".to_owned(),
        ..finding(5, Confidence::Low, &[Reason::TouchesAfter], vec![seen])
    }
}

fn placeholder() -> Finding {
    let seen = sighting("README.md", 12, 8, "export HF_TOKEN=hf_…xxxx");
    let mut finding = finding(6, Confidence::Low, &[Reason::PlaceholderLike], vec![seen]);
    finding.redacted = "hf_…xxxx".to_owned();
    finding.assessment.placeholder = true;
    finding
}

/// Six findings of four kinds in twelve places, two gaps, and something hidden of each sort.
pub(crate) fn scan() -> Report {
    let too_large = GapReason::Oversized { size: 3_200_000_000, limit: 100_000_000 };
    let refused = GapReason::Unreadable("Permission denied (os error 13)".to_owned());
    Report {
        findings: vec![
            in_seven_places(),
            in_a_commit(),
            in_a_program(),
            in_binary(),
            in_a_name(),
            placeholder(),
        ],
        coverage: Coverage {
            scanned: 1_234,
            missing: 1,
            oversized: 1,
            undecodable: 0,
            bytes: 56_789_000,
        },
        gaps: vec![
            Gap { origin: origin("models/weights.bin"), reason: too_large },
            Gap { origin: origin("private/id"), reason: refused },
        ],
        hidden: Hidden { baseline: 2, configured: 3, allowed: 1, placeholders: 31, unsure: 1 },
        hidden_tokens: BTreeSet::new(),
        elapsed: Duration::from_micros(642_400),
        interrupted: false,
    }
}

/// One token in files whose names and lines attack what shows them.
pub(crate) fn hostile() -> Report {
    let names = [
        "\x1b[2J\x1b]0;owned\x07.env",
        "one\nfp_forged\r\u{2028}\u{85}two",
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "\u{9b}31m\u{202e}gpj.exe",
        "\"><img src=x onerror=alert(1)>",
    ];
    let sightings = names.map(|name| sighting(name, 1, 1, name)).to_vec();
    let gap = |name: &str| Gap {
        origin: origin(name),
        reason: GapReason::Unreadable(format!("cannot open {name}")),
    };
    Report {
        findings: vec![finding(1, Confidence::High, &[Reason::RandomBody], sightings)],
        gaps: names.map(gap).to_vec(),
        ..Report::default()
    }
}

/// One token in `n` places.
pub(crate) fn crowd(n: u64) -> Report {
    let sightings = (1..=n).map(|line| sighting("train.log", line, 7, "token hf_…Ab3x")).collect();
    Report {
        findings: vec![finding(1, Confidence::High, &[Reason::RandomBody], sightings)],
        ..Report::default()
    }
}
