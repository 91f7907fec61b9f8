//! What an organisation demands of its identities.
//!
//! A [`Policy`] is data: it is read from configuration and laid against an identity by [`evaluate`],
//! which knows no clock and no database.

mod evaluation;
pub mod examples;
pub(crate) mod remedy;
mod rule;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use crate::identity::Breach;
pub use evaluation::evaluate;
pub use rule::{Mode, Rule};

use crate::risk::Keeping;

/// What is demanded. A rule that is `false`, 0 or empty is not applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[expect(clippy::struct_excessive_bools, reason = "each is a rule of its own in configuration")]
pub struct Policy {
    /// How a breach is taken where `modes` does not say otherwise.
    pub mode: Mode,
    /// How breaches of single rules are taken.
    pub modes: BTreeMap<Rule, Mode>,
    /// How many days old a token may become.
    pub max_age_days: u32,
    /// The same for single environments. The strictest number that applies counts.
    pub max_age_days_by_environment: BTreeMap<String, u32>,
    /// The same for single roles, such as `write`.
    pub max_age_days_by_role: BTreeMap<String, u32>,
    /// Whether access tokens must be fine-grained.
    pub fine_grained_only: bool,
    /// The environments in which tokens may write.
    pub no_write_outside: BTreeSet<String>,
    /// Whether somebody must answer for each.
    pub owner_required: bool,
    /// Whether somebody else must as well.
    pub backup_owner_required: bool,
    /// The ways in which none may be kept.
    pub forbidden_storage: BTreeSet<Keeping>,
    /// Whether a release ends the token that it used. It applies where releases are recorded.
    pub rotate_after_release: bool,
    /// After how many days without use a token counts as dormant.
    pub dormant_after_days: u32,
    /// How often, in days, each must be confirmed by somebody.
    pub attest_every_days: u32,
    /// Whether each must end by itself. The Hub does not tell when personal tokens do.
    pub expiry_required: bool,
    /// Whether each must be used in one environment only.
    pub one_environment: bool,
    /// Whether each must be found in one source only.
    pub one_workload: bool,
    /// Whether it must be said which environment each is for.
    pub environment_required: bool,
}

impl Policy {
    /// Every key that configuration can have.
    pub fn keys() -> Vec<&'static str> {
        let others =
            ["mode", "modes", "max-age-days-by-environment", "max-age-days-by-role"].into_iter();
        others.chain(Rule::ALL.iter().map(|rule| rule.key())).collect()
    }

    /// How a breach of a rule is taken.
    pub fn mode_of(&self, rule: Rule) -> Mode {
        self.modes.get(&rule).copied().unwrap_or(self.mode)
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            mode: Mode::Warn,
            modes: BTreeMap::new(),
            max_age_days: 180,
            max_age_days_by_environment: BTreeMap::new(),
            max_age_days_by_role: BTreeMap::new(),
            fine_grained_only: true,
            no_write_outside: BTreeSet::new(),
            owner_required: true,
            backup_owner_required: false,
            forbidden_storage: BTreeSet::from([Keeping::SharedFile, Keeping::Copied]),
            rotate_after_release: true,
            dormant_after_days: 90,
            attest_every_days: 90,
            expiry_required: false,
            one_environment: true,
            one_workload: false,
            environment_required: false,
        }
    }
}

#[cfg(test)]
mod tests;
