//! One JSON object with the whole report in it.

use std::{fmt::Write as _, io};

use bearhug_guard::hunt::Report;

use crate::{
    model::{Finding, Scan},
    sanitize::acts,
};

pub(crate) fn render(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let findings: Vec<_> = report.findings.iter().map(Finding::from).collect();
    let scan = Scan::new(report, findings);
    writeln!(out, "{}", harmless(&serde_json::to_string_pretty(&scan)?))
}

/// The same JSON with every acting character as a `\u` escape.
///
/// The standard lets C1 controls and bidirectional overrides stand in a string as they are, and
/// a terminal would obey them. Outside a string none of them can occur, so each may be replaced
/// wherever it is, and a parser reads the same value.
pub(crate) fn harmless(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c > '~' && acts(c) {
            // Writing to a string cannot fail, and no acting character needs a surrogate pair.
            let _ = write!(text, "\\u{:04x}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use bearhug_guard::hunt::Report;
    use serde_json::{Value, json};

    use crate::{Format, sample};

    fn parsed(report: &Report) -> Value {
        serde_json::from_str(&sample::rendered(Format::Json, report)).unwrap()
    }

    #[test]
    fn the_summary_and_the_findings_are_one_object() {
        let scan = parsed(&sample::scan());
        assert_eq!(scan["schema"], "bearhug.scan/1");
        assert_eq!(scan["sightings"], 12);
        let findings = scan["findings"].as_array().unwrap();
        assert_eq!(findings.len(), 6);
        assert!(findings.iter().all(|finding| finding["schema"] == "bearhug.finding/1"));
    }

    #[test]
    fn an_empty_report_has_every_field() {
        let expected = json!({
            "schema": "bearhug.scan/1", "bytes": 0, "blobs": 0, "seconds": 0.0,
            "findings": [], "sightings": 0,
            "coverage": {"scanned": 0, "missing": 0, "oversized": 0, "undecodable": 0},
            "gaps": [], "hidden": {"baseline": 0, "configured": 0, "allowed": 0, "placeholders": 0, "unsure": 0},
            "interrupted": false,
        });
        assert_eq!(parsed(&Report::default()), expected);
    }

    #[test]
    fn a_hostile_path_is_escaped_and_reads_back_exactly() {
        let report = sample::hostile();
        let scan = parsed(&report);
        for (read, told) in scan["findings"][0]["sightings"]
            .as_array()
            .unwrap()
            .iter()
            .zip(&report.findings[0].sightings)
        {
            assert_eq!(read["path"], told.origin.path);
            assert_eq!(read["context"], *told.context.as_ref().unwrap());
        }
    }
}
