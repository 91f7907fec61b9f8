//! Credentials: who holds them, what they may do, how long they last. Their values are not kept.

use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{FineGrained, Power, Role, State};
use crate::ids;

/// A credential that was issued, also after it was invalidated.
#[derive(Debug, Clone)]
pub struct Credential {
    /// 24 hexadecimal digits.
    pub id: String,
    /// The name its owner gave it.
    pub display_name: String,
    /// The last four characters of its value.
    pub last4: String,
    /// When it was issued or last rotated.
    pub created_at: Timestamp,
    /// When it was last used, if it was.
    pub last_used_at: Option<Timestamp>,
    /// When it stops working, if it does.
    pub expires_at: Option<Timestamp>,
    /// Who holds it.
    pub owner: Owner,
    /// What it may do.
    pub power: Power,
    /// Whether it was invalidated everywhere.
    pub dead: bool,
    /// What organisations decided about it, by their names.
    pub authorizations: BTreeMap<String, Authorization>,
}

/// Who holds a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// The person of that name.
    User(String),
    /// A service account.
    Service {
        /// The organisation it belongs to.
        org: String,
        /// Its user name.
        user: String,
    },
    /// An application, for itself.
    App {
        /// Its name.
        name: String,
    },
}

/// What an organisation decided about a credential.
#[derive(Debug, Clone)]
pub struct Authorization {
    /// Where it stands.
    pub status: AuthorizationStatus,
    /// When the credential first came up.
    pub requested_at: Timestamp,
    /// When it was decided upon.
    pub authorized_at: Option<Timestamp>,
    /// The administrator who did.
    pub authorizer: Option<String>,
}

/// Where an organisation's decision about a credential stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorizationStatus {
    /// Nobody has decided.
    Pending,
    /// It may be used.
    Approved,
    /// It may not, for now.
    Denied,
    /// It never may again.
    Revoked,
}

impl AuthorizationStatus {
    /// The word in bodies.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Revoked => "revoked",
        }
    }
}

/// What an access token is to be.
#[derive(Debug, Clone)]
pub struct TokenSpec {
    /// The name its owner gives it.
    pub display_name: String,
    /// What it may do.
    pub power: Power,
    /// When it stops working, if it does.
    pub expires_at: Option<Timestamp>,
}

impl TokenSpec {
    /// A token that reads what its owner can.
    pub fn read(display_name: &str) -> Self {
        Self::of(display_name, Power::Role(Role::Read))
    }

    /// A token that does what its owner can.
    pub fn write(display_name: &str) -> Self {
        Self::of(display_name, Power::Role(Role::Write))
    }

    /// A token that does what it names.
    pub fn fine_grained(display_name: &str, fine: FineGrained) -> Self {
        Self::of(display_name, Power::FineGrained(fine))
    }

    /// The same, until then.
    #[must_use]
    pub fn until(mut self, expires_at: Timestamp) -> Self {
        self.expires_at = Some(expires_at);
        self
    }

    /// A token of that power.
    pub fn of(display_name: &str, power: Power) -> Self {
        Self { display_name: display_name.to_owned(), power, expires_at: None }
    }
}

/// A credential at the moment it was issued, the only one at which its value is known.
#[derive(Clone)]
pub struct Issued {
    /// 24 hexadecimal digits.
    pub id: String,
    /// The value. It opens nothing but the local Hub that issued it.
    pub value: String,
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued").field("id", &self.id).finish_non_exhaustive()
    }
}

impl State {
    /// Issues an access token: `hf_` and 34 letters.
    pub(crate) fn issue(&mut self, owner: Owner, spec: TokenSpec, now: Timestamp) -> Issued {
        self.issue_as(format!("hf_{}", ids::letters(34)), owner, spec, now)
    }

    /// Issues a credential of the given value.
    pub(crate) fn issue_as(
        &mut self,
        value: String,
        owner: Owner,
        spec: TokenSpec,
        now: Timestamp,
    ) -> Issued {
        let credential = Credential {
            id: ids::object_id(),
            display_name: spec.display_name,
            last4: last4(&value),
            created_at: now,
            last_used_at: None,
            expires_at: spec.expires_at,
            owner,
            power: spec.power,
            dead: false,
            authorizations: BTreeMap::new(),
        };
        let id = credential.id.clone();
        self.digests.insert(digest(&value), id.clone());
        self.credentials.insert(id.clone(), credential);
        Issued { id, value }
    }

    /// The credential of a value, if it was issued and not invalidated.
    pub(crate) fn credential(&mut self, value: &str) -> Option<&mut Credential> {
        let id = self.digests.get(&digest(value))?;
        self.credentials.get_mut(id).filter(|credential| !credential.dead)
    }
}

/// The last four characters, by which the Hub names a credential.
pub(crate) fn last4(value: &str) -> String {
    let start = value.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    value.get(start..).unwrap_or_default().to_owned()
}

pub(crate) fn digest(value: &str) -> [u8; 32] {
    Sha256::digest(value.as_bytes()).into()
}
