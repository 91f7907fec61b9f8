//! An organisation with many tokens, made up the same way each time.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use bearhug_core::{
    Fingerprint, Kind, Verdict,
    event::{EventKind, Happening},
    identity::{
        Assessment, Breach, Condition, Criticality, Exposure, Identity, IdentityId, Ownership,
        Purpose, Standing, State, Version, Weighed,
    },
    risk::Keeping,
};
use bearhug_ledger::{Changes, Ledger, Presence, Sighting};
use jiff::{SignedDuration, Timestamp};

/// How much is committed at once.
const COMMIT: usize = 20_000;

/// How many places a source has.
const PLACES: usize = 500;

/// A number below `below` that looks random and follows from two others.
pub(crate) fn draw(number: usize, purpose: u64, below: u64) -> u64 {
    // The finisher of SplitMix64.
    let mut x = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ purpose.wrapping_mul(0xd1b5);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ (x >> 31)) % below
}

fn pick<T: Clone>(number: usize, purpose: u64, of: &[T]) -> T {
    of[usize::try_from(draw(number, purpose, of.len() as u64)).unwrap()].clone()
}

pub(crate) fn token(number: usize) -> Fingerprint {
    Fingerprint::of(&format!("token {number}"))
}

pub(crate) fn source(number: u64) -> String {
    format!("https://git.example/acme/repository-{number}")
}

pub(crate) fn moment(number: usize, purpose: u64) -> Timestamp {
    let year = 365 * 86_400;
    let second = 1_760_000_000 + i64::try_from(draw(number, purpose, year)).unwrap();
    Timestamp::from_second(second).unwrap()
}

/// Commits everything in parts and prints how fast that was.
async fn commit_all(ledger: &Ledger, what: &str, count: usize, part: impl Fn(usize) -> Changes) {
    let parts = count.div_ceil(COMMIT);
    let mut seconds = 0.0;
    for number in 0..parts {
        let changes = part(number);
        let start = Instant::now();
        ledger.commit(&changes).await.unwrap();
        seconds += start.elapsed().as_secs_f64();
    }
    #[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
    let rate = count as f64 / seconds;
    println!("| {what} | {count} | {seconds:.1} | {rate:.0} |");
}

fn numbers(part: usize, count: usize) -> std::ops::Range<usize> {
    part * COMMIT..count.min((part + 1) * COMMIT)
}

pub(crate) async fn identities(ledger: &Ledger, count: usize) {
    commit_all(ledger, "identities", count, |part| Changes {
        identities: numbers(part, count).map(identity).collect(),
        ..Changes::default()
    })
    .await;
}

pub(crate) async fn sightings(
    ledger: &Ledger,
    what: &str,
    (identities, count): (usize, usize),
    days_later: i64,
) {
    let later = SignedDuration::from_hours(24 * days_later);
    let seen = |number| {
        let first = sighting(number, identities);
        Sighting { last_seen: first.last_seen + later, ..first }
    };
    commit_all(ledger, what, count, |part| Changes {
        sightings: numbers(part, count).map(seen).collect(),
        ..Changes::default()
    })
    .await;
}

pub(crate) async fn events(ledger: &Ledger, identities: usize, count: usize) {
    commit_all(ledger, "events", count, |part| Changes {
        events: numbers(part, count).map(|number| event(number, identities)).collect(),
        ..Changes::default()
    })
    .await;
}

fn identity(number: usize) -> Identity {
    let risk = u8::try_from(draw(number, 1, 101)).unwrap();
    let account = format!("user-{}", draw(number, 2, 2000));
    let since = moment(number, 3);
    let owner = (draw(number, 4, 10) > 2).then(|| format!("owner-{}", draw(number, 5, 500)));
    Identity {
        id: IdentityId::of_token(token(number)),
        revision: 0,
        name: format!("{}-{number}", pick(number, 6, &["train", "deploy", "notebook", "ci"])),
        kind: pick(number, 7, &[Kind::UserToken, Kind::UserToken, Kind::OrgToken]),
        state: pick(number, 8, &[State::Discovered, State::Adopted, State::Active, State::Revoked]),
        conditions: conditions(number),
        ownership: Ownership { owner, ..Ownership::default() },
        purpose: Purpose {
            environment: Some(pick(number, 9, &["production", "ci", "notebook"]).to_owned()),
            criticality: pick(number, 10, &[Criticality::Unknown, Criticality::High]),
            tags: (11..13).map(|p| format!("tag-{}", draw(number, p, 50))).collect(),
            ..Purpose::default()
        },
        versions: vec![Version {
            fingerprint: Some(token(number)),
            hub_id: Some(format!("{:024x}", draw(number, 13, u64::MAX))),
            last4: Some("Ab3x".to_owned()),
            since,
            until: None,
        }],
        standing: Standing {
            verdict: pick(number, 14, &[Verdict::Active, Verdict::Inactive, Verdict::Unverified]),
            account: Some(account),
            role: Some(pick(number, 15, &["read", "write", "fineGrained"]).to_owned()),
            last_used_at: Some(moment(number, 16)),
            ..Standing::default()
        },
        exposure: Exposure::default(),
        assessment: assessment(number, risk),
        created_at: since,
        updated_at: moment(number, 17),
    }
}

fn conditions(number: usize) -> BTreeSet<Condition> {
    let dormant = (draw(number, 18, 10) == 0).then_some(Condition::Dormant);
    let compromised = (draw(number, 19, 1000) == 0).then_some(Condition::Compromised);
    dormant.into_iter().chain(compromised).collect()
}

fn assessment(number: usize, risk: u8) -> Assessment {
    let factors =
        ["scope", "rotation", "storage", "revocation", "exposure", "ownership", "criticality"];
    let weighed = |factor: &str| Weighed {
        factor: factor.to_owned(),
        points: risk / 7,
        limit: 40,
        reason: "it has been the same for 412 days, and nothing says who would renew it".to_owned(),
    };
    let breach = |rule: &str| Breach {
        rule: rule.to_owned(),
        mode: "warn".to_owned(),
        what: "it is 412 days old, and 90 are allowed in production".to_owned(),
        fix: "rotate it with `bearhug rotate`".to_owned(),
    };
    let rules = ["maximum-age", "owner-required", "fine-grained-only"];
    Assessment {
        at: Some(moment(number, 20)),
        risk,
        parts: factors.into_iter().map(weighed).collect(),
        breaches: (0..draw(number, 21, 3)).map(|p| breach(pick(number, 22 + p, &rules))).collect(),
        to_do: vec!["rotate it: it is 412 days old".to_owned()],
        urgency: u16::try_from(draw(number, 26, 4) * 100).unwrap() + u16::from(risk),
        ..Assessment::default()
    }
}

/// As scans record them: a source at a time, all of it at one moment. One token in a hundred has most
/// of the places.
fn sighting(number: usize, identities: usize) -> Sighting {
    let scan = number / PLACES;
    let popular = identities.div_ceil(100) as u64;
    let among = if number.is_multiple_of(4) { identities as u64 } else { popular };
    let holder = usize::try_from(draw(number, 30, among)).unwrap();
    let seen = moment(scan, 31);
    Sighting {
        fingerprint: token(holder),
        identity: IdentityId::of_token(token(holder)),
        source: source(scan as u64),
        origin: format!("file:experiments/run-{number}/train.ipynb › notebook:cell 3 output"),
        path: Some(format!("experiments/run-{number}/train.ipynb")),
        line: Some(draw(number, 33, 500) + 1),
        commit: Some(format!("{:040x}", draw(number, 34, u64::MAX))),
        author: Some(format!("author-{}", draw(number, 35, 300))),
        keeping: pick(number, 36, &[Keeping::Copied, Keeping::PrivateFile]),
        environment: Some(pick(scan, 37, &["ci", "notebook"]).to_owned()),
        presence: Presence::Present,
        first_seen: seen,
        last_seen: seen,
    }
}

/// Events come nearly in the order of their times.
fn event(number: usize, identities: usize) -> Happening {
    let second = 1_760_000_000 + i64::try_from(number as u64 * 6 + draw(number, 40, 60)).unwrap();
    let about = usize::try_from(draw(number, 41, identities as u64)).unwrap();
    let kinds = [EventKind::Sighted, EventKind::Sighted, EventKind::Judged, EventKind::Moved];
    let rare = draw(number, 42, 10_000) == 0;
    Happening {
        at: Timestamp::from_second(second).unwrap(),
        kind: if rare { EventKind::Waived } else { pick(number, 43, &kinds) },
        actor: format!("actor-{}", draw(number, 44, 200)),
        identity: Some(IdentityId::of_token(token(about))),
        details: BTreeMap::from([
            ("from".to_owned(), "discovered".to_owned()),
            ("why".to_owned(), "a scan found it in experiments/train.ipynb".to_owned()),
        ]),
    }
}
