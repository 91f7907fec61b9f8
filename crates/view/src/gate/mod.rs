//! Whether a job may go on with its token: `bearhug check`.

use std::io;

use bearhug_core::Fingerprint;

use crate::Options;

mod github;
mod human;
mod json;
mod junit;

/// A verdict on a token, condition by condition.
pub struct Gate {
    /// The Hub that was asked.
    pub endpoint: String,
    /// The token, where there is one.
    pub subject: Option<Subject>,
    /// The conditions, in the order in which they were judged.
    pub conditions: Vec<Condition>,
}

/// The token that a verdict is about.
pub struct Subject {
    /// The token's public name.
    pub fingerprint: Fingerprint,
    /// The value as reports print it.
    pub redacted: String,
    /// Where it is.
    pub place: String,
    /// Whose it is, if the Hub said so.
    pub account: Option<String>,
    /// Its role, if it has one.
    pub role: Option<String>,
}

/// One condition, and whether the token meets it.
pub struct Condition {
    /// Its name, such as `require`.
    pub name: &'static str,
    /// What it asks for, such as `read:acme/model`; empty where the name says it all.
    pub value: String,
    /// Whether it is met.
    pub outcome: Outcome,
    /// Why, in a sentence without a full stop.
    pub reason: String,
    /// What to do where it is not, in sentences.
    pub fix: Option<String>,
}

/// Whether a condition is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is.
    Passed,
    /// It is not.
    Failed,
    /// The Hub could not be asked, or something could not be read, so nobody knows.
    Unknown,
}

impl Outcome {
    /// The name that output uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// A way of writing a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Words for a person at a terminal.
    Human,
    /// One JSON object, `bearhug.check/1`.
    Json,
    /// A JUnit report, as GitLab and Jenkins read it.
    Junit,
}

impl Condition {
    /// The condition as one types it: `require read:acme/model`.
    fn title(&self) -> String {
        if self.value.is_empty() {
            self.name.to_owned()
        } else {
            format!("{} {}", self.name, self.value)
        }
    }
}

impl Gate {
    /// The verdict: no if any condition is not met, and yes only if all are.
    pub fn outcome(&self) -> Outcome {
        let any = |outcome| self.conditions.iter().any(|c| c.outcome == outcome);
        if any(Outcome::Failed) {
            Outcome::Failed
        } else if any(Outcome::Unknown) {
            Outcome::Unknown
        } else {
            Outcome::Passed
        }
    }

    /// Writes it.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn render(
        &self,
        format: Format,
        options: &Options,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        match format {
            Format::Human => human::render(self, options, out),
            Format::Json => json::render(self, out),
            Format::Junit => junit::render(self, out),
        }
    }

    /// The lines that GitHub Actions turns into annotations: one for each condition that is not met.
    pub fn annotations(&self) -> Vec<String> {
        github::annotations(self)
    }

    /// Markdown for the summary of a job.
    pub fn markdown(&self) -> String {
        github::markdown(self)
    }

    /// The verdict in a sentence without a full stop.
    fn words(&self) -> String {
        let all = self.conditions.len();
        let count = |outcome| self.conditions.iter().filter(|c| c.outcome == outcome).count();
        match self.outcome() {
            Outcome::Passed => format!("Passed: {all} of {all} conditions are met"),
            Outcome::Failed => {
                let failed = count(Outcome::Failed);
                let are = if failed == 1 { "is" } else { "are" };
                format!("No: {failed} of {all} conditions {are} not met")
            }
            Outcome::Unknown => {
                let unknown = count(Outcome::Unknown);
                format!("Not known: {unknown} of {all} conditions could not be judged")
            }
        }
    }
}

#[cfg(test)]
mod tests;
