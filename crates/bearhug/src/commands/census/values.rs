//! The tokens whose values are at hand, and what whoami says of each.

use bearhug_core::Token;
use bearhug_guard::census::Shown;

use super::{Failure, Findings, Round, plan::Plan};
use crate::{
    Exit,
    error::CommandError,
    hub::variable,
    interrupt::Interrupted,
    tokens::{self, Held},
};

/// The variables that clients heed.
const VARIABLES: [&str; 2] = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"];

/// How often in a row the Hub may not answer before no more is asked. Each time takes seconds.
const FAILURES: usize = 3;

/// The tokens in the environment and those that clients keep.
pub(super) fn at_hand() -> Result<Vec<Held>, CommandError> {
    let mut found = Vec::new();
    for name in VARIABLES.into_iter().filter(|name| variable(&[*name]).is_some()) {
        found.extend(tokens::variable(name)?);
    }
    match tokens::cached() {
        Ok(kept) => found.extend(kept),
        Err(error) if error.exit() == Exit::NotAuthenticated => {}
        Err(error) => return Err(error),
    }
    Ok(tokens::merged(found))
}

/// Asks about each.
pub(super) fn ask(
    round: &Round<'_>,
    held: &[Held],
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<Result<(), Interrupted>, CommandError> {
    let (mut answered, mut in_a_row) = (0, 0);
    let mut is_cut = false;
    let mut heard = Vec::new();
    for one in held {
        let what = format!("{} in {}", one.token.redacted(), places(one));
        if let Some(why) = unaskable(&one.token) {
            findings.gap(what, why, None);
            continue;
        }
        if in_a_row >= FAILURES {
            let why = "the Hub did not answer for others, so it was not asked again";
            findings.gap(what, why, Some(Failure::Other));
            continue;
        }
        let Ok(standing) = round.hub.standing(&one.token) else {
            is_cut = true;
            break;
        };
        match round.cleaner.said(standing) {
            Ok(said) => {
                (answered, in_a_row) = (answered + 1, 0);
                heard.push((Shown::of(&one.token, said), places(one)));
            }
            Err(why) => {
                in_a_row += 1;
                findings.gap(what, why, Some(Failure::Other));
            }
        }
    }
    if answered > 0 {
        findings.report.answered.push(("tokens at hand".to_owned(), answered));
    }
    plan.hear_values(round, heard, &mut findings.report)?;
    Ok(if is_cut { Err(Interrupted) } else { Ok(()) })
}

/// Why the Hub cannot be asked about a token, if it cannot.
pub(super) fn unaskable(token: &Token) -> Option<&'static str> {
    let is_token = tokens::is_recognised(token);
    (!is_token).then_some("it is not written as a token is").or(token.kind().unknown_to_whoami())
}

/// That there is no token to ask about, or none that the Hub knows.
pub(super) fn nothing_to_ask(held: &[Held]) -> CommandError {
    let Some((one, why)) = held.first().and_then(|one| Some((one, unaskable(&one.token)?))) else {
        return CommandError::new("there is no token here to ask the Hub about");
    };
    let (token, places) = (one.token.redacted(), places(one));
    CommandError::new(format!("the Hub cannot be asked about {token} in {places}: {why}"))
}

fn places(held: &Held) -> String {
    let names: Vec<_> = held.places.iter().map(|place| place.name.as_str()).collect();
    names.join(", ")
}
