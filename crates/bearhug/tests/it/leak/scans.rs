//! Scans that succeed, in every format and with every option.

use std::{
    io::Write as _,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use super::{plants::Plants, watch::Watch};
use crate::support::{Outcome, TestEnvironment};

const FORMATS: [&str; 6] = ["human", "json", "jsonl", "csv", "sarif", "html"];

fn planted(seed: u64) -> (TestEnvironment, Watch) {
    let env = TestEnvironment::new();
    let plants = Plants::everywhere(seed, &env);
    let watch = Watch::over(&env, &plants.secrets);
    (env, watch)
}

fn run(env: &TestEnvironment, watch: &Watch, arguments: &[&str]) -> Outcome {
    watch.heard(&format!("{arguments:?}"), env.run(arguments))
}

#[test]
fn no_format_leaks() {
    let (env, watch) = planted(1);
    for format in FORMATS {
        let all = ["scan", "tree", "-v", "--include-placeholders", "--color", "always"];
        let outcome = run(&env, &watch, &[&all[..], &["--format", format]].concat()).exits(3);
        assert!(outcome.out.len() > 20_000, "{format}: {outcome}");
        run(&env, &watch, &["scan", "tree", "--format", format, "-o", "report"]).exits(3);
        watch.seen(&env);
    }
}

#[test]
fn no_option_leaks() {
    let (env, watch) = planted(2);
    for options in [
        &["--fast"][..],
        &["--fast", "--min-confidence", "high"],
        &["--quiet"],
        &["--strict", "--max-size", "2K"],
        &["--respect-gitignore", "--no-history", "--threads", "1"],
        &["--fail-on", "high", "--exclude", "kinds"],
    ] {
        for format in ["human", "json", "html"] {
            let arguments = [&["scan", "tree", "-v", "--format", format][..], options].concat();
            let arguments: Vec<_> = if options == ["--quiet"] {
                arguments.into_iter().filter(|argument| *argument != "-v").collect()
            } else {
                arguments
            };
            run(&env, &watch, &arguments).exits(3);
        }
    }
}

#[test]
fn every_file_by_itself_leaks_nothing() {
    let (env, watch) = planted(3);
    let mut find = env.command("find");
    find.args(["tree/forms", "tree/glued", "tree/neighbours", "-type", "f", "-print0"]);
    let names = Outcome::of(find).stdout();
    let names: Vec<_> = names.split_terminator('\0').collect();
    assert!(names.len() > 50);
    for format in ["human", "jsonl"] {
        // Named, they are roots, whose whole path is a name.
        let arguments = [&["scan", "-v", "--fast", "--format", format][..], &names].concat();
        run(&env, &watch, &arguments).exits(3);
        let arguments = [&["scan", "-v", "--format", format][..], &names].concat();
        run(&env, &watch, &arguments).exits(3);
    }
}

#[test]
fn a_baseline_leaks_nothing() {
    let (env, watch) = planted(4);
    run(&env, &watch, &["scan", "tree", "--write-baseline", "known.json"]).exits(0);
    watch.seen(&env);
    run(&env, &watch, &["scan", "tree", "-v", "--baseline", "known.json"]).exits(0);
}

#[test]
fn the_standard_input_and_the_environment_leak_nothing() {
    let (env, watch) = planted(5);
    let text = std::fs::read(env.path("tree/pieces")).unwrap();
    let lines = std::fs::read(env.path("tree/neighbours/lines")).unwrap();
    for input in [&text, &lines] {
        for format in ["human", "json", "csv"] {
            let outcome = env.feed(input, &["scan", "-", "-v", "--format", format]);
            watch.heard(format, outcome).exits(3);
        }
    }
    let token = String::from_utf8(lines[..37].to_vec()).unwrap();
    for name in ["HF_TOKEN", "HF_HOME", "HF_TOKEN_PATH", "HF_ENDPOINT", "TERM", "GIT_DIR", "HOME"] {
        for arguments in [&["scan", "/proc/self/environ", "-v"][..], &["scan", "--staged"]] {
            let mut command = env.bearhug();
            command.args(arguments).env(name, &token);
            watch.heard(name, Outcome::of(command));
        }
    }
    watch.seen(&env);
}

/// What is on a terminal is searched as well: the progress line, and text cut to its width.
#[test]
fn a_terminal_shows_nothing() {
    let (env, watch) = planted(6);
    for columns in [20, 41, 60, 100, 200] {
        let mut command = env.command("script");
        let scan = format!("stty cols {columns}; exec \"$PROGRAM\" scan tree -v");
        command.args(["-qefc", &scan, "/dev/null"]).env("PROGRAM", TestEnvironment::program());
        command.env("TERM", "xterm-256color");
        watch.heard(&format!("{columns} columns"), Outcome::of(command)).exits(3);
    }
}

#[test]
fn an_interrupted_scan_leaks_nothing() {
    let (env, watch) = planted(7);
    let lines = std::fs::read(env.path("tree/neighbours/lines")).unwrap();
    for (wait, output) in [(0, None), (50, None), (300, None), (2_000, Some("report"))] {
        let mut command = env.bearhug();
        command.args(["scan", "tree", "-", "-v", "--format", "json"]);
        command.args(output.map(|name| ["-o", name]).into_iter().flatten());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(&lines).unwrap();
        thread::sleep(Duration::from_millis(wait));
        let mut kill = Command::new("kill");
        assert!(kill.arg("-INT").arg(child.id().to_string()).status().unwrap().success());
        let outcome = Outcome::from(child.wait_with_output().unwrap());
        watch.heard(&format!("interrupted after {wait} ms"), outcome);
        watch.seen(&env);
    }
    assert!(env.path("report").exists());
}
