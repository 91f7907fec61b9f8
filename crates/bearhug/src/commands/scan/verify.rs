//! `bearhug scan --verify`: asks the Hub about what was found.

use std::sync::Arc;

use bearhug_core::{Finding, Kind, Told, Verdict};
use bearhug_guard::hunt::{Report, Tokens};
use bearhug_hub::{Error, NoAnswer, Problem, Reason, Whoami};

use crate::{cleaning::Cleaner, hub::Hub, progress};

/// How often in a row the Hub may be out of reach before no more is asked. Each time takes seconds.
const FAILURES: u32 = 3;

/// Asks the Hub about each token that was found, once.
pub(super) fn verify(report: &mut Report, tokens: &Tokens, hub: &Hub, show_progress: bool) {
    let bar = progress::count(show_progress, report.findings.len());
    let cleaner = Cleaner::new();
    let mut failures = 0;
    for finding in report.findings.iter_mut().filter(|finding| is_askable(finding)) {
        let Some(token) = tokens.get(&finding.fingerprint) else { continue };
        let (verdict, told) = if failures == FAILURES {
            let reason = "the Hub could not be reached for others, so it was not asked again";
            (Verdict::Unavailable, Told::nothing(reason.to_owned()))
        } else if let Ok(answer) = hub.wait(hub.client.whoami(token)) {
            let is_out_of_reach = answer.as_ref().is_err_and(is_out_of_reach);
            failures = if is_out_of_reach { failures + 1 } else { 0 };
            told(answer, &cleaner)
        } else {
            report.interrupted = true;
            break;
        };
        (finding.verdict, finding.told) = (verdict, Some(told));
        bar.inc(1);
    }
    bar.finish_and_clear();
}

/// Whether the Hub can say anything about a finding. A lease is known to the broker that lent it and to
/// nobody else.
fn is_askable(finding: &Finding) -> bool {
    finding.kind.unknown_to_whoami().is_none()
        && finding.kind != Kind::Lease
        && !finding.assessment.placeholder
}

/// What an answer says of a token.
fn told(answer: Result<Arc<Whoami>, Error>, cleaner: &Cleaner) -> (Verdict, Told) {
    let error = match answer {
        Ok(known) => {
            let (verdict, told) = Told::of(&known.grant);
            let grant = cleaner.whole(&known.grant).map(Box::new);
            return (verdict, Told { grant, ..told });
        }
        Err(error) => error,
    };
    let verdict = match error.refusal().map(|refusal| refusal.reason) {
        Some(Reason::UnknownToken) => Verdict::Inactive,
        Some(Reason::ExpiredToken) => Verdict::Expired,
        Some(Reason::OrgPolicy | Reason::OrgRevoked) => Verdict::BlockedByOrg,
        _ => return (Verdict::Unavailable, Told::nothing(error.to_string())),
    };
    (verdict, Told::default())
}

fn is_out_of_reach(error: &Error) -> bool {
    match &error.problem {
        Problem::RateLimited { .. } => true,
        Problem::NoAnswer(reason) => {
            matches!(reason, NoAnswer::Unreachable(_) | NoAnswer::TimedOut | NoAnswer::Failed(_))
        }
        _ => false,
    }
}
