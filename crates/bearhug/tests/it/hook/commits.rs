//! `pre-commit`: what is staged, and nothing else, decides.

use std::{
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt as _, fs::symlink},
};

use super::repository;
use crate::support::{Forge, Outcome, TestEnvironment};

#[test]
fn a_token_stops_the_commit_and_is_not_printed() {
    let env = TestEnvironment::new();
    let here = repository(&env, "here");
    let token = Forge::new(1).token();
    here.stage(&env, "src/train.py", format!("import os\nlogin(\"{token}\")\n"));
    let outcome = here.refuses(&env, &[]);
    assert!(outcome.stderr().contains("src/train.py:2:8"), "{outcome}");
    assert!(!outcome.stderr().contains(&token[3..30]), "{outcome}");
    here.stage(&env, "src/train.py", "import os\nlogin(os.environ[\"HF_TOKEN\"])\n");
    here.accepts(&env, &[]);
}

#[test]
fn what_is_staged_counts_and_not_what_is_in_the_folder() {
    let env = TestEnvironment::new();
    let here = repository(&env, "here");
    let token = Forge::new(1).token();
    here.stage(&env, "a", &token);
    env.write("here/a", "clean again, but not staged");
    here.refuses(&env, &[]);
    here.stage(&env, "a", "clean");
    env.write("here/a", &token);
    env.write("here/untracked", &token);
    here.accepts(&env, &[]);
    here.refuses(&env, &["--all"]);
}

#[test]
fn a_token_that_is_committed_already_does_not_stop_other_work() {
    let env = TestEnvironment::new();
    let here = repository(&env, "here");
    here.stage(&env, "old", Forge::new(1).token());
    here.force(&env, "old");
    here.stage(&env, "new", "clean");
    here.accepts(&env, &[]);
    here.git(&env, &["rm", "-q", "old"]);
    here.accepts(&env, &[]);
}

#[test]
fn the_first_commit_is_searched() {
    let env = TestEnvironment::new();
    env.git(["init", "-q"]);
    env.run(["hook", "install"]).exits(0);
    env.write("a", Forge::new(1).token());
    env.git(["add", "a"]);
    let outcome = env.try_git(["commit", "-q", "-m", "first"]).exits(1);
    assert!(outcome.stderr().contains("The commit was stopped."), "{outcome}");
    env.run(["scan", "--staged"]).exits(3);
}

#[test]
fn a_partial_commit_is_judged_by_its_part() {
    let env = TestEnvironment::new();
    let here = repository(&env, "here");
    here.stage(&env, "clean", "1");
    here.stage(&env, "dirty", "1");
    here.accepts(&env, &[]);
    env.write("here/clean", "2");
    here.stage(&env, "dirty", Forge::new(1).token());
    here.accepts(&env, &["clean"]);
    here.refuses(&env, &["dirty"]);
}

#[test]
fn a_file_is_searched_under_its_new_name() {
    let env = TestEnvironment::new();
    let here = repository(&env, "here");
    let tokens = Forge::new(1).tokens(2);
    here.git(&env, &["mv", "README.md", &format!("{}.md", tokens[0])]);
    let outcome = here.refuses(&env, &[]);
    assert!(outcome.stderr().contains("(in its name)"), "{outcome}");
    here.git(&env, &["reset", "-q", "--hard"]);
    here.stage(&env, format!("{}/deep/file", tokens[0]), "a folder's name is one too");
    here.refuses(&env, &[]);
    here.git(&env, &["reset", "-q", "--hard"]);
    here.stage(&env, "a", &tokens[1]);
    here.force(&env, "a token slips through");
    here.git(&env, &["mv", "a", "b"]);
    here.refuses(&env, &[]);
}

#[test]
fn links_binaries_and_large_files_are_searched() {
    let env = TestEnvironment::new();
    let here = repository(&env, "here");
    let tokens = Forge::new(1).tokens(3);
    symlink(format!("/srv/{}", tokens[0]), here.folder.join("link")).unwrap();
    here.git(&env, &["add", "link"]);
    here.refuses(&env, &[]);
    here.git(&env, &["rm", "-qf", "link"]);
    here.stage(&env, "model.bin", format!("\0\u{1}\u{2}\0{}\0", tokens[1]));
    here.refuses(&env, &[]);
    here.git(&env, &["rm", "-qf", "model.bin"]);
    here.stage(&env, "large", format!("{}\n{}", ".".repeat(5 << 20), tokens[2]));
    let outcome = here.refuses(&env, &[]);
    assert!(outcome.stderr().contains("large:2:1"), "{outcome}");
}

#[test]
fn names_that_are_no_text_or_full_of_signs_are_searched() {
    let env = TestEnvironment::new();
    let here = repository(&env, "it's \"here\" $(now)");
    let token = Forge::new(1).token();
    for name in [&b"a b\n\tc"[..], b"caf\xe9", b"-rf", b"\"quoted\"", b":(top)x", b"* [a]"] {
        let name = OsStr::from_bytes(name);
        fs::write(here.folder.join(name), &token).unwrap();
        here.git(&env, &["add", "."]);
        here.refuses(&env, &[]);
        fs::remove_file(here.folder.join(name)).unwrap();
        here.git(&env, &["add", "."]);
    }
}

#[test]
fn a_submodule_has_hooks_of_its_own() {
    let env = TestEnvironment::new();
    let library = repository(&env, "library");
    let here = repository(&env, "here");
    let url = library.folder.to_str().unwrap();
    here.git(&env, &["submodule", "--quiet", "add", url, "module"]);
    here.accepts(&env, &[]);
    let module = super::Clone { folder: here.folder.join("module") };
    module.hook(&env, &["install"]).exits(0);
    assert!(here.folder.join(".git/modules/module/hooks/pre-commit").exists());
    module.stage(&env, "a", Forge::new(1).token());
    module.refuses(&env, &[]);
    // The commit that moves the submodule holds an id and no content.
    module.force(&env, "a token slips through");
    here.git(&env, &["add", "module"]);
    here.accepts(&env, &[]);
}

#[test]
fn a_merge_is_searched() {
    let env = TestEnvironment::new();
    let here = repository(&env, "here");
    here.git(&env, &["switch", "-q", "-c", "other"]);
    here.stage(&env, "other", "clean");
    here.accepts(&env, &[]);
    here.git(&env, &["switch", "-q", "main"]);
    here.stage(&env, "ours", "clean");
    here.accepts(&env, &[]);
    here.git(&env, &["merge", "-q", "--no-commit", "other"]);
    here.stage(&env, "merged", Forge::new(1).token());
    here.refuses(&env, &[]);
    here.git(&env, &["rm", "-qf", "merged"]);
    here.git(&env, &["commit", "-q", "--no-edit"]);
}

#[test]
fn what_is_accepted_lets_the_commit_through() {
    let env = TestEnvironment::new();
    let here = repository(&env, "here");
    let tokens = Forge::new(1).tokens(2);
    here.stage(&env, "allowed", format!("{} # bearhug:allow", tokens[0]));
    here.accepts(&env, &[]);
    here.stage(&env, "known", &tokens[1]);
    here.refuses(&env, &[]);
    let baseline = "here/.bearhug-baseline.json";
    env.run(["scan", "here", "--write-baseline", baseline]).exits(0);
    here.accepts(&env, &[]);
    env.write(baseline, "broken");
    here.stage(&env, "clean", "clean");
    let outcome = here.try_git(&env, &["commit", "-q", "-m", "x"]).exits(1);
    assert!(outcome.stderr().contains("cannot be used as a baseline"), "{outcome}");
}

#[test]
fn doubtful_matches_are_told_and_let_through() {
    let env = TestEnvironment::new();
    let here = repository(&env, "here");
    here.stage(&env, "doubtful", format!("my_{}", Forge::new(1).token()));
    let outcome = here.try_git(&env, &["commit", "-q", "-m", "x"]).exits(0);
    assert!(outcome.stderr().contains("1 doubtful match"), "{outcome}");
    here.stage(&env, "placeholder", format!("hf_{}", "x".repeat(34)));
    let outcome = here.try_git(&env, &["commit", "-q", "-m", "x"]).exits(0);
    assert!(outcome.err.is_empty() && outcome.out.is_empty(), "{outcome}");
}

#[test]
fn the_repositorys_settings_neither_run_nor_hide_anything() {
    let env = TestEnvironment::new();
    let here = repository(&env, "here");
    env.write("here/.gitattributes", "* diff=hidden -diff\n");
    here.stage(&env, "top", Forge::new(1).token());
    env.folder("here/sub");
    let mark = env.root().join("tmp/ran");
    let program = env.root().join("tmp/program");
    env.install(&program, format!("#!/bin/sh\ntouch '{}'\n", mark.display()).as_bytes());
    let program = program.to_str().unwrap();
    for (key, value) in [
        ("core.fsmonitor", program),
        ("diff.external", program),
        ("diff.hidden.textconv", program),
        ("diff.hidden.command", program),
        ("core.pager", program),
        ("pager.diff", program),
        ("color.ui", "always"),
        ("diff.noprefix", "true"),
        ("diff.relative", "true"),
        ("diff.renames", "copies"),
        ("core.quotePath", "true"),
        ("core.abbrev", "4"),
    ] {
        here.git(&env, &["config", key, value]);
    }
    assert!(!mark.exists());
    let mut command = env.bearhug();
    command.current_dir(here.folder.join("sub")).args(["scan", "--staged", "--format", "jsonl"]);
    assert_eq!(Outcome::of(command).exits(3).paths(), ["top"]);
    assert!(!mark.exists(), "a program that the repository names was run");
}

#[test]
fn what_is_staged_can_be_scanned_without_a_hook() {
    let env = TestEnvironment::new();
    let here = repository(&env, "here");
    let token = Forge::new(1).token();
    here.stage(&env, "sub/a", format!("\n {token}\n"));
    let mut command = env.bearhug();
    command.current_dir(&here.folder).args(["scan", "--staged", "--format", "jsonl"]);
    let findings = Outcome::of(command).exits(3).findings();
    let seen = &findings[0]["sightings"][0];
    assert_eq!(seen["path"], "sub/a");
    assert_eq!(seen["origin"], serde_json::json!(["staged:sub/a"]));
    assert_eq!((&seen["line"], &seen["column"]), (&2.into(), &2.into()));
}

#[test]
fn a_repository_of_sha256_is_searched() {
    let env = TestEnvironment::new();
    env.git(["init", "-q", "--object-format=sha256"]);
    env.run(["hook", "install"]).exits(0);
    env.write("a", Forge::new(1).token());
    env.git(["add", "a"]);
    env.try_git(["commit", "-q", "-m", "first"]).exits(1);
}

#[test]
fn an_output_that_nobody_reads_lets_nothing_through() {
    let env = TestEnvironment::new();
    let here = repository(&env, "here");
    here.stage(&env, "a", Forge::new(1).tokens(50).join("\n"));
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = env.command("git");
    command.current_dir(&here.folder).args(["commit", "-q", "-m", "x"]);
    let status = command.stdout(writer.try_clone().unwrap()).stderr(writer).status().unwrap();
    assert_eq!(status.code(), Some(1));
}

#[test]
fn what_comes_behind_a_file_that_is_left_early_is_searched() {
    let env = TestEnvironment::new();
    let here = repository(&env, "here");
    for number in 0..12 {
        env.write(format!("members/{number}"), vec![b'.'; 1 << 20]);
    }
    let mut tar = env.command("tar");
    tar.args(["-cf", "here/a.tar", "members"]);
    Outcome::of(tar).exits(0);
    here.git(&env, &["add", "a.tar"]);
    let tokens = Forge::new(1).tokens(2);
    here.stage(&env, "b", &tokens[0]);
    here.stage(&env, "c", &tokens[1]);
    let mut command = env.bearhug();
    command.current_dir(&here.folder);
    command.args(["scan", "--staged", "--max-parts", "3", "--format", "jsonl"]);
    let outcome = Outcome::of(command).exits(3);
    assert_eq!(outcome.paths(), ["b", "c"]);
    assert_eq!(outcome.gaps(), [("a.tar".to_owned(), "too_many_parts".to_owned())]);
}

#[test]
fn what_git_does_not_show_is_not_committed() {
    let env = TestEnvironment::new();
    let here = repository(&env, "here");
    for name in ["a", "b", "c"] {
        here.stage(&env, name, format!("{name} is clean"));
    }
    let programs = env.root().join("tmp/programs");
    let real = Outcome::of({
        let mut command = env.command("sh");
        command.args(["-c", "command -v git"]);
        command
    });
    // It shows the first object, and an answer to the second that makes no sense.
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in *cat-file*)\n\
         read -r id; echo \"$id\" | {real} cat-file --batch; read -r id; echo nonsense; cat > /dev/null;;\n\
         *) exec {real} \"$@\";; esac\n",
        real = real.stdout().trim()
    );
    env.install(&programs.join("git"), script.as_bytes());
    let mut command = env.bearhug();
    command.current_dir(&here.folder).args(["hook", "run", "pre-commit"]);
    command.env("PATH", format!("{}:/usr/bin:/bin", programs.display()));
    let outcome = Outcome::of(command).exits(1);
    let why = "the commit was stopped: git failed before it had shown 2 objects";
    assert!(outcome.stderr().contains(why), "{outcome}");
    for (name, is_read) in [("a", true), ("b", false), ("c", false)] {
        let gap = format!("{name}  git: an answer that cannot be read");
        assert!(outcome.stdout().contains(&gap) != is_read, "{name}: {outcome}");
    }
}
