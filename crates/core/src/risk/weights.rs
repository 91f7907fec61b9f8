//! How much each factor counts.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Factor;

/// How much each factor of a risk counts: whole numbers of which only the proportions matter.
///
/// In configuration each factor is a key, and one that is left out has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Table", into = "Table")]
pub struct Weights([u16; Factor::ALL.len()]);

/// Every weight is zero, so that nothing would be a risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NothingWeighs;

impl fmt::Display for NothingWeighs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("at least one factor must have a weight above 0")
    }
}

impl std::error::Error for NothingWeighs {}

impl Weights {
    /// The weights in the order of [`Factor::ALL`].
    pub fn new(weights: [u16; Factor::ALL.len()]) -> Result<Self, NothingWeighs> {
        if weights.iter().all(|&weight| weight == 0) {
            return Err(NothingWeighs);
        }
        Ok(Self(weights))
    }

    /// The most points of each factor. Together they are 100: what rounding down leaves over goes to
    /// those that lost most by it, and among equals to the first.
    pub(super) fn limits(&self) -> [(Factor, u8); Factor::ALL.len()] {
        let total: u32 = self.0.iter().copied().map(u32::from).sum();
        let share = |weight: u16| (u32::from(weight) * 100).checked_div(total).unwrap_or(0);
        let rest = |weight: u16| (u32::from(weight) * 100).checked_rem(total).unwrap_or(0);
        let mut by_loss: Vec<usize> = (0..self.0.len()).collect();
        by_loss.sort_by_key(|&at| std::cmp::Reverse(self.0.get(at).copied().map(rest)));
        let left = 100 - self.0.iter().copied().map(share).sum::<u32>();
        let gains = |at: usize| by_loss.iter().take(left as usize).any(|&gainer| gainer == at);
        let mut at = 0;
        Factor::ALL.map(|factor| {
            let share = self.0.get(at).copied().map_or(0, share) + u32::from(gains(at));
            at += 1;
            (factor, u8::try_from(share).unwrap_or(100))
        })
    }
}

impl Default for Weights {
    fn default() -> Self {
        let table = Table::default();
        Self(table.into())
    }
}

/// The weights as configuration has them.
#[derive(Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Table {
    scope: u16,
    rotation: u16,
    storage: u16,
    revocation: u16,
    exposure: u16,
    ownership: u16,
    criticality: u16,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            scope: 30,
            rotation: 15,
            storage: 15,
            revocation: 10,
            exposure: 10,
            ownership: 10,
            criticality: 10,
        }
    }
}

impl From<Table> for [u16; Factor::ALL.len()] {
    fn from(table: Table) -> Self {
        Factor::ALL.map(|factor| match factor {
            Factor::Scope => table.scope,
            Factor::Rotation => table.rotation,
            Factor::Storage => table.storage,
            Factor::Revocation => table.revocation,
            Factor::Exposure => table.exposure,
            Factor::Ownership => table.ownership,
            Factor::Criticality => table.criticality,
        })
    }
}

impl TryFrom<Table> for Weights {
    type Error = NothingWeighs;

    fn try_from(table: Table) -> Result<Self, NothingWeighs> {
        Self::new(table.into())
    }
}

impl From<Weights> for Table {
    fn from(Weights(weights): Weights) -> Self {
        let [scope, rotation, storage, revocation, exposure, ownership, criticality] = weights;
        Self { scope, rotation, storage, revocation, exposure, ownership, criticality }
    }
}
