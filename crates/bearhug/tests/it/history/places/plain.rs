//! Places that are files: in the working copy, and in what git keeps as text.

use super::Planter;

pub(super) fn plant(planter: &mut Planter) {
    let token = planter.token("a file");
    planter.env.write("file", token);
    planter.commit("file");
    let token = planter.token("a file that git ignores");
    planter.env.write(".gitignore", "*.env\n");
    planter.env.write("x.env", token);
    let token = planter.token("a file that git does not know");
    planter.env.write("unknown/file", token);
    planter.commit("unknown");
    let token = planter.token("a remote's address");
    planter.git(&["remote", "add", "hub", &format!("https://u:{token}@huggingface.co/u/m")]);
    let token = planter.token("a header for requests");
    let header = format!("AUTHORIZATION: bearer {token}");
    planter.git(&["config", "http.https://huggingface.co/.extraheader", &header]);
    for (place, path) in [
        ("a hook", ".git/hooks/post-commit.sample2"),
        ("the description", ".git/description"),
        ("what to exclude", ".git/info/exclude"),
        ("a log of git", ".git/gc.log"),
        ("a patch that is being applied", ".git/rebase-apply/patch"),
        ("what was fetched last", ".git/FETCH_HEAD"),
        ("an object of LFS", ".git/lfs/objects/ab/cd/abcd"),
    ] {
        let token = planter.token(place);
        planter.env.write(path, token);
    }
}
