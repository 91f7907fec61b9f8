//! Who may be the owner of a token, by where it was seen and what the Hub says.

use bearhug_core::{Finding, Sighting, identity::Suggestion, owner::Owner};

use super::location::{Location, Surroundings};

/// How many suggestions an identity keeps.
const MOST: usize = 8;

/// How much of a commit's id is enough for a person.
const SHORT: usize = 10;

/// Adds suggestions to those that are there, each once, the newest evidence last.
pub fn suggest(known: &mut Vec<Suggestion>, more: impl IntoIterator<Item = Suggestion>) {
    for suggestion in more {
        let is_known = |other: &Suggestion| other.owner == suggestion.owner;
        if known.len() < MOST && !known.iter().any(is_known) {
            known.push(suggestion);
        }
    }
}

/// What a finding says about who may be its owner, the likeliest first: who holds the account that
/// it speaks for, who brought it, and who answers for the file.
pub(super) fn of_finding(
    finding: &Finding,
    located: &[(&Sighting, Location)],
    owners: &[Owner],
    around: &dyn Surroundings,
) -> Vec<Suggestion> {
    let account = finding.told.as_ref().and_then(|told| told.account.as_ref());
    let by_account = account.map(|account| Suggestion {
        owner: named(account, owners),
        evidence: format!("the Hub says that it speaks for {account}"),
    });
    let by_commit = located.iter().filter_map(|(sighting, location)| {
        let commit = sighting.commit.as_ref()?;
        let (short, place) = (commit.id.get(..SHORT)?, location.path.as_deref());
        let place = place.map_or_else(String::new, |path| format!(" in {path}"));
        Some(Suggestion {
            owner: named(&commit.author, owners),
            evidence: format!("wrote commit {short}, which brought it{place}"),
        })
    });
    let by_list = located.iter().filter_map(|(_, location)| {
        let path = location.path.as_deref()?;
        let (names, list) = around.code_owners(&location.source, path)?;
        let evidence = format!("{list} lists them for {path}");
        Some(names.into_iter().map(move |name| (name, evidence.clone())))
    });
    let by_list = by_list
        .flatten()
        .map(|(name, evidence)| Suggestion { owner: named(&name, owners), evidence });
    by_account.into_iter().chain(by_commit).chain(by_list).collect()
}

/// The owner of this name, account or address, or else what the evidence calls them.
pub fn named(text: &str, owners: &[Owner]) -> String {
    let (name, address) = match text.rsplit_once(" <") {
        Some((name, address)) => (name, address.trim_end_matches('>')),
        None => (text, text),
    };
    let is_one = |known: &str| {
        [text, name, address, text.trim_start_matches('@')]
            .iter()
            .any(|called| known.eq_ignore_ascii_case(called))
    };
    let is_named = |owner: &&Owner| {
        is_one(&owner.name)
            || owner.email.as_deref().is_some_and(is_one)
            || owner.aliases.iter().any(|alias| is_one(alias))
    };
    owners.iter().find(is_named).map_or_else(|| text.to_owned(), |owner| owner.name.clone())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use bearhug_core::owner::OwnerKind;

    use super::*;

    #[test]
    fn an_owner_is_known_by_every_alias() {
        let owners = [Owner {
            name: "ada".to_owned(),
            revision: 1,
            kind: OwnerKind::Person,
            email: Some("Ada@example.org".to_owned()),
            aliases: BTreeSet::from(["ada-hub".to_owned()]),
            left_at: None,
        }];
        for text in ["Ada L <ada@example.org>", "ada <x@y>", "ada-hub", "@ada", "ada@example.org"] {
            assert_eq!(named(text, &owners), "ada", "{text}");
        }
        assert_eq!(named("Bob <bob@example.org>", &owners), "Bob <bob@example.org>");
    }

    #[test]
    fn a_suggestion_is_made_once_and_a_few_are_enough() {
        let of = |n: usize| Suggestion { owner: n.to_string(), evidence: "e".to_owned() };
        let mut known = vec![of(0)];
        suggest(&mut known, (0..20).map(of));
        assert_eq!(known.len(), MOST);
        assert_eq!(known[1], of(1));
    }
}
