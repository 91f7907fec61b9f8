//! What came of a table of tokens: `bearhug token import`.

use std::io;

use bearhug_core::{
    event::{EventKind, Happening},
    identity::{Identity, Version},
};
use serde::Serialize;

use crate::{Options, json::harmless, sanitize::visible, sheet::Sheet, text::count};

/// How many lines are shown unless the user asks for all.
const SHOWN: usize = 20;

/// A table that was taken in, or would be.
pub struct Intake {
    /// Whether nothing was to be written.
    pub is_plan: bool,
    /// Whether it was written.
    pub is_written: bool,
    /// The lines that are right.
    pub taken: Vec<Taken>,
    /// What is wrong with others, by their lines.
    pub complaints: Vec<(u64, String)>,
}

/// A line that is right.
#[derive(Serialize)]
pub struct Taken {
    schema: &'static str,
    line: u64,
    id: String,
    name: String,
    token: String,
    owner: Option<String>,
    outcome: &'static str,
}

impl Taken {
    /// What a line makes of an identity.
    pub fn new(line: u64, identity: &Identity, events: &[Happening]) -> Self {
        let is_new = events.iter().any(|event| event.kind == EventKind::Discovered);
        Self {
            schema: "bearhug.import-line/1",
            line,
            id: identity.id.to_string(),
            name: identity.name.clone(),
            token: identity.versions.last().map(Version::label).unwrap_or_default(),
            owner: identity.ownership.owner.clone(),
            outcome: match (is_new, events.is_empty()) {
                (true, _) => "new",
                (false, true) => "unchanged",
                (false, false) => "changed",
            },
        }
    }
}

/// A way of writing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Words for a person at a terminal.
    Human,
    /// One JSON object.
    Json,
    /// One JSON object a line: each line of the table that is right, then the summary.
    Jsonl,
}

impl Intake {
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
        let mut out = io::BufWriter::new(out);
        match format {
            Format::Human => self.human(options, &mut out),
            Format::Json => {
                let model = self.model(&self.taken);
                writeln_json(&mut out, &serde_json::to_string_pretty(&model)?)
            }
            Format::Jsonl => {
                for taken in &self.taken {
                    writeln_json(&mut out, &serde_json::to_string(taken)?)?;
                }
                let model = self.model(self.taken.len());
                writeln_json(&mut out, &serde_json::to_string(&model)?)
            }
        }?;
        io::Write::flush(&mut out)
    }

    fn model<T: Serialize>(&self, lines: T) -> Model<'_, T> {
        let wrong = self.complaints.iter().map(|(line, what)| Wrong { line: *line, what });
        Model {
            schema: "bearhug.import/1",
            dry_run: self.is_plan,
            written: self.is_written,
            lines,
            new: self.count("new"),
            changed: self.count("changed"),
            unchanged: self.count("unchanged"),
            wrong: wrong.collect(),
        }
    }

    fn count(&self, outcome: &str) -> usize {
        self.taken.iter().filter(|taken| taken.outcome == outcome).count()
    }

    fn human(&self, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
        let mut sheet = Sheet::new(options, out);
        let limit = if options.verbose { usize::MAX } else { SHOWN };
        for one in self.taken.iter().filter(|one| one.outcome != "unchanged").take(limit) {
            let owner = one.owner.as_deref().map_or_else(String::new, |who| format!(", {who}'s"));
            let words =
                format!("line {}: {} {} ({}){owner}", one.line, one.outcome, one.name, one.token);
            sheet.row(0, sheet.ink.faint, "  ", &visible(&words))?;
        }
        for (line, what) in &self.complaints {
            sheet.row(0, sheet.ink.alarm, "! ", &visible(&format!("line {line}: {what}")))?;
        }
        let written = match (self.is_plan, self.is_written) {
            (true, _) => "nothing was written, as this is a dry run",
            (false, true) => "written",
            (false, false) => "NOTHING WAS WRITTEN: mend the lines, or add `--partial`",
        };
        let words = format!(
            "{} new, {} changed, {} as they were, {} wrong: {written}.",
            self.count("new"),
            self.count("changed"),
            self.count("unchanged"),
            count(self.complaints.len(), "line"),
        );
        sheet.labelled("sum:", &words)
    }
}

/// `bearhug.import/1`. `T` is what stands for the lines: all of them, or their number where they have lines of
/// their own.
#[derive(Serialize)]
struct Model<'a, T> {
    schema: &'static str,
    dry_run: bool,
    written: bool,
    lines: T,
    new: usize,
    changed: usize,
    unchanged: usize,
    wrong: Vec<Wrong<'a>>,
}

#[derive(Serialize)]
struct Wrong<'a> {
    line: u64,
    what: &'a str,
}

fn writeln_json(out: &mut dyn io::Write, text: &str) -> io::Result<()> {
    writeln!(out, "{}", harmless(text))
}
