//! Whether the user means it.

use std::io::{self, IsTerminal as _, Write as _};

use crate::{cli::Revoke, error::CommandError};

/// What the user agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Consent {
    /// To see what would be done.
    Plan,
    /// To do it.
    Act,
}

/// Finds out what the user agrees to. One token was named as such; of more, somebody must say so.
pub(super) fn ask(arguments: &Revoke, tokens: usize) -> Result<Consent, CommandError> {
    if arguments.dry_run {
        return Ok(Consent::Plan);
    }
    if tokens <= 1 || arguments.yes {
        return Ok(Consent::Act);
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(Consent::Plan);
    }
    let expected = format!("revoke {tokens}");
    let mut out = anstream::stderr();
    drop(write!(out, "This cannot be undone. Type `{expected}` to go on: ").and(out.flush()));
    let mut line = String::new();
    io::stdin()
        .read_line(&mut line)
        .map_err(|error| CommandError::new("cannot read your answer").because(error))?;
    if line.trim() == expected {
        Ok(Consent::Act)
    } else {
        Err(CommandError::new("nothing was revoked").hint("`--dry-run` shows what would be"))
    }
}
