//! Questions to a grant.

use super::{Basis, Right};
use crate::{
    grant::{Grant, OrgAccess, Restriction},
    scope::{Access, Action, Resource, Scope},
};

/// An answer with its reason, a sentence without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is allowed.
    Yes(String),
    /// It is not.
    No(String),
    /// What the Hub told does not settle it.
    Unknown(String),
}

impl Answer {
    /// The reason.
    pub fn reason(&self) -> &str {
        match self {
            Self::Yes(reason) | Self::No(reason) | Self::Unknown(reason) => reason,
        }
    }
}

impl Grant {
    /// Whether it allows all of a scope: the worst of the answers for its accesses.
    pub fn allows(&self, scope: &Scope) -> Answer {
        let answers: Vec<_> = scope.iter().map(|access| self.allows_all(access)).collect();
        let no = answers.iter().find(|answer| matches!(answer, Answer::No(_)));
        let unknown = answers.iter().find(|answer| matches!(answer, Answer::Unknown(_)));
        let worst = no.or(unknown).or(answers.first()).cloned();
        worst.unwrap_or_else(|| Answer::Yes("nothing is asked for".to_owned()))
    }

    /// Whether it allows all of an access, as somebody asks who needs it.
    pub fn allows_all(&self, access: &Access) -> Answer {
        if let Some(refusal) = self.refusal(access) {
            return Answer::No(refusal);
        }
        let rights = self.rights();
        let covering = || rights.iter().filter(|right| right.access.implies(access));
        if let Some(right) = covering().find(|right| right.part.is_none()) {
            return Answer::Yes(sentence(right));
        }
        if let Some(right) = covering().next() {
            return Answer::Unknown(sentence(right));
        }
        let conceivable = self.conceivable();
        if let Some(right) = conceivable.iter().find(|right| right.access.implies(access)) {
            return Answer::Unknown(sentence(right));
        }
        let is_one = matches!(access.resource, Resource::Repository(..));
        if access.action == Action::Read && is_one {
            return Answer::Unknown(
                "it has no permission there, which matters unless that is public".to_owned(),
            );
        }
        Answer::No(lack(access, &rights))
    }

    /// Whether it allows an action on any of a resource, as somebody asks who forbids it. What an
    /// organisation withholds at the moment counts as allowed, since signing in, another network or an
    /// administrator's approval gives it back; what it revoked does not.
    pub fn allows_any(&self, access: &Access) -> Answer {
        if let Some(org) = self.revoked(&access.resource) {
            return Answer::No(keeps_out(org, &[Restriction::TokenRevoked]));
        }
        let rights = self.conceivable();
        let touches = |right: &&Right| {
            right.access.action.implies(access.action)
                && right.access.resource.meet(&access.resource).is_some()
        };
        let is_inside = |right: &Right| access.resource.implies(&right.access.resource);
        let touching = || rights.iter().filter(touches);
        let is_sure =
            |right: &&Right| right.by.is_known() && (right.part.is_none() || is_inside(right));
        if let Some(right) = touching().find(is_sure) {
            return Answer::Yes(self.sentence_for_later(right));
        }
        match touching().next() {
            Some(right) => Answer::Unknown(self.sentence_for_later(right)),
            None => Answer::No(lack(access, &rights)),
        }
    }

    fn refusal(&self, access: &Access) -> Option<String> {
        let (org, restrictions) = self.barred(&access.resource)?;
        Some(keeps_out(org, restrictions))
    }

    /// A right, with what withholds it at the moment.
    fn sentence_for_later(&self, right: &Right) -> String {
        let told = sentence(right);
        match self.barred(&right.access.resource) {
            Some((org, restrictions)) => {
                format!("{told}, if not at the moment: {}", keeps_out(org, restrictions))
            }
            None => told,
        }
    }
}

fn keeps_out(org: &OrgAccess, restrictions: &[Restriction]) -> String {
    let words: Vec<_> = restrictions.iter().map(Restriction::words).collect();
    format!("`{}` keeps it out: {}", org.name, words.join("; "))
}

/// What is there instead of what is asked for.
fn lack(access: &Access, rights: &[Right]) -> String {
    let is_there = |right: &&Right| right.access.resource.meet(&access.resource).is_some();
    let there: Vec<_> = rights.iter().filter(is_there).map(told).collect();
    if there.is_empty() {
        return format!("nothing that it has allows {access}");
    }
    format!("nothing that it has allows {access}, only {}", there.join(", "))
}

fn told(right: &Right) -> String {
    match &right.part {
        Some(part) => format!("{} ({part})", right.access),
        None => right.access.to_string(),
    }
}

fn sentence(right: &Right) -> String {
    match &right.by {
        Basis::Permission(permission) if permission.is_unknown() => format!(
            "`{permission}` is a permission that is not documented, and may allow {}",
            right.access
        ),
        Basis::Permission(permission)
            if permission.makes_tokens() && right.access.action != Action::Admin =>
        {
            format!("`{permission}` can make a token that may do {}", told(right))
        }
        by => format!("{by} allows {}", told(right)),
    }
}
