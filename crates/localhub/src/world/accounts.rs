//! Accounts: people, and who a namespace belongs to.

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

/// What owns a namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// A person.
    User,
    /// An organisation.
    Org,
}
