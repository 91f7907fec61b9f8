//! Those who answer for identities: `bearhug owner list`, `show`, `offboard` and `campaign`.

use std::io;

use bearhug_core::{identity::Identity, owner::Owner};
use jiff::Timestamp;

use crate::{Options, identity::Format};

mod csv;
mod human;
mod json;

/// Everybody, with how much they answer for.
pub struct Holdings {
    /// They, by name.
    pub owners: Vec<Holding>,
    /// How many identities nobody answers for.
    pub orphans: usize,
}

/// An owner, and how much they answer for.
pub struct Holding {
    /// Who.
    pub owner: Owner,
    /// How many identities are theirs.
    pub owns: usize,
    /// How many they answer for when the owner cannot.
    pub backs: usize,
    /// The highest risk among theirs.
    pub riskiest: Option<u8>,
}

/// An owner with all that they answer for.
pub struct Possessions {
    /// Who.
    pub owner: Owner,
    /// Whether they are several people.
    pub is_team: bool,
    /// Theirs.
    pub owned: Vec<Identity>,
    /// What they answer for when the owner cannot.
    pub backed: Vec<Identity>,
    /// The time.
    pub now: Timestamp,
}

/// What is to be confirmed.
pub struct Rounds {
    /// Each, by owner.
    pub due: Vec<Due>,
    /// How many identities nobody can confirm, since nobody answers for them.
    pub orphans: usize,
    /// How often each is to be confirmed, in days.
    pub days: i64,
    /// The time.
    pub now: Timestamp,
}

/// An identity that is to be confirmed.
pub struct Due {
    /// Which.
    pub identity: Identity,
    /// By when.
    pub at: Timestamp,
}

impl Rounds {
    /// How many should have been confirmed by now.
    pub fn overdue(&self) -> usize {
        self.due.iter().filter(|due| due.is_over(self.now)).count()
    }
}

impl Due {
    fn is_over(&self, now: Timestamp) -> bool {
        self.at < now
    }

    fn owner(&self) -> &str {
        self.identity.ownership.owner.as_deref().unwrap_or_default()
    }
}

/// Declares how something is written in each format.
macro_rules! rendered {
    ($type:ty, $human:path, $json:path, $lines:path, $csv:path) => {
        impl $type {
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
                match format {
                    Format::Human => $human(self, options, out),
                    Format::Json => $json(self, out),
                    Format::Jsonl => $lines(self, out),
                    Format::Csv => $csv(self, out),
                }
            }
        }
    };
}

rendered!(Holdings, human::holdings, json::holdings, json::holdings_lines, csv::holdings);
rendered!(Possessions, human::possessions, json::possessions, json::possessions, csv::possessions);
rendered!(Rounds, human::rounds, json::rounds, json::rounds_lines, csv::rounds);

#[cfg(test)]
mod tests;
