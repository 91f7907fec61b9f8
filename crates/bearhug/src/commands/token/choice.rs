//! Which tokens of the ledger a person means, by name or all that match a filter.

use std::{
    io::{self, IsTerminal as _, Write as _},
    sync::{Arc, atomic::AtomicBool},
};

use bearhug_core::{
    Fingerprint,
    identity::{Identity, IdentityId},
};
use bearhug_ledger::{Filter, Order, Page};

use super::filter;
use crate::{
    cli::Chosen,
    error::CommandError,
    interrupt,
    ledger::{Desk, Ledger},
    words,
};

/// How many are named if a name means several.
const FEW: usize = 5;

/// How many are looked at to find out what a name means.
const BATCH: u32 = 1000;

/// The token that a person means: by its name or the start of it, by a fingerprint, or by what it is
/// called.
pub(crate) fn one(ledger: &Ledger, text: &str) -> Result<Identity, CommandError> {
    words::no_token_argument(text)?;
    // A variable that is not set names nobody, also where the ledger has a single token.
    if matches!(text.trim(), "" | "id_") {
        return Err(unknown(text));
    }
    if let Ok(id) = text.parse::<IdentityId>() {
        return ledger.wait(ledger.store.identity(id))?.ok_or_else(|| unknown(text));
    }
    if text.starts_with("id_") {
        return match ledger.wait(ledger.store.identities_named(text))?.as_slice() {
            [id] => ledger.wait(ledger.store.identity(*id))?.ok_or_else(|| unknown(text)),
            [] => Err(unknown(text)),
            several => Err(ambiguous(text, several.iter().map(ToString::to_string))),
        };
    }
    if let Ok(fingerprint) = text.parse::<Fingerprint>() {
        let holders = ledger.wait(ledger.store.holders(&[fingerprint]))?;
        return holders.into_values().next().ok_or_else(|| unknown(text));
    }
    called(ledger, text)
}

/// The token that is called so, or the one whose name or fingerprint starts so: of what is changed, a
/// part in the middle says too little.
fn called(ledger: &Ledger, text: &str) -> Result<Identity, CommandError> {
    // As reports print it, `hf_…Ab3x`, a token goes by its end, whatever it is called by now.
    let end = text.rfind('…').and_then(|at| text.get(at..));
    let filter = Filter { text: Some(end.unwrap_or(text).to_owned()), ..Filter::default() };
    let page = Page { limit: BATCH, after: None };
    let found = ledger.wait(ledger.store.identities(&filter, Order::Name, &page))?.items;
    let (exact, others): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|identity| identity.name == text || is_printed(identity, text));
    let starts_so = |identity: &Identity| {
        let tokens = identity.versions.iter().filter_map(|version| version.fingerprint);
        let mut names = tokens.map(|token| token.to_string()).chain([identity.name.clone()]);
        names.any(|name| name.starts_with(text))
    };
    let mut meant = exact;
    if meant.is_empty() {
        meant = others.into_iter().filter(starts_so).collect();
    }
    let more = meant.len().saturating_sub(FEW);
    match (meant.pop(), meant.as_slice()) {
        (Some(identity), []) => Ok(identity),
        (None, _) => Err(unknown(text)),
        (Some(last), _) => {
            let named = meant.iter().chain([&last]).take(FEW);
            let named =
                named.map(|identity| format!("{} ({})", identity.id.short(), identity.name));
            let more = (more > 0).then(|| format!("{more} more"));
            Err(ambiguous(text, named.chain(more)))
        }
    }
}

/// Whether reports print one of its tokens so.
fn is_printed(identity: &Identity, text: &str) -> bool {
    let mut ends = identity.versions.iter().filter_map(|version| version.last4.as_deref());
    ends.any(|last4| format!("{}…{last4}", identity.kind.prefix()) == text)
}

/// Fails if another token is called so, since commands would no longer know which of them is meant.
pub(crate) fn unused(ledger: &Ledger, name: &str, by: IdentityId) -> Result<(), CommandError> {
    let filter = Filter { text: Some(name.to_owned()), ..Filter::default() };
    let mut other = None;
    ledger.each_identity(&filter, Order::Name, |identity| {
        if identity.name == name && identity.id != by {
            other = Some(identity.id);
        }
    })?;
    match other {
        None => Ok(()),
        Some(id) => Err(CommandError::new(format!("{} is called `{name}` already", id.short()))
            .hint("nothing was changed: give another name, or rename that one with `bearhug token describe ID --name NAME`")),
    }
}

fn unknown(text: &str) -> CommandError {
    CommandError::new(format!("no token of the ledger is called `{text}`"))
        .hint("`bearhug token list --all` names them; `bearhug scan . --record` finds more")
}

fn ambiguous(text: &str, meant: impl Iterator<Item = String>) -> CommandError {
    let meant: Vec<_> = meant.collect();
    CommandError::new(format!("`{text}` means more than one token: {}", meant.join(", ")))
        .hint("give the `id_…` of the one that you mean")
        .usage()
}

/// The tokens that something is done to, as the user agrees. `deed` says what, such as `adopt`.
pub(crate) fn several(
    desk: &Desk,
    chosen: &Chosen,
    deed: &str,
    stop: &Arc<AtomicBool>,
) -> Result<Vec<IdentityId>, CommandError> {
    let Some(text) = &chosen.all_matching else {
        let mut ids = Vec::new();
        for text in &chosen.ids {
            let id = one(&desk.ledger, text)?.id;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        return Ok(ids);
    };
    let all = matching(&desk.ledger, &filter::parse(text)?)?;
    if all.is_empty() {
        return Err(CommandError::new("no token matches")
            .hint("`bearhug token list` with the same filter shows what would"));
    }
    if !chosen.yes {
        agree(deed, all.len(), stop)?;
    }
    Ok(all)
}

/// All that match.
pub(crate) fn matching(ledger: &Ledger, filter: &Filter) -> Result<Vec<IdentityId>, CommandError> {
    let mut ids = Vec::new();
    ledger.each_identity(filter, Order::Name, |identity| ids.push(identity.id))?;
    Ok(ids)
}

/// Asks on a terminal. Elsewhere somebody must have said `--yes`.
pub(crate) fn agree(deed: &str, tokens: usize, stop: &AtomicBool) -> Result<(), CommandError> {
    let refused = |why: String| {
        CommandError::new(why).hint("`--yes` does it; nothing was changed so far").usage()
    };
    let matches = match tokens {
        1 => "1 token matches".to_owned(),
        _ => format!("{tokens} tokens match"),
    };
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(refused(format!("{matches}, and nobody said `--yes`")));
    }
    let expected = format!("{deed} {tokens}");
    let mut out = anstream::stderr();
    drop(write!(out, "{matches}. Type `{expected}` to go on: ").and(out.flush()));
    let line = interrupt::reading(stop, || io::stdin().lines().next().transpose())?
        .map_err(|error| CommandError::new("cannot read your answer").because(error))?;
    if line.is_some_and(|line| line.trim() == expected) {
        Ok(())
    } else {
        Err(refused("nobody agreed".to_owned()))
    }
}
