//! `bearhug scan --verify`: asks the Hub about what was found.

use std::sync::atomic::{AtomicBool, Ordering};

use bearhug_core::{Finding, Kind, Token, Told, Verdict};
use bearhug_guard::hunt::{Report, Tokens};
use bearhug_hub::{Error, NoAnswer, Problem, Reason};

use crate::{
    cli::Verification,
    error::CommandError,
    hub::{self, Hub},
    progress,
};

/// How often in a row the Hub may be out of reach before no more is asked. Each time takes seconds.
const FAILURES: u32 = 3;

/// Asks the Hub about each token that was found, once.
pub(super) fn verify(
    report: &mut Report,
    tokens: &Tokens,
    arguments: &Verification,
    (stop, show_progress): (&AtomicBool, bool),
) -> Result<(), CommandError> {
    let hub = Hub::at_pace(hub::pace(&arguments.questions))?;
    let bar = progress::count(show_progress, report.findings.len());
    let mut failures = 0;
    for finding in report.findings.iter_mut().filter(|finding| is_askable(finding)) {
        let Some(token) = tokens.get(&finding.fingerprint) else { continue };
        if stop.load(Ordering::Relaxed) {
            report.interrupted = true;
            break;
        }
        let told = if failures < FAILURES {
            ask(&hub, token, &mut failures)
        } else {
            let reason = "the Hub could not be reached for others, so it was not asked again";
            (Verdict::Unavailable, Told::nothing(reason.to_owned()))
        };
        (finding.verdict, finding.told) = (told.0, Some(told.1));
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
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

fn ask(hub: &Hub, token: &Token, failures: &mut u32) -> (Verdict, Told) {
    match hub.wait(hub.client.whoami(token)) {
        Ok(known) => {
            *failures = 0;
            Told::of(&known.grant)
        }
        Err(error) => {
            *failures = if is_out_of_reach(&error) { *failures + 1 } else { 0 };
            refused(&error)
        }
    }
}

fn refused(error: &Error) -> (Verdict, Told) {
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
