//! What real clients print, given to `bearhug why`.

use bearhug_localhub::{RepoKind, TokenSpec};

use super::{answer, hub};
use crate::support::{Forge, LocalHub, Outcome, TestEnvironment, hub_client};

/// The versions of `huggingface_hub` that `./test` prepares.
const VERSIONS: [&str; 4] = ["0.23.5", "0.36.2", "1.0.1", "2.4.0"];

/// What a version prints when it does this with a token.
fn printed(
    (hub, env): (&LocalHub, &TestEnvironment),
    version: &str,
    token: &str,
    arguments: &[&str],
) -> String {
    let mut python = env.command(hub_client(version, "python"));
    python
        .args(["-c", include_str!("clients.py")])
        .args(arguments)
        .env("CLIENT_TOKEN", token)
        .env("HF_ENDPOINT", hub.endpoint())
        .env("HF_HOME", env.path("hf"))
        .env("HF_HUB_DISABLE_TELEMETRY", "1")
        .env("HF_HUB_DISABLE_PROGRESS_BARS", "1");
    Outcome::of(python).exits(0).stdout()
}

#[test]
fn the_errors_of_huggingface_hub_are_told_apart() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let gated = hub.repository(RepoKind::Model, "acme/gated", false);
    hub.world().gate_repo(&gated, true, true).unwrap();
    let read = hub.token(TokenSpec::read("laptop"));
    let stranger = hub.world().issue("eve", TokenSpec::read("laptop")).value;
    let dead = Forge::new(61).token();
    let cases: [(&str, [&str; 5], &str); 7] = [
        (&dead, ["read", "model", "acme/open", "config.json", "main"], "dead_token"),
        (&read, ["read", "model", "acme/modle", "config.json", "main"], "typo"),
        (&read, ["read", "model", "acme/train", "config.json", "main"], "wrong_kind"),
        (&read, ["read", "model", "acme/model", "absent.json", "main"], "missing_file"),
        (&read, ["read", "dataset", "acme/train", "config.json", "v9"], "missing_revision"),
        (&stranger, ["read", "model", "acme/gated", "config.json", "main"], "gated"),
        (&read, ["write", "model", "acme/model", "x", "main"], "no_permission"),
    ];
    for version in VERSIONS {
        for (token, arguments, expected) in &cases {
            let error = printed((&hub, &env), version, token, arguments);
            let mut command = hub.bearhug(&env, &["why", "--format", "json"]);
            command.env("HF_TOKEN", token);
            let told = Outcome::fed(command, error.as_bytes());
            let cause = answer(&told)["cause"].clone();
            assert_eq!(cause, *expected, "{version} {arguments:?}\n{error}\n{told}");
        }
    }
}
