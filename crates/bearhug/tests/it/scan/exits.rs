//! Exit codes, which scripts rely on.

use crate::support::{Forge, Outcome, TestEnvironment};

#[test]
fn clean_is_0_and_found_is_3() {
    let env = TestEnvironment::new();
    env.write("notes.txt", "nothing to see\n");
    let clean = env.run(["scan", "."]).exits(0);
    assert!(clean.stdout().starts_with("No tokens found · scanned 1 file, 15 B"), "{clean}");
    env.write("a.env", format!("HF_TOKEN={}\n", Forge::new(1).token()));
    env.run(["scan", "."]).exits(3);
    env.run(["scan"]).exits(3);
}

#[test]
fn what_cannot_be_understood_is_2_and_says_why() {
    let env = TestEnvironment::new();
    env.write("a", "a");
    for arguments in [
        &["scan", "--no-such-flag"][..],
        &["scan", "--format", "xml"],
        &["scan", "--max-size", "much"],
        &["scan", "--threads", "0"],
        &["scan", "--min-confidence", "total"],
        &["scan", "--quiet", "--verbose"],
        &["scan", "--staged", "a"],
        &["scan", ".", "--exclude", "{a"],
        &["hook", "run", "post-merge"],
        &["hook"],
        &["frobnicate"],
        &[],
    ] {
        let outcome = env.run(arguments).exits(2);
        assert!(outcome.out.is_empty(), "{arguments:?}: {outcome}");
        assert!(!outcome.err.is_empty(), "{arguments:?}: {outcome}");
    }
}

#[test]
fn help_and_version_are_0_and_on_stdout() {
    let env = TestEnvironment::new();
    for arguments in [
        &["--help"][..],
        &["scan", "--help"],
        &["hook", "--help"],
        &["hook", "install", "--help"],
        &["hook", "uninstall", "--help"],
        &["hook", "run", "--help"],
        &["--version"],
    ] {
        let outcome = env.run(arguments).exits(0);
        assert!(outcome.err.is_empty() && !outcome.out.is_empty(), "{arguments:?}: {outcome}");
        // Every command that does something shows how.
        if arguments.last() == Some(&"--help") && !matches!(arguments[0], "--help") {
            let is_group = arguments == ["hook", "--help"];
            assert!(is_group || outcome.stdout().contains("Example"), "{arguments:?}: {outcome}");
        }
    }
}

#[test]
fn an_error_is_1_with_a_hint_and_no_report() {
    let env = TestEnvironment::new();
    env.write("there", "x");
    for arguments in [&["scan", "absent"][..], &["scan", "there", "absent"], &["scan", "--staged"]]
    {
        let outcome = env.run(arguments).exits(1);
        assert!(outcome.out.is_empty(), "{outcome}");
        assert!(outcome.stderr().starts_with("error: "), "{outcome}");
        assert!(outcome.stderr().contains("\nhint: "), "{outcome}");
    }
}

#[test]
fn a_gap_is_6_only_when_all_was_asked_for_and_nothing_found() {
    let env = TestEnvironment::new();
    env.write("large.bin", [b'x'; 2_000]);
    let limited = ["scan", ".", "--max-size", "1K"];
    env.run(limited).exits(0);
    env.run(limited.iter().chain(&["--strict"])).exits(6);
    env.write("a.env", Forge::new(1).token());
    env.run(limited.iter().chain(&["--strict"])).exits(3);
}

#[test]
fn the_level_that_fails_is_the_users_to_choose() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(1);
    let exits = |fail_on: &str, code: i32| {
        env.run(["scan", ".", "--fail-on", fail_on]).exits(code);
    };
    // Something joined to it in front makes it doubtful.
    env.write("a", format!("my_{}\n", forge.token()));
    env.run(["scan", "."]).exits(0);
    exits("low", 3);
    exits("medium", 0);
    exits("high", 0);
    env.write("b", format!(" _{}\n", forge.token()));
    env.run(["scan", "."]).exits(3);
    exits("medium", 3);
    exits("high", 0);
    env.write("c", forge.token());
    exits("high", 3);
}

#[test]
fn several_paths_and_the_standard_input_are_one_scan() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(1).tokens(3);
    env.write("a/one", &tokens[0]);
    env.write("two", &tokens[1]);
    env.write("unasked", Forge::new(2).token());
    let outcome = env.feed(tokens[2].as_bytes(), &["scan", "a", "two", "-", "--format", "jsonl"]);
    assert_eq!(outcome.exits(3).paths(), ["-", "a/one", "two"]);
    // A file of that name is told from the standard input by its folder.
    env.write("-", &tokens[2]);
    assert_eq!(env.run(["scan", "./-", "--format", "jsonl"]).paths(), ["-"]);
    assert_eq!(env.run(["scan", "-", "--format", "jsonl"]).exits(0).paths(), Vec::<String>::new());
}

#[test]
fn a_file_that_is_named_twice_is_sighted_once() {
    let env = TestEnvironment::new();
    env.write("a/one", Forge::new(1).token());
    let outcome = env.run(["scan", "a/one", "a", "./a/one", "--format", "jsonl"]);
    assert_eq!(outcome.exits(3).paths(), ["a/one"]);
}

#[test]
fn a_closed_standard_input_is_an_empty_one() {
    let env = TestEnvironment::new();
    let mut command = env.command("bash");
    command.args(["-c", "exec \"$0\" scan - <&-"]).arg(TestEnvironment::program());
    Outcome::of(command).exits(0);
}
