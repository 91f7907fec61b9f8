//! The public name of a lease.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Fingerprint;

/// The public name of a lease, and the only form in which it is stored.
///
/// It is the fingerprint of its value under another prefix, so that a lease that a scan finds lying around
/// is the one that the ledger knows. A value has about 202 bits of entropy, so it cannot be searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LeaseId(Fingerprint);

impl LeaseId {
    /// The name of the lease with this value.
    pub fn of(value: &str) -> Self {
        Self(Fingerprint::of(value))
    }

    /// What a scan calls it.
    pub fn fingerprint(self) -> Fingerprint {
        self.0
    }

    /// The start of the name, which commands take as well while no other name starts the same.
    pub fn short(self) -> String {
        self.to_string().chars().take(14).collect()
    }
}

impl fmt::Display for LeaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.0.to_string();
        write!(f, "lease_{}", name.trim_start_matches("fp_"))
    }
}

/// The text is not `lease_` followed by 26 lower-case base32 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseLeaseIdError;

impl fmt::Display for ParseLeaseIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a lease is `lease_` followed by 26 of the characters a-z and 2-7")
    }
}

impl std::error::Error for ParseLeaseIdError {}

impl FromStr for LeaseId {
    type Err = ParseLeaseIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix("lease_").ok_or(ParseLeaseIdError)?;
        format!("fp_{digits}").parse().map(Self).map_err(|_| ParseLeaseIdError)
    }
}

impl TryFrom<String> for LeaseId {
    type Error = ParseLeaseIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<LeaseId> for String {
    fn from(id: LeaseId) -> Self {
        id.to_string()
    }
}
