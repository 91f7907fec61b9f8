//! `--output`, and the other files that are written.

use std::{
    fs::{self, File},
    io::Read as _,
    os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink},
    path::Path,
    process::{Command, Stdio},
    thread,
};

use crate::support::{Forge, Outcome, TestEnvironment};

fn planted() -> TestEnvironment {
    let env = TestEnvironment::new();
    env.write("tree/a", Forge::new(1).token());
    env
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

fn names_in(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|e| name(e).into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_report_is_for_its_owner_alone() {
    let env = planted();
    for (option, name) in [("--output", "report"), ("--write-baseline", "baseline")] {
        let path = env.write(name, "an older one that anyone could read");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
        let outcome = env.run(["scan", "tree", option, name]);
        assert!(matches!(outcome.code, Some(0 | 3)), "{outcome}");
        assert_eq!(mode(&path), 0o600, "{option}");
        assert!(!fs::read_to_string(&path).unwrap().contains("older"));
    }
    assert_eq!(names_in(&env.work()), ["baseline", "report", "tree"]);
}

#[test]
fn a_report_in_a_file_is_the_one_on_stdout() {
    let env = planted();
    for format in ["human", "json", "jsonl", "csv", "sarif", "html"] {
        let told = env.run(["scan", "tree", "--format", format]).exits(3).stdout();
        let outcome = env.run(["scan", "tree", "--format", format, "-o", "report"]).exits(3);
        assert!(outcome.out.is_empty(), "{outcome}");
        let written = fs::read_to_string(env.path("report")).unwrap();
        // The time that a scan takes is not the same twice.
        let untimed = |text: &str| text.replace(|c: char| c.is_ascii_digit() || c == '.', "");
        let [told, written] = [told, written].map(|text| untimed(&text).replace(" ms", " s"));
        assert_eq!(told, written, "{format}");
    }
}

#[test]
fn a_link_in_the_reports_place_is_replaced() {
    let env = planted();
    let precious = env.write("precious", "not yours to overwrite");
    symlink(&precious, env.path("report")).unwrap();
    env.run(["scan", "tree", "-o", "report"]).exits(3);
    assert_eq!(fs::read_to_string(precious).unwrap(), "not yours to overwrite");
    assert!(fs::symlink_metadata(env.path("report")).unwrap().is_file());
}

/// As nobody, who could not put a file in a device's place.
#[test]
fn a_device_is_written_to_and_stays_one() {
    let env = planted();
    let run = |script: &str| Outcome::of(env.unprivileged(script));
    run("exec \"$0\" scan tree -o /dev/null").exits(3);
    let piped = run("\"$0\" scan tree --format jsonl -o /dev/stdout | cat").exits(3);
    assert_eq!(piped.paths(), ["tree/a"]);
    let full = run("exec \"$0\" scan tree -o /dev/full").exits(1);
    assert!(full.stderr().contains("No space left"), "{full}");
    for device in ["/dev/null", "/dev/full"] {
        assert!(fs::symlink_metadata(device).unwrap().file_type().is_char_device());
    }
}

#[test]
fn a_pipe_in_the_reports_place_is_written_to() {
    let env = planted();
    let pipe = env.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = thread::spawn({
        let pipe = pipe.clone();
        move || {
            let mut text = String::new();
            File::open(pipe).unwrap().read_to_string(&mut text).unwrap();
            text
        }
    });
    env.run(["scan", "tree", "-o", "pipe"]).exits(3);
    assert!(reader.join().unwrap().contains("tree/a:1:1"));
    assert!(fs::symlink_metadata(pipe).unwrap().file_type().is_fifo());
}

#[test]
fn what_cannot_be_written_is_an_error_with_a_hint_and_leaves_nothing() {
    let env = planted();
    env.folder("shut");
    env.folder("folder");
    fs::set_permissions(env.path("shut"), fs::Permissions::from_mode(0o555)).unwrap();
    for (option, path) in [
        ("--output", "shut/report"),
        ("--output", "missing/report"),
        ("--output", "folder"),
        ("--write-baseline", "shut/baseline"),
        ("--write-baseline", "missing/baseline"),
    ] {
        let command = env.unprivileged(&format!("exec \"$0\" scan tree {option} {path}"));
        let outcome = Outcome::of(command).exits(1);
        assert!(
            outcome.stderr().starts_with(&format!("error: cannot write `{path}`")),
            "{outcome}"
        );
        let has_hint = outcome.stderr().contains("\nhint: ");
        assert!(has_hint || path == "folder", "{outcome}");
    }
    assert_eq!(names_in(&env.work()), ["folder", "shut", "tree"]);
    assert!(names_in(&env.path("shut")).is_empty() && names_in(&env.path("folder")).is_empty());
}

#[test]
fn a_reader_sees_the_old_report_or_the_new_one() {
    let env = planted();
    env.write("report", "old");
    let mut command = env.command("bash");
    // A limit on the size of files ends the writing in the middle.
    command.args(["-c", "ulimit -f 0; trap '' XFSZ; exec \"$0\" scan tree -o report"]);
    command.arg(TestEnvironment::program()).stdout(Stdio::null());
    Outcome::of(command).exits(1);
    assert_eq!(fs::read_to_string(env.path("report")).unwrap(), "old");
    assert_eq!(names_in(&env.work()), ["report", "tree"]);
}
