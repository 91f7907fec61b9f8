//! Which tokens are to be revoked.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, atomic::AtomicBool},
};

use bearhug_core::{Confidence, Finding, Fingerprint, Gap, GapReason, Token};
use bearhug_guard::hunt::{Report, Tokens};

use super::scanned;
use crate::{
    cli::{Global, Hunting, Reading, Recording, Reporting, Revoke, Scan},
    commands::{
        scan::{self, Accepted, Hunted},
        showing,
        targets::{self, Targets},
    },
    error::CommandError,
    interrupt,
    tokens::{self, merged},
    words,
};

/// The tokens to revoke.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) tokens: Vec<Token>,
    /// Whether all that were asked for are among them.
    pub(super) is_all: bool,
    /// Whether it is one token that the user named, by its value or its fingerprint.
    pub(super) is_named: bool,
}

/// Finds the tokens that the user means.
pub(super) fn choose(
    arguments: &Revoke,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Chosen, CommandError> {
    let wanted = wanted(arguments)?;
    let is_scan = is_scan(arguments);
    let (mut found, mut is_all) = if is_scan {
        let (report, tokens) = hunt(arguments, global, stop)?;
        let read_all = say_gaps(&report, global)?;
        match &wanted {
            Some(_) => (tokens, true),
            None => (sure(&report, tokens), read_all),
        }
    } else {
        (given(arguments, stop)?, true)
    };
    if let Some(wanted) = wanted {
        for name in wanted.iter().filter(|name| !found.contains_key(*name)) {
            words::say(&format!("warning: {name} was not found, and is not revoked"));
            is_all = false;
        }
        found.retain(|name, _| wanted.contains(name));
    }
    let tokens: Vec<_> = found.into_values().collect();
    if tokens.is_empty() {
        return Err(CommandError::new("there is no token to revoke")
            .hint("give tokens by the standard input, or a path that a scan finds some in"));
    }
    let is_named = tokens.len() == 1 && (!is_scan || !arguments.fingerprint.is_empty());
    Ok(Chosen { tokens, is_all, is_named })
}

/// The tokens whose values the user gives.
fn given(arguments: &Revoke, stop: &AtomicBool) -> Result<Tokens, CommandError> {
    let held = match (&arguments.which.env, &arguments.which.file) {
        (Some(name), _) => tokens::variable(name)?,
        (_, Some(path)) => tokens::file(path)?,
        _ => interrupt::reading(stop, tokens::standard_input_of_tokens)??,
    };
    // The Hub says the same of a mistyped value as of a dead one, which would be taken for done.
    if let Some((token, place)) = held.iter().find(|(token, _)| !tokens::is_recognised(token)) {
        let (redacted, place) = (token.redacted(), &place.name);
        return Err(CommandError::new(format!(
            "{redacted} in {place} is not written as a token is"
        ))
        .hint("nothing was revoked: give the whole value, and nothing around it"));
    }
    Ok(merged(held).into_iter().map(|held| (held.token.fingerprint(), held.token)).collect())
}

/// Says what a scan could not read, in which there may be more tokens. Whether it read all.
fn say_gaps(report: &Report, global: &Global) -> Result<bool, CommandError> {
    // A token in more places than a report keeps is a token that was found.
    let is_unread = |gap: &Gap| !matches!(gap.reason, GapReason::SightingsCut { .. });
    let read_all = !report.gaps.iter().any(is_unread);
    if !read_all {
        words::say(
            "warning: not all could be read, and tokens that were not found are not revoked",
        );
        showing::show_on_stderr(global, &mut |options, out| {
            bearhug_view::summary(report, options, out)
        })?;
    }
    Ok(read_all)
}

/// Whether tokens come from a scan.
fn is_scan(arguments: &Revoke) -> bool {
    !arguments.paths.is_empty() && arguments.paths != [Path::new("-")]
}

/// The names of the tokens that were asked for, unless all were.
fn wanted(arguments: &Revoke) -> Result<Option<BTreeSet<Fingerprint>>, CommandError> {
    let named: BTreeSet<_> = arguments.fingerprint.iter().copied().collect();
    let Some(path) = &arguments.from_scan else {
        return Ok(Some(named).filter(|named| !named.is_empty()));
    };
    let listed = scanned::fingerprints(path)?;
    if let Some(stranger) = named.iter().find(|name| !listed.contains(*name)) {
        return Err(CommandError::new(format!("`{}` does not list {stranger}", path.display()))
            .hint("copy the fingerprint from that report"));
    }
    Ok(Some(if named.is_empty() { listed } else { named }))
}

fn hunt(
    arguments: &Revoke,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<(Report, Tokens), CommandError> {
    let scan = Scan {
        paths: arguments.paths.clone(),
        staged: false,
        machine: false,
        keyring: false,
        verification: crate::cli::Verification::default(),
        reading: Reading::default(),
        // Somebody may name what only looks made up.
        hunting: Hunting { include_placeholders: true, ..Hunting::default() },
        reporting: Reporting::default(),
        recording: Recording::default(),
    };
    let Targets { sources, clones, .. } = targets::of(&scan, None)?;
    let show_progress = !global.quiet;
    let hunted = Hunted { keep_tokens: true, ignore_allowances: false, show_progress, stop };
    let outcome = scan::hunt_until(&sources, &scan.hunting, Accepted::default(), &hunted);
    drop(clones);
    if outcome.0.interrupted {
        return Err(CommandError::interrupted());
    }
    Ok(outcome)
}

/// Those of the tokens that are probably some. What is doubtful must be asked for by name.
fn sure(report: &Report, mut tokens: Tokens) -> Tokens {
    let mut placeholders: usize = 0;
    for finding in &report.findings {
        let Finding { redacted, fingerprint, assessment, .. } = finding;
        if assessment.placeholder {
            placeholders += 1;
        } else if assessment.confidence < Confidence::Medium {
            words::say(&format!(
                "warning: {redacted} {fingerprint} is probably no token, and is not revoked unless \
                 `--fingerprint` names it"
            ));
        } else {
            continue;
        }
        tokens.remove(fingerprint);
    }
    if placeholders > 0 {
        words::say(&format!(
            "warning: what looks made up is not revoked ({placeholders} found): `bearhug scan \
             --include-placeholders` lists it, and `--fingerprint` names it"
        ));
    }
    tokens
}
