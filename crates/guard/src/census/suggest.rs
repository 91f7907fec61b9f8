//! Who may own an identity, by what the Hub tells.

use bearhug_core::identity::{Identity, Suggestion};

use super::accounts::{Member, Service};

/// How many suggestions an identity has at most.
const MOST: usize = 8;

/// How much of a description is quoted.
const QUOTED: usize = 120;

/// The words after which descriptions name who is in charge.
const LEADS: [&str; 12] = [
    "managed by",
    "owned by",
    "maintained by",
    "operated by",
    "run by",
    "belongs to",
    "owner:",
    "owners:",
    "team:",
    "contact:",
    "maintainer:",
    "responsible:",
];

/// Adds suggestions to those that are there, in front of who merely wrote a commit. Somebody who is
/// suggested already is not suggested again.
pub fn add(identity: &mut Identity, suggestions: &[Suggestion]) {
    let known = &mut identity.ownership.suggestions;
    let is_known = |one: &&Suggestion| known.iter().any(|other| other.owner == one.owner);
    let mut new: Vec<Suggestion> = Vec::new();
    for one in suggestions.iter().filter(|one| !is_known(one)) {
        if !new.iter().any(|other| other.owner == one.owner) {
            new.push(one.clone());
        }
    }
    known.splice(0..0, new);
    known.truncate(MOST);
}

/// Who a member is.
pub fn by_member(account: &str, organisation: &str, member: Option<&Member>) -> Suggestion {
    let owner = account.to_owned();
    let evidence = match member.map(|member| (member.full_name.as_deref(), member.email.as_deref()))
    {
        Some((name, Some(email))) => {
            let name = name.unwrap_or(account);
            format!(
                "the Hub lists it as `{account}`'s: {name} <{email}>, a member of `{organisation}`"
            )
        }
        Some((Some(name), None)) => {
            format!("the Hub lists it as `{account}`'s: {name}, a member of `{organisation}`")
        }
        _ => format!("the Hub lists it as `{account}`'s"),
    };
    Suggestion { owner, evidence }
}

/// Who the description of a service account names.
pub fn by_service(account: &str, service: &Service) -> Option<Suggestion> {
    let text = service.description.as_deref()?.trim();
    let owner = named(text)?;
    let quoted: String = text.chars().take(QUOTED).collect();
    let evidence = format!("the service account `{account}` is described as \"{quoted}\"");
    Some(Suggestion { owner, evidence })
}

/// Who made a token, by the organisation's audit log.
pub fn by_maker(maker: &str, organisation: &str) -> Suggestion {
    let evidence = format!("the audit log of `{organisation}` has `{maker}` make it");
    Suggestion { owner: maker.to_owned(), evidence }
}

/// Whom a text names as in charge: what follows one of the leads, or else an address.
fn named(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let after = LEADS.iter().filter_map(|lead| Some(lower.find(lead)? + lead.len())).min();
    let led = after.and_then(|at| text.get(at..)).and_then(|rest| {
        let rest = rest.trim_start().trim_start_matches("the ");
        word(rest.split_whitespace().next()?)
    });
    led.or_else(|| text.split_whitespace().find(|part| is_address(part)).and_then(word))
}

fn word(text: &str) -> Option<String> {
    let edges = |c: char| !c.is_alphanumeric();
    let name = text.trim_start_matches('@').trim_matches(edges);
    (!name.is_empty()).then(|| name.to_owned())
}

fn is_address(text: &str) -> bool {
    text.trim_matches(|c: char| !c.is_alphanumeric())
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}
