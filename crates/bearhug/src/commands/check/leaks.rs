//! The condition that a token is not found where it should not be.

use std::{path::PathBuf, sync::atomic::AtomicBool};

use bearhug_core::Token;
use bearhug_guard::hunt::{Report, baseline::Baseline};
use bearhug_view::gate::{Condition, Outcome};

use crate::{
    cli::Hunting,
    commands::{
        scan::{self, Hunted},
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
    let hunted = Hunted { keep_tokens: false, show_progress, stop };
    let (report, _) = scan::hunt_until(&sources, &hunting, Baseline::default(), &hunted);
    if report.interrupted {
        return Err(CommandError::interrupted());
    }
    let (outcome, reason) = verdict(token, &report);
    let fix = (outcome == Outcome::Failed).then(|| {
        "Copies cannot be called back, so end it with `bearhug revoke`, take it out, and give the job \
         another. `bearhug scan` lists all that is there."
            .to_owned()
    });
    let paths: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
    Ok(Condition { name: "not-leaked-in", value: paths.join(", "), outcome, reason, fix })
}

fn verdict(token: &Token, report: &Report) -> (Outcome, String) {
    let fingerprint = token.fingerprint();
    let Some(finding) = report.findings.iter().find(|f| f.fingerprint == fingerprint) else {
        let unread = match report.gaps.len() {
            0 => String::new(),
            n => format!("; {n} places could not be searched, which `bearhug scan` lists"),
        };
        let files = report.coverage.scanned;
        return (Outcome::Passed, format!("it is in none of {files} files{unread}"));
    };
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
    let more = match finding.sightings.len().saturating_sub(PLACES) {
        0 => String::new(),
        n => format!(" and {n} more places"),
    };
    (Outcome::Failed, format!("it is in {}{more}", places.join(", ")))
}
