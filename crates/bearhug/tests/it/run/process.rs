//! A child is as good as started by the shell.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use bearhug_localhub::TokenSpec;

use super::Lender;
use crate::support::Outcome;

#[test]
fn the_exit_code_is_the_commands_own() {
    let lender = Lender::new();
    lender.env.write("no-program", "nothing\n");
    for (words, code) in [
        (&["--", "true"][..], 0),
        (&["--", "sh", "-c", "exit 7"], 7),
        (&["--", "sh", "-c", "kill -TERM $$"], 143),
        (&["--", "sh", "-c", "kill -KILL $$"], 137),
        (&["--", "no-such-program"], 127),
        (&["--", "./no-program"], 126),
        (&[], 2),
        (&["true"], 2),
        (&["--allow", "reed:acme/model", "--", "true"], 2),
    ] {
        Outcome::of(lender.run(words)).exits(code);
    }
}

#[test]
fn arguments_and_the_standard_streams_are_the_commands_own() {
    let lender = Lender::new();
    let command =
        lender.run(&["--quiet", "--", "sh", "-c", "cat; echo $# \"$2\" >&2", "sh", "a b", "*"]);
    let outcome = Outcome::fed(command, b"typed\n").exits(0);
    assert_eq!((outcome.stdout(), outcome.stderr()), ("typed\n".to_owned(), "2 *\n".to_owned()));
}

#[test]
fn no_token_of_this_environment_reaches_the_command() {
    let lender = Lender::new();
    let mut command = lender.run(&["--quiet", "--env", "HF_TOKEN", "--", "env"]);
    command
        .env("HUGGING_FACE_HUB_TOKEN", &lender.token)
        .env("SOMETHING_ELSE", format!("https://ada:{}@hub.example/x", lender.token))
        .env("HF_OIDC_RESOURCE", "ada/model")
        .env("KEPT", "as it was");
    let seen = Outcome::of(command).exits(0).stdout();
    assert!(!seen.contains(&lender.token[3..]), "the token is in the environment");
    let value = |name: &str| {
        seen.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned)
    };
    assert_eq!(value("KEPT").as_deref(), Some("as it was"));
    assert_eq!(value("SOMETHING_ELSE"), None);
    assert_eq!(value("HF_OIDC_RESOURCE"), None);
    let lease = value("HF_TOKEN").unwrap();
    assert!(lease.starts_with("hf_lease") && lease.len() == 48, "{} long", lease.len());
    assert_ne!(value("HF_ENDPOINT").as_deref(), Some(lender.hub.endpoint()));
}

#[test]
fn a_lease_is_nothing_when_its_command_has_ended() {
    let lender = Lender::new();
    let script = "echo $HF_ENDPOINT $HF_TOKEN";
    let said = Outcome::of(lender.run(&["--quiet", "--", "sh", "-c", script])).exits(0).stdout();
    let (endpoint, lease) = said.trim().split_once(' ').unwrap();
    // Nobody listens there any more, and the Hub has never heard of the lease.
    let asked = Command::new("curl").args(["-s", endpoint]).output().unwrap();
    assert_eq!(asked.status.code(), Some(7));
    assert!(!lender.hub.knows(lease));
}

#[test]
fn a_signal_is_passed_on_and_the_command_decides_what_it_means() {
    let lender = Lender::new();
    for (signal, code) in [("-TERM", 9), ("-INT", 9), ("-HUP", 9), ("-USR1", 9)] {
        let script = "trap 'exit 9' TERM INT HUP USR1; echo ready; while :; do sleep 0.05; done";
        let mut command = lender.run(&["--", "sh", "-c", script]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut ready = [0; 6];
        std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut ready).unwrap();
        Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        let started = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            assert!(started.elapsed() < Duration::from_secs(30), "{signal} was not passed on");
            thread::sleep(Duration::from_millis(10));
        };
        assert_eq!(status.code(), Some(code), "{signal}");
    }
}

/// A terminal sends Ctrl-C to all that run in it, so that passing it on as well would be once too often.
#[test]
fn a_terminal_stays_one_and_its_ctrl_c_comes_once() {
    let lender = Lender::new();
    let counter = "n=0; trap 'n=$((n+1))' INT; test -t 1 && echo terminal; echo ready; \
                   for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; done; echo came $n";
    lender.env.write("count.sh", counter);
    let program = crate::support::TestEnvironment::program().display().to_string();
    let inner = format!("{program} run --quiet -- sh count.sh");
    let mut command = lender.env.command("script");
    command.args(["-qec", &inner, "/dev/null"]);
    command.env("HF_TOKEN", &lender.token).env("HF_ENDPOINT", lender.hub.endpoint());
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut said = Vec::new();
    let mut out = child.stdout.take().unwrap();
    let mut byte = [0];
    while !said.ends_with(b"ready\r\n") {
        std::io::Read::read_exact(&mut out, &mut byte).unwrap();
        said.push(byte[0]);
    }
    std::io::Write::write_all(child.stdin.as_mut().unwrap(), b"\x03").unwrap();
    std::io::Read::read_to_end(&mut out, &mut said).unwrap();
    child.wait().unwrap();
    let said = String::from_utf8_lossy(&said);
    assert!(said.contains("terminal") && said.contains("came 1"), "{said}");
}

#[test]
fn a_token_that_is_dead_or_may_less_is_not_lent() {
    let lender = Lender::new();
    let reader = lender.hub.token(TokenSpec::read("reader"));
    let mut wide = lender.run(&["--allow", "write:ada/model", "--", "touch", "started"]);
    wide.env("HF_TOKEN", reader);
    let refused = Outcome::of(wide).exits(5).stderr();
    assert!(refused.contains("write:ada/model"), "{refused}");
    let mut dead = lender.run(&["--", "touch", "started"]);
    dead.env("HF_TOKEN", format!("{}x", &lender.token[..36]));
    Outcome::of(dead).exits(4);
    let mut none = lender.run(&["--", "touch", "started"]);
    none.env_remove("HF_TOKEN");
    Outcome::of(none).exits(4);
    assert!(!lender.env.path("started").exists());
}

#[test]
fn a_hub_that_is_not_there_keeps_nobody_from_working() {
    let lender = Lender::new();
    let mut command = lender.run(&["--", "true"]);
    command.env("HF_ENDPOINT", "http://127.0.0.1:9");
    let said = Outcome::of(command).exits(0).stderr();
    assert!(said.contains("warning"), "{said}");
}

#[test]
fn what_is_given_directly_is_taken_out_of_what_is_said() {
    let lender = Lender::new();
    let script =
        "echo it is $HF_TOKEN; echo and $HF_TOKEN again >&2; printf %s $HF_TOKEN > kept; exit 3";
    let outcome = Outcome::of(lender.run(&["--direct", "--", "sh", "-c", script])).exits(3);
    let redacted = format!("hf_…{}", &lender.token[33..]);
    assert_eq!(outcome.stdout(), format!("it is {redacted}\n"));
    assert!(outcome.stderr().contains(&format!("and {redacted} again")), "{outcome}");
    assert!(outcome.stderr().contains("warning"), "{outcome}");
    assert_eq!(fs::read_to_string(lender.env.path("kept")).unwrap(), lender.token);
}

#[test]
fn the_record_is_for_its_user_alone() {
    let lender = Lender::new();
    Outcome::of(lender.run(&["--record", "did.jsonl", "--", "true"])).exits(0);
    let mode = fs::metadata(lender.env.path("did.jsonl")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    lender.env.folder("shut");
    Outcome::of(lender.run(&["--record", "shut", "--", "touch", "started"])).exits(1);
    assert!(!lender.env.path("started").exists());
}
