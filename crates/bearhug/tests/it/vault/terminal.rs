//! What a person is asked, and that nothing of the answer is shown.

use std::{
    io::{Read as _, Write as _},
    process::Stdio,
};

use bearhug_localhub::TokenSpec;

use super::*;

/// Runs bearhug at a terminal of its own, at which somebody types a line once a question is there. Gives
/// the exit code and all that the terminal showed.
fn typing(
    env: &TestEnvironment,
    hub: &LocalHub,
    arguments: &str,
    dialogue: &[(&str, &str)],
) -> (i32, String) {
    let mut command = env.command("script");
    let program = TestEnvironment::program().display();
    command.args(["-qec", &format!("{program} {arguments}"), "/dev/null"]);
    command.env("HF_ENDPOINT", hub.endpoint()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (mut keyboard, mut screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (mut said, mut seen) = (String::new(), 0);
    for (question, line) in dialogue {
        while !said[seen..].contains(question) {
            let mut bytes = [0; 1024];
            let length = screen.read(&mut bytes).unwrap();
            assert!(length > 0, "{question}: {said}");
            said.push_str(&String::from_utf8_lossy(&bytes[..length]));
        }
        seen = said.len();
        keyboard.write_all(format!("{line}\n").as_bytes()).unwrap();
    }
    screen.read_to_string(&mut said).unwrap();
    (child.wait().unwrap().code().unwrap(), said)
}

#[test]
fn tokens_and_passphrases_are_asked_for_and_not_shown() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let token = hub.token(TokenSpec::read("ci"));
    let run = |arguments: &str, dialogue: &[(&str, &str)]| {
        let (code, said) = typing(&env, &hub, arguments, dialogue);
        assert!(!said.contains("plum") && !said.contains(&token[3..]), "{said}");
        (code, said)
    };
    let [new, again, old] =
        ["new passphrase for the vault: ", "the same again: ", "passphrase of the vault: "];
    let dialogue = [("token: ", token.as_str()), (new, "plum pie"), (again, "plum tart")];
    let (code, said) = run("vault add ci", &dialogue);
    assert!(code == 1 && said.contains("two passphrases"), "{said}");
    let dialogue = [("token: ", token.as_str()), (new, "plum pie"), (again, "plum pie")];
    let (code, said) = run("vault add ci", &dialogue);
    assert!(code == 0 && said.contains("made a vault"), "{said}");
    assert_eq!(run("vault check", &[(old, "plum tart")]).0, 4);
    let (code, said) = run("vault check", &[(old, "plum pie")]);
    assert!(code == 0 && said.contains("live"), "{said}");
    assert_eq!(run("vault check", &[(old, "\u{3}")]).0, 130);
}

#[test]
fn whoever_says_so_is_rid_of_logins() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let folder = env.root().join("home/.cache/huggingface");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("token"), hub.token(TokenSpec::read("ci"))).unwrap();
    let question = "Type `remove` to do it: ";
    let arguments = "vault import --key file:key";
    let (code, said) = typing(&env, &hub, arguments, &[(question, "no")]);
    assert!(code == 0 && folder.join("token").exists(), "{said}");
    let (code, said) = typing(&env, &hub, "vault import", &[(question, "remove")]);
    assert!(code == 0 && !folder.join("token").exists(), "{said}");
    assert_eq!(listed(&env)[0]["name"], "default");
}
