//! A local Hub: it speaks the Hugging Face Hub's API over loopback, for tests and for trying things out.
//!
//! [`Hub::start`] binds a port for the Hub itself and one for the origin that plays its CDN. What
//! the Hub knows is a [`World`]: accounts, organisations and credentials in memory, repositories as
//! bare git repositories in a folder.

mod access;
mod caller;
mod clock;
mod denial;
mod ids;
mod json;
mod middleware;
mod names;
mod repositories;
mod server;
mod settings;
mod world;

pub use access::Access;
pub use caller::{Caller, Principal};
pub use clock::Clock;
pub use denial::Denial;
pub use names::{RepoKind, RepoName};
pub use server::{Hub, Running};
pub use settings::Settings;
pub use world::{
    Account, Authorization, AuthorizationStatus, Credential, Entity, FineGrained, Issued, Member,
    Org, OrgRole, Origins, Owner, Plan, Power, Restriction, Role, Scoped, State, TokenPolicy,
    TokenSpec, User, World,
};
