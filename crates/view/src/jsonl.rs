//! One JSON object a line: each finding, then the summary.

use std::io;

use bearhug_guard::hunt::Report;
use serde::Serialize;

use crate::{
    json::harmless,
    model::{Finding, Scan},
};

pub(crate) fn render(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in &report.findings {
        line(&Finding::from(finding), out)?;
    }
    line(&Scan::new(report, report.findings.len()), out)
}

fn line(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "{}", harmless(&serde_json::to_string(value)?))
}

#[cfg(test)]
mod tests {
    use bearhug_guard::hunt::Report;
    use serde_json::{Value, json};

    use crate::{Format, sample};

    fn lines(report: &Report) -> Vec<Value> {
        let text = sample::rendered(Format::Jsonl, report);
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn a_finding_has_the_documented_shape() {
        let lines = lines(&sample::scan());
        assert_eq!(lines.len(), 7);
        let expected = json!({
            "schema": "bearhug.finding/1",
            "fingerprint": sample::fingerprint(2).to_string(),
            "kind": "s3_secret_key",
            "redacted": "…Zk9q",
            "companion": sample::KEY_ID,
            "confidence": "high",
            "reasons": ["random_body", "paired_nearby"],
            "placeholder": false,
            "verdict": "unverified",
            "account": null, "role": null, "impact": [], "blocked_by": [],
            "unavailable_because": null,
            "sightings": [{
                "path": "infra/rclone.conf", "line": 12, "column": 21, "offset": 310,
                "origin": ["object:9fceb02d0ae598e95dc970b74767f19372d61af8"],
                "context": "secret_access_key = …Zk9q",
                "storage": null, "mode": null, "advice": null,
                "commit": "1d3fcd5ced445d1abc402225c0b8a1299641f497",
                "author": "Ada Example <ada@example.org>",
                "date": "2024-05-01T12:30:00+02:00",
                "removed": {
                    "commit": "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d",
                    "author": "Eve Example <eve@example.org>",
                    "date": "2024-06-01T08:00:00Z",
                },
                "reach": "reflog",
                "versions": 3,
                "checked_out": false,
            }],
        });
        assert_eq!(lines[1], expected);
    }

    #[test]
    fn what_a_sighting_lacks_is_null() {
        let lines = lines(&sample::scan());
        let sighting = &lines[3]["sightings"][0];
        assert_eq!(sighting["path"], "cache/state.bin");
        assert_eq!(sighting["offset"], 1_048_576);
        for absent in [
            "line", "column", "context", "storage", "mode", "advice", "commit", "author", "date",
            "removed",
        ] {
            assert_eq!(sighting.get(absent), Some(&Value::Null), "{absent}");
        }
    }

    #[test]
    fn the_last_line_is_the_summary() {
        let lines = lines(&sample::scan());
        let expected = json!({
            "schema": "bearhug.scan/1", "bytes": 56_789_000, "blobs": 1_234, "seconds": 0.642,
            "findings": 6, "sightings": 12,
            "coverage": {"scanned": 1_234, "missing": 1, "oversized": 1, "undecodable": 0},
            "gaps": [
                {
                    "origin": ["file:models/weights.bin"], "path": "models/weights.bin",
                    "reason": "oversized",
                    "detail": "over the size limit (3.2 GB, limit 100 MB): --max-size raises it",
                },
                {
                    "origin": ["file:private/id"], "path": "private/id",
                    "reason": "unreadable",
                    "detail": "could not be read (Permission denied (os error 13)): \
                               check permissions and scan again",
                },
            ],
            "hidden": {"baseline": 2, "configured": 3, "allowed": 1, "placeholders": 31, "unsure": 1},
            "interrupted": false,
        });
        assert_eq!(lines[6], expected);
    }

    #[test]
    fn nothing_in_a_path_can_break_a_line() {
        let text = sample::rendered(Format::Jsonl, &sample::hostile());
        // Python's `splitlines` breaks at more than a line feed.
        let breaks = ['\u{b}', '\u{c}', '\r', '\u{85}', '\u{2028}', '\u{2029}'];
        assert!(!text.contains(breaks) && text.lines().count() == 2, "{text}");
    }
}
