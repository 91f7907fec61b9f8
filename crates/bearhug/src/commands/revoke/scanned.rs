//! What the report of an earlier scan lists.

use std::{collections::BTreeSet, fs, path::Path};

use bearhug_core::Fingerprint;
use serde::Deserialize;
use serde_json::Deserializer;

use crate::error::CommandError;

/// Any line or object of a report. Whatever else it holds is of no interest here.
#[derive(Deserialize)]
struct Entry {
    fingerprint: Option<String>,
    #[serde(default)]
    placeholder: bool,
    findings: Option<Findings>,
}

/// All findings in one object, or their number where each has a line of its own.
#[derive(Deserialize)]
#[serde(untagged)]
enum Findings {
    All(Vec<Entry>),
    #[expect(dead_code, reason = "it is read to be told from a list")]
    Number(u64),
}

/// The fingerprints that a report in JSON or JSON lines lists, without those of placeholders.
pub(super) fn fingerprints(path: &Path) -> Result<BTreeSet<Fingerprint>, CommandError> {
    let text = fs::read_to_string(path).map_err(|error| CommandError::file("read", path, error))?;
    let unreadable = || {
        CommandError::new(format!("`{}` is no report of a scan", path.display()))
            .hint("make one with `bearhug scan --format json -o FILE`")
    };
    let mut listed = BTreeSet::new();
    let mut open: Vec<Entry> = Deserializer::from_str(&text)
        .into_iter()
        .collect::<Result<_, _>>()
        .map_err(|_| unreadable())?;
    while let Some(entry) = open.pop() {
        if let Some(name) = entry.fingerprint.filter(|_| !entry.placeholder) {
            listed.insert(name.parse().map_err(|_| unreadable())?);
        }
        if let Some(Findings::All(findings)) = entry.findings {
            open.extend(findings);
        }
    }
    if listed.is_empty() { Err(unreadable()) } else { Ok(listed) }
}
