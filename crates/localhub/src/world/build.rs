//! Building a world by code: people, organisations, credentials.

use jiff::Timestamp;
use serde_json::Value;

use super::{
    Authorization, AuthorizationStatus, Issued, Member, OAuthApp, Org, OrgRole, Owner, Plan,
    Publisher, Resource, ServiceAccount, ServicePower, TokenSpec, User, World, digest,
};
use crate::{AuditEvent, Power, ids};

impl World {
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

    /// Issues a credential to an application itself: `hf_app_` and 32 letters and digits.
    pub fn issue_to_app(&self, app: &str) -> Issued {
        let value = format!("hf_app_{}", ids::letters(32));
        let spec = TokenSpec::of(app, Power::OAuth(std::iter::empty().collect()));
        let now = self.clock.now();
        self.state().issue_as(value, Owner::App { name: app.to_owned() }, spec, now)
    }

    /// Adds a service account to an organisation with a token of that power, and gives the
    /// account's id and the token.
    pub fn add_service_account(
        &self,
        org: &str,
        name: &str,
        power: ServicePower,
    ) -> Option<(String, Issued)> {
        let now = self.clock.now();
        let mut state = self.state();
        let account = ServiceAccount::new(org, name, now);
        let owner = Owner::Service { org: org.to_owned(), user: account.user.clone() };
        let id = account.id.clone();
        state.orgs.get_mut(org)?.service_accounts.insert(id.clone(), account);
        let power = Power::Service(ServicePower { org: org.to_owned(), ..power });
        Some((id, state.issue(owner, TokenSpec::of("API Token", power), now)))
    }

    /// Decides, as an administrator, about the use of a credential on an organisation. Whether there
    /// is such a credential.
    pub fn decide(
        &self,
        org: &str,
        credential: &str,
        status: AuthorizationStatus,
        administrator: &str,
    ) -> bool {
        let now = self.clock.now();
        let mut state = self.state();
        if !state.authorize(org, credential, status, (administrator, now)) {
            return false;
        }
        let word = match status {
            AuthorizationStatus::Approved => "authorized",
            AuthorizationStatus::Denied => "denied",
            AuthorizationStatus::Revoked => "revoked",
            AuthorizationStatus::Pending => return true,
        };
        let kind = format!("org.token_approval.authorization_request.{word}");
        let mut event = AuditEvent::by_system(&kind, format!("Token request {word}"), now);
        event.author = Some(administrator.to_owned());
        event.credential = Some(credential.to_owned());
        state.record(org, event);
        true
    }

    /// Registers an application that may have tokens of an organisation's members without asking
    /// them, and gives its client id and its secret.
    pub fn add_exchange_app(&self, org: &str) -> (String, String) {
        let secret = format!("oauth_app_secret_{}", ids::letters(34));
        let app = OAuthApp {
            client_id: ids::uuid(),
            name: format!("{org} exchange"),
            secret: Some(digest(&secret)),
            exchanges_for: Some(org.to_owned()),
        };
        let client_id = app.client_id.clone();
        self.state().apps.insert(client_id.clone(), app);
        (client_id, secret)
    }

    /// Trusts a publisher.
    pub fn add_publisher(&self, publisher: Publisher) {
        let mut state = self.state();
        if let Resource::Repo(repo) = &publisher.resource {
            let message = format!("Added a trusted publisher to {}", repo.id());
            let kind = "repo.add_trusted_publisher";
            let event = AuditEvent::by_system(kind, message, self.clock.now());
            state.record(&repo.namespace, event);
        }
        state.publishers.push(publisher);
    }

    /// Trusts the keys of an issuer of identity tokens: a JSON Web Key Set (RFC 7517).
    pub fn trust_issuer(&self, issuer: &str, jwks: Value) {
        self.state().issuers.insert(issuer.to_owned(), jwks);
    }
}

impl super::State {
    pub(crate) fn authorize(
        &mut self,
        org: &str,
        credential: &str,
        status: AuthorizationStatus,
        decider: (&str, Timestamp),
    ) -> bool {
        let (administrator, now) = decider;
        let Some(credential) = self.credentials.get_mut(credential) else { return false };
        let authorization = credential.authorizations.entry(org.to_owned());
        let authorization = authorization.or_insert(Authorization {
            status,
            requested_at: now,
            authorized_at: None,
            authorizer: None,
        });
        authorization.status = status;
        authorization.authorized_at = Some(now);
        authorization.authorizer = Some(administrator.to_owned());
        true
    }
}
