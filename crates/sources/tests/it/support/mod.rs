//! Repositories that real git makes, and two ways of reading all that is in them.

pub(crate) mod pack;

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    ops::Range,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Mutex,
};

use bearhug_core::{Blob, Flow, Gap, Lead, Name, Sink, Source as _, Step};
use bearhug_sources::{
    Reading,
    git::{
        Layout,
        history::{History, Options},
    },
    stream::Overlap,
};

/// A match, and the object that it is in. For a name in a tree no object is said: a scan reports it for
/// one of the trees that have it.
pub(crate) type Match = (String, String);

/// A repository in a temporary folder.
pub(crate) struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    pub(crate) fn new(arguments: &[&str]) -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        repository.git(&[&["init", "-q", "--bare", "."], arguments].concat());
        repository
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> Vec<u8> {
        self.git_fed(arguments, b"")
    }

    pub(crate) fn git_fed(&self, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        git(self.path(), arguments, input)
    }

    /// The files of a kind in the folder of packs.
    pub(crate) fn packs(&self, extension: &str) -> Vec<PathBuf> {
        let files = std::fs::read_dir(self.path().join("objects/pack")).unwrap();
        let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|e| e == extension));
        paths.sort();
        paths
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "gc.auto=0"])
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .env("GIT_NO_LAZY_FETCH", "1");
    command
}

pub(crate) fn git(folder: &Path, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = command(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || pipe.write_all(input));
        child.wait_with_output().unwrap()
    });
    assert!(output.status.success(), "git {arguments:?}");
    output.stdout
}

/// A prefix, and how many letters or digits have to follow it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pattern {
    pub(crate) prefix: &'static str,
    pub(crate) len: usize,
}

impl Pattern {
    /// Every match: a value of the shape with no letter, digit or underscore beside it.
    pub(crate) fn find(self, bytes: &[u8]) -> Vec<String> {
        let is_word = |b: u8| b.is_ascii_alphanumeric();
        let (prefix, mut found) = (self.prefix.as_bytes(), Vec::new());
        for at in memchr::memmem::find_iter(bytes, prefix) {
            let body = at + prefix.len();
            let before = at.checked_sub(1).map(|i| bytes[i]);
            let run = bytes[body..].iter().take_while(|b| is_word(**b)).count();
            let after = bytes.get(body + run);
            let touches = |b: &u8| is_word(*b) || *b == b'_';
            if run == self.len && !before.as_ref().is_some_and(touches) && after != Some(&b'_') {
                found.push(String::from_utf8_lossy(&bytes[at..body + run]).into_owned());
            }
        }
        found
    }
}

/// A sink that looks for a pattern.
pub(crate) struct Finder {
    pattern: Pattern,
    pub(crate) found: Mutex<BTreeSet<Match>>,
    pub(crate) gaps: Mutex<Vec<Gap>>,
}

impl Finder {
    pub(crate) fn found(self) -> BTreeSet<Match> {
        self.found.into_inner().unwrap()
    }
}

impl Sink for Finder {
    fn name(&self, name: Name<'_>) -> String {
        name.path.to_owned()
    }

    fn is_quiet(&self, bytes: &[u8], parts: &[Range<usize>]) -> bool {
        let reach = self.pattern.prefix.len() - 1;
        parts.iter().all(|part| {
            let end = bytes.len().min(part.end + reach);
            let near = &bytes[part.start.saturating_sub(reach)..end];
            memchr::memmem::find(near, self.pattern.prefix.as_bytes()).is_none()
        })
    }

    fn blob(&self, blob: &Blob<'_>) -> Vec<Lead> {
        let object = blob.origin.steps.iter().find_map(|step| match step {
            Step::Object(id) => Some(id.clone()),
            _ => None,
        });
        let matches = self.pattern.find(blob.bytes);
        let is_name = blob.origin.steps.contains(&Step::Name);
        let object = object.filter(|_| !is_name).unwrap_or_default();
        let found = matches.into_iter().map(|text| (text, object.clone()));
        self.found.lock().unwrap().extend(found);
        Vec::new()
    }

    fn done(&self) {}

    fn gap(&self, gap: Gap) {
        self.gaps.lock().unwrap().push(gap);
    }

    fn flow(&self) -> Flow {
        Flow::Continue
    }
}

/// What the history of a repository holds.
pub(crate) fn scan(folder: &Path, pattern: Pattern) -> Finder {
    let finder = Finder { pattern, found: Mutex::default(), gaps: Mutex::default() };
    let overlap = Overlap { before: 64, after: 64 };
    let reading = Reading { overlap, containers: None };
    let options = Options { threads: 2, reading };
    let layout = Layout::of(folder).unwrap();
    History::new(layout, "repository".to_owned(), options).walk(&finder);
    finder
}

/// What git says that the history of a repository holds.
pub(crate) fn brute_force(folder: &Path, pattern: Pattern) -> BTreeSet<Match> {
    let mut command = command(folder);
    command.args(["cat-file", "--batch-all-objects", "--batch", "--buffer"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut answer = BufReader::new(child.stdout.take().unwrap());
    let (mut header, mut content, mut found) = (String::new(), Vec::new(), BTreeSet::new());
    while answer.read_line(&mut header).unwrap() > 0 {
        let fields: Vec<_> = header.trim_end().split(' ').collect();
        content.resize(fields[2].parse::<usize>().unwrap() + 1, 0);
        answer.read_exact(&mut content).unwrap();
        let content = &content[..content.len() - 1];
        let matches = if fields[1] == "tree" {
            let id_len = fields[0].len() / 2;
            names(content, id_len).iter().flat_map(|name| pattern.find(name)).collect()
        } else {
            pattern.find(content)
        };
        let object = if fields[1] == "tree" { "" } else { fields[0] };
        found.extend(matches.into_iter().map(|text| (text, object.to_owned())));
        header.clear();
    }
    assert!(child.wait().unwrap().success());
    found
}

fn names(tree: &[u8], id_len: usize) -> Vec<Vec<u8>> {
    let (mut rest, mut names) = (tree, Vec::new());
    while let Some(end) = rest.iter().position(|b| *b == 0) {
        let space = rest.iter().position(|b| *b == b' ').unwrap();
        names.push(rest[space + 1..end].to_vec());
        rest = &rest[end + 1 + id_len..];
    }
    names
}
