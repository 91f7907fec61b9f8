//! A scan finds in each object exactly what is there.
//!
//! The pattern is short and its matches are made of parts that edits move, join and cut, so that many
//! of them lie across the seams of deltas.

use std::fmt::Write as _;

use proptest::prelude::*;

use crate::support::{Pattern, Repository, brute_force, scan};

const PATTERN: Pattern = Pattern { prefix: "ab_", len: 6 };

/// Pieces that make matches, near misses and noise when they are put side by side.
const PIECES: [&str; 14] = [
    "ab_",
    "a",
    "b_",
    "_",
    "Xy9",
    "kLm",
    "0123456",
    "ab_Xy9kLm",
    " ",
    "\n",
    "some words between\n",
    "the same line again and again, long enough for a copy\n",
    "\"",
    "é",
];

/// An edit of a file.
#[derive(Debug, Clone)]
enum Edit {
    Insert(prop::sample::Index, usize),
    Remove(prop::sample::Index, u8),
    Move(prop::sample::Index, prop::sample::Index, u8),
}

fn edit() -> impl Strategy<Value = Edit> {
    let place = any::<prop::sample::Index>;
    prop_oneof![
        3 => (place(), 0..PIECES.len()).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        1 => (place(), any::<u8>()).prop_map(|(at, len)| Edit::Remove(at, len)),
        1 => (place(), place(), any::<u8>()).prop_map(|(from, to, len)| Edit::Move(from, to, len)),
    ]
}

fn apply(text: &mut Vec<u8>, edit: &Edit) {
    let cut = |text: &mut Vec<u8>, at: &prop::sample::Index, len: u8| {
        let at = at.index(text.len() + 1);
        let end = text.len().min(at + usize::from(len) % 90);
        text.drain(at..end).collect::<Vec<u8>>()
    };
    match edit {
        Edit::Insert(at, piece) => {
            let at = at.index(text.len() + 1);
            text.splice(at..at, PIECES[*piece].bytes());
        }
        Edit::Remove(at, len) => drop(cut(text, at, *len)),
        Edit::Move(from, to, len) => {
            let moved = cut(text, from, *len);
            let at = to.index(text.len() + 1);
            text.splice(at..at, moved);
        }
    }
}

/// A history of versions of a file, as git's fast-import reads it. Every name and message holds
/// matches too.
fn stream(start: &[usize], versions: &[Vec<Edit>]) -> Vec<u8> {
    let mut text: Vec<u8> = start.iter().flat_map(|piece| PIECES[*piece].bytes()).collect();
    let mut stream = Vec::new();
    for (number, edits) in versions.iter().enumerate() {
        for edit in edits {
            apply(&mut text, edit);
        }
        let message = format!("version ab_{number:06}");
        let mut header = String::new();
        writeln!(header, "commit refs/heads/main").unwrap();
        writeln!(header, "author ab_author <ab_{number:06}@x> {number} +0000").unwrap();
        writeln!(header, "committer C <c@x> {number} +0000").unwrap();
        writeln!(header, "data {}\n{message}", message.len()).unwrap();
        writeln!(header, "M 100644 inline folder/file").unwrap();
        writeln!(header, "data {}", text.len()).unwrap();
        stream.extend(header.into_bytes());
        stream.extend(&text);
        let name = format!("folder/{}", PIECES[number % 9].trim());
        stream.extend(format!("\nM 100644 inline {name}-{}\ndata 1\nx\n", number % 5).bytes());
    }
    stream
}

fn agrees(repository: &Repository, when: &str) -> usize {
    let finder = scan(repository.path(), PATTERN);
    assert_eq!(*finder.gaps.lock().unwrap(), [], "{when}");
    let expected = brute_force(repository.path(), PATTERN);
    assert_eq!(finder.found(), expected, "{when}");
    expected.len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn every_match_is_found_in_every_object_however_it_is_stored(
        start in prop::collection::vec(0..PIECES.len(), 40..160),
        versions in prop::collection::vec(prop::collection::vec(edit(), 1..6), 30..90),
        sha256 in any::<bool>(),
    ) {
        let format: &[&str] = if sha256 { &["--object-format=sha256"] } else { &[] };
        let repository = Repository::new(format);
        let stream = stream(&start, &versions);
        // Loose, as commits leave them.
        repository.git_fed(&["-c", "fastimport.unpackLimit=100000", "fast-import", "--quiet"], &stream);
        let found = agrees(&repository, "loose");
        prop_assert!(found > versions.len(), "the pattern is not loose enough");
        repository.git(&["repack", "-adfq", "--depth=50", "--window=50"]);
        prop_assert_eq!(agrees(&repository, "packed"), found);
        // Bases by their names instead of their places, and an index of the old form.
        let old = ["-c", "repack.useDeltaBaseOffset=false", "-c", "pack.indexVersion=1"];
        repository.git(&[&old[..], &["repack", "-adfq", "--depth=50"]].concat());
        prop_assert_eq!(agrees(&repository, "named bases"), found);
        // Two packs, a multi-pack index, and a bitmap.
        let orphan = repository.git_fed(&["hash-object", "-w", "--stdin"], b"an ab_orphan\n");
        prop_assert!(!orphan.is_empty());
        repository.git(&["repack", "-q"]);
        repository.git(&["multi-pack-index", "write"]);
        prop_assert_eq!(agrees(&repository, "multi-pack index"), found + 1);
        repository.git(&["gc", "-q", "--cruft", "--prune=never"]);
        prop_assert_eq!(agrees(&repository, "gc"), found + 1);
    }
}
