//! Tokens that are known and accepted for now.
//!
//! A baseline lists fingerprints and no paths, so it survives moves, squashes and rebases. One entry
//! stands on a line, in order, so that two branches' baselines merge.

use std::collections::BTreeSet;

use bearhug_core::{Fingerprint, ParseFingerprintError};
use serde::{Deserialize, Serialize};

use super::Report;

const SCHEMA: &str = "bearhug.baseline/1";

/// A set of accepted tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    accepted: BTreeSet<Fingerprint>,
}

/// Why a text is not a baseline.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// It is not the JSON of a baseline.
    #[error("it is not a baseline's JSON")]
    Json(#[from] serde_json::Error),
    /// It is of another version.
    #[error("its schema is `{0}`, and this version of bearhug reads `{SCHEMA}`")]
    Schema(String),
    /// An entry's fingerprint is none.
    #[error("`{text}` is not a fingerprint")]
    Fingerprint {
        /// The text that was found.
        text: String,
        /// What a fingerprint looks like.
        #[source]
        source: ParseFingerprintError,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    accepted: Vec<Entry>,
}

/// An entry. What follows the fingerprint is for the people who review the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    fingerprint: String,
    kind: String,
    redacted: String,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    ///
    /// If the text is not a baseline of this version.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let file: File = serde_json::from_str(text)?;
        if file.schema != SCHEMA {
            return Err(BaselineError::Schema(file.schema));
        }
        let accepted = file
            .accepted
            .into_iter()
            .map(|entry| {
                let text = entry.fingerprint;
                text.parse().map_err(|source| BaselineError::Fingerprint { text, source })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { accepted })
    }

    /// Whether a token is accepted.
    pub fn contains(&self, fingerprint: Fingerprint) -> bool {
        self.accepted.contains(&fingerprint)
    }

    /// Writes the baseline that accepts everything in a report.
    ///
    /// # Errors
    ///
    /// If an entry cannot be written as JSON, which no entry is known to cause.
    pub fn accepting(report: &Report) -> Result<String, BaselineError> {
        let mut findings: Vec<_> = report.findings.iter().collect();
        findings.sort_by_key(|f| f.fingerprint);
        let mut text = format!("{{\"schema\":\"{SCHEMA}\",\"accepted\":[");
        for (i, finding) in findings.into_iter().enumerate() {
            let entry = Entry {
                fingerprint: finding.fingerprint.to_string(),
                kind: finding.kind.to_string(),
                redacted: finding.redacted.clone(),
            };
            text.push_str(if i == 0 { "\n" } else { ",\n" });
            text.push_str(&serde_json::to_string(&entry)?);
        }
        text.push_str("\n]}\n");
        Ok(text)
    }
}
