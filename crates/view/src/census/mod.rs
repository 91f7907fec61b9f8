//! What a census of the ledger's identities came to: `bearhug census`.

use std::io;

use bearhug_core::{
    event::Happening,
    identity::{Identity, IdentityId},
};
use jiff::Timestamp;

use crate::Options;

mod human;
mod json;
mod words;

/// A census.
pub struct Census {
    /// The Hub that was asked.
    pub endpoint: String,
    /// When it began.
    pub at: Timestamp,
    /// Whether nothing was written, and this is what would be.
    pub is_plan: bool,
    /// Whether the user stopped it. What was learned until then counts.
    pub interrupted: bool,
    /// What was asked and answered, such as `the tokens of acme`, with how many there were.
    pub answered: Vec<(String, usize)>,
    /// What was not, and why.
    pub gaps: Vec<Gap>,
    /// The identities that are no longer as they were.
    pub changes: Vec<Change>,
    /// How many are as they were.
    pub unchanged: usize,
    /// Credentials that the ledger does not have.
    pub strangers: Vec<Stranger>,
    /// Listed credentials of which it is not settled which identity they are.
    pub doubts: Vec<Doubt>,
    /// Accounts that organisations no longer have.
    pub left: Vec<Left>,
    /// How many identities were weighed anew because time went by.
    pub reassessed: usize,
}

/// A question without an answer.
pub struct Gap {
    /// What was asked, such as `the members of acme`.
    pub what: String,
    /// Why there is no answer, in a sentence without a full stop.
    pub why: String,
}

/// An identity that changed.
pub struct Change {
    /// Its name in the ledger.
    pub id: IdentityId,
    /// What people call it.
    pub name: String,
    /// Its current token, in public words.
    pub token: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Its risk, where it was weighed.
    pub risk: u8,
    /// What happened, in order.
    pub events: Vec<Happening>,
}

impl Change {
    /// An identity with what happened to it.
    pub fn new(identity: &Identity, events: Vec<Happening>) -> Self {
        Self {
            id: identity.id,
            name: identity.name.clone(),
            token: identity
                .versions
                .last()
                .map(bearhug_core::identity::Version::label)
                .unwrap_or_default(),
            owner: identity.ownership.owner.clone(),
            risk: identity.assessment.risk,
            events,
        }
    }
}

/// A credential that the ledger does not have.
pub struct Stranger {
    /// The token in public words.
    pub token: String,
    /// Where it was come upon: the organisation that lists it, or the place that its value is in.
    pub place: String,
    /// Whose account it is.
    pub account: Option<String>,
    /// Its role.
    pub role: Option<String>,
}

/// A listed credential that may be one of several identities.
pub struct Doubt {
    /// The token in public words.
    pub token: String,
    /// The organisation that lists it.
    pub organisation: String,
    /// The identities that it may be.
    pub candidates: Vec<IdentityId>,
    /// Why it is not settled, in a sentence without a full stop.
    pub why: String,
}

/// An account that an organisation no longer has.
pub struct Left {
    /// The account.
    pub account: String,
    /// The organisation.
    pub organisation: String,
    /// The owner whose account it is, where one is on record.
    pub owner: Option<String>,
    /// How many identities speak for it.
    pub identities: usize,
}

/// A way of writing a census.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Words for a person at a terminal.
    Human,
    /// One JSON object.
    Json,
    /// One JSON object a line: each identity that changed, then the summary.
    Jsonl,
}

impl Census {
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
            Format::Human => human::render(self, options, &mut out),
            Format::Json => json::render(self, &mut out),
            Format::Jsonl => json::render_lines(self, &mut out),
        }?;
        io::Write::flush(&mut out)
    }
}

#[cfg(test)]
mod tests;
