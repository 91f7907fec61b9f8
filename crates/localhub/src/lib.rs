//! A local Hub: it speaks the Hugging Face Hub's API over loopback, for tests and for trying things out.
//!
//! [`Hub::start`] binds a port for the Hub itself and one for the origin that plays its CDN. What
//! the Hub knows is a [`World`]: accounts, organisations and credentials in memory, repositories as
//! bare git repositories in a folder.

mod access;
mod accounts;
mod caller;
mod cas;
mod clock;
mod control;
mod denial;
mod ids;
mod json;
mod jwt;
mod middleware;
mod names;
mod oauth;
mod paging;
mod repositories;
mod seed;
mod server;
mod settings;
mod webhooks;
mod world;

pub use access::Access;
pub use caller::{Caller, Principal, Session};
pub use clock::Clock;
pub use denial::Denial;
pub use middleware::{Fault, FaultKind, Limits};
pub use names::{InvalidName, RepoKind, RepoName};
pub use repositories::Sizes;
pub use seed::{Planted, Seed, SeedError};
pub use server::{Hub, Running};
pub use settings::Settings;
pub use webhooks::RepoEvent;
pub use world::{
    AuditEvent, Authorization, AuthorizationStatus, ContentRule, Credential, Delivery, Entity,
    FineGrained, Issued, Member, NetworkSecurity, OAuthApp, Org, OrgRole, Origins, Owner, Plan,
    Power, Publisher, Resource, Restriction, Role, Scoped, ServiceAccount, ServicePower, State,
    TokenPolicy, TokenSpec, User, Watched, Webhook, World,
};
