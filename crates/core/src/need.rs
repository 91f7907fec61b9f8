//! The least that a fine-grained token needs for a purpose, and the link that starts making one.
//!
//! The Hub has no interface that makes personal tokens, only a form, which an address can fill in
//! beforehand. Of its parameters, `tokenType` and `ownUserPermissions` stand in the documentation
//! of Inference Providers (<https://huggingface.co/docs/inference-providers>); `orgs`,
//! `orgPermissions`, `globalPermissions` and `canReadGatedRepos` were seen in other programs. None is
//! known that picks single repositories, so what is needed on those is told in words.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    grant::Grant,
    scope::{Access, Action, Name, Resource, Scope},
};

/// Permissions by name.
pub type Permissions = BTreeSet<&'static str>;

/// What a fine-grained token needs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Need {
    /// On all that the owner has.
    pub own: Permissions,
    /// On all that an organisation has.
    pub orgs: BTreeMap<Name, Permissions>,
    /// On single repositories.
    pub repositories: BTreeMap<Resource, Permissions>,
    /// Everywhere.
    pub global: Permissions,
    /// Whether it must read public gated repositories.
    pub gated: bool,
    /// What no token of this owner can have.
    pub impossible: BTreeSet<Access>,
}

impl Need {
    /// The least that allows a scope to a token of this grant's account.
    pub fn of(scope: &Scope, grant: &Grant) -> Self {
        let mut need = Self::default();
        for access in scope.iter() {
            need.add(access, grant);
        }
        need
    }

    fn add(&mut self, access: &Access, grant: &Grant) {
        let permissions = permissions(access.action);
        match (owner(&access.resource, grant), &access.resource) {
            (Owner::Everybody, _) => self.add_everywhere(access.action, grant),
            (Owner::Stranger, _) if access.action == Action::Read => self.gated = true,
            (Owner::Stranger, _) if access.action == Action::Discuss => {
                self.global.extend(permissions);
            }
            (Owner::Stranger, _) => drop(self.impossible.insert(access.clone())),
            (_, Resource::Repository(..)) => {
                self.repositories.entry(access.resource.clone()).or_default().extend(permissions);
            }
            (Owner::Account, _) if access.action == Action::Admin => {
                self.impossible.insert(access.clone());
            }
            (Owner::Account, _) => self.own.extend(permissions),
            (Owner::Org(_), _) if access.action == Action::Webhooks => {
                self.impossible.insert(access.clone());
            }
            (Owner::Org(name), _) => self.orgs.entry(name).or_default().extend(permissions),
        }
    }

    fn add_everywhere(&mut self, action: Action, grant: &Grant) {
        let permissions = permissions(action);
        if action == Action::Discuss {
            self.global.extend(permissions);
            return;
        }
        self.gated |= action == Action::Read;
        if action != Action::Admin {
            self.own.extend(permissions);
        }
        if action != Action::Webhooks {
            for name in grant.orgs.iter().filter_map(|org| Name::new(&org.name)) {
                self.orgs.entry(name).or_default().extend(permissions);
            }
        }
    }

    /// The address of the form that makes the token, filled in as far as an address can.
    ///
    /// One list of permissions holds for all organisations in it, so organisations that need
    /// different ones are left to be filled in by hand, rather than given too much.
    pub fn link(&self, endpoint: &str) -> String {
        let mut link =
            format!("{}/settings/tokens/new?tokenType=fineGrained", endpoint.trim_end_matches('/'));
        let own = self.own.iter().map(|name| ("ownUserPermissions", *name));
        let common = self.common();
        let orgs = self.orgs.keys().filter(|_| common.is_some()).map(|org| ("orgs", org.as_str()));
        let of_orgs = common.into_iter().flatten().map(|name| ("orgPermissions", *name));
        let global = self.global.iter().map(|name| ("globalPermissions", *name));
        let gated = self.gated.then_some(("canReadGatedRepos", "true"));
        // No value needs escaping: names and permissions are letters, digits, `.`, `_` and `-`.
        for (key, value) in own.chain(orgs).chain(of_orgs).chain(global).chain(gated) {
            for part in ["&", key, "=", value] {
                link.push_str(part);
            }
        }
        link
    }

    /// The permissions that all organisations need, if they need the same.
    fn common(&self) -> Option<&Permissions> {
        let mut needed = self.orgs.values();
        let first = needed.next()?;
        needed.all(|other| other == first).then_some(first)
    }

    /// Whether the form has to be completed by hand: the link cannot say all of it.
    pub fn is_partly_by_hand(&self) -> bool {
        !self.repositories.is_empty() || (!self.orgs.is_empty() && self.common().is_none())
    }

    /// Whether some of it is wider than what was asked for, because the Hub has nothing narrower:
    /// who writes files also deletes repositories and changes their settings.
    pub fn is_wider_than_asked(&self, scope: &Scope) -> bool {
        scope
            .iter()
            .any(|access| access.action == Action::Write && !self.impossible.contains(access))
    }
}

/// Who has a resource, as seen from an account.
enum Owner {
    Everybody,
    Account,
    Org(Name),
    Stranger,
}

fn owner(resource: &Resource, grant: &Grant) -> Owner {
    let Some(owner) = resource.owner() else {
        let is_one = matches!(resource, Resource::Repository(..));
        return if is_one { Owner::Stranger } else { Owner::Everybody };
    };
    if Name::new(&grant.account.name).as_ref() == Some(owner) {
        return Owner::Account;
    }
    let orgs = grant.orgs.iter().filter_map(|org| Name::new(&org.name));
    orgs.into_iter().find(|org| org == owner).map_or(Owner::Stranger, Owner::Org)
}

/// The permissions that an action takes. Writing comes with reading, since every client looks at
/// a repository before it writes.
fn permissions(action: Action) -> &'static [&'static str] {
    match action {
        Action::Read => &["repo.content.read"],
        Action::Discuss => &["discussion.write"],
        Action::Write | Action::Manage => &["repo.content.read", "repo.write"],
        Action::Infer => &["inference.serverless.write"],
        Action::Endpoints => &["inference.endpoints.write"],
        Action::Jobs => &["job.write"],
        Action::Webhooks => &["user.webhooks.write"],
        Action::Collections => &["collection.write"],
        Action::Admin => &["org.write"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        grant::EntityKind,
        grant::{PERMISSIONS, Role},
        rights::{
            Answer,
            samples::{fine, scoped, token},
        },
    };

    fn need(texts: &[&str]) -> Need {
        let scope = texts.iter().map(|text| text.parse::<Access>().unwrap()).collect();
        Need::of(&scope, &token(Role::Read))
    }

    fn link(texts: &[&str]) -> String {
        let link = need(texts).link("https://hub.example/");
        link.strip_prefix("https://hub.example/settings/tokens/new?").unwrap().to_owned()
    }

    #[test]
    fn one_repository_is_told_and_nothing_wider_is_filled_in() {
        let need = need(&["read:acme/model", "write:datasets/acme/train"]);
        assert_eq!(
            need.link("https://hub.example"),
            "https://hub.example/settings/tokens/new?tokenType=fineGrained"
        );
        let told: Vec<_> =
            need.repositories.iter().map(|(r, p)| (r.to_string(), p.len())).collect();
        assert_eq!(told, [("acme/model".to_owned(), 1), ("datasets/acme/train".to_owned(), 2)]);
        assert!(need.is_partly_by_hand());
    }

    #[test]
    fn a_namespace_and_services_are_filled_in() {
        assert_eq!(
            link(&["inference:alice", "read:acme/*"]),
            "tokenType=fineGrained&ownUserPermissions=inference.serverless.write&orgs=acme&orgPermissions=repo.content.read",
        );
        assert_eq!(
            link(&["discuss", "read:meta/llama"]),
            "tokenType=fineGrained&globalPermissions=discussion.write&canReadGatedRepos=true",
        );
        assert!(!need(&["jobs:acme"]).is_partly_by_hand());
    }

    #[test]
    fn organisations_that_need_different_things_are_left_to_the_hand() {
        assert_eq!(link(&["read:acme/*", "write:beta/*"]), "tokenType=fineGrained");
        assert!(need(&["read:acme/*", "write:beta/*"]).is_partly_by_hand());
        let same = "tokenType=fineGrained&orgs=acme&orgs=beta&orgPermissions=job.write";
        assert_eq!(link(&["jobs:acme", "jobs:beta"]), same);
    }

    #[test]
    fn what_nobody_can_give_is_said() {
        let told: Vec<_> = need(&["write:meta/llama", "admin:alice", "webhooks:acme"])
            .impossible
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(told, ["write:meta/llama", "webhooks:acme", "admin:alice"]);
    }

    #[test]
    fn every_permission_named_here_is_in_the_table() {
        for action in Action::ALL {
            for name in permissions(action) {
                assert!(PERMISSIONS.iter().any(|row| row.name == *name), "{name}");
            }
        }
    }

    /// The list that this asks for, given to a token, allows what was asked.
    #[test]
    fn a_token_with_the_need_allows_the_scope() {
        for text in ["read:acme/model", "write:datasets/acme/train", "manage:spaces/acme/demo"] {
            let need = need(&[text]);
            let list = need.repositories.iter().map(|(repository, permissions)| {
                let kind = repository.kind().unwrap().title().to_lowercase();
                let name = repository.to_string();
                let name = name
                    .split_once('/')
                    .filter(|(f, _)| *f != "acme")
                    .map_or(name.as_str(), |(_, n)| n);
                let permissions: Vec<_> = permissions.iter().copied().collect();
                scoped(EntityKind::from(kind.as_str()), Some(name), &permissions)
            });
            let access: Access = text.parse().unwrap();
            let answer = fine(list.collect()).allows_all(&access);
            assert!(matches!(answer, Answer::Yes(_)), "{text}: {answer:?}");
        }
    }
}
