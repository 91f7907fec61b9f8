//! What is to be done about an identity, and how soon.

use jiff::Timestamp;

use crate::{
    identity::{Breach, Condition, Identity, Life, State},
    policy::{Mode, Rule, remedy},
    risk::Keeping,
};

/// How soon something is to be done, the least urgent first. The names are told in the
/// documentation of risk, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Urgency {
    /// It no longer works, and is still listed among what does.
    Dead = 1,
    /// Nobody uses it.
    Dormant,
    /// It was not confirmed in time.
    Unattested,
    /// It breaks a rule that warns.
    Warned,
    /// Its rotation was begun and not finished, so that two tokens work.
    Rotating,
    /// Nobody answers for it.
    Orphaned,
    /// It breaks a rule that is enforced.
    Enforced,
    /// It stands where copies are made.
    Copied,
    /// It was revoked here, and the Hub lets it in.
    Undead,
    /// Somebody else has it.
    Compromised,
}

/// What is to be done, the most urgent first, and the number that identities are sorted by: the most
/// urgent task in thousands, 500 more if the Hub said that the token works, and the risk. It is 0 if
/// there is nothing to do.
pub(super) fn to_do(
    identity: &Identity,
    breaches: &[Breach],
    risk: u8,
    now: Timestamp,
) -> (Vec<String>, u16) {
    let life = identity.life(now);
    let mut tasks = tasks(identity, life);
    let is_copied = tasks.iter().any(|(urgency, _)| *urgency == Urgency::Copied);
    tasks.extend(breaches.iter().filter_map(|breach| of_breach(breach, is_copied)));
    // Sorting is stable: what is equally urgent stays in the order of the rules.
    tasks.sort_by_key(|(urgency, _)| std::cmp::Reverse(*urgency));
    let number = tasks.first().map_or(0, |(urgency, _)| {
        let alive = if life == Life::Alive { 500 } else { 0 };
        *urgency as u16 * 1000 + alive + u16::from(risk)
    });
    (tasks.into_iter().map(|(_, words)| words).collect(), number)
}

/// What is to be done whatever the policy says.
fn tasks(identity: &Identity, life: Life) -> Vec<(Urgency, String)> {
    if life == Life::Dead {
        let is_settled = matches!(identity.state, State::Revoked | State::Retired);
        let name = identity.id.short();
        let words = format!(
            "{}: {}, or retire it with `bearhug token retire {name}`",
            death(identity),
            remedy::replace(identity)
        );
        return if is_settled { Vec::new() } else { vec![(Urgency::Dead, words)] };
    }
    let lives = if life == Life::Alive { "works" } else { "may work" };
    let end = || format!("{}, and {}", remedy::revoke(identity), remedy::replace(identity));
    let mut tasks = Vec::new();
    if identity.conditions.contains(&Condition::Compromised) {
        let words = format!("it is compromised, and {lives}: {}", end());
        tasks.push((Urgency::Compromised, words));
    }
    if matches!(identity.state, State::Revoked | State::Retired) {
        let words = format!(
            "it is {} here, and the Hub lets it in: {}",
            identity.state.name(),
            remedy::revoke(identity)
        );
        tasks.push((Urgency::Undead, words));
    }
    if identity.exposure.present > 0 && identity.exposure.keepings.contains(&Keeping::Copied) {
        let words = format!("it stands where copies are made, and {lives}: {}", end());
        tasks.push((Urgency::Copied, words));
    }
    if identity.state == State::Rotating {
        let words = format!(
            "its rotation is not finished: put the new token in its place, and {}",
            remedy::replace(identity)
        );
        tasks.push((Urgency::Rotating, words));
    }
    tasks
}

/// Why it is taken for dead.
fn death(identity: &Identity) -> String {
    let standing = &identity.standing;
    match &standing.missing_from {
        Some(organisation) => format!("`{organisation}` no longer lists it, so it is gone"),
        None if standing.verdict.is_dead() => "the Hub says that it no longer works".to_owned(),
        None => "the end that the Hub told is over".to_owned(),
    }
}

/// What a breach asks for, if it asks for anything. That a token stands where copies are made is not
/// told twice.
fn of_breach(breach: &Breach, is_copied: bool) -> Option<(Urgency, String)> {
    let rule = Rule::of_key(&breach.rule);
    let urgency = match (Mode::of_name(&breach.mode)?, rule) {
        (Mode::Observe, _) => return None,
        (_, Some(Rule::ForbiddenStorage)) if is_copied => return None,
        (Mode::Enforce, _) => Urgency::Enforced,
        (Mode::Warn, Some(Rule::OwnerRequired)) => Urgency::Orphaned,
        (Mode::Warn, Some(Rule::AttestEvery)) => Urgency::Unattested,
        (Mode::Warn, Some(Rule::DormantAfter)) => Urgency::Dormant,
        (Mode::Warn, _) => Urgency::Warned,
    };
    Some((urgency, format!("{}: {}", breach.what, breach.fix)))
}
