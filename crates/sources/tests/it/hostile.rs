//! Packs that are made to take all memory or for ever, and packs as git never leaves them on a disk.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::symlink,
    path::Path,
    process::Command,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::channel,
    },
    thread,
    time::{Duration, Instant},
};

use bearhug_core::GapReason;
use flate2::{Compression, write::ZlibEncoder};

use crate::support::{
    Pattern, Repository, brute_force,
    pack::{Pack, index, multiplied},
    scan,
};

const PATTERN: Pattern = Pattern { prefix: "ab_", len: 6 };

/// A repository that has a pack.
fn with_pack((pack, index): (Vec<u8>, Vec<u8>)) -> Repository {
    let repository = Repository::new(&[]);
    put(&repository, &pack, &index);
    repository
}

fn put(repository: &Repository, pack: &[u8], index: &[u8]) {
    let folder = repository.path().join("objects/pack");
    let number = fs::read_dir(&folder).unwrap().count();
    fs::write(folder.join(format!("pack-{number}.pack")), pack).unwrap();
    fs::write(folder.join(format!("pack-{number}.idx")), index).unwrap();
}

/// Every reason that was given for not reading something.
fn unread(repository: &Repository) -> Vec<String> {
    let finder = scan(repository.path(), PATTERN);
    let gaps = finder.gaps.lock().unwrap();
    let why = |reason: &GapReason| match reason {
        GapReason::Unreadable(why) => why.clone(),
        other => panic!("{other:?}"),
    };
    gaps.iter().map(|gap| why(&gap.reason)).collect()
}

#[test]
fn an_entry_that_lies_about_its_size_is_a_gap_and_takes_no_room() {
    for size in [1, 9, 11, 1 << 20, 500 << 20, 600 << 20, usize::MAX >> 8] {
        let mut pack = Pack::new();
        pack.blob(size, b"0123456789");
        pack.blob(9, b"ab_123456");
        let repository = with_pack(pack.finish());
        assert_eq!(unread(&repository).len(), 1, "{size} bytes");
        assert_eq!(scan(repository.path(), PATTERN).found().len(), 1);
    }
}

#[test]
fn an_object_larger_than_is_held_is_searched_in_pieces() {
    let mut content = vec![0; 40 << 20];
    content[30 << 20..][..11].copy_from_slice(b" ab_123456 ");
    let mut pack = Pack::new();
    pack.blob(content.len(), &content);
    let finder = scan(with_pack(pack.finish()).path(), PATTERN);
    assert_eq!(*finder.gaps.lock().unwrap(), []);
    assert_eq!(finder.found().len(), 1);
}

/// A gibibyte in four kilobytes, a hundred times over.
#[test]
fn deltas_that_make_more_than_can_be_read_end_in_a_gap() {
    let mut pack = Pack::new();
    let mut size = 0x10000;
    pack.blob(size, &vec![b'x'; size]);
    for number in 0..2 {
        let delta = multiplied(size, 100);
        pack.delta(number, &delta);
        size *= 100;
    }
    let started = Instant::now();
    let why = unread(&with_pack(pack.finish()));
    assert!(why[0].contains("larger than is held"), "{why:?}");
    assert!(started.elapsed() < Duration::from_mins(1));
}

#[test]
fn offsets_of_64_bits_lead_to_their_objects() {
    let repository = Repository::new(&[]);
    let texts: Vec<_> = (0..50).map(|n| format!("text {n} ab_{n:06} {}", n * n)).collect();
    for text in &texts {
        repository.git_fed(&["hash-object", "-w", "--stdin"], text.as_bytes());
    }
    let list = repository.git(&["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"]);
    repository.git_fed(&["pack-objects", "-q", "objects/pack/pack"], &list);
    repository.git(&["prune-packed", "-q"]);
    let pack = repository.packs("pack").remove(0);
    let index = pack.with_extension("idx");
    fs::remove_file(&index).unwrap();
    // Every offset above these bytes is written as a large one.
    let (pack, index) = (pack.to_str().unwrap(), index.to_str().unwrap());
    repository.git(&["index-pack", "--index-version=2,0x20", "-o", index, pack]);
    // Without large offsets it would have 28 bytes for each object, besides some constant ones.
    assert!(fs::metadata(index).unwrap().len() > 1072 + 35 * 50);
    let finder = scan(repository.path(), PATTERN);
    assert_eq!(*finder.gaps.lock().unwrap(), []);
    assert_eq!(finder.found(), brute_force(repository.path(), PATTERN));
}

/// A pack as it travels: some deltas are of objects that the receiver has.
#[test]
fn a_thin_pack_is_read_with_the_bases_that_lie_elsewhere() {
    let repository = Repository::new(&[]);
    let text = |n: usize| {
        let lines: Vec<_> =
            (0..200).map(|line| format!("line {line} of {}", line * line)).collect();
        format!("{}\nab_{n:06}\n", lines.join("\n"))
    };
    let mut stream = Vec::new();
    for n in 0..2 {
        stream.extend(
            format!("commit refs/heads/main\ncommitter C <c@x> {n} +0000\ndata 1\nm\n").bytes(),
        );
        stream.extend(format!("M 100644 inline f\ndata {}\n{}\n", text(n).len(), text(n)).bytes());
    }
    repository.git_fed(&["-c", "fastimport.unpackLimit=1000", "fast-import", "--quiet"], &stream);
    let expected = brute_force(repository.path(), PATTERN);
    let thin = repository.git_fed(
        &["pack-objects", "-q", "--thin", "--stdout", "--delta-base-offset", "--revs"],
        b"main\n^main~1\n",
    );
    let (objects, second) =
        (repository.path().join("objects"), repository.git(&["rev-parse", "main:f"]));
    let whole = Repository::new(&[]);
    copy_objects(&objects, &whole.path().join("objects"));
    whole.git_fed(&["index-pack", "--stdin", "--fix-thin"], &thin);
    let idx = whole.packs("idx").remove(0);
    let shown = whole.git_fed(&["show-index"], &fs::read(idx).unwrap());
    let entries: Vec<_> = String::from_utf8(shown)
        .unwrap()
        .lines()
        .map(|line| {
            let mut fields = line.split(' ');
            let at: usize = fields.next().unwrap().parse().unwrap();
            let id = data_encoding::HEXLOWER.decode(fields.next().unwrap().as_bytes()).unwrap();
            (<[u8; 20]>::try_from(id).unwrap(), at)
        })
        // What completes the pack lies behind where the thin one ends.
        .filter(|(_, at)| *at < thin.len() - 20)
        .collect();
    put(&repository, &thin, &index(&entries));
    // The second version is now in the thin pack alone.
    let second = String::from_utf8(second).unwrap();
    fs::remove_file(objects.join(&second[..2]).join(second[2..].trim())).unwrap();
    let finder = scan(repository.path(), PATTERN);
    assert_eq!(*finder.gaps.lock().unwrap(), []);
    assert_eq!(finder.found(), expected);
}

fn copy_objects(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&to).unwrap();
            copy_objects(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// What was committed before a scan started is found or said to be missing, whatever git does with the
/// files meanwhile.
#[test]
fn a_collection_of_garbage_meanwhile_hides_nothing() {
    let repository = Repository::new(&[]);
    let commit = |n: usize| {
        let from = if n > 0 { "from refs/heads/main^0\n" } else { "" };
        let text = format!("text {n} ab_{n:06}");
        let stream = format!(
            "commit refs/heads/main\ncommitter C <c@x> {n} +0000\ndata 1\nm\n{from}\
             M 100644 inline f{}\ndata {}\n{text}\n",
            n % 7,
            text.len()
        );
        let loose = ["-c", "fastimport.unpackLimit=1000", "fast-import", "--quiet"];
        repository.git_fed(&loose, stream.as_bytes());
    };
    for n in 0..20 {
        commit(n);
    }
    let expected = brute_force(repository.path(), PATTERN);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for n in 20..32 {
                commit(n);
                repository.git(&["gc", "-q", "--prune=now"]);
                repository.git(&["repack", "-adfq"]);
            }
            is_over.store(true, Ordering::Relaxed);
        });
        while !is_over.load(Ordering::Relaxed) {
            let finder = scan(repository.path(), PATTERN);
            let gaps = finder.gaps.lock().unwrap().clone();
            let found = finder.found();
            assert!(!gaps.is_empty() || found.is_superset(&expected), "{found:?}");
        }
    });
}

#[test]
fn two_objects_at_one_place_are_one_too_few() {
    let mut pack = Pack::new();
    pack.blob(9, b"ab_123456");
    pack.same_place();
    let why = unread(&with_pack(pack.finish()));
    assert_eq!(why, ["the index does not list 1 of its objects"]);
}

#[test]
fn copies_of_an_object_that_all_lead_nowhere_are_not_all_tried() {
    let repository = Repository::new(&[]);
    // Nine objects in a row, each made of the next, six times over: ten million ways to the last, which
    // is not there.
    for copy in 0..6 {
        for id in 1..=9 {
            let mut pack = Pack::new();
            // Whatever it is made of, this is text of its own.
            pack.named(id, id + 1, &[0, 2, 2, b'a' + copy, b'b']);
            let (pack, index) = pack.finish();
            put(&repository, &pack, &index);
        }
    }
    let started = Instant::now();
    assert_eq!(unread(&repository).len(), 54);
    assert!(started.elapsed() < Duration::from_secs(20));
}

/// What is a pipe where git has a file would be waited for, and a device read for ever.
#[test]
fn pipes_and_devices_in_place_of_files_hang_nothing() {
    let repository = Repository::new(&[]);
    repository.git_fed(&["hash-object", "-w", "--stdin"], b"text ab_123456 text");
    for (number, name) in [
        "config",
        "packed-refs",
        "shallow",
        "index",
        "logs",
        "objects/info/alternates",
        "FETCH_HEAD",
    ]
    .iter()
    .enumerate()
    {
        let path = repository.path().join(name);
        drop(fs::remove_file(&path));
        if number % 2 == 0 {
            assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        } else {
            symlink("/dev/zero", &path).unwrap();
        }
    }
    let (send, receive) = channel();
    let folder = repository.path().to_owned();
    drop(thread::spawn(move || send.send(scan(&folder, PATTERN).found().len())));
    assert_eq!(receive.recv_timeout(Duration::from_mins(1)), Ok(1));
}

#[test]
fn a_loose_object_that_is_shorter_than_it_says_is_a_gap_however_long() {
    let repository = Repository::new(&[]);
    for size in [1000, 40 << 20] {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        write!(encoder, "blob {size}\0text ab_123456 text").unwrap();
        let folder = repository.path().join("objects/5a");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("5a".repeat(19)), encoder.finish().unwrap()).unwrap();
        assert_eq!(unread(&repository).len(), 1, "{size}");
    }
}

/// Objects are read whatever the configuration says of the hash that names them.
#[test]
fn a_configuration_that_lies_about_the_hash_hides_nothing() {
    let repository = Repository::new(&[]);
    repository.git_fed(&["hash-object", "-w", "--stdin"], b"text ab_123456 text");
    let config = repository.path().join("config");
    fs::write(config, "[extensions] objectFormat = sha256\n[core] bare = true\n").unwrap();
    assert_eq!(scan(repository.path(), PATTERN).found().len(), 1);
}
