//! One row a sighting, for spreadsheets.
//!
//! Gaps have no row here: a caller that writes this format says them with [`summary()`](crate::summary()).

use std::{borrow::Cow, io};

use bearhug_core::{Finding, History, Sighting};
use bearhug_guard::hunt::Report;
use csv::{ErrorKind, Writer};

use crate::{sanitize::visible, words};

const HEADER: [&str; 25] = [
    "fingerprint",
    "kind",
    "redacted",
    "companion",
    "confidence",
    "reasons",
    "placeholder",
    "verdict",
    "path",
    "line",
    "column",
    "offset",
    "origin",
    "context",
    "commit",
    "author",
    "date",
    "removed",
    "removed_date",
    "reach",
    "versions",
    "checked_out",
    "account",
    "role",
    "impact",
];

pub(crate) fn render(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let mut rows = Writer::from_writer(out);
    rows.write_record(HEADER).map_err(io_error)?;
    for finding in &report.findings {
        for sighting in &finding.sightings {
            rows.write_record(row(finding, sighting).iter().map(|text| cell(text).into_owned()))
                .map_err(io_error)?;
        }
    }
    rows.flush()
}

fn row(finding: &Finding, sighting: &Sighting) -> [String; HEADER.len()] {
    let number = |n: Option<u64>| n.map_or_else(String::new, |n| n.to_string());
    let reasons: Vec<_> =
        finding.assessment.reasons.iter().map(|&reason| words::reason(reason).0).collect();
    let (commit, author, date) = sighting
        .commit
        .clone()
        .map_or_else(Default::default, |commit| (commit.id, commit.author, commit.date));
    let told = finding.told.clone().unwrap_or_default();
    let impacts: Vec<_> = told.impacts.iter().map(|impact| impact.name()).collect();
    let history = sighting.history.as_ref();
    let removed = history.and_then(|history| history.removed.clone());
    let of_history = |say: fn(&History) -> String| history.map(say).unwrap_or_default();
    [
        finding.fingerprint.to_string(),
        finding.kind.name().to_owned(),
        finding.redacted.clone(),
        finding.companion.clone().unwrap_or_default(),
        finding.assessment.confidence.name().to_owned(),
        reasons.join(" "),
        finding.assessment.placeholder.to_string(),
        finding.verdict.name().to_owned(),
        sighting.origin.path.clone(),
        number(sighting.line),
        number(sighting.column),
        sighting.offset.to_string(),
        sighting.origin.to_string(),
        sighting.context.clone().unwrap_or_default(),
        commit,
        author,
        date,
        removed.as_ref().map(|commit| commit.id.clone()).unwrap_or_default(),
        removed.map(|commit| commit.date).unwrap_or_default(),
        of_history(|history| history.reach.name().to_owned()),
        of_history(|history| history.versions.to_string()),
        of_history(|history| history.checked_out.to_string()),
        told.account.unwrap_or_default(),
        told.role.unwrap_or_default(),
        impacts.join(" "),
    ]
}

/// A text that a spreadsheet shows and does not run.
///
/// A cell that starts like a formula is one to Excel and its kin, quoted or not; an apostrophe in
/// front makes it text (<https://owasp.org/www-community/attacks/CSV_Injection>).
pub(crate) fn cell(text: &str) -> Cow<'_, str> {
    let shown = visible(text);
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{shown}").into()
    } else {
        shown
    }
}

/// The error underneath, so that a closed pipe stays recognisable.
pub(crate) fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, sample};

    fn rows(report: &Report) -> Vec<Vec<String>> {
        let text = sample::rendered(Format::Csv, report);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn a_sighting_is_a_row() {
        let rows = rows(&sample::scan());
        assert_eq!(rows.len(), 1 + 12);
        assert_eq!(rows[0], HEADER);
        let fingerprint = sample::fingerprint(2).to_string();
        let expected = [
            fingerprint.as_str(),
            "s3_secret_key",
            "…Zk9q",
            sample::KEY_ID,
            "high",
            "random_body paired_nearby",
            "false",
            "unverified",
            "infra/rclone.conf",
            "12",
            "21",
            "310",
            "object:9fceb02d0ae598e95dc970b74767f19372d61af8",
            "secret_access_key = …Zk9q",
            "1d3fcd5ced445d1abc402225c0b8a1299641f497",
            "Ada Example <ada@example.org>",
            "2024-05-01T12:30:00+02:00",
            "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d",
            "2024-06-01T08:00:00Z",
            "reflog",
            "3",
            "false",
            "",
            "",
            "",
        ];
        assert!(rows.iter().any(|row| *row == expected), "{rows:#?}");
    }

    #[test]
    fn no_cell_starts_a_formula() {
        let rows = rows(&sample::hostile());
        let paths: Vec<_> = rows[1..].iter().map(|row| row[8].as_str()).collect();
        assert!(paths.contains(&"'=cmd|' /C calc'!A0"), "{paths:?}");
        for text in rows.iter().flatten() {
            assert!(!text.starts_with(['=', '+', '-', '@', '\t', '\r']), "{text}");
        }
        for (told, shown) in
            [("+1", "'+1"), ("-", "'-"), ("@A1", "'@A1"), ("\tx", r"'\tx"), ("a=b", "a=b")]
        {
            assert_eq!(cell(told), shown);
        }
    }

    #[test]
    fn an_empty_report_is_a_header() {
        assert_eq!(rows(&Report::default()), [HEADER]);
    }
}
