//! What became of tokens that were to die: `bearhug revoke`.

use std::{io, time::Duration};

use bearhug_core::revocation::{Ending, Outcome, remnants};
use jiff::Timestamp;

use crate::{Options, Wording};

mod human;
mod json;

/// A revocation, and what proves it.
pub struct Proof {
    /// The Hub that was told.
    pub endpoint: String,
    /// When it began.
    pub started: Timestamp,
    /// The organisation that the tokens were cut off from, if it was not everywhere.
    pub organisation: Option<String>,
    /// Whether nothing was done, and this is what would be.
    pub is_plan: bool,
    /// Whether the user stopped it.
    pub interrupted: bool,
    /// Each token.
    pub endings: Vec<Ending>,
}

impl Proof {
    /// Writes it.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn render(
        &self,
        wording: Wording,
        options: &Options,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let mut out = io::BufWriter::new(out);
        match wording {
            Wording::Human => human::render(self, options, &mut out),
            Wording::Json => json::render(self, &mut out),
            Wording::Jsonl => json::render_lines(self, &mut out),
        }?;
        io::Write::flush(&mut out)
    }

    /// How many tokens are known to be out of use.
    pub fn succeeded(&self) -> usize {
        self.endings.iter().filter(|ending| ending.outcome.is_success()).count()
    }

    fn count(&self, is: impl Fn(&Outcome) -> bool) -> usize {
        self.endings.iter().filter(|ending| is(&ending.outcome)).count()
    }

    /// How long it took until the last death was proved.
    fn slowest(&self) -> Option<Duration> {
        self.endings.iter().filter_map(|ending| ending.proved_within).max()
    }

    fn remnants(&self) -> Vec<&'static str> {
        remnants(self.endings.iter().map(|ending| ending.kind))
    }
}

#[cfg(test)]
mod tests;
