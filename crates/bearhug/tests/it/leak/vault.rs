//! The vault: a sealed token is nowhere else, whatever is done with it and however that fails.

use bearhug_localhub::TokenSpec;

use super::watch::Watch;
use crate::support::{Forge, LocalHub, Outcome, TestEnvironment};

#[test]
fn the_vault_keeps_its_tokens_and_its_keys() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let (token, other) = (hub.token(TokenSpec::write("ci")), Forge::new(65).token());
    let passphrase = "plum-orchard-lantern-nineteen";
    env.write("words", passphrase);
    let secrets = [token[3..].to_owned(), other[3..].to_owned(), passphrase.to_owned()];
    let watch = Watch::over(&env, &secrets);
    let at = format!("file://{}/{other}", env.work().display());
    let uri = format!("vault:///secret/{other}#x");
    for arguments in [
        &["vault", "add", "ci", "-"][..],
        &["vault", "add", "ci", "-"],
        &["vault", "add", "ci", "--env", "CI_TOKEN", "--replace"],
        &["vault", "add", &token, "-"],
        &["vault", "add", "x", &token],
        &["vault", "add", "x", "--env", &token],
        &["vault", "add", "x", "--file", &token],
        &["vault", "add", "x", "--reference", &uri],
        &["vault", "add", "x", "--reference", &at],
        &["vault", "add", "x", "--reference", "vault:///secret/hf#x"],
        &["vault", "add", "x", "--reference", "aws-sm://hf"],
        &["vault", "add", "x", "--reference", "keyring://hf/ada"],
        &["vault", "add", "env", "--reference", "env://CI_TOKEN"],
        &["vault", "add", "x", "-", "--key", &token],
        &["vault", "add", "x", "-", "--vault", &token],
        &["vault", "check", "-v"],
        &["vault", "check", "--format", "json"],
        &["vault", "check", "--format", "jsonl", "-o", "report"],
        &["vault", "check", &other],
        &["vault", "move", &other, "--to", "sealed"],
        &["vault", "move", "ci", "--to", &uri],
        &["vault", "move", "ci", "--to", &at],
        &["vault", "move", "ci", "--to", "vault:///secret/hf#x"],
        &["vault", "move", "ci", "--to", "aws-sm://hf"],
        &["vault", "move", "ci", "--to", "env://OTHER"],
        &["vault", "move", "env", "--to", "sealed"],
        &["vault", "rekey", "--key", "passphrase", "--new-passphrase-file", "words"],
        &["vault", "rekey", "--key", "env:CI_TOKEN"],
        &["vault", "rekey", "--key", &format!("env:{token}")],
        &["vault", "rekey", "--key", "keyring"],
        &["vault", "import"],
        &["run", "--entry", "ci", "--", "env"],
        &["run", "--entry", &other, "--", "env"],
        &["vault", "list", "--vault", &other],
        &["vault", "list", "--format", "json"],
        &["vault", "remove", &other],
        &["vault", "remove", "ci", "env"],
    ] {
        let what = arguments.join(" ").replace(&token, "…").replace(&other, "…");
        watch.heard(&what, run(&env, &hub, [&token, &other], arguments));
        watch.seen(&env);
    }
}

/// Runs bearhug with both tokens wherever one can be: on its standard input, and in its environment as
/// what other vaults are asked with.
fn run(env: &TestEnvironment, hub: &LocalHub, tokens: [&str; 2], arguments: &[&str]) -> Outcome {
    let [token, other] = tokens;
    // After `--` they would be the command's.
    let (before, after) = arguments.split_at(if arguments[0] == "run" { 1 } else { 2 });
    let passphrase = ["--passphrase-file", "words"];
    let mut command = hub.bearhug(env, &[before, &passphrase, after].concat());
    command.env("CI_TOKEN", token).env("VAULT_TOKEN", other);
    command.env("AWS_ACCESS_KEY_ID", "id").env("AWS_SECRET_ACCESS_KEY", other);
    command.env("AWS_REGION", "eu-west-1").env("AWS_ENDPOINT_URL", hub.endpoint());
    command.env("VAULT_ADDR", hub.endpoint());
    Outcome::fed(command, token.as_bytes())
}
