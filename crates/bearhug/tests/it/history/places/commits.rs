//! Places in commits, and in what leads to them.

use super::Planter;
use crate::support::{Outcome, written};

pub(super) fn plant(planter: &mut Planter) {
    contents(planter);
    headers(planter);
    names(planter);
    merges(planter);
    refs(planter);
}

/// Files that were removed, in forms of all sorts.
fn contents(planter: &mut Planter) {
    let token = planter.token("a file that was removed");
    planter.commit_for_a_while("removed", token);
    let token = planter.token("a line that was removed");
    planter.env.write("kept", format!("one\n{token}\n"));
    planter.commit("add");
    planter.env.write("kept", "one\n");
    planter.commit("remove");
    let token = planter.token("a file without diffs");
    planter.env.write(".gitattributes", "*.secret -diff -text\n");
    planter.commit_for_a_while("a.secret", token);
    let token = planter.token("a binary file");
    planter.commit_for_a_while("binary", format!("\0\u{1}\0{token}\0"));
    let token = planter.token("UTF-16");
    let wide: Vec<u8> = token.bytes().flat_map(|b| [b, 0]).collect();
    planter.commit_for_a_while("wide", [&b"\xff\xfe"[..], &wide].concat());
    let token = planter.token("escapes");
    planter.commit_for_a_while("escaped", format!("\"{}\"", written("json", &token)));
    let token = planter.token("base64");
    planter.commit_for_a_while(
        "secret.yaml",
        format!("token: {}", crate::support::base64(token.as_bytes())),
    );
    let token = planter.token("a compressed file");
    let mut gzip = planter.env.command("gzip");
    gzip.arg("-9");
    let compressed = Outcome::fed(gzip, token.as_bytes()).exits(0).out;
    planter.commit_for_a_while("log.gz", compressed);
    let token = planter.token("a notebook");
    let cell = format!(r#"{{"cell_type":"code","source":["login('{token}')"],"outputs":[]}}"#);
    planter.commit_for_a_while(
        "n.ipynb",
        format!(r#"{{"cells":[{cell}],"nbformat":4,"metadata":{{}}}}"#),
    );
    let token = planter.token("a large file");
    planter
        .commit_for_a_while("large", format!("{}{token}\n", "0123456789abcde\n".repeat(1 << 17)));
    let token = planter.token("one version of many");
    for version in 0..60 {
        let middle = if version == 30 { &token } else { "nothing" };
        planter.env.write("versions", format!("{}{middle}\n{version}\n", "line\n".repeat(200)));
        planter.commit("version");
    }
    let token = planter.token("the target of a link");
    std::os::unix::fs::symlink(format!("/nowhere/{token}"), planter.env.path("link")).unwrap();
    planter.commit("link");
    std::fs::remove_file(planter.env.path("link")).unwrap();
    planter.commit("no link");
}

fn commit_as(planter: &Planter, variable: &str, value: &str) {
    let mut command = planter.env.command("git");
    command.args(["commit", "-q", "--allow-empty", "-m", "as somebody"]).env(variable, value);
    Outcome::of(command).exits(0);
}

fn headers(planter: &mut Planter) {
    for (place, variable) in [
        ("the author's name", "GIT_AUTHOR_NAME"),
        ("the author's address", "GIT_AUTHOR_EMAIL"),
        ("the committer's name", "GIT_COMMITTER_NAME"),
        ("the committer's address", "GIT_COMMITTER_EMAIL"),
    ] {
        let token = planter.token(place);
        commit_as(planter, variable, &token);
    }
    let token = planter.token("a commit's message");
    planter.commit(&format!("log in with {token}"));
    let token = planter.token("a header that git does not know");
    let commit = planter.git(&["cat-file", "commit", "HEAD"]);
    let commit = commit.replacen("\n\n", &format!("\nx-login {token}\n\n"), 1);
    let id = planter.feed(&["hash-object", "-t", "commit", "-w", "--stdin"], commit.as_bytes());
    planter.git(&["update-ref", "refs/heads/header", &id]);
    let token = planter.token("a tag's message");
    planter.git(&["tag", "-a", "v1", "-m", &format!("made with {token}")]);
    let token = planter.token("a tagger's address");
    let mut command = planter.env.command("git");
    command.args(["tag", "-a", "v2", "-m", "v2"]).env("GIT_COMMITTER_EMAIL", token);
    Outcome::of(command).exits(0);
    let token = planter.token("a tag of a blob");
    let blob = planter.feed(&["hash-object", "-w", "--stdin"], token.as_bytes());
    planter.git(&["tag", "blob", &blob]);
    let token = planter.token("a note");
    planter.git(&["notes", "add", "-m", &token]);
    let token = planter.token("what stands in for an object");
    let id = planter.feed(&["hash-object", "-w", "--stdin"], token.as_bytes());
    planter.git(&["replace", &blob, &id]);
}

fn names(planter: &mut Planter) {
    let token = planter.token("the name of a file");
    planter.commit_for_a_while(&token, "x");
    let token = planter.token("the name of a folder");
    planter.commit_for_a_while(&format!("{token}/x"), "x");
    let token = planter.token("a part of a name");
    planter.commit_for_a_while(&format!("deep/er/{token}.json"), "x");
    let token = planter.token("a branch");
    planter.git(&["branch", &token]);
    let token = planter.token("a tag");
    planter.git(&["tag", &token]);
}

fn merges(planter: &mut Planter) {
    planter.env.write("both", "one\n");
    planter.commit("base");
    planter.git(&["checkout", "-q", "-b", "side"]);
    planter.env.write("both", "two\n");
    let token = planter.token("the other side of a merge");
    planter.commit_for_a_while("aside", token);
    planter.git(&["checkout", "-q", "main"]);
    planter.env.write("both", "three\n");
    planter.commit("three");
    drop(planter.env.try_git(["merge", "-q", "side"]));
    let token = planter.token("how a conflict was resolved");
    planter.env.write("both", &token);
    let token = planter.token("a merge that adds something");
    planter.env.write("evil", &token);
    planter.commit("merge");
    planter.git(&["rm", "-q", "both", "evil"]);
    planter.commit("remove");
    planter.git(&["checkout", "-q", "--orphan", "apart"]);
    let token = planter.token("a branch without a past");
    planter.env.write("apart", &token);
    planter.commit("apart");
    planter.git(&["checkout", "-qf", "main"]);
}

/// A commit that only the given ref leads to.
fn only_in(planter: &mut Planter, place: &'static str, name: &str) {
    planter.git(&["checkout", "-q", "--detach"]);
    let token = planter.token(place);
    planter.env.write("elsewhere", token);
    planter.commit("elsewhere");
    planter.git(&["update-ref", name, "HEAD"]);
    planter.git(&["checkout", "-q", "main"]);
}

fn refs(planter: &mut Planter) {
    only_in(planter, "a branch that was not merged", "refs/heads/other");
    only_in(planter, "a pull request", "refs/pull/7/head");
    only_in(planter, "a remote's branch", "refs/remotes/origin/topic");
    only_in(planter, "a change under review", "refs/changes/01/1/1");
    only_in(planter, "a commit that git keeps for itself", "ORIG_HEAD");
}
