//! What people and programs see of a hunt: a terminal, JSON, CSV, SARIF and a web page.
//!
//! Every renderer is a sink over a finished [`Report`]: it reads nothing else, knows no clock and
//! writes to whatever it is handed. No type of the domain derives `Serialize`; the shapes that
//! programs rely on are spelled here, so that renaming a field in the engine cannot rename one in
//! the output. Values arrive redacted, and this crate cannot reach a raw token.
//!
//! Paths and lines of text come from whoever wrote the tree that was scanned. Each renderer makes
//! them harmless in the way its format offers, and a test holds it to that.

use std::{fmt, io, str::FromStr};

use bearhug_guard::hunt::Report;

pub mod census;
pub mod chain;
mod csv;
pub mod diagnosis;
pub mod events;
pub mod gate;
mod html;
mod human;
pub mod identity;
pub mod inspection;
pub mod intake;
mod json;
mod jsonl;
pub mod ledger;
mod model;
pub mod owner;
mod place;
pub mod policy;
pub mod revocation;
mod sanitize;
mod sarif;
pub mod settings;
mod sheet;
mod summary;
mod table;
mod terminal;
mod text;
pub mod vault;
mod words;

#[cfg(test)]
mod sample;

pub use summary::summary;

/// A way of writing a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Words for a person at a terminal.
    #[default]
    Human,
    /// One JSON object.
    Json,
    /// One JSON object a line: each finding, then the summary.
    Jsonl,
    /// One row a sighting, for spreadsheets.
    Csv,
    /// SARIF 2.1.0, for code scanning services and editors.
    Sarif,
    /// One self-contained page.
    Html,
}

impl Format {
    /// Every format, in the order in which help lists them.
    pub const ALL: [Self; 6] =
        [Self::Human, Self::Json, Self::Jsonl, Self::Csv, Self::Sarif, Self::Html];

    /// The name that the command line uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Sarif => "sarif",
            Self::Html => "html",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text names no format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseFormatError;

impl fmt::Display for ParseFormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a format is one of {}", Format::ALL.map(Format::name).join(", "))
    }
}

impl std::error::Error for ParseFormatError {}

impl FromStr for Format {
    type Err = ParseFormatError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.name() == text).ok_or(ParseFormatError)
    }
}

/// A way of writing an answer that is no report of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wording {
    /// Words for a person at a terminal.
    Human,
    /// One JSON object.
    Json,
    /// One JSON object a line: each thing, then the summary.
    Jsonl,
}

/// How to write for people. Formats for programs do not depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Whether to style text with ANSI escape sequences.
    pub color: bool,
    /// The columns of the terminal, where there is one. Text stays within 100 columns anyway,
    /// because longer lines are tiring to read.
    pub width: Option<usize>,
    /// Whether to list every sighting and every gap instead of the first few.
    pub verbose: bool,
}

/// Writes a report.
///
/// An error is one of `out`, with its kind intact, so that the caller can tell a closed pipe.
pub fn render(
    format: Format,
    report: &Report,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    match format {
        Format::Human => human::render(report, options, &mut out),
        Format::Json => json::render(report, &mut out),
        Format::Jsonl => jsonl::render(report, &mut out),
        Format::Csv => csv::render(report, &mut out),
        Format::Sarif => sarif::render(report, &mut out),
        Format::Html => html::render(report, &mut out),
    }?;
    io::Write::flush(&mut out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pipe whose reader has gone.
    struct Closed;

    impl io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_recognisable_in_every_format() {
        for report in [Report::default(), sample::crowd(200)] {
            for format in Format::ALL {
                let error = render(format, &report, &Options::default(), &mut Closed).unwrap_err();
                assert_eq!(error.kind(), io::ErrorKind::BrokenPipe, "{format}");
            }
        }
    }

    #[test]
    fn a_hostile_tree_cannot_write_control_characters() {
        for format in Format::ALL {
            let text = sample::rendered(format, &sample::hostile());
            let wild = text
                .chars()
                .find(|&c| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c));
            assert_eq!(wild, None, "{format}:\n{text}");
        }
    }

    #[test]
    fn ordinary_text_of_every_script_survives_in_every_format() {
        for format in Format::ALL {
            let text = sample::rendered(format, &sample::scan());
            let path = match format {
                Format::Sarif => "donn%C3%A9es/%E6%A8%A1%E5%9E%8B.env",
                _ => "données/模型.env",
            };
            assert!(text.contains(path), "{format}:\n{text}");
        }
    }

    #[test]
    fn a_format_is_read_by_its_name_only() {
        for format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(format));
        }
        let error = "HTML".parse::<Format>().unwrap_err();
        assert_eq!(error.to_string(), "a format is one of human, json, jsonl, csv, sarif, html");
    }
}
