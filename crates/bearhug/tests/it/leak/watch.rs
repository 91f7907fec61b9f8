//! Who looks at what was written.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
};

use aho_corasick::AhoCorasick;

use crate::support::{FORMS, Forge, Outcome, TestEnvironment, base64};

/// How much of a secret in a row is a leak. Reports show the last four characters.
const WINDOW: usize = 8;

/// Knows the canaries, and which files held them before.
pub(super) struct Watch {
    patterns: AhoCorasick,
    names: Vec<String>,
    before: BTreeMap<PathBuf, Vec<u8>>,
}

impl Watch {
    /// Watches over these secrets in an environment. What its files hold now is known.
    pub(super) fn over(env: &TestEnvironment, secrets: &[String]) -> Self {
        let (mut parts, mut names) = (Vec::new(), Vec::new());
        for (i, secret) in secrets.iter().enumerate() {
            for (name, part) in every_part(secret.as_bytes()) {
                parts.push(part);
                names.push(format!("canary {i} {name}"));
            }
        }
        let patterns = AhoCorasick::new(parts).unwrap();
        Self { patterns, names, before: files(env.root()) }
    }

    /// The leak in some bytes, if there is one.
    fn leak(&self, bytes: &[u8]) -> Option<&str> {
        self.patterns.find(bytes).map(|found| self.names[found.pattern().as_usize()].as_str())
    }

    /// Checks what a run said, and returns it.
    pub(super) fn heard(&self, what: &str, outcome: Outcome) -> Outcome {
        assert!(!outcome.stderr().contains("panicked"), "{what}: {outcome}");
        assert!(outcome.code.is_none_or(|code| code < 100 || code == 130), "{what}: {outcome}");
        for (stream, bytes) in [("stdout", &outcome.out), ("stderr", &outcome.err)] {
            if let Some(leak) = self.leak(bytes) {
                panic!("{what}: {leak} on {stream}\n{outcome}");
            }
        }
        outcome
    }

    /// Checks what a Hub was asked, by method and address.
    pub(super) fn asked(&self, requests: &[String]) {
        assert!(!requests.is_empty(), "nothing was asked");
        for request in requests {
            assert!(
                self.leak(request.as_bytes()).is_none(),
                "a canary in the address of a request"
            );
        }
    }

    /// Checks every file of the ledger that nobody named.
    pub(super) fn seen_in_ledger(&self, env: &TestEnvironment) {
        let folder = env.root().join("home/.local/state/bearhug");
        for (path, content) in files(&folder) {
            assert!(self.leak(&content).is_none(), "a canary in {}", path.display());
        }
    }

    /// Checks every file that is new or has changed. Git's own are its business.
    pub(super) fn seen(&self, env: &TestEnvironment) {
        for (path, content) in files(env.root()) {
            if self.before.get(&path) == Some(&content) {
                continue;
            }
            if let Some(leak) = self.leak(&content) {
                panic!("{leak} in {}:\n{}", path.display(), String::from_utf8_lossy(&content));
            }
            let name = path.file_name().unwrap_or_default().as_bytes();
            if let Some(leak) = self.leak(name) {
                panic!("{leak} in the name of {}", path.display());
            }
        }
    }
}

/// Every part of a secret that is a leak, in every form.
fn every_part(secret: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut parts = Vec::new();
    for window in secret.windows(WINDOW) {
        for (name, write) in FORMS {
            parts.push((name.to_owned(), write(window)));
        }
    }
    for skipped in 0..3 {
        let padded = [&[b'-'; 2][..skipped], secret].concat();
        let text = base64(&padded);
        // The first and last digits of the text also write what stands beside the secret.
        let own = &text.as_bytes()[2 * skipped..text.len() - 4];
        for part in own.windows(WINDOW * 4 / 3 + 1) {
            parts.push((format!("in base64 at {skipped}"), part.to_vec()));
        }
    }
    parts
}

/// Every file below a folder but git's own, with its content.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            // A file may go away while somebody still writes.
            let Ok((entry, kind)) = entry.and_then(|e| e.file_type().map(|kind| (e, kind))) else {
                continue;
            };
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file()
                && !is_gits(&entry.path())
                && entry.metadata().is_ok_and(|metadata| metadata.len() < 1 << 24)
            {
                found.insert(entry.path(), fs::read(entry.path()).unwrap_or_default());
            }
        }
    }
    found
}

/// Whether git wrote a file, and not bearhug, which writes nothing of git's but hooks.
fn is_gits(path: &Path) -> bool {
    let has = |name: &str| path.components().any(|part| part.as_os_str() == name);
    (has(".git") && !has("hooks")) || has("objects")
}

#[test]
fn the_watch_is_awake() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(1);
    let secret = forge.letters(34);
    let watch = Watch::over(&env, std::slice::from_ref(&secret));
    for (name, write) in FORMS {
        for at in 0..34 - WINDOW {
            let part = write(&secret.as_bytes()[at..at + WINDOW]);
            assert!(watch.leak(&[b"x: ", &part[..], b"\n"].concat()).is_some(), "{name}");
        }
    }
    for before in ["", "h", "hf", "hf_", "token=hf_"] {
        let text = base64(format!("{before}{secret} and more").as_bytes());
        assert!(watch.leak(text.as_bytes()).is_some(), "{before}");
    }
    for harmless in [format!("hf_…{}", &secret[30..]), forge.token(), secret[..7].to_owned()] {
        assert_eq!(watch.leak(harmless.as_bytes()), None);
    }
    env.write("new", format!("'{secret}'"));
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| watch.seen(&env)));
    assert!(caught.is_err(), "a file was not looked at");
}
