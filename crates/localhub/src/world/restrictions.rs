//! Why an organisation keeps a credential out that would otherwise do.

use jiff::Timestamp;

use super::{
    AuditEvent, Authorization, AuthorizationStatus, OrgRole, Owner, Power, Restriction, State,
    TokenPolicy,
};
use crate::caller::Session;

impl State {
    /// The role of a credential's holder in an organisation, if it has one there.
    pub(crate) fn role_in(&self, organization: &str, owner: &Owner) -> Option<OrgRole> {
        match owner {
            Owner::User(name) => {
                self.orgs.get(organization)?.members.get(name).map(|member| member.role)
            }
            // A service account may what its credential names, and no member's role bounds that.
            Owner::Service { org, .. } if org == organization => Some(OrgRole::Admin),
            Owner::Service { .. } | Owner::App { .. } => None,
        }
    }

    /// What keeps a credential out of an organisation: nothing, or reasons in the order of weight.
    pub(crate) fn restrictions(&self, session: &Session, organization: &str) -> Vec<Restriction> {
        let Some(org) = self.orgs.get(organization) else { return Vec::new() };
        let mut reasons = Vec::new();
        let status = self.authorization_status(&session.id, organization);
        if status == Some(AuthorizationStatus::Revoked) {
            reasons.push(Restriction::TokenRevoked);
        }
        let is_policed = matches!(session.power, Power::Role(_) | Power::FineGrained(_))
            && matches!(session.owner, Owner::User(_));
        let is_fine_grained = matches!(session.power, Power::FineGrained(_));
        let is_accepted = match org.policy {
            TokenPolicy::Any => true,
            TokenPolicy::FineGrainedOnly => is_fine_grained,
            TokenPolicy::Approval => {
                is_fine_grained && status == Some(AuthorizationStatus::Approved)
            }
        };
        if is_policed && !is_accepted {
            reasons.push(Restriction::TokenPolicy);
        }
        reasons.extend(self.restrictions_of_member(&session.owner, organization));
        let skips_network = matches!(&session.power, Power::Service(p) if p.skip_network_security);
        if !skips_network && !org.network.admits(session.ip) {
            reasons.push(Restriction::Ip);
        }
        reasons
    }

    fn restrictions_of_member(&self, owner: &Owner, organization: &str) -> Vec<Restriction> {
        let (Owner::User(name), Some(org)) = (owner, self.orgs.get(organization)) else {
            return Vec::new();
        };
        let mut reasons = Vec::new();
        if org.requires_mfa && !self.users.get(name).is_some_and(|user| user.has_mfa) {
            reasons.push(Restriction::Mfa);
        }
        if let Some(member) = org.members.get(name) {
            reasons.extend(member.restrictions.iter().copied());
        }
        reasons
    }

    fn authorization_status(&self, credential: &str, org: &str) -> Option<AuthorizationStatus> {
        let credential = self.credentials.get(credential)?;
        credential.authorizations.get(org).map(|authorization| authorization.status)
    }

    /// Under the approval policy, a member's fine-grained token comes before the administrators when it
    /// is first used on the organisation; an administrator's own is approved at once.
    pub(crate) fn request_authorization(&mut self, session: &Session, org: &str, now: Timestamp) {
        let is_asked = self.orgs.get(org).is_some_and(|org| org.policy == TokenPolicy::Approval)
            && matches!(session.power, Power::FineGrained(_))
            && self.authorization_status(&session.id, org).is_none();
        let (Owner::User(user), Some(role)) = (&session.owner, self.role_in(org, &session.owner))
        else {
            return;
        };
        if !is_asked {
            return;
        }
        let is_admin = role == OrgRole::Admin;
        let status =
            if is_admin { AuthorizationStatus::Approved } else { AuthorizationStatus::Pending };
        let authorization = Authorization {
            status,
            requested_at: now,
            authorized_at: is_admin.then_some(now),
            authorizer: is_admin.then(|| user.clone()),
        };
        if let Some(credential) = self.credentials.get_mut(&session.id) {
            credential.authorizations.insert(org.to_owned(), authorization);
        }
        let kind = "org.token_approval.authorization_request";
        let mut event = AuditEvent::by_system(kind, "Requested authorization of a token", now);
        event.author = Some(user.clone());
        event.credential = Some(session.id.clone());
        self.record(org, event);
    }
}
