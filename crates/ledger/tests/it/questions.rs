//! Answers are what a plain search through everything finds, in order, page by page.

use std::collections::BTreeSet;

use bearhug_core::{
    Kind, Verdict,
    identity::{Attested, Breach, Condition, Criticality, Identity, State},
};
use bearhug_ledger::{
    Changes, EventFilter, Filter, Ledger, LedgerError, Order, Page, SightingFilter,
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};

use crate::support::{
    Place, all_pages, on_both_databases,
    things::{at, first, id, identity, sighting, token},
};

on_both_databases!(
    identities_are_found_as_a_plain_search_finds_them,
    sightings_come_page_by_page_while_more_are_written,
    names_are_found_by_their_beginnings,
    a_cursor_of_another_question_is_refused,
);

const ORDERS: [Order; 7] = [
    Order::Urgency,
    Order::Risk,
    Order::Name,
    Order::Owner,
    Order::Age,
    Order::LastUsed,
    Order::Updated,
];

/// An identity with values that many share, so that filters meet and ties are common.
fn random(number: usize, rng: &mut StdRng) -> Identity {
    let mut it = identity(number);
    let some = |rng: &mut StdRng, of: &[&str]| {
        of.choose(rng).filter(|s| !s.is_empty()).map(|s| (*s).to_owned())
    };
    it.name = some(rng, &["train", "Deploy", "ci-Ä", "straße", "a_b", "a%b"]).unwrap();
    it.kind = *[Kind::UserToken, Kind::OrgToken].choose(rng).unwrap();
    it.state = *[State::Discovered, State::Active, State::Revoked].choose(rng).unwrap();
    let conditions = [Condition::Dormant, Condition::Compromised];
    it.conditions = conditions.into_iter().filter(|_| rng.random_ratio(1, 3)).collect();
    it.ownership.owner = some(rng, &["", "alice", "bob", "Bob"]);
    it.ownership.backup = some(rng, &["", "alice", "bob"]);
    it.ownership.attested = rng
        .random_bool(0.5)
        .then(|| Attested { at: at(rng.random_range(0..9)), by: "x".to_owned() });
    it.purpose.environment = some(rng, &["", "ci", "production"]);
    it.purpose.criticality =
        *[Criticality::Low, Criticality::Unknown, Criticality::Normal, Criticality::High]
            .choose(rng)
            .unwrap();
    it.purpose.tags = ["ml", "ml-ops", "a\"b", "ops\nml"]
        .into_iter()
        .filter(|_| rng.random_ratio(1, 3))
        .map(str::to_owned)
        .collect();
    it.standing.role = some(rng, &["", "read", "write"]);
    it.standing.verdict = *[Verdict::Active, Verdict::Unverified].choose(rng).unwrap();
    it.standing.account = some(rng, &["", "acme-bot", "Alice"]);
    it.standing.issued_at = rng.random_bool(0.5).then(|| at(rng.random_range(-9..9)));
    it.standing.last_used_at = rng.random_bool(0.5).then(|| at(rng.random_range(-9..9)));
    it.assessment.risk = rng.random_range(0..5) * 20;
    it.assessment.urgency = rng.random_range(0..4);
    let rules: Vec<&str> = ["maximum-age", "maximum", "owner-required"]
        .into_iter()
        .filter(|_| rng.random_ratio(1, 3))
        .collect();
    let breach = |rule: &&str| Breach {
        rule: (*rule).to_owned(),
        mode: "warn".to_owned(),
        what: String::new(),
        fix: String::new(),
    };
    it.assessment.breaches = rules.iter().map(breach).collect();
    it.updated_at = at(rng.random_range(0..9));
    it
}

/// Filters by one thing each, and by several.
fn filters() -> Vec<Filter> {
    let none = Filter::default();
    let some = |text: &str| Some(text.to_owned());
    let text = |text: &str| Filter { text: some(text), ..none.clone() };
    let tag = |tag: &str| Filter { tag: some(tag), ..none.clone() };
    let breach = |rule: &str| Filter { breach: some(rule), ..none.clone() };
    vec![
        none.clone(),
        Filter { states: BTreeSet::from([State::Active]), ..none.clone() },
        Filter { states: BTreeSet::from([State::Active, State::Revoked]), ..none.clone() },
        Filter { condition: Some(Condition::Dormant), ..none.clone() },
        Filter { condition: Some(Condition::Compromised), ..none.clone() },
        Filter { kind: Some(Kind::OrgToken), ..none.clone() },
        Filter { owner: some("bob"), ..none.clone() },
        Filter { owner: some(""), ..none.clone() },
        Filter { backup: some("bob"), ..none.clone() },
        Filter { environment: some("ci"), ..none.clone() },
        Filter { criticality: Some(Criticality::Normal), ..none.clone() },
        Filter { role: some("write"), ..none.clone() },
        Filter { verdict: Some(Verdict::Active), ..none.clone() },
        Filter { min_risk: Some(60), ..none.clone() },
        Filter { has_to_do: true, ..none.clone() },
        Filter { not_attested_since: Some(at(5)), ..none.clone() },
        Filter { source: some("source-3"), ..none.clone() },
        tag("ml"),
        tag("ops"),
        tag("a\"b"),
        breach("maximum"),
        breach(""),
        text("deploy"),
        text("STRASSE"),
        text("Ä"),
        text("ä"),
        text("a_b"),
        text("%"),
        text("alice"),
        text(&token(17).to_string()[..12]),
        text(&token(17).to_string()),
        Filter {
            states: BTreeSet::from([State::Active, State::Discovered]),
            owner: some("alice"),
            role: some("write"),
            min_risk: Some(20),
            has_to_do: true,
            ..none
        },
    ]
}

/// What a filter means, said another way.
fn passes(filter: &Filter, it: &Identity, number: usize) -> bool {
    let is = |wanted: &Option<String>, has: &Option<String>| {
        wanted.as_deref().is_none_or(|wanted| wanted == has.as_deref().unwrap_or_default())
    };
    let texts = [
        Some(it.name.clone()),
        it.standing.account.clone(),
        it.versions[0].fingerprint.map(|f| f.to_string()),
    ];
    let rank = |criticality| {
        [Criticality::Low, Criticality::Unknown, Criticality::Normal, Criticality::High]
            .iter()
            .position(|c| *c == criticality)
    };
    (filter.states.is_empty() || filter.states.contains(&it.state))
        && filter.condition.is_none_or(|condition| it.conditions.contains(&condition))
        && filter.kind.is_none_or(|kind| kind == it.kind)
        && is(&filter.owner, &it.ownership.owner)
        && is(&filter.backup, &it.ownership.backup)
        && is(&filter.environment, &it.purpose.environment)
        && filter.criticality.is_none_or(|least| rank(it.purpose.criticality) >= rank(least))
        && is(&filter.role, &it.standing.role)
        && filter.verdict.is_none_or(|verdict| verdict == it.standing.verdict)
        && filter.min_risk.is_none_or(|least| it.assessment.risk >= least)
        && (!filter.has_to_do || it.assessment.urgency > 0)
        && filter
            .not_attested_since
            .is_none_or(|since| it.ownership.attested.as_ref().is_none_or(|a| a.at < since))
        && filter.source.as_ref().is_none_or(|source| *source == format!("source-{}", number % 7))
        && filter.tag.as_ref().is_none_or(|tag| it.purpose.tags.contains(tag))
        && filter.breach.as_ref().is_none_or(|rule| {
            it.assessment.breaches.iter().any(|b| rule.is_empty() || b.rule == *rule)
        })
        && filter.text.as_ref().is_none_or(|text| {
            texts.iter().flatten().any(|has| has.to_lowercase().contains(&text.to_lowercase()))
        })
}

fn sort(found: &mut [Identity], order: Order) {
    let born = |it: &Identity| it.standing.issued_at.unwrap_or(it.versions[0].since);
    found.sort_by(|a, b| {
        let (a, b) = match order {
            Order::Urgency | Order::Risk | Order::Updated => (b, a),
            _ => (a, b),
        };
        let by = match order {
            Order::Urgency => a.assessment.urgency.cmp(&b.assessment.urgency),
            Order::Risk => a.assessment.risk.cmp(&b.assessment.risk),
            Order::Name => a.name.cmp(&b.name),
            Order::Owner => a.ownership.owner.cmp(&b.ownership.owner),
            Order::Age => born(a).cmp(&born(b)),
            Order::LastUsed => {
                let used = |it: &Identity| it.standing.last_used_at.unwrap_or_else(|| born(it));
                used(a).cmp(&used(b))
            }
            Order::Updated => a.updated_at.cmp(&b.updated_at),
        };
        by.then_with(|| a.id.to_string().cmp(&b.id.to_string()))
    });
}

async fn identities_are_found_as_a_plain_search_finds_them(place: Place) {
    let ledger = place.open().await;
    let mut rng = StdRng::seed_from_u64(6);
    let mut all: Vec<Identity> = (0..150).map(|number| random(number, &mut rng)).collect();
    let mut sightings: Vec<_> = (0..150).map(|number| sighting(number, "file:a", 1)).collect();
    for (number, sighting) in sightings.iter_mut().enumerate() {
        sighting.source = format!("source-{}", number % 7);
    }
    let changes = Changes { identities: all.clone(), sightings, ..Changes::default() };
    ledger.commit(&changes).await.unwrap();
    for it in &mut all {
        it.revision = 1;
    }
    let mut found_any = 0;
    for filter in filters() {
        for order in ORDERS {
            let numbered = all.iter().enumerate();
            let passing = numbered.filter(|(number, it)| passes(&filter, it, *number));
            let mut expected: Vec<Identity> = passing.map(|(_, it)| it.clone()).collect();
            sort(&mut expected, order);
            for limit in [7, 1000] {
                let found = all_pages!(limit, |page| ledger.identities(&filter, order, &page));
                let names = |of: &[Identity]| of.iter().map(|it| it.id).collect::<Vec<_>>();
                assert_eq!(names(&found), names(&expected), "{filter:?} {order:?} {limit}");
                assert!(found == expected);
            }
            found_any += usize::from(!expected.is_empty());
        }
    }
    assert!(found_any > filters().len() * 6, "filters that find nothing test nothing");
}

async fn sightings_come_page_by_page_while_more_are_written(place: Place) {
    let ledger = place.open().await;
    let write = async |from: i64, to: i64| {
        // Many have the same time, as after a scan.
        let seen = (from..to).map(|n| sighting(1, &format!("file:{n}"), n / 10));
        let changes = Changes { sightings: seen.collect(), ..Changes::default() };
        ledger.commit(&changes).await.unwrap();
    };
    let add = Changes { identities: vec![identity(1)], ..Changes::default() };
    ledger.commit(&add).await.unwrap();
    write(0, 95).await;
    let filter = SightingFilter { identity: Some(id(1)), ..SightingFilter::default() };
    let mut later = 1000;
    let found = all_pages!(7, |page| {
        write(later, later + 3).await;
        later += 3;
        ledger.sightings(&filter, &page)
    });
    let times: Vec<_> = found.iter().map(|seen| seen.last_seen).collect();
    assert!(times.is_sorted_by(|a, b| a >= b));
    let origins: BTreeSet<_> = found.iter().map(|seen| seen.origin.clone()).collect();
    assert_eq!(origins.len(), found.len(), "none twice");
    assert!((0..95).all(|n| origins.contains(&format!("file:{n}"))), "none missing");
}

async fn names_are_found_by_their_beginnings(place: Place) {
    let ledger = place.open().await;
    let identities = (0..40).map(identity).collect();
    ledger.commit(&Changes { identities, ..Changes::default() }).await.unwrap();
    let whole = id(7).to_string();
    assert_eq!(ledger.identities_named(&whole).await.unwrap(), [id(7)]);
    assert_eq!(ledger.identities_named(&whole[..12]).await.unwrap(), [id(7)]);
    assert_eq!(ledger.identities_named("id_").await.unwrap().len(), 2);
    for none in ["id_0", "ID_", "%", "fp_", "id_~", "\0"] {
        assert_eq!(ledger.identities_named(none).await.unwrap(), [], "{none}");
    }
}

async fn a_cursor_of_another_question_is_refused(place: Place) {
    let ledger = place.open().await;
    let identities = (0..9).map(identity).collect();
    ledger.commit(&Changes { identities, ..Changes::default() }).await.unwrap();
    let refused = async |ledger: &Ledger, order, after: &str| {
        let page = Page { limit: 3, after: Some(after.to_owned()) };
        let found = ledger.identities(&Filter::default(), order, &page).await;
        assert!(matches!(found, Err(LedgerError::Cursor)), "{after}: {found:?}");
    };
    let part = ledger.identities(&Filter::default(), Order::Name, &first(3)).await.unwrap();
    let next = part.next.unwrap();
    refused(&ledger, Order::Risk, &next).await;
    for wrong in ["", "x", "AAAA", &next[1..], &format!("{next}A"), "é"] {
        refused(&ledger, Order::Name, wrong).await;
    }
    let page = Page { limit: 3, after: Some(next) };
    assert!(ledger.sightings(&SightingFilter::default(), &page).await.is_err());
    assert!(ledger.events(&EventFilter::default(), &page).await.is_err());
}
