//! The rules of a policy, and how seriously they are taken.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Declares the rules with their keys and meanings.
macro_rules! rules {
    ($( $(#[$doc:meta])* $variant:ident = $key:literal: $means:literal, )+) => {
        /// Something that a policy demands of identities.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum Rule {
            $( $(#[$doc])* #[serde(rename = $key)] $variant, )+
        }

        impl Rule {
            /// Every rule, in the order in which output lists them.
            pub const ALL: &[Self] = &[$( Self::$variant, )+];

            /// The name that configuration, waivers and output use.
            pub fn key(self) -> &'static str {
                match self { $( Self::$variant => $key, )+ }
            }

            /// What it demands, in a sentence without a full stop.
            pub fn means(self) -> &'static str {
                match self { $( Self::$variant => $means, )+ }
            }
        }
    };
}

rules! {
    /// How old a token may become.
    MaxAge = "max-age-days":
        "a token is replaced before it is older than so many days",
    /// Only fine-grained tokens.
    FineGrainedOnly = "fine-grained-only":
        "an access token is fine-grained, and has none of the classic roles",
    /// Where tokens may write.
    NoWriteOutside = "no-write-outside":
        "a token that can write is used in these environments only",
    /// Somebody answers for it.
    OwnerRequired = "owner-required":
        "somebody answers for it",
    /// Somebody else does as well.
    BackupOwnerRequired = "backup-owner-required":
        "somebody else answers for it when its owner cannot",
    /// How it must not be kept.
    ForbiddenStorage = "forbidden-storage":
        "it is kept in none of these ways",
    /// A release ends a token.
    RotateAfterRelease = "rotate-after-release":
        "its token is replaced once a release that it served is out",
    /// How long it may lie unused.
    DormantAfter = "dormant-after-days":
        "it was used within so many days",
    /// How often it must be confirmed.
    AttestEvery = "attest-every-days":
        "somebody confirms every so many days that it is still needed",
    /// It ends by itself.
    ExpiryRequired = "expiry-required":
        "a date is known on which it ends by itself",
    /// It is for one environment.
    OneEnvironment = "one-environment":
        "it is used in a single environment",
    /// It is for one workload.
    OneWorkload = "one-workload":
        "it is found in a single repository, machine or export",
    /// Its environment is said.
    EnvironmentRequired = "environment-required":
        "it is said which environment it is for",
}

impl Rule {
    /// The rule of this key.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.key() == key)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// How a breach of a rule is taken.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// It is recorded.
    Observe,
    /// Somebody has to see to it.
    #[default]
    Warn,
    /// It stops whatever depends on the policy: `bearhug policy check` fails.
    Enforce,
}

impl Mode {
    /// The name that configuration and output use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Warn => "warn",
            Self::Enforce => "enforce",
        }
    }

    /// The mode of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Observe, Self::Warn, Self::Enforce].into_iter().find(|mode| mode.name() == name)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
