//! Why the Hub refuses something: `bearhug why`.

use std::io;

use serde::Serialize;

use crate::{Options, json::harmless, sanitize::visible, sheet::Sheet};

/// What is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// What is wrong, by the name that programs use, such as `dead_token`.
    pub cause: &'static str,
    /// What is wrong, in a sentence.
    pub sentence: String,
    /// What it was about, such as `datasets/acme/train`.
    pub about: Option<String>,
    /// What was asked and what the Hub said, each in a sentence.
    pub evidence: Vec<String>,
    /// What to do, each in a sentence or more, the best first.
    pub next: Vec<String>,
}

/// The whole of `bearhug.why/1`.
#[derive(Serialize)]
struct Model<'a> {
    schema: &'static str,
    endpoint: &'a str,
    #[serde(flatten)]
    diagnosis: &'a Diagnosis,
}

impl Diagnosis {
    /// Writes it for a person.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn render(&self, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
        let mut sheet = Sheet::new(options, out);
        let style = if self.cause == "nothing" { sheet.ink.strong } else { sheet.ink.alarm };
        let title = self.cause.replace('_', " ");
        writeln!(sheet.out, "{style}{title}{style:#}")?;
        sheet.labelled("what:", &visible(&self.sentence))?;
        for (i, fact) in self.evidence.iter().enumerate() {
            sheet.labelled(if i == 0 { "seen:" } else { "" }, &visible(fact))?;
        }
        for (i, step) in self.next.iter().enumerate() {
            sheet.labelled(if i == 0 { "next:" } else { "" }, &visible(step))?;
        }
        Ok(())
    }

    /// Writes it for a program: `bearhug.why/1`.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn render_json(&self, endpoint: &str, out: &mut dyn io::Write) -> io::Result<()> {
        let model = Model { schema: "bearhug.why/1", endpoint, diagnosis: self };
        writeln!(out, "{}", harmless(&serde_json::to_string_pretty(&model)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnosis() -> Diagnosis {
        Diagnosis {
            cause: "dead_token",
            sentence: "The Hub does not know the token\u{1b}[2J.".to_owned(),
            about: Some("acme/model".to_owned()),
            evidence: vec!["With the token: no.".to_owned(), "Without: yes.".to_owned()],
            next: vec!["Unset HF_TOKEN.".to_owned()],
        }
    }

    #[test]
    fn a_person_reads_the_cause_first() {
        let mut out = Vec::new();
        diagnosis().render(&Options::default(), &mut out).unwrap();
        let expected = "\
dead token
  what: The Hub does not know the token\\x1b[2J.
  seen: With the token: no.
        Without: yes.
  next: Unset HF_TOKEN.
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn a_program_reads_the_same() {
        let mut out = Vec::new();
        diagnosis().render_json("https://hub.example", &mut out).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["schema"], "bearhug.why/1");
        assert_eq!(json["cause"], "dead_token");
        assert_eq!(json["evidence"][1], "Without: yes.");
    }
}
