//! `bearhug revoke`.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use bearhug_core::{Token, revocation::Ending};
use bearhug_hub::{
    Pace,
    revocation::{Proving, planned},
};
use bearhug_view::revocation::{Format, Proof};
use jiff::Timestamp;

use super::showing;
use crate::{
    Exit,
    cli::{AskFirst, Global, Revoke, Wording},
    error::CommandError,
    hub::{self, Hub},
    interrupt, progress, tokens,
};

mod choice;
mod consent;
mod scanned;

use choice::Chosen;
use consent::Consent;

/// The longest that leaked tokens live on for the sake of knowing whose they are.
const LONGEST_DELAY: Duration = Duration::from_secs(10);

pub(crate) fn run(arguments: &Revoke, global: &Global) -> Result<Exit, CommandError> {
    let stop = interrupt::flag()?;
    let pace = hub::pace(&arguments.questions);
    let hub = Hub::at_pace(pace)?;
    let Chosen { tokens, is_all } = choice::choose(arguments, global, &stop)?;
    let consent = consent::ask(arguments, tokens.len())?;
    let started = Timestamp::now();
    let mut endings: Vec<Ending> = tokens.iter().map(planned).collect();
    let interrupted = match (consent, &arguments.org) {
        (Consent::Plan, _) => false,
        (Consent::Act, None) => {
            let how = Proving {
                asks_before: asks_before(arguments.ask_first, tokens.len(), pace),
                patience: Duration::from_secs(arguments.wait.into()),
            };
            everywhere(&hub, (&tokens, &mut endings), how, (&stop, !global.quiet))
        }
        (Consent::Act, Some(org)) => in_one_place(&hub, (&tokens, &mut endings), org, &stop)?,
    };
    let proof = Proof {
        endpoint: hub.address(),
        started,
        organisation: arguments.org.clone(),
        is_plan: consent == Consent::Plan,
        interrupted,
        endings,
    };
    let format = match arguments.format {
        Wording::Human => Format::Human,
        Wording::Json => Format::Json,
        Wording::Jsonl => Format::Jsonl,
    };
    showing::show(arguments.output.as_deref(), global, &mut |options, out| {
        proof.render(format, options, out)
    })?;
    if proof.is_plan && !arguments.dry_run && !global.quiet {
        crate::words::say("Nothing was revoked. Add `--yes` to revoke what is listed.");
    }
    Ok(exit(&proof, is_all))
}

/// Revokes tokens for everybody. Whether the user interrupted.
fn everywhere(
    hub: &Hub,
    (tokens, endings): (&[Token], &mut [Ending]),
    how: Proving,
    (stop, show_progress): (&Arc<AtomicBool>, bool),
) -> bool {
    let bar = progress::count(show_progress, tokens.len());
    let advance = |_: &Ending| bar.inc(1);
    let end = hub.client.end(tokens, endings, how, &advance);
    let finished = hub.wait_unless(stop, end);
    bar.finish_and_clear();
    finished.is_none()
}

/// Cuts tokens off from an organisation. Whether the user interrupted.
fn in_one_place(
    hub: &Hub,
    (tokens, endings): (&[Token], &mut [Ending]),
    org: &str,
    stop: &AtomicBool,
) -> Result<bool, CommandError> {
    let (administrator, _) = tokens::required()?;
    if tokens.iter().any(|token| token.fingerprint() == administrator.fingerprint()) {
        return Err(CommandError::new("the token that asks is among those to cut off")
            .hint("the Hub refuses that: ask with another token, in HF_TOKEN"));
    }
    for (token, ending) in tokens.iter().zip(endings) {
        let cut = hub.client.cut_off(org, token, &administrator, ending);
        if hub.wait_unless(stop, cut).is_none() {
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
