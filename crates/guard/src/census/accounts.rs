//! Who belongs to an organisation.

use std::collections::BTreeMap;

use bearhug_core::{
    grant::OrgRole,
    identity::{Identity, Teller},
};

/// The accounts that an organisation has at the moment, if all of them are known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Accounts {
    /// Members by name, with what is known of them.
    pub members: BTreeMap<String, Member>,
    /// Service accounts, by name.
    pub services: BTreeMap<String, Service>,
}

/// A member of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The role.
    pub role: Option<OrgRole>,
    /// The name for people.
    pub full_name: Option<String>,
    /// The address that the member signs on with.
    pub email: Option<String>,
}

/// A service account of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The name for people.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
}

/// Whether the account of an identity was in an organisation and is no longer.
pub fn is_former(identity: &Identity, organisation: &str, accounts: &Accounts) -> bool {
    let standing = &identity.standing;
    let Some((account, grant)) = standing.account.as_ref().zip(standing.grant.as_ref()) else {
        return false;
    };
    let was_in = grant.orgs.iter().any(|org| org.name.eq_ignore_ascii_case(organisation));
    was_in
        && standing.told_by != Some(Teller::ServiceAccount)
        && !accounts.members.contains_key(account)
        && !accounts.services.contains_key(account)
}
