//! The rules as they are set.

use std::io;

use bearhug_core::policy::{Mode, Rule};
use serde::Serialize;

use crate::{Options, sanitize::visible, sheet::Sheet};

/// One rule as it is set.
#[derive(Serialize)]
pub struct Demand {
    /// The rule.
    pub rule: Rule,
    /// Whether it is applied.
    pub applies: bool,
    /// How it is set, as TOML writes it.
    pub value: String,
    /// How a breach is taken.
    pub mode: Mode,
    /// What it demands.
    pub means: &'static str,
}

/// Every rule.
pub struct Demands {
    /// The rules.
    pub rules: Vec<Demand>,
}

#[derive(Serialize)]
struct Model<'a> {
    schema: &'static str,
    rules: &'a [Demand],
}

impl Demands {
    /// Writes them for a person.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn render(&self, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
        let mut sheet = Sheet::new(options, out);
        for Demand { rule, applies, value, mode, means } in &self.rules {
            let (style, mode) = match (applies, mode) {
                (false, _) => (sheet.ink.faint, "off"),
                (_, Mode::Enforce) => (sheet.ink.alarm, mode.name()),
                (_, Mode::Warn) => (sheet.ink.doubt, mode.name()),
                (_, Mode::Observe) => (sheet.ink.faint, mode.name()),
            };
            let value = visible(value);
            writeln!(sheet.out, "{style}{mode:8}{style:#}{rule} = {value}")?;
            sheet.nested(0, "", &format!("{means}."))?;
        }
        Ok(())
    }

    /// Writes them for a program: `bearhug.policy/1`.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn render_json(&self, out: &mut dyn io::Write) -> io::Result<()> {
        super::whole(&Model { schema: "bearhug.policy/1", rules: &self.rules }, out)
    }
}
