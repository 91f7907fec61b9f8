//! Git: what hooks print, and what git itself is told.

use std::{fs, path::Path};

use super::{plants::Plants, watch::Watch};
use crate::support::{Outcome, TestEnvironment};

/// A git that notes its arguments before it does what they say.
fn noting_git(env: &TestEnvironment) -> String {
    let folder = env.root().join("tmp/bin");
    let log = env.root().join("tmp/git-arguments");
    let script = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$@\" >> '{}'\nexec /usr/bin/env -u NOTED PATH=\"$NOTED\" \
         git \"$@\"\n",
        log.display()
    );
    env.install(&folder.join("git"), script.as_bytes());
    folder.to_str().unwrap().to_owned()
}

/// Runs a command that finds the noting git first.
fn noted(env: &TestEnvironment, folder: &Path, program: &Path, arguments: &[&str]) -> Outcome {
    let path = "/usr/local/bin:/usr/bin:/bin";
    let bin = noting_git(env);
    let mut command = env.command(program);
    command.current_dir(folder).args(arguments);
    command.env("PATH", format!("{bin}:{path}")).env("NOTED", path);
    Outcome::of(command)
}

/// A repository whose every corner holds a canary, and hooks that were installed in it.
fn repository(env: &TestEnvironment, plants: &mut Plants) -> std::path::PathBuf {
    let here = env.folder(format!("here-{}", plants.token()));
    env.git_in(&here, ["init", "-q"]);
    env.git_in(&here, ["config", "user.name", &plants.token()]);
    env.write(here.join("clean"), "clean");
    env.git_in(&here, ["add", "."]);
    env.git_in(&here, ["commit", "-q", "-m", "first"]);
    env.git_in(&here, ["switch", "-q", "-c", &plants.token()]);
    env.write(here.join("src/a.py"), format!("a = '{}', '{}'\n", plants.token(), plants.token()));
    env.write(here.join(plants.token()), plants.token());
    env.write(here.join(format!("{}x/b", plants.token())), format!("{}x", plants.token()));
    here
}

#[test]
fn a_commit_that_is_stopped() {
    let env = TestEnvironment::new();
    let mut plants = Plants::new(21);
    let here = repository(&env, &mut plants);
    env.git_in(&here, ["add", "."]);
    let watch = Watch::over(&env, &plants.secrets);
    let bearhug = TestEnvironment::program();
    for arguments in [&["hook", "install"][..], &["hook", "uninstall"], &["hook", "install", "-v"]]
    {
        let outcome = noted(&env, &here, bearhug, arguments);
        watch.heard(&format!("{arguments:?}"), outcome).exits(0);
    }
    let commit = noted(&env, &here, Path::new("git"), &["commit", "-q", "-m", "x"]);
    let commit = watch.heard("a commit", commit).exits(1);
    assert!(commit.stderr().contains("The commit was stopped."), "{commit}");
    for format in ["human", "json", "jsonl", "csv", "sarif", "html"] {
        let arguments = ["scan", "--staged", "-v", "--format", format];
        watch.heard(format, noted(&env, &here, bearhug, &arguments)).exits(3);
    }
    let arguments = ["scan", "--staged", "--write-baseline", "known.json"];
    watch.heard("a baseline", noted(&env, &here, bearhug, &arguments)).exits(0);
    watch.seen(&env);
    assert!(fs::read_to_string(env.root().join("tmp/git-arguments")).unwrap().contains("cat-file"));
}

#[test]
fn a_push_that_is_stopped() {
    let env = TestEnvironment::new();
    let mut plants = Plants::new(22);
    let here = repository(&env, &mut plants);
    env.git_in(&here, ["add", "."]);
    let message = format!("with {}", plants.token());
    env.git_in(&here, ["commit", "-q", "-m", &message]);
    let tag = plants.token();
    env.git_in(&here, ["tag", "-a", &tag, "-m", &message]);
    let remote = format!("remote-{}.git", plants.token());
    env.git(["init", "-q", "--bare", &remote]);
    let url = format!("../{remote}");
    env.git_in(&here, ["remote", "add", "origin", &url]);
    let mut install = env.bearhug();
    install.current_dir(&here).args(["hook", "install", "-q"]);
    Outcome::of(install).exits(0);
    let branch = env.git_in(&here, ["branch", "--show-current"]);
    let head = env.git_in(&here, ["rev-parse", "HEAD"]);
    let zeros = "0".repeat(40);
    let watch = Watch::over(&env, &plants.secrets);
    // Git itself prints the address and the names of branches, so the hook is run as git runs it.
    let update = format!("refs/heads/{0} {1} refs/heads/{0} {zeros}\n", branch.trim(), head.trim());
    let bad = format!("refs/heads/{0} {0} refs/heads/{0} {0}\n", branch.trim());
    for (lines, code) in [(&update, 3), (&bad, 1)] {
        for remote in ["origin", &url, &format!("https://ada:{tag}@huggingface.co/ada/model")] {
            let bin = noting_git(&env);
            let mut command = env.bearhug();
            command.current_dir(&here).args(["hook", "run", "pre-push", remote, &url]);
            command.env("PATH", format!("{bin}:/usr/bin:/bin")).env("NOTED", "/usr/bin:/bin");
            let outcome = Outcome::fed(command, lines.as_bytes());
            watch.heard(remote, outcome).exits(code);
        }
    }
    let mut framework = env.bearhug();
    framework.current_dir(&here).args(["hook", "run", "pre-push"]);
    framework.env("PRE_COMMIT_TO_REF", format!("{tag}x"));
    watch.heard("a revision that is none", Outcome::of(framework)).exits(1);
    watch.seen(&env);
}

#[test]
fn hooks_that_cannot_be_installed() {
    let env = TestEnvironment::new();
    let mut plants = Plants::new(23);
    let here = repository(&env, &mut plants);
    let (inside, outside) = (format!("hooks-{}", plants.token()), plants.token());
    fs::create_dir(env.root().join("home").join(&outside)).unwrap();
    fs::create_dir(here.join(&inside)).unwrap();
    let watch = Watch::over(&env, &plants.secrets);
    let hook = |action: &str| {
        let mut command = env.bearhug();
        command.current_dir(&here).args(["hook", action]);
        watch.heard(action, Outcome::of(command))
    };
    env.git_in(&here, ["config", "core.hooksPath", &format!("~/{outside}")]);
    for action in ["install", "uninstall"] {
        hook(action).exits(1);
    }
    env.git_in(&here, ["config", "core.hooksPath", &inside]);
    let existing = here.join(&inside).join("pre-commit");
    env.install(&existing, b"#!/bin/sh\n");
    env.install(&existing.with_extension("before-bearhug"), b"#!/bin/sh\n");
    assert!(hook("install").exits(1).stderr().contains("exists already"));
    fs::remove_file(existing.with_extension("before-bearhug")).unwrap();
    assert!(hook("install").exits(0).stderr().contains("is kept and runs first"));
    hook("uninstall").exits(0);
    // A folder in a hook's place, and a folder of hooks that is none.
    fs::remove_file(&existing).unwrap();
    fs::create_dir(&existing).unwrap();
    hook("install").exits(1);
    fs::remove_dir(&existing).unwrap();
    fs::remove_dir(here.join(&inside)).unwrap();
    fs::write(here.join(&inside), "").unwrap();
    hook("install").exits(1);
    fs::remove_file(here.join(&inside)).unwrap();
    watch.seen(&env);
}

#[test]
fn repositories_that_are_none() {
    let env = TestEnvironment::new();
    let mut plants = Plants::new(24);
    let token = plants.token();
    let folder = env.folder(format!("plain-{token}"));
    let broken = env.folder(format!("broken-{token}"));
    env.write(broken.join(".git"), format!("gitdir: /nowhere/{token}\n"));
    let watch = Watch::over(&env, &plants.secrets);
    for folder in [folder, broken] {
        for arguments in
            [&["scan", "--staged"][..], &["hook", "install"], &["hook", "run", "pre-commit"]]
        {
            for variable in [None, Some("GIT_DIR"), Some("GIT_INDEX_FILE"), Some("GIT_WORK_TREE")] {
                let mut command = env.bearhug();
                command.current_dir(&folder).args(arguments);
                command.envs(variable.map(|name| (name, format!("/nowhere/{token}"))));
                let what = format!("{arguments:?} with {variable:?}");
                watch.heard(&what, Outcome::of(command)).exits(1);
            }
        }
    }
}
