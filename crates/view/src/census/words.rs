//! Events of a census in words.

use bearhug_core::event::{EventKind, Happening};

/// The particulars of a drift that are told first, since they say what somebody could do.
const FIRST: [&str; 6] = ["verdict", "gained", "lost", "kept_out_by", "let_in_again_by", "left"];

/// What happened to an identity, each part in a phrase. The flag says whether it is something to look at. Of
/// one that is new, everything is, and little is said.
pub(super) fn told(events: &[Happening]) -> Vec<(bool, String)> {
    let is_new = events.iter().any(|event| event.kind == EventKind::Discovered);
    if !is_new {
        return events.iter().flat_map(phrases).collect();
    }
    let (known, others): (Vec<_>, Vec<_>) = events
        .iter()
        .partition(|event| matches!(event.kind, EventKind::Discovered | EventKind::Drifted));
    let now = |key: &str| {
        let value = known.iter().find_map(|event| event.details.get(key))?;
        Some(value.rsplit(" → ").next().unwrap_or(value))
    };
    let mut parts = vec!["new in the ledger".to_owned()];
    parts.extend(now("account").map(|account| format!("speaks for {account}")));
    parts.extend(now("role").map(|role| format!("role {role}")));
    parts.extend(now("suggested_owners").map(|owners| format!("perhaps owned by {owners}")));
    let others = others.into_iter().flat_map(phrases);
    std::iter::once((false, parts.join("; "))).chain(others).collect()
}

fn phrases(event: &Happening) -> Vec<(bool, String)> {
    let detail = |key: &str| event.details.get(key).map_or("", String::as_str);
    match event.kind {
        EventKind::Moved | EventKind::Adopted => {
            vec![(true, with_reason(&format!("now {}", detail("to")), detail("why")))]
        }
        EventKind::Condition => {
            let (set, cleared) = (detail("set"), detail("cleared"));
            let what = if set.is_empty() { format!("no longer {cleared}") } else { set.to_owned() };
            vec![(!set.is_empty(), with_reason(&what, detail("why")))]
        }
        EventKind::Versioned => {
            let what = format!("new token {} in place of {}", detail("token"), detail("replaces"));
            vec![(true, with_reason(&what, detail("why")))]
        }
        EventKind::Drifted => drift(event),
        _ => {
            let details = event.details.iter().map(|(key, value)| format!("{key}: {value}"));
            vec![(true, details.collect::<Vec<_>>().join("; "))]
        }
    }
}

fn drift(event: &Happening) -> Vec<(bool, String)> {
    let first = FIRST.iter().filter_map(|key| event.details.get_key_value(*key));
    let rest = event.details.iter().filter(|(key, _)| !FIRST.contains(&key.as_str()));
    let is_first = |key: &str| FIRST.contains(&key);
    first
        .chain(rest)
        .map(|(key, value)| (is_first(key), format!("{}: {value}", key.replace('_', " "))))
        .collect()
}

fn with_reason(what: &str, why: &str) -> String {
    if why.is_empty() { what.to_owned() } else { format!("{what}: {why}") }
}
