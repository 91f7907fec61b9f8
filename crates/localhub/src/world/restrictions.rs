//! Why an organisation keeps a credential out that would otherwise do.

use super::{AuthorizationStatus, OrgRole, Owner, Power, Restriction, State, TokenPolicy};
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
        let status = session.authorizations.get(organization).map(|a| a.status);
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
        if let Owner::User(name) = &session.owner {
            let user_has_mfa = self.users.get(name).is_some_and(|user| user.has_mfa);
            if org.requires_mfa && !user_has_mfa {
                reasons.push(Restriction::Mfa);
            }
            if let Some(member) = org.members.get(name) {
                reasons.extend(member.restrictions.iter().copied());
            }
        }
        reasons
    }
}
