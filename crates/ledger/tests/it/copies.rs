//! Ledgers that are copied into others, and into files and back.

use std::{
    fs::File,
    io::{Read as _, Write as _},
};

use bearhug_ledger::{
    Changes, EventFilter, Filter, Ledger, Order, SightingFilter,
    chain::{Anchor, Witness},
    copy::{Copied, CopyError, Existing},
};
use sqlx::{AssertSqlSafe, Row as _};

use crate::support::{
    Place, on_both_databases,
    things::{at, event, first, id, identity, owner, sighting, waiver},
};

on_both_databases!(
    a_backup_is_the_same_ledger_again,
    a_ledger_that_holds_something_is_kept,
    a_backup_that_was_changed_is_refused,
    what_is_no_backup_is_refused,
    a_broken_chain_is_not_passed_on,
    broken_checkpoints_are_not_passed_on,
    what_is_remembered_is_not_forgotten_by_itself,
    every_table_and_column_is_copied,
    a_backup_is_of_one_moment,
);

/// Something in every table, with texts that are a trial for JSON and for databases.
async fn filled(place: &Place) -> Ledger {
    let ledger = place.open().await;
    let mut all = Changes {
        owners: vec![owner("alice"), owner("é \u{1f43b} \"q\" \\n")],
        waivers: vec![waiver("maximum-age", 1)],
        events: (1..=1300).map(|n| event(n % 7, i64::try_from(n).unwrap())).collect(),
        ..Changes::default()
    };
    for number in 0..203 {
        let mut one = identity(number);
        one.purpose.tags = ["ci".to_owned(), format!("tag {}", number % 5)].into();
        one.purpose.notes = Some("\u{1}\u{7f}\u{2028}'\"\\".to_owned());
        if number % 2 == 0 {
            one.standing.last_used_at = Some(at(5));
        }
        all.identities.push(one);
        all.sightings.push(sighting(number, &format!("file:{}", number % 11), 7));
    }
    all.sightings.push(sighting(3, "file:ünï/\u{202e}x", 9));
    ledger.commit(&all).await.unwrap();
    let state = tempfile::tempdir().unwrap();
    Witness::of(&ledger, state.path()).seal(&ledger, at(1)).await.unwrap();
    ledger
}

/// All that a ledger answers.
async fn told(ledger: &Ledger) -> impl PartialEq + std::fmt::Debug {
    (
        ledger.identities(&Filter::default(), Order::Name, &first(10_000)).await.unwrap().items,
        ledger.sightings(&SightingFilter::default(), &first(10_000)).await.unwrap().items.len(),
        ledger.events(&EventFilter::default(), &first(10_000)).await.unwrap().items,
        ledger.owners().await.unwrap(),
        ledger.waivers().await.unwrap(),
        ledger.checkpoints().await.unwrap(),
        ledger.head().await.unwrap(),
    )
}

async fn backup(ledger: &Ledger) -> (Vec<u8>, Copied) {
    let mut file = Vec::new();
    let copied = ledger.back_up(at(3), &mut file).await.unwrap();
    (file, copied)
}

async fn is_empty(ledger: &Ledger) -> bool {
    let all = ledger.identities(&Filter::default(), Order::Name, &first(1)).await.unwrap();
    all.items.is_empty() && ledger.head().await.unwrap().0 == 0
}

async fn a_backup_is_the_same_ledger_again(place: Place) {
    let ledger = filled(&place).await;
    let (file, copied) = backup(&ledger).await;
    let other = if place.is_sqlite() { Place::sqlite() } else { Place::postgres().await };
    let again = other.open().await;
    assert_eq!(again.restore(file.as_slice(), Existing::Keep, None).await.unwrap(), copied);
    assert_eq!(told(&again).await, told(&ledger).await);
    assert!(
        again
            .verify(None, &[])
            .await
            .unwrap()
            .faults
            .iter()
            .all(|f| f.kind.name() == "unknown_key")
    );
    // It goes on as one that was always there.
    let more = Changes {
        events: vec![event(9, 9)],
        sightings: vec![sighting(1, "new", 9)],
        ..Changes::default()
    };
    again.commit(&more).await.unwrap();
    assert_eq!(again.head().await.unwrap().0, 1301);
    assert!(again.identity(id(3)).await.unwrap().is_some());
}

#[tokio::test]
async fn one_database_is_copied_into_the_other_and_back() {
    let (first_place, second_place, third_place) =
        (Place::sqlite(), Place::postgres().await, Place::sqlite());
    let first = filled(&first_place).await;
    let (second, third) = (second_place.open().await, third_place.open().await);
    let there = first.copy_to(&second, [None, None]).await.unwrap();
    assert_eq!(told(&second).await, told(&first).await);
    let back = second.copy_to(&third, [None, None]).await.unwrap();
    assert_eq!(there, back, "counts, digests and the end of the chain");
    assert_eq!(told(&third).await, told(&first).await);
    let counts: Vec<_> = there.tables.iter().map(|t| (t.name, t.rows)).collect();
    assert!(counts.contains(&("event", 1300)) && counts.contains(&("sighting", 204)), "{counts:?}");
    assert_eq!(backup(&third).await.0, backup(&first).await.0, "files are the same, byte for byte");
    assert!(matches!(first.copy_to(&second, [None, None]).await, Err(CopyError::NotEmpty(_))));
    assert_eq!(told(&second).await, told(&first).await);
}

async fn a_ledger_that_holds_something_is_kept(place: Place) {
    let ledger = filled(&place).await;
    let (file, copied) = backup(&ledger).await;
    let more = Changes {
        events: vec![event(9, 9)],
        identities: vec![identity(5000)],
        ..Changes::default()
    };
    ledger.commit(&more).await.unwrap();
    let before = told(&ledger).await;
    let refused = ledger.restore(file.as_slice(), Existing::Keep, None).await;
    assert!(matches!(refused, Err(CopyError::NotEmpty(_))), "{refused:?}");
    assert_eq!(told(&ledger).await, before);
    let cut = ledger.restore(&file[..file.len() - 9], Existing::Replace, None).await;
    assert!(cut.is_err());
    assert_eq!(told(&ledger).await, before, "what is half restored must be undone");
    assert_eq!(ledger.restore(file.as_slice(), Existing::Replace, None).await.unwrap(), copied);
    assert_ne!(told(&ledger).await, before);
    assert_eq!(ledger.identity(id(5000)).await.unwrap(), None);
}

/// Whether Python finds in a file what its last line says: other code than ours works out the digests.
fn python_agrees(file: &[u8]) -> bool {
    use std::process::{Command, Stdio};
    const ORACLE: &str = r#"
import hashlib, json, sys
lines = sys.stdin.buffer.read().split(b"\n")
assert lines.pop() == b"" and json.loads(lines[0])["schema"] == "bearhug.backup/1"
end = json.loads(lines[-1])["end"]
digests, counts, last = {name: hashlib.sha256() for name in end["tables"]}, {}, None
for line in lines[1:-1]:
    [(name, row)] = json.loads(line).items()
    start = b'{"' + name.encode() + b'":'
    assert line.startswith(start) and line.endswith(b"}")
    digests[name].update(line[len(start):-1] + b"\n")
    counts[name] = counts.get(name, 0) + 1
    last = row if name == "event" else last
for name, total in end["tables"].items():
    assert total == {"rows": counts.get(name, 0), "sha256": digests[name].hexdigest()}, name
assert (last[0], last[6]) == (end["seq"], end["hash"])
"#;
    let mut python =
        Command::new("python3").args(["-c", ORACLE]).stdin(Stdio::piped()).spawn().unwrap();
    let plain = unpacked(file);
    python.stdin.take().unwrap().write_all(&plain).unwrap();
    python.wait().unwrap().success()
}

fn unpacked(file: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    zstd::Decoder::new(file).unwrap().read_to_end(&mut plain).unwrap();
    plain
}

fn packed(lines: &[&str]) -> Vec<u8> {
    zstd::encode_all((lines.join("\n") + "\n").as_bytes(), 3).unwrap()
}

async fn a_backup_that_was_changed_is_refused(place: Place) {
    let ledger = filled(&place).await;
    let (file, _) = backup(&ledger).await;
    assert!(python_agrees(&file));
    let other = if place.is_sqlite() { Place::sqlite() } else { Place::postgres().await };
    let again = other.open().await;
    let plain = String::from_utf8(unpacked(&file)).unwrap();
    let lines: Vec<&str> = plain.lines().collect();
    let (owner, event) = (
        lines.iter().position(|line| line.starts_with("{\"owner\"")).unwrap(),
        lines.iter().position(|line| line.starts_with("{\"event\"")).unwrap(),
    );
    let changed = |at: usize, from: &str, to: &str| {
        let mut lines: Vec<_> = lines.iter().map(|&line| line.to_owned()).collect();
        assert!(lines[at].contains(from), "{}", lines[at]);
        lines[at] = lines[at].replace(from, to);
        packed(&lines.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let without = |at: usize| packed(&[&lines[..at], &lines[at + 1..]].concat());
    let twice = packed(&[&lines[..=owner], &lines[owner..]].concat());
    let swapped = {
        let mut lines = lines.clone();
        lines.swap(owner, owner + 1);
        packed(&lines)
    };
    let last = lines.len() - 1;
    for (what, file) in [
        ("an edited owner", changed(owner, "acme.example", "evil.example")),
        ("an edited event", changed(event, "alice", "eve")),
        ("an edited end", changed(last, "\"rows\":1300", "\"rows\":1301")),
        ("another table's row", changed(owner, "\"owner\"", "\"waiver\"")),
        ("a table that comes later", changed(owner, "\"owner\"", "\"identity\"")),
        ("a text for a number", changed(event, "[1,", "[\"1\",")),
        ("a missing row", without(owner)),
        ("a missing event", without(event)),
        ("a missing end", without(last)),
        ("a row that comes twice", twice),
        ("rows in another order", swapped),
        ("something after the end", packed(&[&lines[..], &["{}"]].concat())),
        ("no last line feed", zstd::encode_all(plain.trim_end().as_bytes(), 3).unwrap()),
        ("a flipped bit", {
            let mut file = file.clone();
            let at = file.len() / 2;
            file[at] ^= 1;
            file
        }),
    ] {
        let refused = again.restore(file.as_slice(), Existing::Keep, None).await;
        assert!(refused.is_err(), "{what}");
        assert!(is_empty(&again).await, "{what}");
    }
    again.restore(file.as_slice(), Existing::Keep, None).await.unwrap();
}

async fn what_is_no_backup_is_refused(place: Place) {
    let ledger = place.open().await;
    let (file, _) = backup(&ledger).await;
    let plain = String::from_utf8(unpacked(&file)).unwrap();
    for bytes in
        [Vec::new(), b"SQLite format 3\0".to_vec(), packed(&["{}"]), packed(&["[1]", "{}"])]
    {
        assert!(ledger.restore(bytes.as_slice(), Existing::Keep, None).await.is_err());
    }
    let newer = plain.replace("\"version\":2", "\"version\":3");
    let newer = zstd::encode_all(newer.as_bytes(), 3).unwrap();
    let refused = ledger.restore(newer.as_slice(), Existing::Keep, None).await;
    assert!(matches!(refused, Err(CopyError::Version { found: 3, known: 2 })), "{refused:?}");
    // A few kilobytes that become a line without an end.
    let bomb = zstd::encode_all(std::io::repeat(b'x').take(1 << 30), 3).unwrap();
    let refused = ledger.restore(bomb.as_slice(), Existing::Keep, None).await;
    assert!(matches!(refused, Err(CopyError::Content { line: 1, .. })), "{refused:?}");
    assert!(is_empty(&ledger).await);
}

async fn a_broken_chain_is_not_passed_on(place: Place) {
    let ledger = filled(&place).await;
    let (file, _) = backup(&ledger).await;
    let behind = place.behind().await;
    let edit = "UPDATE event SET actor = 'eve' WHERE seq = 1203";
    sqlx::raw_sql(edit).execute(&behind).await.unwrap();
    let other = Place::sqlite();
    let refused = ledger.copy_to(&other.open().await, [None, None]).await;
    let Err(CopyError::Broken(faults)) = refused else { panic!("{refused:?}") };
    assert_eq!((faults[0].first, faults[0].kind.name()), (1203, "altered"));
    assert!(is_empty(&other.open().await).await);
    assert!(ledger.back_up(at(1), &mut Vec::new()).await.is_err());
    ledger.restore(file.as_slice(), Existing::Replace, None).await.unwrap();
    assert!(ledger.back_up(at(1), &mut Vec::new()).await.is_ok());
}

async fn broken_checkpoints_are_not_passed_on(place: Place) {
    let ledger = filled(&place).await;
    let other = Place::sqlite();
    let behind = place.behind().await;
    for (edit, kind) in [
        ("UPDATE checkpoint SET at = at + 1", "forged"),
        ("UPDATE checkpoint SET at = at - 1, previous = 7", "forged"),
        ("DELETE FROM checkpoint", ""),
    ] {
        sqlx::raw_sql(edit).execute(&behind).await.unwrap();
        let copied = ledger.copy_to(&other.open().await, [None, None]).await;
        match copied {
            Err(CopyError::Broken(faults)) => assert_eq!(faults[0].kind.name(), kind),
            copied => assert!(copied.is_ok() && kind.is_empty(), "{edit}: {copied:?}"),
        }
    }
}

async fn what_is_remembered_is_not_forgotten_by_itself(place: Place) {
    let ledger = filled(&place).await;
    let (file, _) = backup(&ledger).await;
    let state = tempfile::tempdir().unwrap();
    let witness = Witness::of(&ledger, state.path());
    witness.seal(&ledger, at(2)).await.unwrap();
    let same = witness.anchor().unwrap();
    ledger.restore(file.as_slice(), Existing::Replace, same).await.unwrap();
    let more = Changes { events: vec![event(9, 9)], ..Changes::default() };
    ledger.commit(&more).await.unwrap();
    witness.seal(&ledger, at(3)).await.unwrap();
    let later = witness.anchor().unwrap().unwrap();
    let before = told(&ledger).await;
    let rewritten = Anchor { seq: 1200, checkpoint: 0, ..later.clone() };
    for (anchor, kind) in [(&later, "forgotten"), (&rewritten, "rewritten")] {
        let anchor = Some(anchor.clone());
        let refused = ledger.restore(file.as_slice(), Existing::Replace, anchor.clone()).await;
        let Err(CopyError::Forgets(faults)) = refused else { panic!("{refused:?}") };
        assert_eq!(faults[0].kind.name(), kind);
        assert_eq!(told(&ledger).await, before);
        let other = Place::sqlite();
        let into = ledger.copy_to(&other.open().await, [None, anchor]).await;
        assert_eq!(into.is_err(), kind == "rewritten", "{into:?}");
    }
    ledger.restore(file.as_slice(), Existing::Replace, None).await.unwrap();
    assert_eq!(ledger.head().await.unwrap().0, 1300);
}

async fn every_table_and_column_is_copied(place: Place) {
    let ledger = filled(&place).await;
    let (file, copied) = backup(&ledger).await;
    assert!(copied.tables.iter().all(|table| table.rows > 0), "{copied:?}");
    let header = unpacked(&file);
    let header = header.split(|&b| b == b'\n').next().unwrap();
    let header: serde_json::Value = serde_json::from_slice(header).unwrap();
    let behind = place.behind().await;
    let query = if place.is_sqlite() {
        "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'"
    } else {
        "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
         WHERE table_schema = 'public'"
    };
    let rows = sqlx::query(AssertSqlSafe(query)).fetch_all(&behind).await.unwrap();
    let (mut all, mut expected) = (Vec::new(), Vec::new());
    for row in rows {
        let column: (String, String) = (row.get(0), row.get(1));
        // What follows from the rest, and what is not of this ledger.
        let is_left_out = ["migration", "chain", "sqlite_sequence"].contains(&column.0.as_str())
            || column == ("sighting".to_owned(), "id".to_owned());
        expected.extend((!is_left_out).then_some(column));
    }
    for (table, columns) in header["tables"].as_object().unwrap() {
        for column in columns.as_array().unwrap() {
            all.push((table.clone(), column.as_str().unwrap().to_owned()));
        }
    }
    all.sort();
    expected.sort();
    assert_eq!(all, expected);
}

/// While others write.
async fn a_backup_is_of_one_moment(place: Place) {
    let ledger = filled(&place).await;
    let writer = place.open().await;
    let writing = async {
        for number in 0..40 {
            let events = vec![event(1, number)];
            let number = usize::try_from(number).unwrap();
            let changes =
                Changes { events, identities: vec![identity(9000 + number)], ..Changes::default() };
            writer.commit(&changes).await.unwrap();
        }
    };
    let copying = async {
        let mut files = Vec::new();
        for _ in 0..5 {
            files.push(backup(&ledger).await);
        }
        files
    };
    let ((), files) = futures_util::future::join(writing, copying).await;
    for (file, copied) in files {
        let rows = |name| copied.tables.iter().find(|table| table.name == name).unwrap().rows;
        assert_eq!(rows("identity") - 203, rows("event") - 1300, "each came with an event");
        assert_eq!(rows("identity_document"), rows("identity"));
        assert!(python_agrees(&file));
    }
}

/// A database that writes something else than it is told.
#[tokio::test]
async fn what_is_written_is_read_again_before_it_lasts() {
    let (place, other) = (Place::sqlite(), Place::sqlite());
    let (ledger, target) = (filled(&place).await, other.open().await);
    let behind = other.behind().await;
    let trigger = "CREATE TRIGGER meddler AFTER INSERT ON owner BEGIN
        UPDATE owner SET email = 'eve@acme.example' WHERE name = 'alice'; END";
    sqlx::raw_sql(trigger).execute(&behind).await.unwrap();
    let refused = ledger.copy_to(&target, [None, None]).await;
    assert!(matches!(refused, Err(CopyError::Differs("owner"))), "{refused:?}");
    assert!(is_empty(&target).await);
}

#[tokio::test]
async fn a_full_disk_leaves_nothing_behind() {
    let place = Place::sqlite();
    let ledger = filled(&place).await;
    let mut full = File::options().write(true).open("/dev/full").unwrap();
    assert!(matches!(ledger.back_up(at(1), &mut full).await, Err(CopyError::File(_))));
}
