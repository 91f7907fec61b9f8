//! What is said twice, and what is not said at all.

use proptest::prelude::*;

use super::*;

fn roles() -> impl Strategy<Value = Role> {
    let names = ["repo.write", "repo.content.read", "org.read", "repo.new.thing"];
    let one = (prop::sample::select(vec!["acme", "acme/a", "acme/b", "other/c"]), 1..4_usize);
    let listed = prop::collection::vec(one, 0..4).prop_map(move |all| {
        let all: Vec<_> = all.iter().map(|(name, n)| (*name, &names[..*n])).collect();
        Role::FineGrained(fine(&all))
    });
    prop_oneof![Just(Role::Read), Just(Role::Write), listed]
}

fn values() -> impl Strategy<Value = Option<Shown>> {
    let alive = (roles(), prop::option::of(-5..5_i64)).prop_map(|(role, ends)| {
        Said::Alive(Box::new(Grant { expires_at: ends.map(day), ..grant(role) }))
    });
    let said = prop_oneof![
        2 => alive,
        1 => Just(Said::KeptOut),
        1 => Just(Said::Unknown),
        1 => Just(Said::Expired),
        1 => Just(Said::Nothing),
    ];
    prop::option::of(said.prop_map(shown))
}

fn words() -> impl Strategy<Value = Word> {
    let ends = prop::sample::select(vec!["Ab3x", "Zk9q"]);
    let approval =
        prop::sample::select(vec![None, Some("approved"), Some("pending"), Some("revoked")]);
    let entries = (
        roles(),
        prop::option::of(ends),
        prop::option::of(-20..0_i64),
        prop::option::of(-200..0_i64),
        prop::option::of(-5..5_i64),
        approval,
        any::<bool>(),
    )
        .prop_map(|(role, last4, issued, used, expires, approval, is_service)| Entry {
            is_service,
            role: Some(role.name().to_owned()),
            fine_grained: if let Role::FineGrained(fine) = role { Some(fine) } else { None },
            last4: last4.map(str::to_owned),
            issued_at: issued.map(day),
            last_used_at: used.map(day),
            expires_at: expires.map(day),
            approval: approval.map(str::to_owned),
            ..entry("write")
        });
    prop_oneof![
        4 => entries.prop_map(listed),
        1 => Just(missing()),
        1 => Just(Word::Left { organisation: "acme".to_owned() }),
    ]
}

proptest! {
    /// Whatever happened before, what is said twice is news once.
    #[test]
    fn a_census_repeated_with_nothing_changed_writes_nothing(
        history in prop::collection::vec((values(), prop::option::of(words())), 1..5),
        is_listed in any::<bool>(),
    ) {
        let mut identity = if is_listed { from_list(entry("write")) } else { valued() };
        let hour = SignedDuration::from_hours(1);
        for (n, (shown, word)) in history.into_iter().enumerate() {
            let at = day(2) + hour.checked_div(2).unwrap() + hour * i32::try_from(2 * n).unwrap();
            let said = Testimony { at, shown, lists: word.into_iter().collect() };
            hear(&mut identity, &said);
            let before = identity.clone();
            let again = hear(&mut identity, &Testimony { at: at + hour, ..said });
            prop_assert_eq!(again, None);
            prop_assert_eq!(&identity, &before);
        }
    }

    /// However often the Hub cannot be asked, nothing is recorded of it.
    #[test]
    fn no_answer_is_no_news(shown_before in values(), word in words()) {
        let mut identity = valued();
        let at = day(1);
        hear(&mut identity, &Testimony { at, shown: shown_before, lists: vec![word] });
        let before = identity.clone();
        let silence = Testimony { shown: Some(shown(Said::Nothing)), ..Testimony::new(at) };
        hear(&mut identity, &silence);
        prop_assert_eq!(identity.standing.verdict, before.standing.verdict);
        prop_assert_eq!(identity.state, before.state);
    }
}
