//! Places that no branch leads to.

use super::Planter;

pub(super) fn plant(planter: &mut Planter) {
    undone(planter);
    stashed(planter);
    dangling(planter);
    staged(planter);
}

fn undone(planter: &mut Planter) {
    let token = planter.token("a commit that was amended");
    planter.env.write("amended", token);
    planter.commit("add");
    planter.env.write("amended", "");
    planter.git(&["commit", "-qa", "--amend", "-m", "amended"]);
    let token = planter.token("a commit that was reset");
    planter.env.write("reset", token);
    planter.commit("add");
    planter.git(&["reset", "-q", "--hard", "HEAD~"]);
    planter.git(&["checkout", "-q", "-b", "gone"]);
    let token = planter.token("a branch that was deleted");
    planter.env.write("gone", token);
    planter.commit("add");
    planter.git(&["checkout", "-q", "main"]);
    planter.git(&["branch", "-qD", "gone"]);
    let token = planter.token("a reflog's message");
    planter.git(&["update-ref", "--create-reflog", "-m", &token, "refs/heads/logged", "HEAD"]);
    let token = planter.token("a commit that was rebased away");
    planter.git(&["checkout", "-q", "-b", "rebased"]);
    planter.env.write("rebased", token);
    planter.commit("add");
    planter.env.write("rebased", "clean");
    planter.commit("clean");
    planter.git(&["reset", "-q", "--soft", "HEAD~2"]);
    planter.commit("squashed");
    planter.git(&["checkout", "-q", "main"]);
}

fn stashed(planter: &mut Planter) {
    planter.env.write("kept", "base\n");
    planter.commit("base");
    let tokens = ["a stash's files", "a stash's index", "a stash's untracked files"]
        .map(|place| planter.token(place));
    planter.env.write("kept", &tokens[1]);
    planter.git(&["add", "kept"]);
    planter.env.write("kept", &tokens[0]);
    planter.env.write("untracked", &tokens[2]);
    planter.git(&["stash", "-qu"]);
    let token = planter.token("a stash's message");
    planter.env.write("kept", "changed");
    planter.git(&["stash", "push", "-q", "-m", &token]);
    let token = planter.token("a stash that was dropped");
    planter.env.write("kept", token);
    planter.git(&["stash", "-q"]);
    planter.git(&["stash", "drop", "-q"]);
}

fn dangling(planter: &mut Planter) {
    let token = planter.token("a blob that nothing names");
    planter.feed(&["hash-object", "-w", "--stdin"], token.as_bytes());
    let token = planter.token("a tree that nothing names");
    let empty = planter.feed(&["hash-object", "-w", "--stdin"], b"");
    planter.feed(&["mktree"], format!("100644 blob {empty}\t{token}\n").as_bytes());
    let token = planter.token("a tag that nothing names");
    let head = planter.git(&["rev-parse", "HEAD"]);
    let tag = format!("object {head}type commit\ntag t\ntagger A <a@b> 1 +0000\n\n{token}\n");
    planter.feed(&["mktag"], tag.as_bytes());
    let token = planter.token("a pack that nothing names");
    let id = planter.feed(&["hash-object", "-w", "--stdin"], format!("packed {token}").as_bytes());
    planter.feed(&["pack-objects", "-q", ".git/objects/pack/pack"], id.as_bytes());
    planter.git(&["prune-packed"]);
}

fn staged(planter: &mut Planter) {
    let token = planter.token("what is staged");
    planter.env.write("staged", token);
    planter.git(&["add", "staged"]);
    planter.env.write("staged", "");
    let token = planter.token("a name that is staged");
    let name = planter.env.write(format!("shared/{token}"), "");
    planter.env.write("shared/a-name-before-it", "");
    planter.git(&["add", "shared"]);
    std::fs::remove_file(name).unwrap();
    // Paths there are cut short against one another.
    planter.git(&["update-index", "--index-version", "4"]);
}
