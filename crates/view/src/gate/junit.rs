//! A verdict as a JUnit report: each condition is a test. A condition that nobody knows about is an
//! error, and not a failure, which is the difference that the format makes.

use std::{fmt::Write as _, io};

use super::{Gate, Outcome};
use crate::sanitize::visible;

pub(super) fn render(gate: &Gate, out: &mut dyn io::Write) -> io::Result<()> {
    let count = |outcome| gate.conditions.iter().filter(|c| c.outcome == outcome).count();
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(
        out,
        r#"<testsuite name="bearhug check" tests="{}" failures="{}" errors="{}">"#,
        gate.conditions.len(),
        count(Outcome::Failed),
        count(Outcome::Unknown),
    )?;
    for condition in &gate.conditions {
        let title = escaped(&condition.title());
        let reason = escaped(&condition.reason);
        let element = match condition.outcome {
            Outcome::Passed => {
                writeln!(out, r#"  <testcase classname="bearhug" name="{title}"/>"#)?;
                continue;
            }
            Outcome::Failed => "failure",
            Outcome::Unknown => "error",
        };
        let fix = escaped(condition.fix.as_deref().unwrap_or_default());
        writeln!(out, r#"  <testcase classname="bearhug" name="{title}">"#)?;
        writeln!(out, r#"    <{element} message="{reason}">{fix}</{element}>"#)?;
        writeln!(out, "  </testcase>")?;
    }
    writeln!(out, "</testsuite>")
}

/// Text as XML may have it, in an attribute as well.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '<' | '>' | '&' | '"' | '\'' => {
                // Writing to a string cannot fail.
                let _ = write!(safe, "&#{};", u32::from(c));
            }
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            _ => safe.push(c),
        }
    }
    safe
}
