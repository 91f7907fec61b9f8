//! The condition that a token is not found where it should not be.

use std::{path::PathBuf, sync::atomic::AtomicBool};

use bearhug_core::{Finding, Gap, GapReason, Token};
use bearhug_detect::{Detector, Options};
use bearhug_guard::hunt::Report;
use bearhug_view::gate::{Condition, Outcome};
use secrecy::ExposeSecret as _;

use crate::{
    cli::Hunting,
    commands::{
        scan::{self, Accepted, Hunted},
        targets,
    },
    error::CommandError,
};

/// How many places are named.
const PLACES: usize = 5;

/// Searches the paths, the git histories in them included, for the token.
pub(super) fn judge(
    token: &Token,
    paths: &[PathBuf],
    (stop, show_progress): (&AtomicBool, bool),
) -> Result<Condition, CommandError> {
    let sources = targets::of_paths(paths.to_vec())?;
    let hunting = Hunting { include_placeholders: true, ..Hunting::default() };
    // Who allows a token on a line allows it in what is scanned, and not to the job that uses it.
    let hunted = Hunted { keep_tokens: false, ignore_allowances: true, show_progress, stop };
    let (report, _) = scan::hunt_until(&sources, &hunting, Accepted::default(), &hunted);
    if report.interrupted {
        return Err(CommandError::interrupted());
    }
    let (outcome, reason) = verdict(token, &report);
    let fix = match outcome {
        Outcome::Passed => None,
        Outcome::Failed => Some(
            "Copies cannot be called back, so end it with `bearhug revoke`, take it out, and give the job \
             another. `bearhug scan` lists all that is there.",
        ),
        Outcome::Unknown => Some(
            "`bearhug scan` lists what could not be searched, and why. Take it out, name narrower paths, or \
             fetch the whole history.",
        ),
    };
    let fix = fix.map(str::to_owned);
    let paths: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
    Ok(Condition { name: "not-leaked-in", value: paths.join(", "), outcome, reason, fix })
}

fn verdict(token: &Token, report: &Report) -> (Outcome, String) {
    let fingerprint = token.fingerprint();
    if let Some(finding) = report.findings.iter().find(|f| f.fingerprint == fingerprint) {
        return (Outcome::Failed, found_in(finding));
    }
    if !is_recognisable(token) {
        let reason = "it has the shape of no token that a search finds";
        return (Outcome::Unknown, reason.to_owned());
    }
    // Which of the places of another token were left out does not matter.
    let is_unread = |gap: &&Gap| !matches!(gap.reason, GapReason::SightingsCut { .. });
    let unread: Vec<_> = report.gaps.iter().filter(is_unread).collect();
    let files = report.coverage.scanned;
    if unread.is_empty() {
        return (Outcome::Passed, format!("it is in none of {files} files"));
    }
    let gaps = unread
        .iter()
        .take(PLACES)
        .map(|gap| format!("{} ({})", gap.origin.path, gap.reason.name().replace('_', " ")));
    let gaps: Vec<_> = gaps.collect();
    let reason = format!(
        "it is in none of {files} files, but not all could be searched: {}{}",
        gaps.join(", "),
        and_more(unread.len())
    );
    (Outcome::Unknown, reason)
}

/// Whether a search would find the token if it were there.
#[expect(clippy::disallowed_methods, reason = "a search for the value in itself")]
fn is_recognisable(token: &Token) -> bool {
    let candidates = Detector::new(Options::default()).scan(token.expose_secret().as_bytes());
    candidates.candidates.iter().any(|c| c.token.fingerprint() == token.fingerprint())
}

fn found_in(finding: &Finding) -> String {
    let places: Vec<_> = finding
        .sightings
        .iter()
        .take(PLACES)
        .map(|sighting| {
            let commit = sighting
                .commit
                .as_ref()
                .map(|c| format!(" in commit {}", c.id.get(..12).unwrap_or(&c.id)));
            let line = sighting.line.map(|line| format!(":{line}"));
            format!(
                "{}{}{}",
                sighting.origin.path,
                line.unwrap_or_default(),
                commit.unwrap_or_default()
            )
        })
        .collect();
    format!("it is in {}{}", places.join(", "), and_more(finding.sightings.len()))
}

fn and_more(places: usize) -> String {
    match places.saturating_sub(PLACES) {
        0 => String::new(),
        n => format!(" and {n} more places"),
    }
}
