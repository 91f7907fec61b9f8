//! Refusals in words.

use bearhug_core::lending::Denial;

use super::No;
use crate::routes::Refusal;

impl No {
    /// A sentence for whoever sent the request.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::Nobody => {
                "This is a bearhug broker: send a lease where the Hub expects a token, by HF_TOKEN \
                 or as the password."
                    .to_owned()
            }
            Self::Stranger => {
                "What was sent is no lease that this broker knows: it has ended, or it was never \
                 one of its own."
                    .to_owned()
            }
            Self::Token(print) => format!(
                "This broker takes leases and no tokens. The token {print} was not passed on; \
                 it should not be where it was sent from, so replace it by a lease."
            ),
            Self::Denied(denial, lease) => {
                let (name, entry) = (lease.id.short(), &lease.workload);
                let what = denied(denial);
                match denial {
                    Denial::Scope(_) => {
                        format!(
                            "The lease {name} of {entry} {what}. It allows {}.",
                            lease.terms.scope
                        )
                    }
                    _ => format!("The lease {name} of {entry} {what}."),
                }
            }
            Self::Refused(refusal) => refused(refusal),
            Self::Malformed(how) => format!("The request is malformed: {how}."),
            Self::Unfit(why) => format!("This cannot be done: {why}."),
            Self::Stalled => "The body of the request did not come in time.".to_owned(),
            Self::Nothing => "There is nothing here.".to_owned(),
            Self::Unwritten => {
                "The broker cannot write its journal, and forwards nothing that is not written \
                 down. Its operator has to make room."
                    .to_owned()
            }
            Self::Tokenless(why) => format!("The vault has no token for this lease: {why}."),
            Self::HubFailed => "The Hub cannot be reached, or broke off.".to_owned(),
            Self::HubStalled => "The Hub did not answer in time.".to_owned(),
            Self::Oversized => {
                "The Hub's answer is too large to be made fit for a lease.".to_owned()
            }
            Self::TokenRefused(lease) => format!(
                "The Hub does not take the token of the vault's entry `{}`, which stands behind \
                 the lease {}.",
                lease.entry,
                lease.id.short()
            ),
        }
    }
}

/// What a denial says of a lease, to follow its name.
pub(crate) fn denied(denial: &Denial) -> String {
    match denial {
        Denial::Revoked(revoked) => format!("was revoked at {}: {}", revoked.at, revoked.why),
        Denial::Expired(at) => format!("ended at {at}"),
        Denial::Source(source) => format!("may not be used from {source}"),
        Denial::Holder(source) => {
            format!("belongs to the address that used it first, which is not {source}")
        }
        Denial::Requests(most) => format!("allowed {most} requests, and they were made"),
        Denial::Bytes(most) => format!("allows {most} bytes to be moved, and this is more"),
        Denial::Scope(missing) => format!("does not allow {missing}"),
        Denial::Model(model) => format!("does not allow to call {model}"),
    }
}

fn refused(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Unknown => {
            "This broker does not know what the request would do, and lets nothing through that \
             it does not know."
                .to_owned()
        }
        Refusal::NeverLent => {
            "This mints credentials or changes people, organisations or their safety, which no \
             lease allows."
                .to_owned()
        }
        Refusal::Ambiguous(how) => format!("The request could mean two things: {how}."),
        Refusal::TooLarge(most) => format!("The body of this request is limited to {most} bytes."),
    }
}
