//! Holds the repository to the invariants that ARCHITECTURE.md states.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The arrows of the house: a crate, and the crates of ours that it may know.
const EDGES: &[(&str, &[&str])] = &[
    ("bearhug-core", &[]),
    ("bearhug-detect", &["bearhug-core"]),
    ("bearhug-sources", &["bearhug-core"]),
    ("bearhug-guard", &["bearhug-core", "bearhug-detect"]),
    ("bearhug-hub", &["bearhug-core"]),
    ("bearhug-view", &["bearhug-core", "bearhug-guard"]),
    ("bearhug-ledger", &["bearhug-core"]),
    ("bearhug-vault", &["bearhug-core"]),
    ("bearhug-broker", &["bearhug-core"]),
    ("bearhug-localhub", &[]),
    (
        "bearhug",
        &[
            "bearhug-broker",
            "bearhug-core",
            "bearhug-detect",
            "bearhug-guard",
            "bearhug-hub",
            "bearhug-ledger",
            "bearhug-localhub",
            "bearhug-sources",
            "bearhug-vault",
            "bearhug-view",
        ],
    ),
    ("xtask", &["bearhug-core", "bearhug-detect"]),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace")
}

fn git_files(pattern: &str) -> Vec<PathBuf> {
    let root = root();
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard", pattern])
        .current_dir(&root)
        .output()
        .expect("git lists the repository's files");
    String::from_utf8(output.stdout)
        .expect("paths here are UTF-8")
        .split_terminator('\0')
        .map(|path| root.join(path))
        .filter(|path| path.is_file())
        .collect()
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// The lines of a source file without its tests and comments.
fn code(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).expect("sources are UTF-8");
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).map(str::to_owned).collect()
}

#[test]
fn crates_know_only_the_crates_below_them() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version=1", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo describes the workspace");
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    let ours: BTreeSet<&str> = packages.iter().filter_map(|p| p["name"].as_str()).collect();
    let expected: BTreeMap<&str, BTreeSet<&str>> =
        EDGES.iter().map(|(name, edges)| (*name, edges.iter().copied().collect())).collect();
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        let edges: BTreeSet<&str> = package["dependencies"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|d| d["kind"].is_null())
            .filter_map(|d| d["name"].as_str())
            .filter(|d| ours.contains(d))
            .collect();
        assert_eq!(Some(&edges), expected.get(name), "what {name} depends on");
    }
}

/// No page can reach a raw token, by whatever way: what `view` knows does not know the vault either.
#[test]
fn no_page_can_reach_the_vault() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "-p", "bearhug-view", "-e", "normal", "--prefix", "none", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo lists what view is built of");
    let tree = String::from_utf8_lossy(&output.stdout);
    assert!(tree.contains("bearhug-core"), "{}", String::from_utf8_lossy(&output.stderr));
    for room in ["bearhug-vault", "bearhug-broker", "bearhug-hub"] {
        assert!(!tree.contains(room), "view reaches {room}:\n{tree}");
    }
}

#[test]
fn core_and_detect_do_no_io_and_know_no_clock() {
    let outside = [
        "std::fs",
        "std::net",
        "std::io",
        "std::process",
        "std::env",
        "std::time",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "Zoned::now",
        "tokio",
        "println!",
        "eprintln!",
    ];
    for path in ["crates/core/src", "crates/detect/src"].iter().flat_map(|p| git_files(p)) {
        for line in code(&path) {
            let found = outside.iter().find(|word| line.contains(**word));
            assert!(found.is_none(), "{}: {line}", relative(&path));
        }
    }
}

#[test]
fn nothing_is_global_but_constants() {
    let words = ["static ", "static mut", "thread_local!", "LazyLock", "OnceLock", "OnceCell"];
    for path in git_files("crates/*/src/*.rs") {
        for line in code(&path) {
            let is_global = words.iter().any(|word| {
                line.trim_start().trim_start_matches("pub ").starts_with(word)
                    || (!word.starts_with("static") && line.contains(word))
            });
            assert!(!is_global, "{}: {line}", relative(&path));
        }
    }
}

#[test]
fn libraries_do_not_know_the_command_line() {
    for path in git_files("crates/*/src/*.rs") {
        let name = relative(&path);
        if !name.starts_with("crates/bearhug/") && !name.starts_with("crates/xtask/") {
            assert!(!code(&path).iter().any(|line| line.contains("clap")), "{name}");
        }
    }
}

#[test]
fn a_token_cannot_be_printed_or_copied() {
    let path = root().join("crates/core/src/token.rs");
    let code = code(&path).join("\n");
    for forbidden in ["Clone", "Serialize", "fmt::Display", "PartialEq"] {
        assert!(!code.contains(forbidden), "a Token must not be {forbidden}");
    }
}

#[test]
fn files_say_what_they_are_for_and_stay_short() {
    for path in git_files("crates/*.rs") {
        let text = fs::read_to_string(&path).expect("sources are UTF-8");
        let name = relative(&path);
        assert!(text.starts_with("//! "), "{name} does not start with what it is for");
        assert!(code(&path).len() <= 400, "{name} has grown to {} lines", code(&path).len());
    }
}

/// Scanners, ours included, stay quiet on this repository.
#[test]
fn no_file_holds_what_looks_like_a_token() {
    let prefixes = ["hf_", "api_org_", "oauth_app_secret_"];
    for path in git_files("*") {
        let bytes = fs::read(&path).expect("a file of the repository");
        let text = String::from_utf8_lossy(&bytes);
        for prefix in prefixes {
            for (at, _) in text.match_indices(prefix) {
                let body = text[at + prefix.len()..].bytes().take_while(u8::is_ascii_alphanumeric);
                assert_ne!(body.count(), 34, "{} at byte {at}", relative(&path));
            }
        }
    }
}

#[test]
fn no_file_names_the_machine_it_was_written_on() {
    let home = format!("/{}/", "root");
    let root = root();
    for path in git_files("*") {
        let text = String::from_utf8_lossy(&fs::read(&path).expect("a file")).into_owned();
        assert!(!text.contains(&format!("{}/", root.display())), "{}", relative(&path));
        let is_ours = !relative(&path).starts_with("tests/corpus/");
        assert!(!is_ours || !text.contains(&home), "{}", relative(&path));
    }
}
