//! `bearhug run --entry`: what is in the vault is lent, and the command holds neither token nor key.

use bearhug_localhub::TokenSpec;

use super::*;

#[test]
fn a_command_works_with_a_token_that_only_the_vault_has() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let token = hub.token(TokenSpec::read("ci"));
    let key = "0123456789abcdef".repeat(4);
    let run = |arguments: &[&str]| {
        let mut command = hub.bearhug(&env, arguments);
        command.env("VAULT_KEY", &key);
        Outcome::fed(command, token.as_bytes())
    };
    run(&["vault", "add", "ci", "-", "--key", "env:VAULT_KEY"]).exits(0);
    let script = "env; curl -sf -H \"Authorization: Bearer $HF_TOKEN\" $HF_ENDPOINT/api/whoami-v2";
    let lent = run(&["run", "--entry", "ci", "--", "sh", "-c", script]).exits(0);
    let said = lent.stdout();
    assert!(said.contains("HF_TOKEN=hf_lease") && said.contains("\"auth\""), "{lent}");
    assert!(!said.contains(&token[3..]) && !said.contains(&key), "{lent}");
    run(&["run", "--entry", "other", "--", "env"]).exits(1);
    run(&["run", "--entry", "ci", "--env", "X", "--", "env"]).exits(2);
}
