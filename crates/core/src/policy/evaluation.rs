//! A policy laid against an identity.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Breach, Policy, Rule, remedy};
use crate::{
    Kind,
    grant::Role,
    identity::{Condition, Identity, Life, State},
    impact::{BlastRadius, Impact},
};

/// The rules that an identity breaks, in the order of [`Rule::ALL`], where `leavers` are the owners who
/// left. One that no longer works breaks none. What is not known breaks none either, unless a rule
/// demands that it be known.
pub fn evaluate(
    identity: &Identity,
    policy: &Policy,
    leavers: &BTreeSet<String>,
    now: Timestamp,
) -> Vec<Breach> {
    if identity.life(now) == Life::Dead {
        return Vec::new();
    }
    let case = Case { identity, policy, leavers, now };
    let breach = |&rule: &Rule| {
        let (what, fix) = case.judge(rule)?;
        let (rule, mode) = (rule.key().to_owned(), policy.mode_of(rule).name().to_owned());
        Some(Breach { rule, mode, what, fix })
    };
    Rule::ALL.iter().filter_map(breach).collect()
}

/// What is wrong, and what to do about it.
type Fault = Option<(String, String)>;

struct Case<'a> {
    identity: &'a Identity,
    policy: &'a Policy,
    leavers: &'a BTreeSet<String>,
    now: Timestamp,
}

impl Case<'_> {
    fn judge(&self, rule: Rule) -> Fault {
        let policy = self.policy;
        match rule {
            Rule::MaxAge => self.max_age(),
            Rule::FineGrainedOnly => policy.fine_grained_only.then(|| self.classic_role())?,
            Rule::NoWriteOutside => self.writes_outside(),
            Rule::OwnerRequired => policy.owner_required.then(|| self.orphan())?,
            Rule::BackupOwnerRequired => policy.backup_owner_required.then(|| self.no_backup())?,
            Rule::ForbiddenStorage => self.forbidden_storage(),
            Rule::RotateAfterRelease => policy.rotate_after_release.then(|| self.released())?,
            Rule::DormantAfter => self.dormant(),
            Rule::AttestEvery => self.unattested(),
            Rule::ExpiryRequired => policy.expiry_required.then(|| self.endless())?,
            Rule::OneEnvironment => policy.one_environment.then(|| self.many_environments())?,
            Rule::OneWorkload => policy.one_workload.then(|| self.many_workloads())?,
            Rule::EnvironmentRequired => policy.environment_required.then(|| self.nowhere())?,
        }
    }

    fn max_age(&self) -> Fault {
        let policy = self.policy;
        let environments = self.environments();
        let by_environment = environments
            .iter()
            .filter_map(|environment| policy.max_age_days_by_environment.get(*environment));
        let by_role = self.identity.role().and_then(|role| policy.max_age_days_by_role.get(role));
        let limits = by_environment.chain(by_role).chain([&policy.max_age_days]).copied();
        let limit = limits.filter(|limit| *limit > 0).min()?;
        let age = self.days_since(self.identity.issued_at()?);
        (age > i64::from(limit)).then(|| {
            (
                format!("its token is {age} days old, and {limit} is the most"),
                remedy::replace(self.identity),
            )
        })
    }

    fn classic_role(&self) -> Fault {
        let role = self.identity.role()?;
        let is_classic = [Role::Read, Role::Write, Role::God].iter().any(|r| r.name() == role);
        (self.identity.kind == Kind::UserToken && is_classic).then(|| {
            (
                format!("its role is `{role}`, which reaches all that its owner does"),
                format!(
                    "make a fine-grained token for what it is needed for, and {}",
                    remedy::replace(self.identity)
                ),
            )
        })
    }

    fn writes_outside(&self) -> Fault {
        let allowed = &self.policy.no_write_outside;
        if allowed.is_empty() || !self.can_write()? {
            return None;
        }
        let environments = self.environments();
        let outside: Vec<_> =
            environments.iter().copied().filter(|name| !allowed.contains(*name)).collect();
        match (environments.is_empty(), outside.as_slice()) {
            (true, _) => Some((
                "it can write, and nobody said where it is used".to_owned(),
                self.say_where(),
            )),
            (false, []) => None,
            (false, outside) => Some((
                format!("it can write, and is used in {}", outside.join(", ")),
                format!("make a token that only reads, and {}", remedy::replace(self.identity)),
            )),
        }
    }

    fn orphan(&self) -> Fault {
        let ownership = &self.identity.ownership;
        ownership.present_owner(self.leavers).is_none().then(|| {
            let what = match &ownership.owner {
                Some(left) => format!("{left}, who should answer for it, left"),
                None => "nobody answers for it".to_owned(),
            };
            let likely = self.identity.ownership.suggestions.first();
            let likely =
                likely.map_or(String::new(), |likely| format!(", perhaps {},", likely.owner));
            let verb = if self.identity.state == State::Discovered { "adopt" } else { "assign" };
            (
                what,
                format!(
                    "say who does{likely} with `bearhug token {verb} {} --owner OWNER`",
                    self.name()
                ),
            )
        })
    }

    fn no_backup(&self) -> Fault {
        let backup = self.identity.ownership.present_backup(self.leavers);
        backup.is_none().then(|| {
            (
                "nobody else answers for it when its owner cannot".to_owned(),
                format!("name somebody with `bearhug token assign {} --backup OWNER`", self.name()),
            )
        })
    }

    fn forbidden_storage(&self) -> Fault {
        let kept = &self.identity.exposure.keepings;
        let bad: Vec<_> = kept
            .intersection(&self.policy.forbidden_storage)
            .map(|keeping| keeping.words())
            .collect();
        (!bad.is_empty()).then(|| {
            (
                format!("it stands {}", bad.join(", and ")),
                format!(
                    "take it for known to others: {}, {}, and keep the new one in a keyring or a vault",
                    remedy::revoke(self.identity), remedy::replace(self.identity)
                ),
            )
        })
    }

    fn released(&self) -> Fault {
        let released_at = self.identity.purpose.released_at?;
        // What was known before the release was made before it.
        let known_since = self.identity.versions.last().map(|version| version.since);
        let issued_at = self.identity.issued_at().or(known_since)?;
        (issued_at <= released_at && released_at <= self.now).then(|| {
            let days = self.days_since(released_at);
            (
                format!(
                    "the release that it served is out since {days} days, and its token is the same"
                ),
                remedy::replace(self.identity),
            )
        })
    }

    fn dormant(&self) -> Fault {
        let limit = i64::from(self.policy.dormant_after_days);
        if limit == 0 {
            return None;
        }
        let unused = self.identity.standing.last_used_at.map(|at| self.days_since(at));
        let what = match unused {
            Some(days) if days > limit => {
                format!("it was last used {days} days ago, and {limit} is the most")
            }
            _ if self.identity.conditions.contains(&Condition::Dormant) => {
                "it is known to be dormant".to_owned()
            }
            _ => return None,
        };
        Some((what, format!("if nobody misses it, {}", remedy::revoke(self.identity))))
    }

    fn unattested(&self) -> Fault {
        let limit = i64::from(self.policy.attest_every_days);
        let ownership = &self.identity.ownership;
        // Whom nobody answers for, nobody can confirm.
        let owner = ownership.present_owner(self.leavers).filter(|_| limit > 0)?;
        let last = ownership.attested.as_ref().map(|attested| attested.at);
        let days = self.days_since(last.unwrap_or(self.identity.created_at));
        let what = match last {
            Some(_) => format!("it was last confirmed {days} days ago, and {limit} is the most"),
            None => format!("nobody confirmed it in the {days} days since it was found"),
        };
        let fix = format!(
            "let {owner} confirm with `bearhug token confirm {}` that it is still needed",
            self.name()
        );
        (days > limit).then_some((what, fix))
    }

    fn endless(&self) -> Fault {
        self.identity.expires_at().is_none().then(|| {
            (
                "no date is known on which it ends by itself".to_owned(),
                format!("make a token that expires, and {}", remedy::replace(self.identity)),
            )
        })
    }

    fn many_environments(&self) -> Fault {
        let environments: Vec<_> = self.environments().into_iter().collect();
        (environments.len() > 1).then(|| {
            (
                format!("the same token is used in {}", environments.join(" and ")),
                format!(
                    "make a token for each environment, and {}",
                    remedy::replace(self.identity)
                ),
            )
        })
    }

    fn many_workloads(&self) -> Fault {
        let sources = self.identity.exposure.sources.len();
        (sources > 1).then(|| {
            (
                format!("the same token is in {sources} sources"),
                format!("make a token for each workload, and {}", remedy::replace(self.identity)),
            )
        })
    }

    fn nowhere(&self) -> Fault {
        let what = "nobody said which environment it is for".to_owned();
        self.identity.purpose.environment.is_none().then(|| (what, self.say_where()))
    }

    fn say_where(&self) -> String {
        format!("say where with `bearhug token describe {} --environment ENVIRONMENT`", self.name())
    }

    /// The environments that it is for or was seen in.
    fn environments(&self) -> BTreeSet<&str> {
        let said = self.identity.purpose.environment.iter();
        said.chain(&self.identity.exposure.environments).map(String::as_str).collect()
    }

    /// Whether it can write, where that is known.
    fn can_write(&self) -> Option<bool> {
        if let Some(grant) = &self.identity.standing.grant {
            return Some(!BlastRadius::of(grant).evidence(Impact::Alter).is_empty());
        }
        let role = self.identity.role()?;
        if role == Role::Read.name() {
            return Some(false);
        }
        (role == Role::Write.name() || role == Role::God.name()).then_some(true)
    }

    fn days_since(&self, at: Timestamp) -> i64 {
        self.now.duration_since(at).as_hours() / 24
    }

    fn name(&self) -> String {
        self.identity.id.short()
    }
}
