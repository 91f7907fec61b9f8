//! A verdict as GitHub Actions shows it
//! (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>).

use std::fmt::Write as _;

use super::{Condition, Gate, Outcome};
use crate::sanitize::visible;

/// A workflow command for each condition that is not met.
pub(super) fn annotations(gate: &Gate) -> Vec<String> {
    let unmet = gate.conditions.iter().filter(|c| c.outcome != Outcome::Passed);
    unmet.map(annotation).collect()
}

fn annotation(condition: &Condition) -> String {
    let what = match condition.outcome {
        Outcome::Unknown => "could not be judged",
        _ => "is not met",
    };
    let fix = condition.fix.as_deref().unwrap_or_default();
    let text = format!("`{}` {what}: {}. {fix}", condition.title(), condition.reason);
    let title = format!("bearhug check {}", condition.name);
    format!("::error title={}::{}", property(&title), data(text.trim_end()))
}

/// What the runner undoes in the text of a command.
fn data(text: &str) -> String {
    visible(text).replace('%', "%25")
}

/// What the runner undoes in a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

pub(super) fn markdown(gate: &Gate) -> String {
    let mut text = format!("### bearhug check\n\n**{}.**", cell(&gate.words()));
    if let Some(subject) = &gate.subject {
        let who = subject.account.as_deref().map_or(String::new(), |name| format!(" of {name}"));
        let told = format!(" Token {}{who}, in {}.", subject.redacted, subject.place);
        text.push_str(&cell(&told));
    }
    text.push_str("\n\n| | condition | why | what to do |\n|---|---|---|---|\n");
    for condition in &gate.conditions {
        let sign = match condition.outcome {
            Outcome::Passed => "✅ passed",
            Outcome::Failed => "❌ failed",
            Outcome::Unknown => "❔ unknown",
        };
        let (title, reason) = (cell(&condition.title()), cell(&condition.reason));
        let fix = cell(condition.fix.as_deref().unwrap_or_default());
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| {sign} | {title} | {reason} | {fix} |");
    }
    text.push('\n');
    text
}

/// Text in a cell of a table that is nothing but text.
fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '&' => safe.push_str("&amp;"),
            '|' | '[' | ']' | '!' | '*' | '_' | '\\' | '@' | '#' => safe.extend(['\\', c]),
            _ => safe.push(c),
        }
    }
    safe
}
