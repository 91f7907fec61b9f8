//! What a person is asked, and that nothing of the answer is shown.

use bearhug_localhub::TokenSpec;

use super::*;

/// Runs bearhug at a terminal of its own, at which somebody types.
fn typing(env: &TestEnvironment, hub: &LocalHub, typed: &str, arguments: &str) -> Outcome {
    let mut command = env.command("script");
    let program = TestEnvironment::program().display();
    command.args(["-qec", &format!("{program} {arguments}"), "/dev/null"]);
    command.env("HF_ENDPOINT", hub.endpoint());
    Outcome::fed(command, typed.as_bytes())
}

#[test]
fn tokens_and_passphrases_are_asked_for_and_not_shown() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let token = hub.token(TokenSpec::read("ci"));
    env.write("token", &token);
    let add = typing(&env, &hub, "horse\nhorse\n", "vault add ci --file token").exits(0);
    let said = add.stdout();
    assert!(said.contains("new passphrase for the vault") && said.contains("the same again"));
    assert!(said.contains("made a vault"), "{add}");
    typing(&env, &hub, "horsf\n", "vault check").exits(4);
    let check = typing(&env, &hub, "horse\n", "vault check").exits(0);
    assert!(check.stdout().contains("live"), "{check}");
    let other = TestEnvironment::new();
    other.write("token", &token);
    let add = typing(&other, &hub, "horse\nhorsf\n", "vault add ci --file token").exits(1);
    assert!(add.stdout().contains("two passphrases"), "{add}");
}
