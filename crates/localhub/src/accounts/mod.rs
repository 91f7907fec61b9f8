//! Accounts, organisations and their credentials: the routes, and what an administrator may do.

mod audit_log;
mod auth_check;
mod members;
mod network;
mod org_tokens;
mod revoke;
mod service_accounts;
mod service_tokens;
mod webhooks;
mod whoami;

use std::sync::Arc;

use axum::{
    Router,
    http::StatusCode,
    routing::{delete, get, post, put},
};

pub(crate) use whoami::avatar_url;

use crate::{Caller, Denial, OrgRole, Plan, World, world::Target};

/// The routes of the Hub's origin for accounts.
pub(crate) fn routes() -> Router<Arc<World>> {
    let org = "/api/organizations/{org}";
    let at = |rest: &str| format!("{org}{rest}");
    let service_account = "/service-accounts/{account}";
    let service_token = "/service-accounts/{account}/tokens/{token}";
    Router::new()
        .route("/api/whoami-v2", get(whoami::show))
        .route("/api/credentials/revoke", post(revoke::revoke))
        .route(&at("/settings/tokens"), get(org_tokens::list))
        .route(&at("/settings/tokens/{token}/revoke"), post(org_tokens::revoke))
        .route(&at("/service-accounts"), get(service_accounts::list).post(service_accounts::create))
        .route(&at(service_account), get(service_accounts::show).delete(service_accounts::delete))
        .route(&at("/service-accounts/{account}/tokens"), post(service_tokens::create))
        .route(&at(service_token), delete(service_tokens::delete).patch(service_tokens::update))
        .route(&at(&format!("{service_token}/rotate")), post(service_tokens::rotate))
        .route(&at("/members"), get(members::list))
        .route(&at("/members/{user}/role"), put(members::set_role))
        .route(&at("/audit-log/export"), get(audit_log::export))
        .route(&at("/settings/network-security"), get(network::show).patch(network::update))
        .merge(webhooks::routes())
        .merge(auth_check::routes())
}

impl Caller {
    /// Refuses those who do not administer the organisation, those whose credential does not include the
    /// permission, and organisations whose plan does not include the feature.
    pub(crate) fn administers(
        &self,
        org: &str,
        permission: &str,
        plans: &[Plan],
    ) -> Result<(), Denial> {
        let session = self.session()?;
        let (plan, role) = {
            let state = self.world().state();
            let found = state.orgs.get(org).ok_or_else(|| Denial::not_found("Not found"))?;
            (found.plan, state.role_in(org, &session.owner))
        };
        self.unrestricted(org)?;
        if role != Some(OrgRole::Admin) || !session.power.permits(permission, Target::Account(org))
        {
            return Err(Denial::forbidden());
        }
        if plan.is_some_and(|plan| plans.contains(&plan)) {
            return Ok(());
        }
        let message = "This feature is not included in the plan of the organization.";
        Err(Denial::new(StatusCode::FORBIDDEN, message))
    }
}

/// Plans that have what Team has.
pub(crate) const TEAM: &[Plan] = &[Plan::Team, Plan::Academia, Plan::Enterprise, Plan::Plus];
/// Plans that have what Enterprise has.
pub(crate) const ENTERPRISE: &[Plan] = &[Plan::Enterprise, Plan::Plus];
/// Plans that have what Enterprise Plus has.
pub(crate) const PLUS: &[Plan] = &[Plan::Plus];
