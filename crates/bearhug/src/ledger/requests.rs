//! What a broker wrote down, as events of the ledger.

use std::collections::BTreeMap;

use bearhug_broker::journal::{Completion, Decision, How, Record, Verdict};
use bearhug_core::{
    Fingerprint,
    event::{EventKind, Happening},
    identity::IdentityId,
    lease::Lease,
};
use bearhug_ledger::Changes;

use super::Ledger;
use crate::{author, error::CommandError};

/// Why a request was denied after it had begun.
pub(crate) const ASKED_FOR_MORE: &str = "its body asked for more than the lease allows";

/// How many events are written in one go.
const BATCH: usize = 500;

/// Enters a lease and what was done with it, as events of the identity that the token belongs to. A request
/// is one event, which says how it ended if that is known.
pub(crate) fn record(
    ledger: &Ledger,
    lease: &Lease,
    token: Fingerprint,
    records: &[Record],
) -> Result<(), CommandError> {
    let holder = ledger.wait(ledger.store.holders(&[token]))?.into_values().next();
    let identity = holder.map(|identity| identity.id);
    let ends: BTreeMap<&str, &Completion> = records
        .iter()
        .filter_map(|record| match record {
            Record::Completion(end) => Some((end.request.as_str(), end)),
            Record::Decision(_) => None,
        })
        .collect();
    let requests = records.iter().filter_map(|record| match record {
        Record::Decision(decision) => {
            let end = ends.get(decision.request.as_str()).copied();
            Some(request(decision, end, identity))
        }
        Record::Completion(_) => None,
    });
    let mut events = vec![issued(lease, token, identity)];
    events.extend(requests);
    for batch in events.chunks(BATCH) {
        ledger.change(|_| Ok((Changes { events: batch.to_vec(), ..Changes::default() }, ())))?;
    }
    Ok(())
}

fn issued(lease: &Lease, token: Fingerprint, identity: Option<IdentityId>) -> Happening {
    let mut details = details([
        ("lease", Some(lease.id.to_string())),
        ("workload", Some(lease.workload.clone())),
        ("scope", Some(lease.terms.scope.to_string())),
        ("token", Some(token.to_string())),
        ("reason", lease.reason.clone()),
        ("requests", lease.terms.requests.map(|most| most.to_string())),
        ("bytes", lease.terms.bytes.map(|most| most.to_string())),
    ]);
    details.insert("expires".to_owned(), lease.expires_at.to_string());
    let (at, kind) = (lease.created_at, EventKind::Lent);
    Happening { at, kind, actor: author::name(), identity, details }
}

fn request(
    decision: &Decision,
    end: Option<&Completion>,
    identity: Option<IdentityId>,
) -> Happening {
    let is_cut = end.is_some_and(|end| end.how == How::Denied);
    let details = details([
        ("request", Some(decision.request.clone())),
        ("lease", decision.lease.map(|lease| lease.to_string())),
        ("token", decision.token.map(|token| token.to_string())),
        ("source", Some(decision.source.to_string())),
        ("method", Some(decision.method.clone())),
        ("operation", decision.operation.clone()),
        ("needs", (!decision.needs.is_empty()).then(|| decision.needs.join(" "))),
        ("why", decision.why.clone().or_else(|| is_cut.then(|| ASKED_FOR_MORE.to_owned()))),
        ("status", end.and_then(|end| end.status).map(|status| status.to_string())),
        ("sent", end.map(|end| end.sent.to_string())),
        ("received", end.map(|end| end.received.to_string())),
        ("ended", end.map(|end| end.how.name().to_owned())),
    ]);
    let kind = match decision.verdict {
        Verdict::Allowed if !is_cut => EventKind::Allowed,
        Verdict::Allowed | Verdict::Denied => EventKind::Denied,
    };
    let actor = decision.workload.clone().unwrap_or_else(|| "unknown".to_owned());
    Happening { at: decision.at, kind, actor, identity, details }
}

fn details<const N: usize>(all: [(&str, Option<String>); N]) -> BTreeMap<String, String> {
    all.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?))).collect()
}
