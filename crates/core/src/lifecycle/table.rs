//! Which moves are legal in which state, and why the others are not.

use jiff::Timestamp;

use super::{IllegalMove, Move};
use crate::identity::{Condition, Identity, Life, State, Version};

const ADOPT_FIRST: &str =
    "nobody has taken it on: adopt it first, with `token adopt`, so that somebody answers for it";
const NEVER_AGAIN: &str =
    "a revoked token never works again; give it a new one with `token add --replaces`";
const HISTORY: &str = "it is retired, and what is retired stays as it is";

/// The state that a move leads to. A table: a line for each move in each state.
#[expect(clippy::match_same_arms, reason = "the table is read move by move")]
pub(super) fn outcome(
    identity: &Identity,
    step: &Move,
    now: Timestamp,
) -> Result<State, IllegalMove> {
    use State::{Active, Adopted, Discovered, Retired, Revoked, Rotating};
    let no = |reason: &str| Err(IllegalMove::because(reason));
    match (step, identity.state) {
        (_, Retired) => no(HISTORY),

        (Move::Adopt { owner, .. }, Discovered) => owned(owner, Adopted),
        (Move::Adopt { .. }, Adopted | Active | Rotating) => {
            no("it is adopted already: change who answers for it with `token assign`")
        }
        (Move::Adopt { .. }, Revoked) => no("its token no longer works, so nobody need take it on"),

        (Move::Activate { .. }, Adopted | Rotating) => Ok(Active),
        (Move::Activate { .. }, Discovered) => no(ADOPT_FIRST),
        (Move::Activate { .. }, Active) => no("it is active already"),
        (Move::Activate { .. }, Revoked) => no(NEVER_AGAIN),

        (Move::StartRotation { .. }, Adopted | Active) => Ok(Rotating),
        (Move::StartRotation { .. }, Discovered) => no(ADOPT_FIRST),
        (Move::StartRotation { .. }, Rotating) => no("its rotation is under way already"),
        (Move::StartRotation { .. }, Revoked) => no(NEVER_AGAIN),

        (Move::Replace { version, .. }, Rotating | Revoked) => renewed(identity, version),
        (Move::Replace { .. }, Discovered) => no(ADOPT_FIRST),
        (Move::Replace { .. }, Adopted | Active) => {
            no("its token works: start the rotation before you replace it")
        }

        (Move::Revoke { .. }, Discovered | Adopted | Active | Rotating) => Ok(Revoked),
        (Move::Revoke { .. }, Revoked) => no("it is revoked already"),

        (Move::Retire { .. }, Revoked) => Ok(Retired),
        (Move::Retire { .. }, Discovered | Adopted | Active | Rotating) => {
            if identity.life(now) == Life::Dead {
                Ok(Retired)
            } else {
                no("its token may still work: revoke it before you retire it")
            }
        }

        (Move::SetCondition { condition, .. }, state) => may_set(identity, *condition, state),
        (Move::ClearCondition { condition, .. }, state) => {
            if identity.conditions.contains(condition) {
                Ok(state)
            } else {
                no(&format!("it is not {}", condition.name()))
            }
        }
    }
}

fn owned(owner: &str, state: State) -> Result<State, IllegalMove> {
    if owner.trim().is_empty() {
        return Err(IllegalMove::because("adopting takes an owner: say who answers for it"));
    }
    Ok(state)
}

/// A token that was ever current is no new one: it was given up for a reason.
fn renewed(identity: &Identity, new: &Version) -> Result<State, IllegalMove> {
    if identity.ownership.owner.is_none() {
        return Err(IllegalMove::because(
            "nobody answers for it: name an owner with `token assign` before it gets a new token",
        ));
    }
    if new.fingerprint.is_none() && new.hub_id.is_none() {
        return Err(IllegalMove::because("the new token is neither at hand nor known to the Hub"));
    }
    if identity.versions.iter().any(|version| version.is_same_token(new)) {
        return Err(IllegalMove::because(
            "that is no new token: this identity has it or had it already",
        ));
    }
    Ok(State::Active)
}

fn may_set(identity: &Identity, condition: Condition, state: State) -> Result<State, IllegalMove> {
    if identity.conditions.contains(&condition) {
        return Err(IllegalMove::because(format!("it is {} already", condition.name())));
    }
    if condition == Condition::Dormant && state == State::Revoked {
        return Err(IllegalMove::because("its token no longer works, so nobody can use it"));
    }
    Ok(state)
}
