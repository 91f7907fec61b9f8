//! What an organisation's administrator may ask: its tokens, members, service accounts and audit log.

mod audit;
mod cutting;
mod members;
mod service_accounts;
mod tokens;

pub use audit::{AuditAuthor, AuditEvent, AuditToken};
pub use members::Member;
pub use service_accounts::{
    NewServiceAccount, NewToken, Rights, ServiceAccount, ServiceToken, ServiceTokenInfo,
};
pub use tokens::{Approval, OrgToken, TokenOwner};
