//! A verdict for a person at a terminal or in a job's log.

use std::{collections::BTreeSet, io};

use anstyle::Style;

use super::{Gate, Outcome};
use crate::{Options, sanitize::visible, sheet::Sheet};

pub(super) fn render(gate: &Gate, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut sheet = Sheet::new(options, out);
    let mut told = BTreeSet::new();
    for condition in &gate.conditions {
        let style = style(&sheet, condition.outcome);
        let (name, title) = (condition.outcome.name(), condition.title());
        writeln!(sheet.out, "{style}{name:8}{style:#}{}", visible(&title))?;
        sheet.nested(0, "", &visible(&format!("{}.", condition.reason)))?;
        // One token may cure several conditions, and is told of once.
        if let Some(fix) = condition.fix.as_deref().filter(|fix| told.insert(*fix)) {
            sheet.labelled("fix:", &visible(fix))?;
        }
    }
    let style = style(&sheet, gate.outcome());
    writeln!(sheet.out, "\n{style}{}{style:#}{}", gate.words(), subject(gate))
}

fn style(sheet: &Sheet<'_>, outcome: Outcome) -> Style {
    match outcome {
        Outcome::Passed => sheet.ink.strong,
        Outcome::Failed => sheet.ink.alarm,
        Outcome::Unknown => sheet.ink.doubt,
    }
}

fn subject(gate: &Gate) -> String {
    match &gate.subject {
        Some(subject) => {
            let shown = format!(" · {} in {}", subject.redacted, subject.place);
            visible(&shown).into_owned()
        }
        None => String::new(),
    }
}
