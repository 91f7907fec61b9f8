//! `bearhug scan --verify`: asks the Hub about what was found.

use std::sync::{Arc, atomic::AtomicBool};

use bearhug_core::{Finding, Kind, Token, Told, Verdict};
use bearhug_guard::hunt::{Report, Tokens};
use bearhug_hub::{Error, NoAnswer, Problem, Reason};

use crate::{
    cli::{Global, Verification},
    error::CommandError,
    hub::{self, Hub},
    interrupt::Interrupted,
    progress,
};

/// How often in a row the Hub may be out of reach before no more is asked. Each time takes seconds.
const FAILURES: u32 = 3;

/// Asks the Hub about each token that was found, once.
pub(super) fn verify(
    report: &mut Report,
    tokens: &Tokens,
    arguments: &Verification,
    (stop, global): (&Arc<AtomicBool>, &Global),
) -> Result<(), CommandError> {
    let hub = Hub::at_pace(hub::pace(&arguments.questions), stop, global)?;
    let bar = progress::count(!global.quiet, report.findings.len());
    let mut failures = 0;
    for finding in report.findings.iter_mut().filter(|finding| is_askable(finding)) {
        let Some(token) = tokens.get(&finding.fingerprint) else { continue };
        let told = if failures < FAILURES {
            ask(&hub, token, &mut failures)
        } else {
            let reason = "the Hub could not be reached for others, so it was not asked again";
            Ok((Verdict::Unavailable, Told::nothing(reason.to_owned())))
        };
        let Ok(told) = told else {
            report.interrupted = true;
            break;
        };
        (finding.verdict, finding.told) = (told.0, Some(told.1));
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}

/// Whether the Hub can say anything about a finding. A lease is known to the broker that lent it and to
/// nobody else.
fn is_askable(finding: &Finding) -> bool {
    finding.kind.unknown_to_whoami().is_none()
        && finding.kind != Kind::Lease
        && !finding.assessment.placeholder
}

fn ask(hub: &Hub, token: &Token, failures: &mut u32) -> Result<(Verdict, Told), Interrupted> {
    Ok(match hub.wait(hub.client.whoami(token))? {
        Ok(known) => {
            *failures = 0;
            Told::of(&known.grant)
        }
        Err(error) => {
            *failures = if is_out_of_reach(&error) { *failures + 1 } else { 0 };
            refused(&error)
        }
    })
}

fn refused(error: &Error) -> (Verdict, Told) {
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
