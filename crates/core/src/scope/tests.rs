//! Scopes against sets: each scope is compared with the set of single deeds that it stands for,
//! which this file works out from the text of the scope alone.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// A small world. The last of each is never named by a generated scope, so that "all of them" is
/// more than the sum of those that are named.
const ACTIONS: [&str; 4] = ["read", "write", "manage", "discuss"];
const KINDS: [&str; 3] = ["models", "datasets", "spaces"];
const OWNERS: [&str; 3] = ["acme", "beta", "unnamed"];
const NAMES: [&str; 3] = ["one", "two", "unnamed"];

/// Where something is written. Again there is one of each sort that no generated scope names.
const BRANCHES: [&str; 4] = ["main", "ci/one", "ci/unnamed", "unnamed"];
const PATHS: [&str; 4] = ["README.md", "logs/a/b", "logs/unnamed", "unnamed"];

/// To which branch and path something is written, and whether that deletes. Other deeds have none.
type Writing = (&'static str, &'static str, bool);
type Deed = (&'static str, &'static str, &'static str, &'static str, Writing);

/// Whether limits, by their text, allow a writing.
fn are_kept(limits: &str, (branch, path, deletes): Writing) -> bool {
    let fits = |pattern: &str, text: &str| match pattern.trim_end_matches('*') {
        start if start.len() < pattern.len() => text.starts_with(start),
        whole => whole == text,
    };
    limits.split(',').all(|limit| match limit.split_once('=') {
        Some((_, pattern)) => fits(pattern, path),
        None if limit == "no-delete" => !deletes,
        None => limit.strip_prefix('@').is_none_or(|pattern| fits(pattern, branch)),
    })
}

/// Whether an access, by its text, allows a deed.
fn allows(access: &str, (action, kind, owner, name, writing): Deed) -> bool {
    let (access, limits) = access.split_at(access.find(['@', ',']).unwrap_or(access.len()));
    if action == "write" && !are_kept(limits, writing) {
        return false;
    }
    let (own, resource) = access.split_once(':').unwrap_or((access, "*"));
    let weaker: &[&str] = match own {
        "manage" => &["manage", "write", "read"],
        "write" => &["write", "read"],
        other => &[other],
    };
    let mut segments: Vec<_> = resource.split('/').collect();
    let own_kind = KINDS.iter().find(|kind| **kind == segments[0]).map(|_| segments.remove(0));
    let fits_path = match *segments {
        ["*"] => true,
        [own_owner, "*"] => own_owner == owner,
        [own_owner, own_name] => own_owner == owner && own_name == name,
        _ => panic!("{access}"),
    };
    let is_set = segments.last() == Some(&"*");
    let fits_kind = own_kind.map_or(is_set || kind == "models", |own| own == kind);
    weaker.contains(&action) && fits_path && fits_kind
}

fn writings(action: &str) -> Vec<Writing> {
    if action != "write" {
        return vec![("", "", false)];
    }
    let paths = BRANCHES.iter().flat_map(|branch| PATHS.map(|path| (*branch, path)));
    paths.flat_map(|(branch, path)| [(branch, path, false), (branch, path, true)]).collect()
}

fn deeds(scope: &[String]) -> BTreeSet<Deed> {
    let mut deeds = BTreeSet::new();
    for action in ACTIONS {
        for kind in KINDS {
            for owner in OWNERS {
                for name in NAMES {
                    let all = writings(action).into_iter();
                    deeds.extend(all.map(|writing| (action, kind, owner, name, writing)));
                }
            }
        }
    }
    deeds.retain(|deed| scope.iter().any(|access| allows(access, *deed)));
    deeds
}

fn texts(scope: &Scope) -> Vec<String> {
    scope.iter().map(ToString::to_string).collect()
}

fn an_access() -> impl Strategy<Value = String> {
    let kind = prop::sample::select(vec!["", "", "models/", "datasets/"]);
    let path =
        prop::sample::select(vec!["*", "acme/*", "beta/*", "acme/one", "acme/two", "beta/one"]);
    let limits = prop::sample::select(vec![
        "",
        "@main",
        "@ci/*",
        "@ci/one",
        ",paths=README.md",
        ",paths=logs/**",
        "@main,paths=logs/a/**",
        ",no-delete",
        "@ci/*,no-delete",
        "@*,paths=**",
    ]);
    (prop::sample::select(ACTIONS.to_vec()), kind, path, limits).prop_map(
        |(action, kind, path, limits)| {
            let limits = if action == "write" { limits } else { "" };
            format!("{action}:{kind}{path}{limits}")
        },
    )
}

fn a_scope() -> impl Strategy<Value = (Vec<String>, Scope)> {
    prop::collection::vec(an_access(), 0..5).prop_map(|texts| {
        let scope = texts.iter().map(|text| text.parse::<Access>().unwrap()).collect();
        (texts, scope)
    })
}

proptest! {
    #[test]
    fn a_scope_allows_what_its_texts_do((given, scope) in a_scope()) {
        prop_assert_eq!(deeds(&texts(&scope)), deeds(&given));
    }

    #[test]
    fn meet_is_intersection_and_join_is_union((a, one) in a_scope(), (b, two) in a_scope()) {
        let (a, b) = (deeds(&a), deeds(&b));
        prop_assert_eq!(deeds(&texts(&one.meet(&two))), &a & &b);
        prop_assert_eq!(deeds(&texts(&one.join(&two))), &a | &b);
    }

    #[test]
    fn implication_is_inclusion((a, one) in a_scope(), (b, two) in a_scope()) {
        prop_assert_eq!(one.implies(&two), deeds(&a).is_superset(&deeds(&b)));
    }

    #[test]
    fn scopes_are_a_distributive_lattice(
        (_, a) in a_scope(), (_, b) in a_scope(), (_, c) in a_scope()
    ) {
        prop_assert_eq!(a.meet(&b), b.meet(&a));
        prop_assert_eq!(a.join(&b), b.join(&a));
        prop_assert_eq!(a.meet(&b).meet(&c), a.meet(&b.meet(&c)));
        prop_assert_eq!(a.join(&b).join(&c), a.join(&b.join(&c)));
        prop_assert_eq!(&a.meet(&a.join(&b)), &a);
        prop_assert_eq!(&a.join(&a.meet(&b)), &a);
        prop_assert_eq!(a.meet(&b.join(&c)), a.meet(&b).join(&a.meet(&c)));
        prop_assert_eq!(a.implies(&b), a.join(&b) == a);
        prop_assert_eq!(a.implies(&b), a.meet(&b) == b);
    }

    #[test]
    fn any_text_is_an_access_or_an_error(text in "(write:a/b)?[a-z*:/._ @,=-]{0,24}") {
        if let Ok(access) = text.parse::<Access>() {
            prop_assert_eq!(access.to_string().parse(), Ok(access));
        }
    }
}

fn parsed(text: &str) -> Access {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn accesses_are_written_as_they_are_read() {
    for text in [
        "read",
        "read:acme/model",
        "read:acme/*",
        "read:gpt2",
        "write:datasets/acme/train",
        "write:models/acme/*",
        "read:spaces/*",
        "manage:buckets/acme/raw",
        "inference",
        "inference:acme",
        "admin:acme",
        "write:acme/model@ci/*",
        "write:acme/model@main,paths=logs/**,no-delete",
        "write,no-delete",
    ] {
        assert_eq!(parsed(text).to_string(), text);
    }
    assert_eq!(parsed("write:acme/model@*,paths=**"), parsed("write:acme/model"));
    assert_eq!(parsed("read:models/acme/model"), parsed("read:acme/model"));
    assert_eq!(parsed("jobs:acme/*"), parsed("jobs:acme"));
    assert_eq!(parsed("read:*"), parsed("read"));
}

#[test]
fn what_is_no_access_says_why() {
    let cases = [
        ("", ParseAccessError::Action),
        ("reed:acme/model", ParseAccessError::Action),
        ("READ", ParseAccessError::Action),
        ("read:", ParseAccessError::Resource),
        ("read:acme/", ParseAccessError::Resource),
        ("read:acme/model/x", ParseAccessError::Resource),
        ("read:../model", ParseAccessError::Resource),
        ("read:ac me/model", ParseAccessError::Resource),
        ("read:acme/*/x", ParseAccessError::Resource),
        ("jobs:acme/model", ParseAccessError::Owner),
        ("write:acme/model@", ParseAccessError::Limit),
        ("write:acme/model@a*b", ParseAccessError::Limit),
        ("write:acme/model,paths=logs/*", ParseAccessError::Limit),
        ("write:acme/model,paths=../x", ParseAccessError::Limit),
        ("write:acme/model,paths=a,paths=b", ParseAccessError::Limit),
        ("write:acme/model,never", ParseAccessError::Limit),
        ("read:acme/model@main", ParseAccessError::Unlimited),
        ("manage:acme/model,no-delete", ParseAccessError::Unlimited),
    ];
    for (text, error) in cases {
        assert_eq!(text.parse::<Access>(), Err(error), "{text}");
    }
}

#[test]
fn a_token_is_nothing_that_can_be_accessed() {
    let token = format!("hf_{}", "aB3dE5gH7j".repeat(4).split_at(34).0);
    for text in
        [&token, &format!("acme/{token}"), &format!("datasets/{token}/x"), &format!("{token}/*")]
    {
        assert!(format!("read:{text}").parse::<Access>().is_err());
    }
    assert_eq!(format!("jobs:{token}").parse::<Access>(), Err(ParseAccessError::Owner));
}

#[test]
fn another_spelling_is_no_way_around_a_rule() {
    assert!(parsed("write:acme/*").implies(&parsed("write:ACME/Model")));
    assert_eq!(parsed("read:Acme/Model"), parsed("read:acme/model"));
}

#[test]
fn a_model_is_not_the_dataset_of_the_same_name() {
    assert_eq!(parsed("read:acme/x").meet(&parsed("read:datasets/acme/x")), None);
    assert!(parsed("read:acme/*").implies(&parsed("read:datasets/acme/x")));
    assert!(!parsed("read:acme/*").implies(&parsed("read:gpt2")));
}
