//! What can be set, section by section.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    num::NonZeroUsize,
};

use bearhug_core::{Fingerprint, policy::Policy, risk::Weights};
use serde::{Deserialize, Serialize, de};

use super::environments::Pattern;
use crate::cli::{self, Level};

/// All that can be set.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Sections {
    pub(crate) policy: Policy,
    pub(crate) risk: Weights,
    pub(crate) ledger: Ledger,
    pub(crate) scan: Scan,
    pub(crate) vault: Vault,
}

/// Where the ledger is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Ledger {
    /// A path, `sqlite:PATH` or `postgres://…`.
    pub(crate) address: Option<String>,
}

/// Where the vault is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Vault {
    /// A path.
    pub(crate) path: Option<String>,
}

/// How scans go, unless a flag says otherwise.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Scan {
    /// Tokens that are known and accepted, and why.
    pub(crate) allow: BTreeMap<Fingerprint, String>,
    /// Which environment a source belongs to, by a pattern of its path or address.
    pub(crate) environments: BTreeMap<Pattern, String>,
    pub(crate) exclude: Vec<String>,
    pub(crate) max_size: Option<Size>,
    pub(crate) respect_gitignore: bool,
    pub(crate) threads: Option<NonZeroUsize>,
    pub(crate) min_confidence: Level,
    pub(crate) fail_on: Level,
    pub(crate) strict: bool,
}

impl Default for Scan {
    fn default() -> Self {
        Self {
            allow: BTreeMap::new(),
            environments: BTreeMap::new(),
            exclude: Vec::new(),
            max_size: None,
            respect_gitignore: false,
            threads: None,
            min_confidence: Level::Low,
            fail_on: Level::Medium,
            strict: false,
        }
    }
}

impl Scan {
    /// The tokens that are known and accepted.
    pub(crate) fn allowed(&self) -> BTreeSet<Fingerprint> {
        self.allow.keys().copied().collect()
    }

    /// Says what flags left unsaid.
    pub(crate) fn complete(&self, scan: &mut cli::Scan) {
        let cli::Reading { exclude, max_size, respect_gitignore, threads, .. } = &mut scan.reading;
        if exclude.is_empty() {
            exclude.clone_from(&self.exclude);
        }
        *max_size = max_size.or(self.max_size.as_ref().map(|size| size.bytes));
        *respect_gitignore |= self.respect_gitignore;
        *threads = threads.or(self.threads);
        scan.hunting.min_confidence.get_or_insert(self.min_confidence);
        scan.reporting.fail_on.get_or_insert(self.fail_on);
        scan.reporting.strict |= self.strict;
    }
}

/// A number of bytes as it was written: `500K`, `20M`.
#[derive(Debug, Clone)]
pub(crate) struct Size {
    written: String,
    bytes: u64,
}

impl Serialize for Size {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.written)
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SizeVisitor)
    }
}

/// Takes bare numbers of bytes as well.
struct SizeVisitor;

impl de::Visitor<'_> for SizeVisitor {
    type Value = Size;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a size such as \"20M\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Size, E> {
        let bytes = cli::parse_size(text).map_err(E::custom)?;
        Ok(Size { written: text.to_owned(), bytes })
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Size, E> {
        self.visit_str(&number.to_string())
    }
}
