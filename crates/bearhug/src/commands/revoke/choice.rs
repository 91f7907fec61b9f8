//! Which tokens are to be revoked.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, atomic::AtomicBool},
};

use bearhug_core::{Confidence, Fingerprint, Token};
use bearhug_guard::hunt::{Report, Tokens, baseline::Baseline};

use super::scanned;
use crate::{
    cli::{Global, Hunting, Reading, Reporting, Revoke, Scan},
    commands::{
        scan::{self, Hunted},
        targets::{self, Targets},
    },
    error::CommandError,
    tokens::{self, merged},
    words,
};

/// The tokens to revoke.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) tokens: Vec<Token>,
    /// Whether all that were asked for are among them.
    pub(super) is_all: bool,
}

/// Finds the tokens that the user means.
pub(super) fn choose(
    arguments: &Revoke,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Chosen, CommandError> {
    let wanted = wanted(arguments)?;
    let mut found = match &arguments.which {
        _ if is_scan(arguments) => {
            let everything = wanted.is_none();
            let (report, tokens) = hunt(arguments, global, stop)?;
            if everything { sure(&report, tokens) } else { tokens }
        }
        which => {
            let held = match (&which.env, &which.file) {
                (Some(name), _) => tokens::variable(name)?,
                (_, Some(path)) => tokens::file(path)?,
                _ => tokens::standard_input()?,
            };
            merged(held).into_iter().map(|held| (held.token.fingerprint(), held.token)).collect()
        }
    };
    let Some(wanted) = wanted else {
        return chosen(found.into_values().collect(), true);
    };
    let missing: Vec<_> = wanted.iter().filter(|name| !found.contains_key(*name)).collect();
    for name in &missing {
        words::say(&format!("warning: {name} was not found, and is not revoked"));
    }
    let is_all = missing.is_empty();
    found.retain(|name, _| wanted.contains(name));
    chosen(found.into_values().collect(), is_all)
}

fn chosen(tokens: Vec<Token>, is_all: bool) -> Result<Chosen, CommandError> {
    if tokens.is_empty() {
        return Err(CommandError::new("there is no token to revoke")
            .hint("give tokens by the standard input, or a path that a scan finds some in"));
    }
    Ok(Chosen { tokens, is_all })
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
        hunting: Hunting::default(),
        reporting: Reporting::default(),
    };
    let Targets { sources, clones, .. } = targets::of(&scan, None)?;
    let show_progress = !global.quiet;
    let hunted = Hunted { keep_tokens: true, ignore_allowances: false, show_progress, stop };
    let outcome = scan::hunt_until(&sources, &scan.hunting, Baseline::default(), &hunted);
    drop(clones);
    if outcome.0.interrupted {
        return Err(CommandError::interrupted());
    }
    Ok(outcome)
}

/// Those of the tokens that are probably some. What is doubtful must be asked for by name.
fn sure(report: &Report, mut tokens: Tokens) -> Tokens {
    let sure: BTreeSet<_> = report
        .findings
        .iter()
        .filter(|finding| finding.assessment.confidence >= Confidence::Medium)
        .map(|finding| finding.fingerprint)
        .collect();
    tokens.retain(|name, _| sure.contains(name));
    tokens
}
