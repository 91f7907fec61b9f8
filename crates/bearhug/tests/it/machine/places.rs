//! A token in every place that the documentation lists.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Component, Path, PathBuf},
};

use serde_json::Value;

use crate::support::{Forge, Outcome, TestEnvironment, fingerprint};

const LIST: &str = include_str!("../../../../../docs/machine.md");

/// What is listed: a title and its paths.
fn listed() -> Vec<(&'static str, Vec<&'static str>)> {
    let files = LIST.split("## Files").nth(1).unwrap().split("### Variables").next().unwrap();
    let rows = files.lines().filter_map(|line| {
        let (title, paths) = line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | ")?;
        (title != "what").then(|| (title, paths.split(", ").map(|p| p.trim_matches('`')).collect()))
    });
    rows.collect()
}

/// The variables that are listed.
fn variables() -> Vec<&'static str> {
    let rows = LIST.split("### Variables").nth(1).unwrap().lines();
    rows.filter_map(|line| line.strip_prefix("| `$")?.split('`').next()).collect()
}

fn home(env: &TestEnvironment) -> PathBuf {
    env.root().join("home")
}

/// Where to put a file for a path of the list, every variable being set to a path of its own.
fn place(env: &TestEnvironment, pattern: &str) -> Option<PathBuf> {
    let (first, rest) = pattern.split_once('/').unwrap_or((pattern, ""));
    let base = match first {
        "~" => home(env),
        "." => env.work(),
        "" => return None,
        variable => home(env).join("set").join(&variable[1..]),
    };
    let mut path = base.join(rest.replace('*', "x1"));
    if pattern.ends_with('/') {
        path.push("deep/er");
    }
    let mut plain = PathBuf::new();
    for component in path.components() {
        if component == Component::ParentDir {
            plain.pop();
        } else {
            plain.push(component);
        }
    }
    Some(plain)
}

fn plant(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn scan(env: &TestEnvironment, arguments: &[&str]) -> Outcome {
    env.run([&["scan", "--machine", "--format", "jsonl"], arguments].concat())
}

/// The sightings of a token.
fn seen(outcome: &Outcome, token: &str) -> Vec<Value> {
    let name = fingerprint(token);
    let finding = outcome.findings().into_iter().find(|f| f["fingerprint"] == name.as_str());
    finding.map_or_else(Vec::new, |f| f["sightings"].as_array().unwrap().clone())
}

#[test]
fn every_place_of_the_list_is_searched_and_named() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(51);
    let mut planted = BTreeMap::new();
    for (title, paths) in listed() {
        for path in paths.into_iter().filter_map(|pattern| place(&env, pattern)) {
            let token = forge.token();
            plant(&path, &format!("x = {token}\n"));
            assert!(planted.insert(path, (title, token)).is_none(), "two places are one");
        }
    }
    assert!(planted.len() > 200, "{}", planted.len());
    let mut command = env.bearhug();
    command.args(["scan", "--machine", "--format", "jsonl"]);
    for variable in variables() {
        command.env(variable, home(&env).join("set").join(variable));
    }
    let outcome = Outcome::of(command).exits(3);
    let findings: BTreeMap<_, _> = outcome
        .findings()
        .into_iter()
        .map(|f| (f["sightings"][0]["path"].as_str().unwrap().to_owned(), f))
        .collect();
    for (path, (title, token)) in &planted {
        let shown = path.strip_prefix(env.work()).unwrap_or(path).to_str().unwrap();
        let finding = findings.get(shown).unwrap_or_else(|| panic!("{title}: {shown} was missed"));
        let sightings = finding["sightings"].as_array().unwrap();
        assert_eq!(sightings.len(), 1, "{shown} was read twice");
        let origin = &sightings[0]["origin"];
        assert_eq!(origin[0], format!("machine:{title}"), "{shown}");
        assert_eq!(origin[1], format!("file:{shown}"));
        assert!(finding["redacted"].as_str().unwrap().ends_with(&token[33..]), "{finding}");
        assert!(sightings[0]["advice"].as_str().unwrap().ends_with('.'), "{finding}");
    }
}

#[test]
fn the_usual_places_are_searched_with_no_variable_and_despite_one() {
    let env = TestEnvironment::new();
    let token = Forge::new(52).token();
    plant(&home(&env).join(".cache/huggingface/token"), &token);
    assert_eq!(seen(&scan(&env, &[]).exits(3), &token)[0]["storage"], "hf_token_file");
    let mut command = env.bearhug();
    command.args(["scan", "--machine", "--format", "jsonl"]).env("HF_HOME", "/nowhere");
    assert_eq!(seen(&Outcome::of(command).exits(3), &token).len(), 1);
}

#[test]
fn every_format_names_the_place() {
    let env = TestEnvironment::new();
    let token = Forge::new(53).token();
    let path = home(&env).join(".git-credentials");
    plant(&path, &format!("https://ada:{token}@huggingface.co\n"));
    for format in ["human", "json", "jsonl", "csv", "sarif", "html"] {
        let text = env.run(["scan", "--machine", "-v", "--format", format]).exits(3).stdout();
        assert!(text.contains("git credential store"), "{format}: {text}");
        assert!(format == "csv" || text.contains("git credential reject"), "{format}: {text}");
    }
}

#[test]
fn a_file_that_others_can_read_is_said_to_be() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(54);
    for (name, mode, words) in [
        (".netrc", 0o644, Some("mode 0644: everyone on this computer can read it")),
        (".pgpass", 0o640, Some("mode 0640: its group can read it")),
        (".npmrc", 0o600, None),
        (".claude/a.json", 0o604, Some("mode 0604: everyone on this computer can read it")),
    ] {
        let token = forge.token();
        let path = home(&env).join(name);
        plant(&path, &token);
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let sightings = seen(&scan(&env, &[]), &token);
        assert_eq!(sightings[0]["mode"], format!("{mode:04o}"));
        let human = env.run(["scan", "--machine"]).stdout();
        let told = human.split(name).nth(1).unwrap().split("next:").next().unwrap();
        assert_eq!(told.contains("can read it"), words.is_some(), "{name}: {human}");
        assert!(words.is_none_or(|words| told.contains(words)), "{name}: {human}");
    }
}

#[test]
fn a_file_is_read_once_however_often_it_is_named() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(55);
    let [file, deep, other] = [(); 3].map(|()| forge.token());
    plant(&home(&env).join(".netrc"), &file);
    plant(&home(&env).join(".claude/projects/a/b.jsonl"), &deep);
    plant(&home(&env).join("notes/netrc/.netrc"), &other);
    symlink(".netrc", home(&env).join("_netrc")).unwrap();
    let home = home(&env);
    let home = home.to_str().unwrap();
    let [netrc, claude] = ["/.netrc", "/.claude"].map(|name| format!("{home}{name}"));
    for paths in [&[home][..], &[&netrc, home, &claude], &["../home", &netrc]] {
        let outcome = scan(&env, paths).exits(3);
        for (token, storage) in [(&file, "netrc"), (&deep, "agent_transcript")] {
            let sightings = seen(&outcome, token);
            assert_eq!(sightings.len(), 1, "{paths:?}: {outcome}");
            assert_eq!(sightings[0]["storage"], storage);
        }
        let sightings = seen(&outcome, &other);
        assert_eq!((sightings.len(), &sightings[0]["storage"]), (1, &Value::Null), "{paths:?}");
    }
}

#[test]
fn what_is_missing_is_no_gap_and_what_is_refused_is_one() {
    let env = TestEnvironment::new();
    let home = home(&env);
    plant(&home.join(".netrc"), "shut");
    fs::set_permissions(home.join(".netrc"), fs::Permissions::from_mode(0o000)).unwrap();
    fs::create_dir(home.join(".aws")).unwrap();
    fs::set_permissions(home.join(".aws"), fs::Permissions::from_mode(0o000)).unwrap();
    symlink("/dev/null", home.join(".bash_history")).unwrap();
    symlink("gone", home.join(".zsh_history")).unwrap();
    let mut mkfifo = env.command("mkfifo");
    mkfifo.arg(home.join(".env"));
    Outcome::of(mkfifo).exits(0);
    fs::set_permissions(&home, fs::Permissions::from_mode(0o755)).unwrap();
    let outcome =
        Outcome::of(env.unprivileged("exec \"$0\" scan --machine --format jsonl --strict"));
    let gaps: Vec<_> = outcome
        .gaps()
        .into_iter()
        .filter_map(|(path, reason)| Some((path.strip_prefix(home.to_str()?)?.to_owned(), reason)))
        .collect();
    let expected = [
        ("/.aws/cli", "unreadable"),
        ("/.aws/config", "unreadable"),
        ("/.aws/credentials", "unreadable"),
        ("/.env", "special_file"),
        ("/.netrc", "unreadable"),
    ];
    let mut gaps: Vec<_> =
        gaps.iter().map(|(p, r)| (p.trim_end_matches('/'), r.as_str())).collect();
    gaps.sort_unstable();
    assert_eq!(gaps, expected, "{outcome}");
    fs::set_permissions(home.join(".aws"), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn it_goes_with_paths_and_not_with_the_index() {
    let env = TestEnvironment::new();
    env.run(["scan", "--machine", "--staged"]).exits(2);
    let token = Forge::new(57).token();
    let near = env.write("src/a.py", &token);
    assert!(seen(&scan(&env, &[]), &token).is_empty(), "the working folder is not a place");
    assert_eq!(seen(&scan(&env, &[near.to_str().unwrap()]), &token).len(), 1);
    let fed = env.feed(token.as_bytes(), &["scan", "--machine", "-", "--format", "jsonl"]);
    assert_eq!(seen(&fed, &token).len(), 1);
}
