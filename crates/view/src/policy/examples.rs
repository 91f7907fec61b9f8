//! What a policy does to examples.

use std::io;

use bearhug_core::policy::{Rule, examples::Outcome};
use serde::Serialize;

use crate::{Options, sanitize::visible, sheet::Sheet, text::count};

/// An example, and what came out of it.
pub struct Examined {
    /// The file that has it.
    pub file: String,
    /// What it is an example of.
    pub name: String,
    /// What came out.
    pub outcome: Outcome,
}

/// Some examples.
pub struct Examples {
    /// The examples.
    pub examples: Vec<Examined>,
}

#[derive(Serialize)]
struct Model<'a> {
    schema: &'static str,
    passed: bool,
    examples: Vec<ExampleModel<'a>>,
}

#[derive(Serialize)]
struct ExampleModel<'a> {
    file: &'a str,
    name: &'a str,
    passed: bool,
    missing: Vec<Rule>,
    surplus: Vec<SurplusModel<'a>>,
}

#[derive(Serialize)]
struct SurplusModel<'a> {
    rule: &'a str,
    what: &'a str,
}

impl Examples {
    /// Whether the policy does what all examples say.
    pub fn passed(&self) -> bool {
        self.failures() == 0
    }

    fn failures(&self) -> usize {
        self.examples.iter().filter(|e| !e.outcome.is_as_expected()).count()
    }

    /// Writes them for a person: in full where they fail.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn render(&self, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
        let mut sheet = Sheet::new(options, out);
        for Examined { file, name, outcome } in &self.examples {
            let passed = outcome.is_as_expected();
            if passed && !options.verbose {
                continue;
            }
            let (style, word) =
                if passed { (sheet.ink.strong, "passed") } else { (sheet.ink.alarm, "failed") };
            let (name, file) = (visible(name), visible(file));
            writeln!(sheet.out, "{style}{word:8}{style:#}{name}  ({file})")?;
            for rule in &outcome.missing {
                sheet.nested(0, "", &format!("it should break `{rule}`, and does not."))?;
            }
            for breach in &outcome.surplus {
                let text = format!("it breaks `{}`: {}.", breach.rule, visible(&breach.what));
                sheet.nested(0, "", &text)?;
            }
        }
        let all = self.examples.len();
        match self.failures() {
            0 => writeln!(sheet.out, "Passed: {} as expected", count(all, "example")),
            failed => writeln!(sheet.out, "Failed: {failed} of {}", count(all, "example")),
        }
    }

    /// Writes them for a program: `bearhug.policy-test/1`.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn render_json(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let examples = self.examples.iter().map(|example| ExampleModel {
            file: &example.file,
            name: &example.name,
            passed: example.outcome.is_as_expected(),
            missing: example.outcome.missing.iter().copied().collect(),
            surplus: example
                .outcome
                .surplus
                .iter()
                .map(|breach| SurplusModel { rule: &breach.rule, what: &breach.what })
                .collect(),
        });
        let examples = examples.collect();
        super::whole(
            &Model { schema: "bearhug.policy-test/1", passed: self.passed(), examples },
            out,
        )
    }
}
