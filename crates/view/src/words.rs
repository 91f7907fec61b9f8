//! What the words of core say to a person, and the names of those that core leaves unnamed.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use bearhug_core::{Confidence, Finding, Gap, GapReason, Kind, Reason, Storage, Verdict};
use bearhug_guard::hunt::{Hidden, Report};

use crate::{
    sanitize::visible,
    text::{bytes, count, thousands},
};

/// The name of a reason in machine-readable output, which never changes once released, and the
/// phrase that a person reads.
pub(crate) fn reason(reason: Reason) -> (&'static str, &'static str) {
    match reason {
        Reason::RandomBody => ("random_body", "looks drawn at random"),
        Reason::ChecksumFits => ("checksum_fits", "its checksum fits"),
        Reason::JwtHeader => ("jwt_header", "has the header of a signed token"),
        Reason::NamedNearby => ("named_nearby", "a name beside it says Hugging Face"),
        Reason::PairedNearby => ("paired_nearby", "the other half of the pair is beside it"),
        Reason::LengthPrefixed => ("length_prefixed", "its length stands before it"),
        Reason::HasDigits => ("has_digits", "holds digits, unlike most of its kind"),
        Reason::OneCase => ("one_case", "all its letters have one case"),
        Reason::HashLike => ("hash_like", "hexadecimal only, as a hash is"),
        Reason::IdentifierLike => ("identifier_like", "reads like an identifier"),
        Reason::PlaceholderLike => ("placeholder_like", "reads like a placeholder"),
        Reason::TouchesBefore => ("touches_before", "runs on from the text before it"),
        Reason::TouchesAfter => ("touches_after", "runs on into the text after it"),
        Reason::InBinary => ("in_binary", "in binary data, where nothing marks its end"),
        Reason::SecretMissing => ("secret_missing", "its secret half was not found"),
        Reason::RetiredKind => ("retired_kind", "the Hub no longer honours this kind"),
    }
}

/// All the grounds for a finding's confidence in one line.
pub(crate) fn reasons(finding: &Finding) -> String {
    let phrases: Vec<_> = finding.assessment.reasons.iter().map(|&r| reason(r).1).collect();
    phrases.join("; ")
}

/// What to do about a token of a kind. Revoking comes first, because a token that has been copied
/// stays alive however often its text is deleted.
pub(crate) fn advice(kind: Kind) -> &'static str {
    match kind {
        Kind::UserToken => {
            "Revoke it at https://huggingface.co/settings/tokens (a service account's: in its \
             organisation's settings), then remove it."
        }
        Kind::OrgToken => "Delete the text. The Hub has not honoured these tokens since May 2024.",
        Kind::OauthAccessToken => {
            "It expires by itself. To end it now, remove its application at \
             https://huggingface.co/settings/connected-applications and delete the text."
        }
        Kind::OauthRefreshToken => {
            "It renews access until its application is removed at \
             https://huggingface.co/settings/connected-applications; do so, then delete the text."
        }
        Kind::TrustedPublisherToken => {
            "It expires an hour after it was issued. Until then it can write to its repository: \
             check the latest commits, and delete the text."
        }
        Kind::S3SessionToken => {
            "It expires by itself. To end it now, revoke the token it was made from at \
             https://huggingface.co/settings/tokens and delete the text."
        }
        Kind::AppToken => "Revoke it where its application was set up, then remove it.",
        Kind::OauthAppSecret => {
            "Replace the secret in the application's settings at \
             https://huggingface.co/settings/connected-applications, then remove it."
        }
        Kind::S3SecretKey => {
            "Revoke the key pair, or the token it was made from, at \
             https://huggingface.co/settings/tokens, then remove both halves."
        }
        Kind::S3AccessKeyId => {
            "It is public by itself. Look for its secret where the same program keeps it."
        }
        Kind::Lease => "It expires by itself. To end it now, revoke it with the broker it is from.",
    }
}

/// What the Hub said of a token, in sentences, if it was asked.
pub(crate) fn verdict(finding: &Finding) -> Option<String> {
    let told = finding.told.as_ref()?;
    let who = match (&told.account, &told.role) {
        (Some(account), Some(role)) => format!("{account}'s, role {role}"),
        (Some(account), None) => format!("{account}'s"),
        _ => String::new(),
    };
    let impacts: Vec<_> = told.impacts.iter().map(|impact| impact.title()).collect();
    let orgs = told.blocked_by.join(", ");
    Some(match finding.verdict {
        Verdict::Unverified => return None,
        Verdict::Active if impacts.is_empty() => format!("active: {who}."),
        Verdict::Active => format!("active: {who}. Whoever has it can {}.", impacts.join(", ")),
        Verdict::BlockedByOrg => format!("active, but kept out by {orgs}: {who}."),
        Verdict::Inactive => "inactive: the Hub does not know it (any more).".to_owned(),
        Verdict::Expired => "expired.".to_owned(),
        Verdict::Unavailable => {
            let reason = told.reason.as_deref().unwrap_or("it was not asked");
            format!("not known: {reason}.")
        }
    })
}

/// What to do about a finding.
pub(crate) fn next(finding: &Finding) -> &'static str {
    if finding.assessment.placeholder {
        "Nothing: nobody can log in with a placeholder."
    } else if matches!(finding.verdict, Verdict::Inactive | Verdict::Expired) {
        "Remove the text. Nobody can log in with it."
    } else {
        advice(finding.kind)
    }
}

/// What keeps the token on this computer, each once. It comes with advice of its own, beside that
/// for the kind: what is revoked is still to be taken out, and kept from coming back.
pub(crate) fn storages(finding: &Finding) -> Vec<&'static Storage> {
    let mut told = BTreeSet::new();
    let storages = finding.sightings.iter().filter_map(|s| s.origin.storage());
    storages.map(|(storage, _)| storage).filter(|storage| told.insert(*storage)).collect()
}

/// The gaps that share a reason.
pub(crate) struct GapGroup<'a> {
    /// What they have in common.
    pub(crate) what: &'static str,
    /// What lifts it, or what holds instead where nothing does.
    pub(crate) lift: &'static str,
    pub(crate) gaps: Vec<&'a Gap>,
}

/// The gaps by reason, in a stable order.
pub(crate) fn gap_groups(gaps: &[Gap]) -> Vec<GapGroup<'_>> {
    let mut groups = BTreeMap::<_, GapGroup<'_>>::new();
    for gap in gaps {
        let (what, lift) = gap_words(&gap.reason);
        let group = groups.entry(what).or_insert(GapGroup { what, lift, gaps: Vec::new() });
        group.gaps.push(gap);
    }
    groups.into_values().collect()
}

/// What a reason means apart from its particulars, and what lifts it.
fn gap_words(reason: &GapReason) -> (&'static str, &'static str) {
    match reason {
        GapReason::Unreadable(_) => ("could not be read", "check permissions and scan again"),
        GapReason::SpecialFile => ("special files", "pipes, sockets and devices are never opened"),
        GapReason::Oversized { .. } => ("over the size limit", "--max-size raises it"),
        GapReason::Damaged(_) => {
            ("broken inside", "what came before the damage was searched; unpack the rest yourself")
        }
        GapReason::Encrypted => ("encrypted", "decrypt it and scan the result"),
        GapReason::TooDeep { .. } => ("nested too deep", "--max-depth raises the limit"),
        GapReason::TooManyParts { .. } => ("have too many parts", "--max-parts raises the limit"),
        GapReason::TooMuchUnpacked { .. } => {
            ("unpack to too much", "--max-unpacked raises the limit")
        }
        GapReason::TooLargeToHold { .. } => {
            ("too large to hold in memory", "--max-held raises the limit")
        }
        GapReason::DecodingBudget => {
            ("decoded only in part", "decode them yourself and scan the result")
        }
        GapReason::GapsCut { .. } => {
            ("with more gaps than a report keeps", "see the others of that file")
        }
        GapReason::SightingsCut { .. } => {
            ("with more sightings than a report keeps", "clear those shown and scan again")
        }
        GapReason::Shallow { .. } => ("history cut short", "`git fetch --unshallow` gets the rest"),
        GapReason::AbsentObjects { .. } => (
            "history with objects absent",
            "clone without --filter, since nothing is fetched for a scan",
        ),
        GapReason::Interrupted => ("not reached", "a scan to the end reads it"),
    }
}

/// The particulars of one gap, where there are any.
pub(crate) fn gap_particulars(reason: &GapReason) -> Option<Cow<'_, str>> {
    match reason {
        GapReason::Unreadable(error) | GapReason::Damaged(error) => Some(visible(error)),
        GapReason::TooDeep { limit } => Some(format!("limit {limit}").into()),
        GapReason::TooManyParts { limit } => Some(format!("limit {}", thousands(*limit)).into()),
        GapReason::TooMuchUnpacked { limit } | GapReason::TooLargeToHold { limit } => {
            Some(format!("limit {}", bytes(*limit)).into())
        }
        GapReason::Oversized { size, limit } => {
            Some(format!("{}, limit {}", bytes(*size), bytes(*limit)).into())
        }
        GapReason::GapsCut { dropped } | GapReason::SightingsCut { dropped } => {
            Some(format!("{} more", thousands(*dropped)).into())
        }
        GapReason::Shallow { commits } => {
            Some(format!("before {} commits", thousands(*commits as u64)).into())
        }
        GapReason::AbsentObjects { objects } => {
            Some(format!("{} objects", thousands(*objects)).into())
        }
        GapReason::SpecialFile
        | GapReason::Encrypted
        | GapReason::DecodingBudget
        | GapReason::Interrupted => None,
    }
}

/// One gap, said on its own.
pub(crate) fn gap_detail(reason: &GapReason) -> String {
    let (what, lift) = gap_words(reason);
    match gap_particulars(reason) {
        Some(particulars) => format!("{what} ({particulars}): {lift}"),
        None => format!("{what}: {lift}"),
    }
}

/// Whether a finding belongs below the others: it is probably no credential, or surely none.
pub(crate) fn is_doubtful(finding: &Finding) -> bool {
    finding.assessment.placeholder || finding.assessment.confidence == Confidence::Low
}

/// What was found, in one phrase.
pub(crate) fn found(report: &Report) -> String {
    let doubtful = report.findings.iter().filter(|f| is_doubtful(f)).count();
    let tokens = count(report.findings.len() - doubtful, "token");
    let places = count(report.findings.iter().map(|f| f.sightings.len()).sum(), "place");
    match (report.findings.len(), doubtful) {
        (0, _) if are_silenced(&report.hidden) => "No tokens found but hidden ones".to_owned(),
        (0, _) => "No tokens found".to_owned(),
        (_, 0) => format!("{tokens} in {places}"),
        (all, _) if all == doubtful => format!("{} in {places}", doubtful_matches(doubtful)),
        _ => format!("{tokens} and {} in {places}", doubtful_matches(doubtful)),
    }
}

/// Whether tokens were found that the user does not want to hear of. A placeholder is none.
pub(crate) fn are_silenced(hidden: &Hidden) -> bool {
    hidden.baseline > 0 || hidden.configured > 0 || hidden.allowed > 0 || hidden.unsure > 0
}

fn doubtful_matches(n: usize) -> String {
    format!("{} doubtful match{}", thousands(n as u64), if n == 1 { "" } else { "es" })
}

/// What was found and left out, each on the user's word, and how to see it.
pub(crate) fn hidden(hidden: &Hidden) -> Vec<String> {
    let parts = [
        (hidden.baseline, "token", "that the baseline lists"),
        (hidden.configured, "token", "that the configuration accepts"),
        (hidden.allowed, "sighting", "on a line that says bearhug:allow"),
        (hidden.placeholders, "placeholder", "(--include-placeholders shows them)"),
        (hidden.unsure, "token", "of lower confidence than asked for (--min-confidence)"),
    ];
    parts
        .into_iter()
        .filter(|&(n, ..)| n > 0)
        .map(|(n, noun, which)| {
            format!("{} {which}", count(usize::try_from(n).unwrap_or(usize::MAX), noun))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn advice_to_revoke_comes_before_advice_to_remove() {
        for kind in Kind::ALL {
            let advice = advice(kind);
            if let (Some(revoke), Some(remove)) = (advice.find("evoke"), advice.find("then remove"))
            {
                assert!(revoke < remove, "{kind}: {advice}");
            }
            assert!(advice.ends_with('.') && !advice.contains("  "), "{kind}: {advice}");
        }
    }

    #[test]
    fn what_was_found_is_one_phrase() {
        let mut report = Report::default();
        assert_eq!(found(&report), "No tokens found");
        report.hidden.placeholders = 1;
        assert_eq!(found(&report), "No tokens found");
        report.hidden.baseline = 1;
        assert_eq!(found(&report), "No tokens found but hidden ones");
        assert_eq!(found(&sample::scan()), "4 tokens and 2 doubtful matches in 12 places");
        assert_eq!(found(&sample::crowd(200)), "1 token in 200 places");
        report.findings = vec![sample::scan().findings.pop().unwrap()];
        assert_eq!(found(&report), "1 doubtful match in 1 place");
    }

    #[test]
    fn a_gap_says_what_lifts_it() {
        assert_eq!(
            gap_detail(&GapReason::Oversized { size: 3_200_000_000, limit: 100_000_000 }),
            "over the size limit (3.2 GB, limit 100 MB): --max-size raises it",
        );
        assert_eq!(
            gap_detail(&GapReason::Unreadable("Permission denied\x1b[2J".to_owned())),
            r"could not be read (Permission denied\x1b[2J): check permissions and scan again",
        );
    }
}
