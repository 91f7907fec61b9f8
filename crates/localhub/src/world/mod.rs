//! What the local Hub knows: accounts, organisations and credentials in memory, repositories in a folder.

mod accounts;
mod credentials;
mod organizations;
mod power;
mod restrictions;

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

pub use accounts::{Account, User};
pub use credentials::{Authorization, AuthorizationStatus, Credential, Issued, Owner, TokenSpec};
pub use organizations::{Member, Org, OrgRole, Plan, Restriction, TokenPolicy};
pub(crate) use power::Target;
pub use power::{Entity, FineGrained, Power, Role, Scoped};

use crate::{Clock, repositories::Repositories};

/// The addresses of the local Hub's origins, each without a slash at its end.
#[derive(Debug, Clone)]
pub struct Origins {
    /// The Hub itself: what clients take as `HF_ENDPOINT`.
    pub hub: String,
    /// The origin that plays the CDN, and takes uploads: a different port, hence another origin.
    pub cdn: String,
}

/// Everything that one local Hub knows.
#[derive(Debug)]
pub struct World {
    /// What time it is.
    pub clock: Clock,
    /// Where the Hub answers.
    pub origins: Origins,
    pub(crate) repositories: Repositories,
    state: Mutex<State>,
}

/// Who there is and what they hold. Names are keys, as in the paths of the API.
#[derive(Debug, Default)]
pub struct State {
    /// People, by user name.
    pub users: BTreeMap<String, User>,
    /// Organisations, by name.
    pub orgs: BTreeMap<String, Org>,
    pub(crate) credentials: BTreeMap<String, Credential>,
    pub(crate) digests: BTreeMap<[u8; 32], String>,
}

impl World {
    pub(crate) fn new(clock: Clock, origins: Origins, root: PathBuf) -> Self {
        let repositories = Repositories::new(root);
        Self { clock, origins, repositories, state: Mutex::default() }
    }

    /// Reads or changes what is known. Nothing else happens meanwhile: keep it short.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a person with that name, unless there is one.
    pub fn add_user(&self, name: &str) {
        let user = User::new(name);
        self.state().users.entry(name.to_owned()).or_insert(user);
    }

    /// Adds an organisation with that name and plan, unless there is one.
    pub fn add_org(&self, name: &str, plan: Option<Plan>) {
        let org = Org::new(name, plan);
        self.state().orgs.entry(name.to_owned()).or_insert(org);
    }

    /// Makes somebody a member of an organisation, or gives a member another role. Whether there is
    /// such an organisation.
    pub fn set_role(&self, org: &str, user: &str, role: OrgRole) -> bool {
        let mut state = self.state();
        let Some(org) = state.orgs.get_mut(org) else { return false };
        org.members.entry(user.to_owned()).or_insert_with(|| Member::new(role)).role = role;
        true
    }

    /// Issues an access token to a person, and gives its value: it is not kept.
    pub fn issue(&self, user: &str, spec: TokenSpec) -> Issued {
        let now = self.clock.now();
        self.state().issue(Owner::User(user.to_owned()), spec, now)
    }
}
