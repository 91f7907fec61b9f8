//! `bearhug scan --verify`: asks the Hub about what was found.

use std::sync::{Arc, atomic::AtomicBool};

use bearhug_core::{Finding, Kind, Told, Verdict};
use bearhug_guard::hunt::{Report, Tokens};
use bearhug_hub::{Error, NoAnswer, Problem, Reason, Whoami};

use crate::{hub::Hub, progress};

/// How often in a row the Hub may be out of reach before no more is asked. Each time takes seconds.
const FAILURES: u32 = 3;

/// Asks the Hub about each token that was found, once.
pub(super) fn verify(
    report: &mut Report,
    tokens: &Tokens,
    hub: &Hub,
    (stop, show_progress): (&AtomicBool, bool),
) {
    let bar = progress::count(show_progress, report.findings.len());
    let mut failures = 0;
    for finding in report.findings.iter_mut().filter(|finding| is_askable(finding)) {
        let Some(token) = tokens.get(&finding.fingerprint) else { continue };
        let (verdict, told) = if failures == FAILURES {
            let reason = "the Hub could not be reached for others, so it was not asked again";
            (Verdict::Unavailable, Told::nothing(reason.to_owned()))
        } else if let Some(answer) = hub.wait_unless(stop, hub.client.whoami(token)) {
            let is_out_of_reach = answer.as_ref().is_err_and(is_out_of_reach);
            failures = if is_out_of_reach { failures + 1 } else { 0 };
            told(answer)
        } else {
            report.interrupted = true;
            break;
        };
        (finding.verdict, finding.told) = (verdict, Some(told));
        bar.inc(1);
    }
    bar.finish_and_clear();
}

/// Whether the Hub can say anything about a finding.
fn is_askable(finding: &Finding) -> bool {
    let is_known_to_whoami = match finding.kind {
        Kind::UserToken
        | Kind::OrgToken
        | Kind::OauthAccessToken
        | Kind::TrustedPublisherToken
        | Kind::AppToken => true,
        Kind::OauthRefreshToken
        | Kind::OauthAppSecret
        | Kind::S3SessionToken
        | Kind::S3SecretKey
        | Kind::S3AccessKeyId
        | Kind::Lease => false,
    };
    is_known_to_whoami && !finding.assessment.placeholder
}

/// What an answer says of a token.
fn told(answer: Result<Arc<Whoami>, Error>) -> (Verdict, Told) {
    let error = match answer {
        Ok(known) => return Told::of(&known.grant),
        Err(error) => error,
    };
    let verdict = match error.refusal().map(|refusal| refusal.reason) {
        Some(Reason::UnknownToken | Reason::Unauthenticated) => Verdict::Inactive,
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
