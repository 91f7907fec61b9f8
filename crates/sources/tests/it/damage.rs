//! What is broken, cut off or made to do harm is a gap and nothing worse.

use std::{fmt::Write as _, fs};

use bearhug_core::GapReason;

use crate::support::{Pattern, Repository, brute_force, scan};

const PATTERN: Pattern = Pattern { prefix: "ab_", len: 6 };

/// A repository whose versions of one file are in one pack, as deltas of one another.
fn packed() -> Repository {
    let repository = Repository::new(&[]);
    let mut stream = Vec::new();
    let mut text = String::new();
    for number in 0..60 {
        writeln!(text, "line {number} with ab_{number:06} and {}", number * number).unwrap();
        stream.extend(
            format!("commit refs/heads/main\ncommitter C <c@x> {number} +0000\ndata 1\nm\n")
                .bytes(),
        );
        stream.extend(format!("M 100644 inline f\ndata {}\n{text}\n", text.len()).bytes());
    }
    repository.git_fed(&["fast-import", "--quiet"], &stream);
    repository.git(&["repack", "-adfq", "--depth=50"]);
    repository
}

fn reasons(repository: &Repository) -> Vec<String> {
    let finder = scan(repository.path(), PATTERN);
    let gaps = finder.gaps.lock().unwrap();
    let words = |reason: &GapReason| match reason {
        GapReason::Unreadable(why) => why.clone(),
        other => other.name().to_owned(),
    };
    gaps.iter().map(|gap| words(&gap.reason)).collect()
}

fn rewrite(path: &std::path::Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn every_byte_of_a_pack_may_be_wrong() {
    let repository = packed();
    let pack = repository.packs("pack").remove(0);
    let whole = fs::read(&pack).unwrap();
    let all = scan(repository.path(), PATTERN).found();
    for at in (12..whole.len() - 20).step_by(7) {
        rewrite(&pack, |bytes| {
            bytes.clone_from(&whole);
            bytes[at] ^= 0x55;
        });
        let finder = scan(repository.path(), PATTERN);
        let has_gaps = !finder.gaps.lock().unwrap().is_empty();
        // What is found is there, and what is not is said.
        let found = finder.found();
        assert!(has_gaps || found == all, "byte {at}");
    }
}

#[test]
fn a_pack_may_be_cut_anywhere() {
    let repository = packed();
    let pack = repository.packs("pack").remove(0);
    let whole = fs::read(&pack).unwrap();
    for len in (0..whole.len()).step_by(101) {
        rewrite(&pack, |bytes| bytes.truncate(len));
        assert!(!reasons(&repository).is_empty(), "{len} bytes");
        rewrite(&pack, |bytes| bytes.clone_from(&whole));
    }
}

#[test]
fn every_byte_of_an_index_may_be_wrong_and_it_may_be_cut() {
    let repository = packed();
    let index = repository.packs("idx").remove(0);
    let whole = fs::read(&index).unwrap();
    for at in (0..whole.len()).step_by(41) {
        rewrite(&index, |bytes| bytes[at] ^= 0xff);
        drop(reasons(&repository));
        rewrite(&index, |bytes| bytes.truncate(at));
        assert!(!reasons(&repository).is_empty(), "{at} bytes");
        rewrite(&index, |bytes| bytes.clone_from(&whole));
    }
}

#[test]
fn a_pack_without_an_index_is_read_by_the_multi_pack_index() {
    let repository = packed();
    repository.git(&["multi-pack-index", "write"]);
    let expected = brute_force(repository.path(), PATTERN);
    fs::remove_file(repository.packs("idx").remove(0)).unwrap();
    let finder = scan(repository.path(), PATTERN);
    assert_eq!(*finder.gaps.lock().unwrap(), []);
    assert_eq!(finder.found(), expected);
    fs::remove_file(repository.path().join("objects/pack/multi-pack-index")).unwrap();
    assert_eq!(reasons(&repository).len(), 1);
}

#[test]
fn a_loose_object_that_is_cut_off_or_lies_is_a_gap() {
    let repository = Repository::new(&[]);
    let id = repository.git_fed(&["hash-object", "-w", "--stdin"], b"text ab_123456 text");
    let id = String::from_utf8(id).unwrap();
    let path = repository.path().join("objects").join(&id[..2]).join(id[2..].trim());
    let whole = fs::read(&path).unwrap();
    for len in 0..whole.len() {
        rewrite(&path, |bytes| bytes.truncate(len));
        assert_eq!(reasons(&repository).len(), 1, "{len} bytes");
        rewrite(&path, |bytes| bytes.clone_from(&whole));
    }
    assert_eq!(reasons(&repository), [""; 0]);
}
