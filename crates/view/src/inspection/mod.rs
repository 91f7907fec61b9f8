//! What the Hub says of tokens: `bearhug inspect`.

use std::io;

use bearhug_core::{
    Fingerprint, Kind,
    grant::Grant,
    impact::BlastRadius,
    need::Need,
    rights::Answer,
    risk::Risk,
    scope::{Access, Scope},
};
use jiff::Timestamp;

use crate::{Options, Wording};

pub(crate) mod human;
pub(crate) mod json;

/// Some tokens, and what the Hub said of them.
pub struct Inspection {
    /// The Hub that was asked.
    pub endpoint: String,
    /// When.
    pub now: Timestamp,
    /// The tokens, in the order in which they came.
    pub tokens: Vec<Inspected>,
}

/// One token, and what the Hub said of it.
pub struct Inspected {
    /// The token's public name.
    pub fingerprint: Fingerprint,
    /// What sort of credential it is.
    pub kind: Kind,
    /// The value as reports print it.
    pub redacted: String,
    /// Where it is.
    pub places: Vec<String>,
    /// What the Hub said.
    pub status: Status,
}

/// What the Hub said of a token.
pub enum Status {
    /// It takes it.
    Live(Box<Live>),
    /// It does not take it.
    Dead {
        /// Why, in a sentence without a full stop.
        reason: String,
        /// The Hub's id for the request.
        request_id: Option<String>,
    },
    /// It is not known what the Hub says.
    Unanswered(String),
    /// The Hub has no question for this sort of credential.
    Unasked(String),
}

/// What there is to say of a token that is alive.
pub struct Live {
    /// What it may do.
    pub grant: Grant,
    /// What somebody could do with it.
    pub radius: BlastRadius,
    /// The private repositories that it can see, if the Hub was asked.
    pub private: Option<Private>,
    /// How risky it is.
    pub risk: Risk,
    /// What it would take instead, for what the user needs.
    pub wanted: Option<Wanted>,
    /// The Hub's id for the request.
    pub request_id: Option<String>,
}

/// Private repositories, as far as the Hub listed them.
pub struct Private {
    /// Their names, such as `datasets/acme/train`.
    pub names: Vec<String>,
    /// Whether these are all.
    pub is_complete: bool,
}

/// A purpose, and the least token for it.
pub struct Wanted {
    /// The purpose.
    pub scope: Scope,
    /// Whether the token at hand allows each part of it.
    pub answers: Vec<(Access, Answer)>,
    /// What a token for it needs.
    pub need: Need,
    /// The address of the form that makes it.
    pub link: String,
}

impl Inspection {
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
        match wording {
            Wording::Human => human::render(self, options, out),
            Wording::Json => json::render(self, out),
            Wording::Jsonl => json::render_lines(self, out),
        }
    }

    fn count(&self, is: impl Fn(&Status) -> bool) -> usize {
        self.tokens.iter().filter(|token| is(&token.status)).count()
    }
}

impl Status {
    /// The name that output uses.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Live(_) => "live",
            Self::Dead { .. } => "dead",
            Self::Unanswered(_) => "unanswered",
            Self::Unasked(_) => "unasked",
        }
    }
}

#[cfg(test)]
mod tests;
