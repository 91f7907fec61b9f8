//! Tables, as people and spreadsheets write them.

use bearhug_core::{
    Fingerprint, Kind,
    event::EventKind,
    identity::{Criticality, State},
    lifecycle::Author,
};
use jiff::Timestamp;

use super::*;

/// A body as the Hub draws them.
const BODY: &str = "QkRvTzLpWmXcJnYbGsHdFaUeKiOqPtVxZr";

fn value() -> String {
    format!("hf_{BODY}")
}

fn read_text(text: &str) -> (Vec<Row>, Vec<Complaint>) {
    read(text.as_bytes()).unwrap_or_else(|complaint| panic!("{complaint:?}"))
}

fn only(text: &str) -> Row {
    let (mut rows, complaints) = read_text(text);
    assert_eq!((rows.len(), complaints), (1, Vec::new()), "{rows:?}");
    rows.remove(0)
}

fn complaints(text: &str) -> Vec<(u64, String)> {
    let (rows, complaints) = read_text(text);
    assert_eq!(rows, [], "{complaints:?}");
    complaints.into_iter().map(|one| (one.line, one.what)).collect()
}

#[test]
fn a_line_is_a_token_with_all_that_is_said_of_it() {
    let row = only(&format!(
        "\u{feff}Value, Name ,owner,backup,purpose,environment,criticality,tags,resource,notes,account\r\n\
         {},ci,ml,ada,\"uploads, nightly\",production,HIGH,a;b,acme/model datasets/acme/x,'=1+1,bob\r\n",
        value()
    ));
    let fingerprint = Fingerprint::of(&value());
    let last4 = Some("VxZr".to_owned());
    assert_eq!(row.subject, Subject::Token { fingerprint, kind: Kind::UserToken, last4 });
    assert_eq!(row.line, 2);
    assert_eq!(row.purpose.as_deref(), Some("uploads, nightly"));
    assert_eq!(row.criticality, Some(Criticality::High));
    assert_eq!(Vec::from_iter(&row.tags), ["a", "b"]);
    assert_eq!(Vec::from_iter(&row.resources), ["acme/model", "datasets/acme/x"]);
    assert_eq!(row.notes.as_deref(), Some("=1+1"), "the apostrophe was put there by an export");
    assert!(!format!("{row:?}").contains(BODY));
}

#[test]
fn the_header_is_held_to_what_is_known() {
    let wrong = |text: &str| read(text.as_bytes()).unwrap_err().what;
    assert!(wrong("last4,ownr\n").contains("did you mean `owner`?"));
    assert!(wrong("last4,fingerprnt\n").contains("did you mean `fingerprint`?"));
    assert!(wrong("last4,colour\n").contains("the columns are value, fingerprint"));
    assert!(wrong("last4,owner,Owner\n").contains("`owner` is there twice"));
    assert!(wrong("name,owner\n").contains("`value`, `fingerprint`, `hub_id`, `last4`"));
    let headless = wrong(&format!("{},ci\n", value()));
    assert!(!headless.contains(BODY) && !headless.to_lowercase().contains(&BODY.to_lowercase()));
}

#[test]
fn every_line_with_a_mistake_is_named_and_no_cell_is_quoted() {
    let fingerprint = Fingerprint::of("x");
    let text = format!(
        "value,fingerprint,last4,kind,criticality,notes\n\
         hf_short,,,,,\n\
         {value},{fingerprint},,,,\n\
         ,fp_nonsense,,,,\n\
         ,,abc,,,\n\
         ,{fingerprint},,password,,\n\
         ,{fingerprint},,,huge,\n\
         ,{fingerprint},,,,see {value}\n\
         ,,,,low,\n\
         ,{fingerprint},,,,,,\n",
        value = value()
    );
    let told = complaints(&text);
    let lines: Vec<_> = told.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, (2..=10).collect::<Vec<_>>(), "{told:?}");
    for (part, (_, what)) in [
        "`value` is no token",
        "`fingerprint` is not that of `value`",
        "a fingerprint is `fp_`",
        "`last4` has four characters",
        "`kind` is one of",
        "`criticality` is one of",
        "`notes` holds a token, which belongs in the column `value`",
        "it names no token",
        "it has 8 cells for 6 columns",
    ]
    .iter()
    .zip(&told)
    {
        assert!(what.contains(part), "{part}: {what}");
        assert!(!what.contains(BODY) && !what.contains("short"), "{what}");
    }
}

#[test]
fn a_token_comes_once_and_empty_lines_are_none() {
    let fingerprint = Fingerprint::of("x");
    let (rows, told) =
        read_text(&format!("fingerprint,name\n{fingerprint},a\n,\n\n{fingerprint},b\n"));
    assert_eq!(rows.len(), 1);
    assert_eq!(told.len(), 1);
    assert!(told[0].what.contains("an earlier line"));
    let (rows, told) = read_text("last4\n\u{e9}\u{e9}\u{e9}\u{e9}\n");
    assert_eq!((rows.len(), told.len()), (1, 0), "characters, not bytes");
    let (_, told) = read(b"last4\r\nab\xff\xfe\r\n\r\nabcd\r\n").unwrap();
    assert_eq!((told[0].line, told[0].what.as_str()), (2, "it is not UTF-8"));
}

#[test]
fn a_row_makes_an_identity_and_says_more_of_one() {
    let author = Author { name: "ada@host".to_owned() };
    let at = (&author, Timestamp::UNIX_EPOCH);
    let fingerprint = Fingerprint::of("x");
    let text = format!("fingerprint,last4,name,owner,tags\n{fingerprint},Ab3x,ci,ml,a\n");
    let (identity, events) = apply(&only(&text), None, "http://hub", at).unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event.kind.clone()).collect();
    assert_eq!(kinds, [EventKind::Discovered, EventKind::Adopted, EventKind::Described]);
    assert_eq!((identity.state, identity.ownership.owner.as_deref()), (State::Adopted, Some("ml")));
    let again = apply(&only(&text), Some(identity.clone()), "http://hub", at).unwrap();
    assert_eq!(again, (identity.clone(), Vec::new()), "the same table twice changes nothing");
    let more = format!("fingerprint,owner,tags\n{fingerprint},bob,b\n");
    let (identity, events) = apply(&only(&more), Some(identity), "http://hub", at).unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!(identity.name, "ci");
    assert_eq!(Vec::from_iter(&identity.purpose.tags), ["a", "b"]);

    let refused = |text: &str| apply(&only(text), None, "http://hub", at).unwrap_err();
    assert!(refused("last4\nAb3x\n").contains("nothing on record ends so"));
    assert!(refused("hub_id\nabc\n").contains("give the `organisation`"));
    let listed = only("hub_id,organisation,account\nabc,acme,bob\n");
    let (identity, _) = apply(&listed, None, "http://hub", at).unwrap();
    assert_eq!(identity.versions[0].hub_id.as_deref(), Some("abc"));
    assert_eq!(identity.ownership.suggestions[0].owner, "bob");
}
