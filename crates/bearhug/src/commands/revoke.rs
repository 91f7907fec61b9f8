//! `bearhug revoke`.

use std::{io::Write, time::Duration};

use bearhug_core::{
    Token,
    revocation::{Ending, Outcome},
};
use bearhug_hub::{
    Pace,
    revocation::{Proving, planned},
};
use bearhug_view::{Wording, revocation::Proof};
use jiff::Timestamp;

use super::showing;
use crate::{
    Exit,
    cli::{AskFirst, Global, Revoke},
    error::CommandError,
    hub::{self, Hub},
    interrupt, progress, tokens,
};

mod choice;
mod consent;
mod recorded;
mod scanned;

use consent::Consent;

/// The longest that leaked tokens live on for the sake of knowing whose they are.
const LONGEST_DELAY: Duration = Duration::from_secs(10);

pub(crate) fn run(arguments: &Revoke, global: &Global) -> Result<Exit, CommandError> {
    let stop = interrupt::flag()?;
    let hub = Hub::at_pace(hub::pace(&arguments.questions), &stop, global)?;
    let chosen = choice::choose(arguments, global, &stop)?;
    let mut proof = Proof {
        endpoint: hub.address(),
        started: Timestamp::now(),
        organisation: arguments.org.clone(),
        is_plan: true,
        interrupted: false,
        endings: chosen.tokens.iter().map(planned).collect(),
    };
    let show_plan = || {
        showing::show_on_stderr(global, &mut |options, out| {
            proof.render(Wording::Human, options, out)
        })
    };
    if consent::ask(arguments, &chosen, &stop, show_plan)? == Consent::Act {
        proof.is_plan = false;
        proof.started = Timestamp::now();
        proof.interrupted = act(&hub, (&chosen.tokens, &mut proof.endings), arguments, global)?;
        proof.endings.iter_mut().for_each(settle);
    }
    let wording = arguments.format.into();
    let mut render = |options: &_, out: &mut dyn Write| proof.render(wording, options, out);
    let shown = showing::show(arguments.output.as_deref(), global, &mut render);
    if shown.is_err() && arguments.output.is_some() && !proof.is_plan {
        // What was done cannot be done again for the sake of its proof.
        showing::show(None, global, &mut render)?;
    }
    shown?;
    // What is cut off from an organisation lives on elsewhere.
    if !proof.is_plan && arguments.org.is_none() {
        recorded::record(&proof.endings, global, &stop)?;
    }
    if proof.is_plan && !arguments.dry_run && !global.quiet {
        crate::words::say("Nothing was revoked. Add `--yes` to revoke what is listed.");
    }
    Ok(exit(&proof, chosen.is_all))
}

/// What was not begun is no plan any more: the Hub was certainly not told to end it.
fn settle(ending: &mut Ending) {
    if ending.outcome == Outcome::Planned {
        let why = "bearhug was interrupted before it asked the Hub for this";
        ending.outcome = Outcome::NotSent(why.to_owned());
    }
}

/// Does what the user agreed to. Whether the user interrupted.
fn act(
    hub: &Hub,
    (tokens, endings): (&[Token], &mut [Ending]),
    arguments: &Revoke,
    global: &Global,
) -> Result<bool, CommandError> {
    if let Some(org) = &arguments.org {
        return in_one_place(hub, (tokens, endings), org);
    }
    let pace = hub::pace(&arguments.questions);
    let how = Proving {
        asks_before: asks_before(arguments.ask_first, tokens.len(), pace),
        patience: Duration::from_secs(arguments.wait.into()),
    };
    let bar = progress::count(!global.quiet, tokens.len());
    let advance = |_: &Ending| bar.inc(1);
    let finished = hub.wait(hub.client.end(tokens, endings, how, &advance));
    bar.finish_and_clear();
    Ok(finished.is_err())
}

/// Cuts tokens off from an organisation. Whether the user interrupted.
fn in_one_place(
    hub: &Hub,
    (tokens, endings): (&[Token], &mut [Ending]),
    org: &str,
) -> Result<bool, CommandError> {
    let (administrator, _) = tokens::required()?;
    if tokens.iter().any(|token| token.fingerprint() == administrator.fingerprint()) {
        return Err(CommandError::new("the token that asks is among those to cut off")
            .hint("the Hub refuses that: ask with another token, in HF_TOKEN"));
    }
    for (token, ending) in tokens.iter().zip(endings) {
        if hub.wait(hub.client.cut_off(org, token, &administrator, ending)).is_err() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn asks_before(when: AskFirst, tokens: usize, pace: Pace) -> bool {
    let waiting = u32::try_from(tokens).unwrap_or(u32::MAX).saturating_sub(pace.whoami_burst);
    match when {
        AskFirst::Always => true,
        AskFirst::Never => false,
        AskFirst::Auto => pace.whoami_interval.saturating_mul(waiting) <= LONGEST_DELAY,
    }
}

fn exit(proof: &Proof, is_all: bool) -> Exit {
    match proof.succeeded() {
        _ if proof.interrupted => Exit::Interrupted,
        _ if proof.is_plan => Exit::Clean,
        n if n == proof.endings.len() && is_all => Exit::Clean,
        0 => Exit::Error,
        _ => Exit::Partial,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaked_tokens_do_not_wait_for_introductions() {
        let pace = Pace::default();
        for (tokens, expected) in [(1, true), (10, true), (26, true), (27, false), (1000, false)] {
            assert_eq!(asks_before(AskFirst::Auto, tokens, pace), expected, "{tokens}");
        }
        assert!(asks_before(AskFirst::Always, 1000, pace));
        assert!(!asks_before(AskFirst::Never, 1, pace));
    }
}
