//! Policies as configuration has them, and what they find.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::{
    examples::{Example, Examples, Short},
    *,
};
use crate::{
    Verdict,
    grant::EntityKind,
    identity::{Condition, Identity, Life, Suggestion, samples::an_identity},
    rights::samples::{fine, scoped},
};

fn now() -> Timestamp {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

fn policy(text: &str) -> Policy {
    toml::from_str(text).unwrap()
}

/// A policy that demands nothing but what the text says.
fn only(text: &str) -> Policy {
    let off = "
        max-age-days = 0\ndormant-after-days = 0\nattest-every-days = 0\nforbidden-storage = []
        fine-grained-only = false\nowner-required = false\nrotate-after-release = false
        one-environment = false";
    let mut table: toml::Table = toml::from_str(off).unwrap();
    table.extend(toml::from_str::<toml::Table>(text).unwrap());
    table.try_into().unwrap()
}

fn broken(policy: &Policy, identity: &Identity) -> Vec<String> {
    evaluate(identity, policy, &BTreeSet::new(), now())
        .into_iter()
        .map(|breach| breach.rule)
        .collect()
}

fn check(policy_text: &str, breaks: &str, keeps: &str) {
    let policy = only(policy_text);
    let identity = |text: &str| toml::from_str::<Short>(text).unwrap().at(now());
    let rule = policy_text.split(['=', ' ']).next().unwrap();
    assert_eq!(broken(&policy, &identity(breaks)), [rule], "{breaks}");
    assert_eq!(broken(&policy, &identity(keeps)), [""; 0], "{keeps}");
    assert_eq!(broken(&only(""), &identity(breaks)), [""; 0], "{policy_text} is off");
}

#[test]
fn each_rule_finds_what_it_is_for() {
    check("max-age-days = 90", "age-days = 91", "age-days = 90");
    check("fine-grained-only = true", "role = 'write'", "role = 'fineGrained'");
    check("fine-grained-only = true", "role = 'read'", "");
    check(
        "no-write-outside = ['ci']",
        "role = 'write'\nenvironment = 'dev'",
        "role = 'write'\nenvironment = 'ci'",
    );
    check("no-write-outside = ['ci']", "role = 'god'", "role = 'read'");
    check("no-write-outside = ['ci']", "can-write = true", "can-write = false");
    check("no-write-outside = ['ci']", "role = 'write'\ncan-write = false", "role = 'fineGrained'");
    check("owner-required = true", "backup-owner = 'bob'", "owner = 'alice'");
    check(
        "backup-owner-required = true",
        "owner = 'alice'\nbackup-owner = 'alice'",
        "owner = 'alice'\nbackup-owner = 'bob'",
    );
    check(
        "forbidden-storage = ['copied']",
        "kept = ['sealed', 'copied']",
        "kept = ['shared_file']",
    );
    check(
        "rotate-after-release = true",
        "age-days = 10\nreleased-days = 3",
        "age-days = 2\nreleased-days = 3",
    );
    check("dormant-after-days = 30", "unused-days = 31", "unused-days = 30");
    check("dormant-after-days = 30", "conditions = ['dormant']", "");
    check(
        "attest-every-days = 30",
        "owner = 'alice'\nknown-days = 99\nattested-days = 31",
        "owner = 'alice'\nknown-days = 99\nattested-days = 30",
    );
    check("attest-every-days = 30", "owner = 'alice'\nknown-days = 31", "known-days = 31");
    check("expiry-required = true", "", "expires-in-days = 400");
    check(
        "one-environment = true",
        "environment = 'ci'\nseen-in-environments = ['dev']",
        "environment = 'ci'\nseen-in-environments = ['ci']",
    );
    check("one-workload = true", "seen-in = ['a', 'b']", "seen-in = ['a']");
    check("environment-required = true", "seen-in-environments = ['ci']", "environment = 'ci'");
}

#[test]
fn who_left_answers_for_nothing() {
    let owned = "owner = 'alice'\nbackup-owner = 'bob'\nknown-days = 99";
    let identity = toml::from_str::<Short>(owned).unwrap().at(now());
    let policy =
        only("owner-required = true\nbackup-owner-required = true\nattest-every-days = 30");
    let breaches = |leavers: &[&str]| {
        let leavers = leavers.iter().map(|&name| name.to_owned()).collect();
        evaluate(&identity, &policy, &leavers, now())
    };
    let rules = |leavers: &[&str]| -> Vec<_> {
        breaches(leavers).into_iter().map(|breach| breach.rule).collect()
    };
    assert_eq!(rules(&["carol"]), ["attest-every-days"]);
    assert_eq!(rules(&["bob"]), ["backup-owner-required", "attest-every-days"]);
    assert_eq!(rules(&["alice"]), ["owner-required"], "nobody is left to confirm it");
    assert_eq!(rules(&["alice", "bob"]), ["owner-required", "backup-owner-required"]);
    assert_eq!(breaches(&["alice"])[0].what, "alice, who should answer for it, left");
    assert!(breaches(&["alice"])[0].fix.contains("bearhug token assign"));
}

#[test]
fn the_strictest_age_that_applies_counts() {
    let policy = only(
        "max-age-days = 365\nmax-age-days-by-environment = { production = 30, ci = 0 }
         max-age-days-by-role = { write = 7 }",
    );
    let old = |text: &str| {
        let identity =
            toml::from_str::<Short>(&format!("{text}\nage-days = 20")).unwrap().at(now());
        broken(&policy, &identity).len()
    };
    assert_eq!(old("environment = 'production'\nrole = 'write'"), 1);
    assert_eq!(old("environment = 'production'\nrole = 'read'"), 0);
    assert_eq!(old("environment = 'ci'\nseen-in-environments = ['production']"), 0);
    let later = only("max-age-days-by-environment = { production = 10 }");
    let seen = "seen-in-environments = ['production']\nage-days = 20";
    assert_eq!(broken(&later, &toml::from_str::<Short>(seen).unwrap().at(now())), ["max-age-days"]);
}

#[test]
fn a_grant_says_whether_a_token_writes() {
    let policy = only("no-write-outside = ['ci']");
    let mut identity = Short { role: Some("fineGrained".to_owned()), ..Short::default() }.at(now());
    assert_eq!(broken(&policy, &identity), [""; 0], "nothing is known");
    for (permission, breaches) in [("repo.content.read", 0), ("repo.write", 1)] {
        let entry = scoped(EntityKind::Model, Some("acme/model"), &[permission]);
        identity.standing.grant = Some(fine(vec![entry]));
        assert_eq!(broken(&policy, &identity).len(), breaches, "{permission}");
    }
}

#[test]
fn the_fix_names_whom_the_evidence_names() {
    let mut identity =
        Short { state: crate::identity::State::Discovered, ..Short::default() }.at(now());
    let evidence = "wrote the commit".to_owned();
    identity.ownership.suggestions = vec![Suggestion { owner: "Ada".to_owned(), evidence }];
    let breaches = evaluate(&identity, &only("owner-required = true"), &BTreeSet::new(), now());
    let name = identity.id.short();
    assert_eq!(
        breaches[0].fix,
        format!("say who does, perhaps Ada, with `bearhug token adopt {name} --owner OWNER`")
    );
}

#[test]
fn configuration_is_read_and_its_mistakes_are_refused() {
    assert_eq!(policy(""), Policy::default());
    let strict = policy("mode = 'enforce'\nmax-age-days = 30\n[modes]\nmax-age-days = 'observe'");
    assert_eq!(strict.mode_of(Rule::MaxAge), Mode::Observe);
    assert_eq!(strict.mode_of(Rule::OwnerRequired), Mode::Enforce);
    for (text, word) in [
        ("max-age = 1", "max-age"),
        ("mode = 'block'", "block"),
        ("modes = { owner = 'warn' }", "owner"),
        ("forbidden-storage = ['chat']", "chat"),
        ("max-age-days = -1", "-1"),
    ] {
        let error = toml::from_str::<Policy>(text).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn keys_are_those_that_are_read() {
    let table = toml::Table::try_from(Policy::default()).unwrap();
    let mut keys = Policy::keys();
    keys.sort_unstable();
    assert_eq!(table.keys().map(String::as_str).collect::<Vec<_>>(), keys);
    for rule in Rule::ALL {
        assert_eq!(Rule::of_key(rule.key()), Some(*rule));
        assert_eq!(serde_json::to_value(rule).unwrap(), rule.key());
    }
    for mode in [Mode::Observe, Mode::Warn, Mode::Enforce] {
        assert_eq!(Mode::of_name(mode.name()), Some(mode));
        assert_eq!(serde_json::to_value(mode).unwrap(), mode.name());
    }
}

#[test]
fn examples_say_what_a_policy_must_find() {
    let text = "
        [[example]]
        name = 'a write token in a notebook'
        breaks = ['owner-required', 'forbidden-storage', 'max-age-days']
        [example.identity]
        role = 'fineGrained'
        kept = ['copied']
        seen-in = ['notebooks']

        [[example]]
        name = 'a token as it should be'
        breaks = []
        identity = { role = 'write', owner = 'alice' }
    ";
    let examples: Examples = toml::from_str(text).unwrap();
    let outcomes: Vec<_> =
        examples.example.iter().map(|example| example.test(&Policy::default(), now())).collect();
    assert_eq!(outcomes[0].missing, [Rule::MaxAge].into());
    assert_eq!(outcomes[0].surplus, []);
    assert_eq!(outcomes[1].missing, [].into());
    assert_eq!(outcomes[1].surplus[0].rule, "fine-grained-only");
    assert!(outcomes.iter().all(|outcome| !outcome.is_as_expected()));
    for bad in [
        "[[example]]\nname = 'x'",
        "[[example]]\nname = 'x'\nbreaks = ['no-such-rule']",
        "[[example]]\nname = 'x'\nbreaks = []\nidentity = { age = 1 }",
    ] {
        assert!(toml::from_str::<Examples>(bad).is_err(), "{bad}");
    }
    let far: Example = toml::from_str(
        "name = 'x'\nbreaks = []\nidentity = { age-days = 4294967295, expires-in-days = 4294967295 }",
    )
    .unwrap();
    let surplus = far.test(&Policy::default(), now()).surplus;
    assert!(surplus.iter().any(|breach| breach.rule == "max-age-days"), "{surplus:?}");
}

/// A policy that demands everything.
fn strict() -> Policy {
    policy(
        "mode = 'enforce'\nbackup-owner-required = true\nexpiry-required = true
         one-workload = true\nenvironment-required = true\nno-write-outside = ['ci']
         forbidden-storage = ['environment', 'private_file', 'untold', 'shared_file', 'copied']",
    )
}

proptest! {
    #[test]
    fn every_breach_is_told_in_full(identity in an_identity()) {
        let breaches = evaluate(&identity, &strict(), &BTreeSet::new(), now());
        for breach in &breaches {
            prop_assert!(Rule::of_key(&breach.rule).is_some());
            prop_assert_eq!(&breach.mode, "enforce");
            for text in [&breach.what, &breach.fix] {
                prop_assert!(!text.is_empty() && !text.ends_with('.') && !text.contains("  "), "{text}");
            }
        }
        let order: Vec<_> = breaches.iter().filter_map(|breach| Rule::of_key(&breach.rule)).collect();
        prop_assert!(order.is_sorted());
    }

    #[test]
    fn what_no_longer_works_breaks_nothing(identity in an_identity()) {
        let mut identity = identity;
        identity.standing.verdict = Verdict::Expired;
        prop_assert_eq!(evaluate(&identity, &strict(), &BTreeSet::new(), now()), []);
    }

    #[test]
    fn what_is_old_today_is_old_tomorrow(identity in an_identity(), days in 0_i64..1000) {
        let later = now().checked_add(SignedDuration::from_hours(24 * days)).unwrap();
        let mut identity = identity;
        identity.conditions.remove(&Condition::Dormant);
        let today = evaluate(&identity, &strict(), &BTreeSet::new(), now());
        let then = evaluate(&identity, &strict(), &BTreeSet::new(), later);
        if identity.life(later) == Life::Dead {
            prop_assert_eq!(&then, &[]);
        }
        for breach in today.into_iter().filter(|_| identity.life(later) != Life::Dead) {
            prop_assert!(then.iter().any(|other| other.rule == breach.rule), "{breach:?}");
        }
    }
}
