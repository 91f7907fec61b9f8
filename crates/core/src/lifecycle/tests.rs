//! Random lives, held against the table of the design.

use proptest::prelude::*;

use super::*;
use crate::{
    Verdict,
    identity::samples::{seen, version},
};

/// What the design says: a row for each state, a column for each move, `.` where it is refused.
/// `Ret*` is legal only once the Hub says that the token is dead.
const TABLE: &str = "
           adopt   activate start    replace revoke  retire
discovered adopted .        .        .       revoked retired*
adopted    .       active   rotating .       revoked retired*
active     .       .        rotating .       revoked retired*
rotating   .       active   .        active  revoked retired*
revoked    .       .        .        active  .       retired
retired    .       .        .        .       .       .
";

fn expected(state: State, column: &str, is_dead: bool) -> Option<State> {
    let mut rows = TABLE.trim().lines().map(|row| row.split_whitespace().collect::<Vec<_>>());
    let at = rows.next().unwrap().iter().position(|name| *name == column).unwrap();
    let row = rows.find(|row| row[0] == state.name()).unwrap();
    let cell = row[at + 1];
    let name = cell.strip_suffix('*').filter(|_| is_dead).unwrap_or(cell);
    State::ALL.into_iter().find(|state| state.name() == name)
}

fn author() -> Author {
    Author { name: "alice".to_owned() }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_770_000_000 + second).unwrap()
}

fn why() -> String {
    "since it is a test".to_owned()
}

/// Something that happens to an identity in a random life.
#[derive(Debug, Clone)]
enum Step {
    Move(&'static str),
    Set(Condition),
    Clear(Condition),
    Told(Verdict),
    Owner(Option<&'static str>),
}

fn a_step() -> impl Strategy<Value = Step> {
    let columns = TABLE.trim().lines().next().unwrap().split_whitespace().collect::<Vec<_>>();
    let verdicts = vec![Verdict::Active, Verdict::Inactive, Verdict::Unavailable];
    let owner = prop::option::of(Just("bob"));
    prop_oneof![
        6 => prop::sample::select(columns).prop_map(Step::Move),
        1 => prop::sample::select(Condition::ALL.to_vec()).prop_map(Step::Set),
        1 => prop::sample::select(Condition::ALL.to_vec()).prop_map(Step::Clear),
        1 => prop::sample::select(verdicts).prop_map(Step::Told),
        1 => owner.prop_map(Step::Owner),
    ]
}

fn a_move(column: &str, nth: usize) -> Move {
    match column {
        "adopt" => Move::Adopt { owner: "alice".to_owned(), why: why() },
        "activate" => Move::Activate { why: why() },
        "start" => Move::StartRotation { why: why() },
        "replace" => Move::Replace { version: version(&format!("token {nth}")), why: why() },
        "revoke" => Move::Revoke { why: why() },
        "retire" => Move::Retire { why: why() },
        other => panic!("{other}"),
    }
}

/// Makes a move and checks it against the table. Refused ones must change nothing and say why.
fn check_move(identity: &mut Identity, column: &str, nth: usize, now: Timestamp) {
    let before = identity.clone();
    let mut after = expected(before.state, column, before.standing.verdict.is_dead());
    if column == "replace" && before.ownership.owner.is_none() {
        after = None;
    }
    match (identity.apply(a_move(column, nth), &author(), now), after) {
        (Ok(told), Some(after)) => {
            assert_eq!(identity.state, after, "{column} in {}", before.state.name());
            assert_eq!((told.at, told.actor.as_str()), (now, "alice"));
            assert_eq!(told.details["why"], why());
            assert_eq!(told.details["from"], before.state.name());
            assert_eq!(told.details["to"], after.name());
        }
        (Err(no), None) => {
            assert_eq!(*identity, before);
            let reason = no.to_string();
            assert!(!reason.is_empty() && !reason.ends_with('.'), "{reason}");
        }
        (got, after) => panic!("{column} in {}: {got:?}, not {after:?}", before.state.name()),
    }
}

proptest! {
    #[test]
    fn no_life_leaves_the_table(steps in prop::collection::vec(a_step(), 0..40)) {
        let mut identity = seen();
        for (nth, step) in steps.into_iter().enumerate() {
            let now = at(i64::try_from(nth).unwrap());
            let before = identity.clone();
            match step {
                Step::Move(column) => check_move(&mut identity, column, nth, now),
                Step::Set(condition) => {
                    let step = Move::SetCondition { condition, why: why() };
                    let is_set = identity.apply(step, &author(), now).is_ok();
                    prop_assert!(!is_set || !before.conditions.contains(&condition));
                    prop_assert_eq!(identity.state, before.state);
                }
                Step::Clear(condition) => {
                    let step = Move::ClearCondition { condition, why: why() };
                    let is_cleared = identity.apply(step, &author(), now).is_ok();
                    let was_set = before.conditions.contains(&condition);
                    prop_assert_eq!(is_cleared, was_set && before.state != State::Retired);
                }
                Step::Told(verdict) => identity.standing.verdict = verdict,
                Step::Owner(owner) => {
                    let owner = owner.map(str::to_owned);
                    identity.assign(Assignment { owner, ..Assignment::default() }, &author(), now);
                }
            }
            // Every version stays, in its place, and an end that was set stays set.
            prop_assert!(identity.versions.len() >= before.versions.len());
            for (old, new) in before.versions.iter().zip(&identity.versions) {
                prop_assert!(new.is_same_token(old) && new.since == old.since);
                prop_assert!(old.until.is_none() || new.until == old.until);
            }
            let (_, past) = identity.versions.split_last().unwrap();
            prop_assert!(past.iter().all(|version| version.until.is_some()));
            prop_assert!(before.state != State::Retired || identity.state == State::Retired);
        }
    }
}

fn live(columns: &[&str]) -> Identity {
    let mut identity = seen();
    for (nth, column) in columns.iter().enumerate() {
        let now = at(i64::try_from(nth).unwrap());
        identity.apply(a_move(column, nth), &author(), now).unwrap();
    }
    identity
}

#[test]
fn a_rotation_closes_the_old_token_and_forgets_what_the_hub_said_of_it() {
    let mut identity = live(&["adopt", "start"]);
    identity.standing.verdict = Verdict::Active;
    identity.conditions = [Condition::Dormant, Condition::Compromised].into();
    let told = identity.apply(a_move("replace", 2), &author(), at(9)).unwrap();
    assert_eq!(told.kind, EventKind::Versioned);
    assert_eq!(told.details["token"], identity.versions[1].label());
    assert_eq!(told.details["replaces"], identity.versions[0].label());
    assert_eq!(identity.versions[0].until, Some(at(9)));
    assert_eq!(identity.versions[1].until, None);
    assert_eq!(identity.standing, Standing::default());
    // The old token was not ended, so that somebody may still have what works.
    assert_eq!(identity.conditions, [Condition::Compromised].into());
}

#[test]
fn a_revoked_identity_lives_on_with_a_new_token_only() {
    let mut identity = live(&["adopt", "revoke"]);
    identity.conditions = [Condition::Compromised].into();
    let refused = identity.apply(a_move("activate", 0), &author(), at(8)).unwrap_err();
    assert!(refused.to_string().contains("token add --replaces"), "{refused}");
    let same = Move::Replace { version: version("first"), why: why() };
    assert!(identity.apply(same, &author(), at(8)).is_err());
    identity.apply(a_move("replace", 0), &author(), at(9)).unwrap();
    assert_eq!(identity.state, State::Active);
    assert!(identity.conditions.is_empty());
    assert_eq!(identity.versions[0].until, Some(at(1)), "when it was revoked, not replaced");
}

#[test]
fn revoking_outweighs_what_the_hub_said_before() {
    let mut identity = live(&["adopt"]);
    identity.standing.verdict = Verdict::Active;
    identity.apply(a_move("revoke", 0), &author(), at(1)).unwrap();
    assert_eq!(identity.life(at(2)), crate::identity::Life::Dead);
}

#[test]
fn adoption_takes_an_owner() {
    let nobody = Move::Adopt { owner: " ".to_owned(), why: String::new() };
    assert!(seen().apply(nobody, &author(), at(0)).is_err());
}

#[test]
fn only_changes_are_told_and_they_say_what_changed() {
    let mut identity = seen();
    let to = Assignment { owner: Some("bob".to_owned()), ..Assignment::default() };
    let told = identity.assign(to.clone(), &author(), at(1)).unwrap();
    assert_eq!(told.details["owner"], "nothing → bob");
    assert_eq!(identity.assign(to, &author(), at(2)), None);

    let mut purpose = identity.purpose.clone();
    assert_eq!(identity.describe(purpose.clone(), &author(), at(3)), None);
    purpose.environment = Some("ci".to_owned());
    purpose.notes = Some("a long story".to_owned());
    let told = identity.describe(purpose, &author(), at(3)).unwrap();
    assert_eq!(told.details["environment"], "nothing → ci");
    assert_eq!(told.details["notes"], "changed");
    assert_eq!(told.details.len(), 2);

    let told = identity.release(at(2), "1.4", &author(), at(3)).unwrap();
    assert_eq!((told.kind, told.details["why"].as_str()), (EventKind::Released, "1.4"));
    assert_eq!(identity.release(at(1), "1.3", &author(), at(3)), None, "a later one counts");
    assert_eq!(identity.purpose.released_at, Some(at(2)));

    assert!(identity.attest(&author(), at(4)).is_some());
    assert_eq!(identity.attest(&author(), at(4)), None);
    assert_eq!(identity.rename("ci".to_owned(), &author(), at(5)), None);
    assert_eq!(identity.updated_at, at(4));
}
