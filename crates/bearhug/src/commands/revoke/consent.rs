//! Whether the user means it.

use std::{
    io::{self, IsTerminal as _, Write as _},
    sync::atomic::AtomicBool,
};

use super::choice::Chosen;
use crate::{cli::Revoke, error::CommandError, interrupt};

/// What the user agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Consent {
    /// To see what would be done.
    Plan,
    /// To do it.
    Act,
}

/// Finds out what the user agrees to. One token that was named as such may die; of what a scan finds, and
/// of more than one, somebody must say so who sees which they are.
pub(super) fn ask(
    arguments: &Revoke,
    chosen: &Chosen,
    stop: &AtomicBool,
    show_plan: impl FnOnce() -> Result<(), CommandError>,
) -> Result<Consent, CommandError> {
    if arguments.dry_run {
        return Ok(Consent::Plan);
    }
    if chosen.is_named || arguments.yes {
        return Ok(Consent::Act);
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(Consent::Plan);
    }
    show_plan()?;
    let expected = format!("revoke {}", chosen.tokens.len());
    let mut out = anstream::stderr();
    drop(write!(out, "This cannot be undone. Type `{expected}` to go on: ").and(out.flush()));
    let line = interrupt::reading(stop, || io::stdin().lines().next().transpose())?
        .map_err(|error| CommandError::new("cannot read your answer").because(error))?;
    if line.is_some_and(|line| line.trim() == expected) {
        Ok(Consent::Act)
    } else {
        Err(CommandError::new("nothing was revoked").hint("`--dry-run` shows what would be"))
    }
}
