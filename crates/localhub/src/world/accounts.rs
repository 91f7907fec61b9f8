//! People.

use super::State;
use crate::ids;

/// A person.
#[derive(Debug, Clone)]
pub struct User {
    /// 24 hexadecimal digits.
    pub id: String,
    /// The user name.
    pub name: String,
    /// The name that is shown.
    pub fullname: String,
    /// The address, which is taken as verified.
    pub email: String,
    /// Whether the account pays for PRO.
    pub pro: bool,
    /// Whether a second factor is set up.
    pub has_mfa: bool,
}

impl User {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            id: ids::object_id(),
            name: name.to_owned(),
            fullname: name.to_owned(),
            email: format!("{name}@example.test"),
            pro: false,
            has_mfa: true,
        }
    }
}

impl State {
    /// The id of a person or service account, or nothing for a name that nobody has.
    pub(crate) fn account_id(&self, name: &str) -> String {
        let services = self.orgs.values().flat_map(|org| org.service_accounts.values());
        let service = services.into_iter().find(|account| account.user == name);
        let id = self.users.get(name).map(|user| &user.id).or(service.map(|account| &account.id));
        id.cloned().unwrap_or_default()
    }
}
