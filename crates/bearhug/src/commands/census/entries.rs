//! An organisation's answers, in the words of the census.

use std::collections::BTreeMap;

use bearhug_core::{
    grant::{Entity, EntityKind, FineGrained, Pattern, Permission, Scoped},
    identity::Suggestion,
    owner::Owner,
};
use bearhug_guard::{
    census::{Accounts, Entry, Member, Service, suggest},
    inventory,
};
use bearhug_hub::organisations::{AuditEvent, OrgToken, ServiceAccount, ServiceTokenInfo};
use jiff::SignedDuration;
use serde_json::Value;

use super::organisation::Answers;
use crate::cleaning::Cleaner;

/// How far the moments of an audit event and of the token that it tells of may lie apart.
const SAME_MOMENT: SignedDuration = SignedDuration::from_secs(5);

/// Who has to do with an organisation: what a list does not tell by itself.
pub(super) struct Context<'a> {
    pub(super) org: &'a str,
    pub(super) cleaner: &'a Cleaner,
    pub(super) owners: &'a [Owner],
    pub(super) accounts: &'a Accounts,
}

/// The accounts of an organisation, as far as they were told.
pub(super) fn accounts(answers: &Answers, cleaner: &Cleaner) -> Accounts {
    let members = answers.members.iter().flatten().map(|member| {
        let told = Member {
            role: member.role.clone(),
            full_name: cleaner.maybe(member.full_name.as_ref()),
            email: cleaner.maybe(member.verified_email.as_ref()),
        };
        (cleaner.text(&member.user), told)
    });
    let services = answers.services.iter().flatten().map(|service| {
        let told = Service {
            name: cleaner.maybe(service.name.as_ref()),
            description: cleaner.maybe(service.description.as_ref()),
        };
        (cleaner.text(&service.user), told)
    });
    Accounts { members: members.collect::<BTreeMap<_, _>>(), services: services.collect() }
}

impl Context<'_> {
    /// A member's token.
    pub(super) fn of_member(&self, token: &OrgToken) -> Entry {
        let account = token.owner.as_ref().and_then(|owner| owner.user.as_ref());
        let account = self.cleaner.maybe(account);
        let member = account.as_ref().and_then(|account| self.accounts.members.get(account));
        let suggestion = account.as_ref().map(|name| suggest::by_member(name, self.org, member));
        Entry {
            organisation: self.org.to_owned(),
            is_service: false,
            hub_id: self.cleaner.text(&token.id),
            last4: self.cleaner.maybe(token.last4.as_ref()),
            name: self.cleaner.maybe(token.display_name.as_ref()),
            role: self.cleaner.maybe(token.role.as_ref()),
            issued_at: token.created_at,
            expires_at: None,
            last_used_at: token.last_used_at,
            approval: token.approval.as_ref().map(|approval| approval.status.clone()),
            fine_grained: token.fine_grained.as_ref().and_then(|fine| self.cleaner.whole(fine)),
            member: member.and_then(|member| member.role.clone()),
            suggestions: suggestion.into_iter().map(|one| self.named(one)).collect(),
            account,
        }
    }

    /// A service account's token.
    pub(super) fn of_service(
        &self,
        account: &ServiceAccount,
        token: &ServiceTokenInfo,
        log: &[AuditEvent],
    ) -> Entry {
        let user = self.cleaner.text(&account.user);
        let described = self.accounts.services.get(&user);
        let described = described.and_then(|service| suggest::by_service(&user, service));
        let maker = maker(token, log).map(|maker| self.cleaner.text(maker));
        let maker = maker.map(|maker| suggest::by_maker(&maker, self.org));
        Entry {
            organisation: self.org.to_owned(),
            is_service: true,
            hub_id: self.cleaner.text(&token.id),
            last4: self.cleaner.maybe(token.last4.as_ref()),
            account: Some(user),
            name: Some(self.cleaner.text(&token.display_name)),
            role: Some("fineGrained".to_owned()),
            issued_at: token.created_at,
            expires_at: token.expiration,
            last_used_at: token.last_used_at,
            approval: None,
            fine_grained: self.cleaner.whole(&permissions(self.org, token)),
            member: None,
            suggestions: described.into_iter().chain(maker).map(|one| self.named(one)).collect(),
        }
    }

    /// The suggestion by the name that the owner has in the ledger.
    fn named(&self, suggestion: Suggestion) -> Suggestion {
        Suggestion { owner: inventory::named(&suggestion.owner, self.owners), ..suggestion }
    }
}

/// What a service account's token may do: with the organisation, and with some repositories, of which the
/// list tells no more than identifiers.
fn permissions(org: &str, token: &ServiceTokenInfo) -> FineGrained {
    let named = |names: &[String]| names.iter().map(|n| Permission::from(n.as_str())).collect();
    let patterns = (!token.endpoint_patterns.is_empty()).then(|| Pattern {
        resource: "inference-endpoint".to_owned(),
        wildcards: token.endpoint_patterns.clone(),
    });
    let whole = Scoped {
        entity: Entity { kind: EntityKind::Org, id: String::new(), name: Some(org.to_owned()) },
        permissions: named(&token.permissions),
        patterns: patterns.into_iter().collect(),
    };
    let repositories = token.repo_ids.iter().map(|id| Scoped {
        entity: Entity { kind: EntityKind::from("repo"), id: id.clone(), name: None },
        permissions: named(&token.repo_permissions),
        patterns: Vec::new(),
    });
    FineGrained {
        global: Vec::new(),
        can_read_gated: false,
        scoped: std::iter::once(whole).chain(repositories).collect(),
    }
}

/// Who made a token, by the audit log: the event that names it, or else the only one at the moment of its
/// making.
fn maker<'a>(token: &ServiceTokenInfo, log: &'a [AuditEvent]) -> Option<&'a str> {
    let by_people =
        |event: &&AuditEvent| event.author.as_ref().is_some_and(|author| author.kind != "system");
    let events: Vec<_> = log.iter().filter(by_people).collect();
    let naming = events.iter().find(|event| holds(&event.data, &token.id));
    let made = token.created_at?;
    let is_then = |event: &&&AuditEvent| {
        let apart = event.created_at.map(|at| at.duration_since(made).abs());
        apart.is_some_and(|apart| apart <= SAME_MOMENT)
    };
    let then: Vec<_> = events.iter().filter(is_then).collect();
    let only = if let [one] = then.as_slice() { Some(*one) } else { None };
    naming.or(only)?.author.as_ref().map(|author| author.user.as_str())
}

fn holds(data: &Value, id: &str) -> bool {
    match data {
        Value::String(text) => text == id,
        Value::Array(items) => items.iter().any(|item| holds(item, id)),
        Value::Object(fields) => fields.values().any(|field| holds(field, id)),
        _ => false,
    }
}
