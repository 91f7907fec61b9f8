//! What is asked of a full ledger, and how long the answers take.

use std::{collections::BTreeSet, time::Instant};

use bearhug_core::{
    event::EventKind,
    identity::{Condition, IdentityId, State},
};
use bearhug_ledger::{EventFilter, Filter, Ledger, Order, Page, Paged, SightingFilter};

use crate::filling::{moment, source, token};

/// How often each question is asked.
const TIMES: usize = 15;

/// The limit of a list, in milliseconds.
const LIST: f64 = 50.0;

/// The limit of one identity or one of its pages, in milliseconds.
const SHOW: f64 = 20.0;

fn page(after: Option<String>) -> Page {
    Page { limit: 50, after }
}

/// Asks the first page of something, and the one after.
macro_rules! measure {
    ($what:expr, $limit:expr, |$page:ident| $ask:expr) => {{
        let mut times = Vec::new();
        let mut rows = 0;
        for _ in 0..TIMES {
            let mut after = None;
            for _ in 0..2 {
                let $page = page(after);
                let start = Instant::now();
                let answer: Paged<_> = $ask.await.unwrap();
                times.push(start.elapsed().as_secs_f64() * 1000.0);
                rows = rows.max(answer.items.len());
                let Some(next) = answer.next else { break };
                after = Some(next);
            }
        }
        report($what, $limit, rows, times);
    }};
}

fn report(what: &str, limit: f64, rows: usize, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let (median, worst) = (times[times.len() / 2], times[times.len() - 1]);
    println!("| {what} | {rows} | {median:.1} | {worst:.1} | {:.2} |", median / limit);
}

pub(crate) async fn ask(ledger: &Ledger) {
    println!(
        "\n| question | rows | median ms | worst ms | median to limit |\n|---|---|---|---|---|"
    );
    orders(ledger).await;
    filters(ledger).await;
    one(ledger).await;
    events(ledger).await;
}

async fn orders(ledger: &Ledger) {
    let all = Filter::default();
    for order in [
        Order::Urgency,
        Order::Risk,
        Order::Name,
        Order::Owner,
        Order::Age,
        Order::LastUsed,
        Order::Updated,
    ] {
        let what = format!("all by {order:?}");
        measure!(&what, LIST, |page| ledger.identities(&all, order, &page));
    }
}

async fn filters(ledger: &Ledger) {
    let none = Filter::default();
    let some = |text: &str| Some(text.to_owned());
    let rare = format!("{}", token(77_777));
    for (what, filter) in [
        ("by state", Filter { states: BTreeSet::from([State::Active]), ..none.clone() }),
        ("dormant", Filter { condition: Some(Condition::Dormant), ..none.clone() }),
        ("compromised", Filter { condition: Some(Condition::Compromised), ..none.clone() }),
        ("of one owner", Filter { owner: some("owner-7"), ..none.clone() }),
        ("of nobody", Filter { owner: some(""), ..none.clone() }),
        ("of an owner that is none", Filter { owner: some("nobody"), ..none.clone() }),
        ("an environment", Filter { environment: some("ci"), ..none.clone() }),
        ("an environment that is none", Filter { environment: some("x"), ..none.clone() }),
        ("with a tag", Filter { tag: some("tag-7"), ..none.clone() }),
        ("with a role", Filter { role: some("write"), ..none.clone() }),
        ("breaking a rule", Filter { breach: some("owner-required"), ..none.clone() }),
        ("breaking any rule", Filter { breach: some(""), ..none.clone() }),
        ("of risk 100", Filter { min_risk: Some(100), ..none.clone() }),
        ("seen in a source", Filter { source: some(&source(7)), ..none.clone() }),
        ("not attested", Filter { not_attested_since: Some(moment(1, 1)), ..none.clone() }),
        ("with a frequent text", Filter { text: some("deploy"), ..none.clone() }),
        ("with a rare text", Filter { text: some(&rare), ..none.clone() }),
        ("with a text that is nowhere", Filter { text: some("nowhere"), ..none.clone() }),
        (
            "with state, role, environment and risk",
            Filter {
                states: BTreeSet::from([State::Active, State::Adopted]),
                role: some("write"),
                environment: some("production"),
                min_risk: Some(70),
                ..none.clone()
            },
        ),
    ] {
        for order in [Order::Urgency, Order::Name, Order::Age] {
            let what = format!("{what}, by {order:?}");
            measure!(&what, LIST, |page| ledger.identities(&filter, order, &page));
        }
    }
}

async fn one(ledger: &Ledger) {
    // The one with most places is among the first hundredth.
    let (busy, quiet) = (IdentityId::of_token(token(7)), IdentityId::of_token(token(77_777)));
    for (what, id) in [("one that is everywhere", busy), ("one that is hardly seen", quiet)] {
        let read = async || {
            ledger
                .identity(id)
                .await
                .map(|found| Paged { items: Vec::from_iter(found), next: None })
        };
        measure!(what, SHOW, |_page| read());
        let exposure = async || {
            ledger
                .exposures(&[id])
                .await
                .map(|found| Paged { items: Vec::from_iter(found), next: None })
        };
        measure!(&format!("{what}: exposure"), SHOW, |_page| exposure());
        let filter = SightingFilter { identity: Some(id), ..SightingFilter::default() };
        measure!(&format!("{what}: sightings"), SHOW, |page| ledger.sightings(&filter, &page));
    }
    let held = async || {
        ledger
            .holders(&[token(7), token(77_777)])
            .await
            .map(|found| Paged { items: Vec::from_iter(found), next: None })
    };
    measure!("whose two tokens are", SHOW, |_page| held());
    let filter = SightingFilter { source: Some(source(7)), ..SightingFilter::default() };
    measure!("sightings of a source", SHOW, |page| ledger.sightings(&filter, &page));
    let filter =
        SightingFilter { fingerprint: Some(token(7)), present: true, ..SightingFilter::default() };
    measure!("sightings of a token", SHOW, |page| ledger.sightings(&filter, &page));
    let all = SightingFilter::default();
    measure!("all sightings", SHOW, |page| ledger.sightings(&all, &page));
}

async fn events(ledger: &Ledger) {
    let none = EventFilter::default();
    let kinds = |kinds: &[EventKind]| kinds.iter().cloned().collect::<BTreeSet<_>>();
    let year = jiff::Timestamp::from_second(1_775_000_000).unwrap();
    let day = year + jiff::SignedDuration::from_hours(24);
    for (what, filter) in [
        ("the latest events", none.clone()),
        ("the oldest events", EventFilter { oldest_first: true, ..none.clone() }),
        (
            "events of an identity",
            EventFilter { identity: Some(IdentityId::of_token(token(7))), ..none.clone() },
        ),
        (
            "events of a frequent kind",
            EventFilter { kinds: kinds(&[EventKind::Sighted]), ..none.clone() },
        ),
        (
            "events of a rare kind",
            EventFilter { kinds: kinds(&[EventKind::Waived]), ..none.clone() },
        ),
        (
            "events of three kinds",
            EventFilter {
                kinds: kinds(&[EventKind::Waived, EventKind::Judged, EventKind::Census]),
                ..none.clone()
            },
        ),
        ("events of an actor", EventFilter { actor: Some("actor-7".to_owned()), ..none.clone() }),
        (
            "events of an actor and a rare kind",
            EventFilter {
                actor: Some("actor-7".to_owned()),
                kinds: kinds(&[EventKind::Waived]),
                ..none.clone()
            },
        ),
        ("events before a moment", EventFilter { until: Some(year), ..none.clone() }),
        (
            "events of a day, of a kind",
            EventFilter {
                since: Some(year),
                until: Some(day),
                kinds: kinds(&[EventKind::Moved]),
                ..none.clone()
            },
        ),
    ] {
        measure!(what, LIST, |page| ledger.events(&filter, &page));
    }
}
