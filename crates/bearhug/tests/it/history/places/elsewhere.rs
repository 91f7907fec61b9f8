//! Places in repositories beside, inside and behind the one that is scanned.

use std::{fs, path::PathBuf};

use super::Planter;
use crate::support::Outcome;

pub(super) fn plant(planter: &mut Planter) {
    worktrees(planter);
    borrowed(planter);
    submodule(planter);
    inner(planter);
}

fn worktrees(planter: &mut Planter) {
    planter.git(&["worktree", "add", "-q", "--detach", "../beside"]);
    let beside = planter.env.root().join("beside");
    let token = planter.token("a worktree's own commit");
    fs::write(beside.join("x"), token).unwrap();
    planter.env.git_in(&beside, ["add", "x"]);
    planter.env.git_in(&beside, ["commit", "-q", "-m", "aside"]);
    let token = planter.token("a worktree's index");
    fs::write(beside.join("y"), token).unwrap();
    planter.env.git_in(&beside, ["add", "y"]);
    // A working copy here whose repository lies outside of what is scanned.
    let outside = planter.env.root().join("outside");
    let inside = planter.env.path("worktree");
    planter.git(&["init", "-q", &outside.display().to_string()]);
    let token = planter.token("the repository behind a worktree");
    fs::write(outside.join("x"), token).unwrap();
    planter.env.git_in(&outside, ["add", "."]);
    planter.env.git_in(&outside, ["commit", "-q", "-m", "outside"]);
    planter.env.git_in(&outside, ["rm", "-q", "x"]);
    planter.env.git_in(&outside, ["commit", "-q", "-m", "outside"]);
    let token = planter.token("the configuration behind a worktree");
    planter.env.git_in(&outside, ["config", "x.token", &token]);
    let inside = inside.display().to_string();
    planter.env.git_in(&outside, ["worktree", "add", "-q", "--detach", &inside]);
}

/// Objects that another repository lends.
fn borrowed(planter: &mut Planter) {
    let lender = planter.env.root().join("lender.git");
    planter.git(&["init", "-q", "--bare", &lender.display().to_string()]);
    let token = planter.token("an object that is borrowed");
    let mut command = planter.env.command("git");
    command.current_dir(&lender).args(["hash-object", "-w", "--stdin"]);
    Outcome::fed(command, token.as_bytes()).exits(0);
    planter.env.write(".git/objects/info/alternates", "../../../lender.git/objects\n");
}

fn submodule(planter: &mut Planter) {
    let upstream = planter.env.root().join("upstream");
    planter.git(&["init", "-q", &upstream.display().to_string()]);
    let token = planter.token("a submodule's history");
    fs::write(upstream.join("x"), token).unwrap();
    planter.env.git_in(&upstream, ["add", "."]);
    planter.env.git_in(&upstream, ["commit", "-q", "-m", "one"]);
    planter.env.git_in(&upstream, ["rm", "-q", "x"]);
    planter.env.git_in(&upstream, ["commit", "-q", "-m", "two"]);
    planter.git(&["submodule", "--quiet", "add", &upstream.display().to_string(), "module"]);
    planter.commit("submodule");
}

/// Repositories in folders, each of another form.
fn inner(planter: &mut Planter) {
    let make = |planter: &Planter, name: &str, arguments: &[&str]| -> PathBuf {
        let folder = planter.env.folder(format!("ignored/{name}"));
        planter.env.git_in(&folder, [&["init", "-q"], arguments].concat());
        folder
    };
    planter.env.write(".git/info/exclude", {
        let exclude = fs::read_to_string(planter.env.path(".git/info/exclude")).unwrap();
        format!("{exclude}\nignored/\nworktree/\n")
    });
    for (place, name, arguments) in [
        ("a bare repository", "bare.git", &["--bare"][..]),
        ("a repository of SHA-256", "sha256", &["--object-format=sha256"]),
        ("a repository with reftables", "reftable", &["--ref-format=reftable"]),
    ] {
        let folder = make(planter, name, arguments);
        let token = planter.token(place);
        let mut command = planter.env.command("git");
        command.current_dir(&folder).args(["hash-object", "-w", "--stdin"]);
        Outcome::fed(command, token.as_bytes()).exits(0);
    }
    let folder = planter.env.path("ignored/reftable");
    planter.env.git_in(&folder, ["commit", "-q", "--allow-empty", "-m", "first"]);
    let token = planter.token("a branch in a reftable");
    planter.env.git_in(&folder, ["branch", &token]);
    let token = planter.token("a reflog in a reftable");
    planter
        .env
        .git_in(&folder, ["update-ref", "--create-reflog", "-m", &token, "refs/heads/l", "HEAD"]);
}
