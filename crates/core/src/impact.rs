//! What somebody could do who got hold of a credential: its blast radius.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    grant::{Credential, Grant, Permission, Power, Role},
    rights::{Basis, Right},
    scope::{Action, RepoKind, Resource},
};

/// A class of harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Impact {
    /// Download private models and data.
    Download,
    /// Alter or delete repositories.
    Alter,
    /// Change what models are trained on, or what others build on.
    Poison,
    /// Go on from here: run code, spend money, change settings and people, make more credentials.
    Pivot,
}

impl Impact {
    /// Every class, from what can be seen to what spreads.
    pub const ALL: [Self; 4] = [Self::Download, Self::Alter, Self::Poison, Self::Pivot];

    /// The name that output uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Download => "download",
            Self::Alter => "alter",
            Self::Poison => "poison",
            Self::Pivot => "pivot",
        }
    }

    /// What it is, as a verb phrase.
    pub fn title(self) -> &'static str {
        match self {
            Self::Download => "download private models and data",
            Self::Alter => "alter repositories",
            Self::Poison => "poison training inputs",
            Self::Pivot => "pivot to other services and credentials",
        }
    }
}

/// Something that somebody could do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What, as a verb phrase.
    pub words: String,
    /// To what.
    pub on: BTreeSet<Resource>,
    /// Which part of that, in words, where it is not all.
    pub part: Option<String>,
    /// What lets them.
    pub by: Basis,
}

impl Evidence {
    /// Whether it makes further credentials, or decides who may do what.
    pub fn is_critical(&self) -> bool {
        match &self.by {
            Basis::Permission(permission) => permission.power() == Power::Critical,
            _ => self.words == words(Impact::Pivot, Action::Admin),
        }
    }
}

/// What a grant lets somebody do, by class.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BlastRadius {
    classes: BTreeMap<Impact, Vec<Evidence>>,
    /// Permissions of which nothing is known but the name.
    pub unknown: Vec<Permission>,
}

impl BlastRadius {
    /// The blast radius of a grant.
    pub fn of(grant: &Grant) -> Self {
        let mut radius = Self { unknown: unknown(grant), ..Self::default() };
        for right in grant.rights() {
            for impact in impacts(right.access.action, &right.access.resource) {
                radius.add(impact, &right);
            }
        }
        radius
    }

    /// What belongs to a class, in a stable order.
    pub fn evidence(&self, impact: Impact) -> &[Evidence] {
        self.classes.get(&impact).map_or(&[], Vec::as_slice)
    }

    /// Adds a right to a class: to what is there already of the same sort, or as something new.
    fn add(&mut self, impact: Impact, right: &Right) {
        let words = match (&right.by, right.access.action) {
            (Basis::Permission(permission), Action::Admin) => permission.words(),
            // The part says what is read, and not all of that is private.
            (_, Action::Read) if right.part.is_some() => "read",
            (_, action) => words(impact, action),
        };
        let class = self.classes.entry(impact).or_default();
        let is_same =
            |e: &&mut Evidence| e.words == words && e.part == right.part && e.by == right.by;
        let on = right.access.resource.clone();
        match class.iter_mut().find(is_same) {
            Some(evidence) => drop(evidence.on.insert(on)),
            None => class.push(Evidence {
                words: words.to_owned(),
                on: BTreeSet::from([on]),
                part: right.part.clone(),
                by: right.by.clone(),
            }),
        }
    }
}

/// The classes that an action on a resource belongs to. A Space runs what is written to it and hands
/// its secrets to that, so whoever writes one goes on from there. Nobody trains on a Space.
fn impacts(action: Action, resource: &Resource) -> Vec<Impact> {
    match action {
        Action::Read => vec![Impact::Download],
        Action::Write | Action::Manage => {
            let mut impacts = vec![Impact::Download, Impact::Alter];
            if resource.kind() != Some(RepoKind::Space) {
                impacts.push(Impact::Poison);
            }
            if matches!(resource.kind(), None | Some(RepoKind::Space)) {
                impacts.push(Impact::Pivot);
            }
            impacts
        }
        Action::Discuss | Action::Collections => Vec::new(),
        Action::Infer | Action::Endpoints | Action::Jobs | Action::Webhooks | Action::Admin => {
            vec![Impact::Pivot]
        }
    }
}

fn words(impact: Impact, action: Action) -> &'static str {
    match (impact, action) {
        (Impact::Download, Action::Read) => "read private repositories",
        (Impact::Download, _) => "read what it can write",
        (Impact::Alter, Action::Write) => "change, replace and delete files",
        (Impact::Alter, _) => "change, publish, move and delete repositories",
        (Impact::Poison, _) => "change data and weights that others train and build on",
        (_, Action::Write | Action::Manage) => "change Spaces, whose code runs with their secrets",
        (_, Action::Infer) => "call models at the owner's cost",
        (_, Action::Endpoints) => "start and change Inference Endpoints at the owner's cost",
        (_, Action::Jobs) => "run code in Jobs at the owner's cost",
        (_, Action::Webhooks) => "watch repositories and run Jobs through webhooks",
        (_, action) => action.words(),
    }
}

fn unknown(grant: &Grant) -> Vec<Permission> {
    let permissions: BTreeSet<_> = match &grant.credential {
        Credential::AccessToken(token) => match &token.role {
            Role::FineGrained(fine) => {
                let scoped = fine.scoped.iter().flat_map(|scoped| &scoped.permissions);
                fine.global.iter().chain(scoped).collect()
            }
            _ => BTreeSet::new(),
        },
        Credential::Session(session) => session.scopes.iter().flatten().collect(),
        Credential::App(_) => BTreeSet::new(),
    };
    permissions.into_iter().filter(|permission| permission.is_unknown()).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        grant::{EntityKind, OrgRole, Restriction},
        rights::samples::{fine, org, scoped, token},
    };

    /// `word on resource, resource`, one a line.
    fn told(grant: &Grant, impact: Impact) -> String {
        let radius = BlastRadius::of(grant);
        let line = |evidence: &Evidence| {
            let on: Vec<_> = evidence.on.iter().map(ToString::to_string).collect();
            format!("{} on {}\n", evidence.words, on.join(", "))
        };
        radius.evidence(impact).iter().map(line).collect()
    }

    #[test]
    fn repositories_of_one_permission_are_told_together() {
        let read = ["repo.content.read"].as_slice();
        let grant = fine(vec![
            scoped(EntityKind::Model, Some("acme/b"), read),
            scoped(EntityKind::Model, Some("acme/a"), read),
            scoped(EntityKind::Dataset, Some("acme/train"), &["repo.write"]),
        ]);
        assert_eq!(
            told(&grant, Impact::Download),
            "read private repositories on acme/a, acme/b\nread what it can write on datasets/acme/train\n",
        );
        assert_eq!(
            told(&grant, Impact::Poison),
            "change data and weights that others train and build on on datasets/acme/train\n",
        );
        assert_eq!(told(&grant, Impact::Pivot), "");
    }

    #[test]
    fn a_space_leads_on_and_a_dataset_does_not() {
        let of = |kind| fine(vec![scoped(kind, Some("acme/x"), &["repo.write"])]);
        let space = of(EntityKind::Space);
        assert!(told(&space, Impact::Pivot).contains("spaces/acme/x"));
        assert_eq!(told(&space, Impact::Poison), "");
        assert!(told(&space, Impact::Alter).contains("spaces/acme/x"));
        assert_eq!(told(&of(EntityKind::Dataset), Impact::Pivot), "");
    }

    #[test]
    fn a_write_token_of_an_administrator_has_every_class() {
        let mut grant = token(Role::Write);
        grant.orgs.push(org("omega", OrgRole::Admin));
        for impact in Impact::ALL {
            assert!(told(&grant, impact).contains("alice/*"), "{impact:?}");
        }
        let radius = BlastRadius::of(&grant);
        assert!(radius.evidence(Impact::Pivot).iter().any(Evidence::is_critical));
        assert!(
            !BlastRadius::of(&token(Role::Write))
                .evidence(Impact::Pivot)
                .iter()
                .any(Evidence::is_critical)
        );
    }

    #[test]
    fn what_an_organisation_withholds_does_not_count() {
        let mut grant = token(Role::Write);
        grant.orgs[0].restrictions = vec![Restriction::Sso];
        let radius = BlastRadius::of(&grant);
        for impact in Impact::ALL {
            let places = radius.evidence(impact).iter().flat_map(|evidence| &evidence.on);
            assert!(places.into_iter().all(|on| !on.to_string().contains("acme")), "{impact:?}");
        }
    }

    #[test]
    fn what_is_unknown_is_told_by_name() {
        let grant = fine(vec![scoped(EntityKind::Org, Some("acme"), &["repo.teleport.write"])]);
        let radius = BlastRadius::of(&grant);
        assert_eq!(radius.unknown, [Permission::from("repo.teleport.write")]);
        assert!(!radius.evidence(Impact::Alter).is_empty());
    }
}
