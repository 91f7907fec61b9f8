//! Unmodified clients with a lease.

use bearhug_localhub::RepoKind;

use super::Lender;
use crate::support::{Outcome, hub_client};

/// Downloads, creates, uploads and deletes, and tells how each went.
const SCRIPT: &str = r#"
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

api = HfApi()

def attempt(name, act):
    try:
        act()
        print(name, "done")
    except HfHubHTTPError as error:
        print(name, error.response.status_code, type(error).__name__)

print("whoami", api.whoami()["name"])
attempt("read", lambda: api.hf_hub_download("ada/model", "config.json", local_dir="."))
attempt("write", lambda: api.upload_file(path_or_fileobj=b"x", path_in_repo="logs/x.txt", repo_id="ada/model"))
attempt("write outside", lambda: api.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id="ada/model"))
attempt("delete", lambda: api.delete_file("logs/x.txt", "ada/model"))
attempt("other", lambda: api.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id="ada/other"))
attempt("create", lambda: api.create_repo("ada/new"))
attempt("remove", lambda: api.delete_repo("ada/model"))
"#;

fn told(lender: &Lender, allow: &[&str]) -> String {
    lender.env.write("try.py", SCRIPT);
    let python = hub_client("2.4.0", "python");
    let mut words = vec!["--quiet"];
    words.extend(allow.iter().flat_map(|scope| ["--allow", scope]));
    words.extend(["--", python.to_str().unwrap(), "try.py"]);
    let mut command = lender.run(&words);
    command.env("HF_HUB_DISABLE_XET", "1");
    Outcome::of(command).exits(0).stdout()
}

#[test]
fn a_lease_allows_what_it_says_and_nothing_else() {
    let lender = Lender::new();
    for id in ["ada/model", "ada/other"] {
        lender.hub.repository(RepoKind::Model, id, true);
    }
    let denied = |name: &str| format!("{name} 403 HfHubHTTPError\n");
    let reading = told(&lender, &[]);
    let all =
        ["write", "write outside", "delete", "other", "create", "remove"].map(denied).concat();
    assert_eq!(reading, format!("whoami ada\nread done\n{all}"));

    let limited = told(&lender, &["write:ada/model@main,paths=logs/**,no-delete"]);
    let rest = ["write outside", "delete", "other", "create", "remove"].map(denied).concat();
    assert_eq!(limited, format!("whoami ada\nread done\nwrite done\n{rest}"));

    let managing = told(&lender, &["manage:ada/model", "manage:ada/new"]);
    let expected = format!(
        "whoami ada\nread done\nwrite done\nwrite outside done\ndelete done\n{}create done\nremove done\n",
        denied("other"),
    );
    assert_eq!(managing, expected);
}

/// git is sent to the broker whatever address it is given, and asks bearhug for the credential.
#[test]
fn git_clones_and_pushes_with_a_lease() {
    let lender = Lender::new();
    lender.hub.repository(RepoKind::Model, "ada/model", true);
    let script = format!(
        "set -e; git clone -q {}/ada/model clone; cd clone; git switch -qc ci/1; echo new > new.txt; \
         git add new.txt; git commit -qm new; git push -q origin HEAD:ci/1; \
         git push -q origin HEAD:main && exit 9; grep -rq hf_ .git && exit 8; exit 0",
        lender.hub.endpoint()
    );
    let command = lender.run(&["--allow", "write:ada/model@ci/*", "--", "sh", "-c", &script]);
    let outcome = Outcome::of(command).exits(0);
    assert!(outcome.stderr().contains("denied: git.push"), "{outcome}");
}

/// A lease is lent in its turn, by a bearhug that a command of bearhug starts.
#[test]
fn a_lease_is_narrowed_by_whoever_holds_it() {
    let lender = Lender::new();
    lender.hub.repository(RepoKind::Model, "ada/model", true);
    let program = crate::support::TestEnvironment::program().to_str().unwrap();
    let url = "curl -s -o /dev/null -w '%{http_code} ' -H \"Authorization: Bearer $HF_TOKEN\" \
               -X POST -H 'Content-Type: application/json' -d '{\"name\":\"new\",\"organization\":\"ada\"}' \
               $HF_ENDPOINT/api/repos/create";
    let words = |inner: &str| {
        format!("{program} run --quiet --allow {inner} -- sh -c '{}'", url.replace('\'', "'\\''"))
    };
    for (outer, inner, status) in
        [("read", "read", "403"), ("manage", "read", "403"), ("manage", "manage:ada/new", "200")]
    {
        let words = words(inner);
        let command = lender.run(&["--quiet", "--allow", outer, "--", "sh", "-c", &words]);
        assert_eq!(Outcome::of(command).exits(0).stdout().trim(), status, "{outer} {inner}");
    }
}
