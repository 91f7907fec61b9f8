//! Tokens in the environments and arguments of processes that run.

use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::support::{Forge, Outcome, TestEnvironment, fingerprint};

/// A process that is ended when its test is over.
struct Sleeper(Child);

impl Sleeper {
    /// Starts `cat`, which waits for what never comes. It is known to run when it has answered.
    fn start(mut command: Command) -> Self {
        use std::io::{BufRead as _, BufReader, Write as _};
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.as_mut().unwrap().write_all(b"awake\n").unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "awake\n");
        Self(child)
    }

    fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn seen(outcome: &Outcome, value: &str) -> Vec<Value> {
    let name = fingerprint(value);
    let finding = outcome.findings().into_iter().find(|f| f["fingerprint"] == name.as_str());
    finding.map_or_else(Vec::new, |f| f["sightings"].as_array().unwrap().clone())
}

fn scan(env: &TestEnvironment) -> Outcome {
    env.run(["scan", "--machine", "--format", "jsonl"])
}

#[test]
fn a_variable_of_a_process_is_found_and_named() {
    let env = TestEnvironment::new();
    let token = Forge::new(61).token();
    let mut command = env.command("cat");
    command.arg("-u").env("HF_TOKEN", &token);
    let child = Sleeper::start(command);
    let outcome = scan(&env).exits(3);
    let sightings = seen(&outcome, &token);
    assert_eq!(sightings.len(), 1, "{outcome}");
    let id = child.id();
    assert_eq!(sightings[0]["path"], format!("/proc/{id}/environ"));
    let steps =
        ["machine:process environment", &format!("process:{id} (cat -u)"), "variable:HF_TOKEN"];
    assert_eq!(sightings[0]["origin"], serde_json::json!(steps));
    assert_eq!(sightings[0]["storage"], "process_environment");
    let context = format!("HF_TOKEN=hf_…{}", &token[33..]);
    assert_eq!(sightings[0]["context"], context);
    let line = sightings[0]["line"].as_u64().unwrap();
    // The same listing by other programs.
    let script =
        format!("tr '\\0' '\\n' < /proc/{id}/environ | grep -n '^HF_TOKEN=' | cut -d: -f1");
    let mut listing = env.command("sh");
    listing.args(["-c", &script]);
    assert_eq!(Outcome::of(listing).exits(0).stdout().trim(), line.to_string());
    let human = env.run(["scan", "--machine", "-v"]).stdout();
    let words = format!("process {id} (cat -u) environment, HF_TOKEN\n");
    assert!(human.contains(&words), "{human}");
}

#[test]
fn every_kind_is_found_in_variables_and_pairs_across_them() {
    let env = TestEnvironment::new();
    let planted = Forge::new(62).every_kind();
    let mut command = env.command("cat");
    for one in &planted {
        if one.kind == "s3_secret_key" {
            let (id, secret) = one.text.split_once('\n').unwrap();
            for (name, line) in [("AWS_ACCESS_KEY_ID", id), ("AWS_SECRET_ACCESS_KEY", secret)] {
                command.env(name, line.split(" = ").nth(1).unwrap());
            }
        } else {
            command.env(format!("X_{}", one.kind.to_uppercase()), &one.value);
        }
    }
    let child = Sleeper::start(command);
    let outcome = scan(&env).exits(3);
    for one in &planted {
        let sightings = seen(&outcome, &one.value);
        assert_eq!(sightings.len(), 1, "{}: {outcome}", one.kind);
        assert_eq!(sightings[0]["path"], format!("/proc/{}/environ", child.id()));
        assert!(!sightings[0]["context"].is_null(), "{}", one.kind);
    }
}

#[test]
fn a_token_among_arguments_is_found_and_not_shown() {
    let env = TestEnvironment::new();
    let token = Forge::new(63).token();
    let mut command = env.command("bash");
    // The name under which it runs is a part of the arguments.
    command.args(["-c", "exec -a \"serve --token $0\" cat", &token]);
    let child = Sleeper::start(command);
    let outcome = scan(&env).exits(3);
    let sightings = seen(&outcome, &token);
    assert_eq!(sightings.len(), 1, "{outcome}");
    let shown = format!("serve --token hf_…{}", &token[33..]);
    let steps =
        ["machine:process arguments", &format!("process:{} ({shown})", child.id()), "arguments"];
    assert_eq!(sightings[0]["origin"], serde_json::json!(steps));
    assert_eq!(sightings[0]["context"], shown);
}

#[test]
fn the_environment_that_a_shell_exports_is_found() {
    let env = TestEnvironment::new();
    let token = Forge::new(64).token();
    let mut command = env.bearhug();
    command.args(["scan", "--machine", "--format", "jsonl"]).env("HUGGING_FACE_HUB_TOKEN", &token);
    let outcome = Outcome::of(command).exits(3);
    assert_eq!(seen(&outcome, &token)[0]["origin"][2], "variable:HUGGING_FACE_HUB_TOKEN");
}

#[test]
fn a_token_for_a_name_is_redacted() {
    let env = TestEnvironment::new();
    let token = Forge::new(65).token();
    let mut command = env.command("cat");
    command.env(&token, "x");
    let _child = Sleeper::start(command);
    let outcome = scan(&env).exits(3);
    let name = format!("variable:hf_…{}", &token[33..]);
    assert_eq!(seen(&outcome, &token)[0]["origin"][2], name, "{outcome}");
}

/// Another user's environment is not read, by root or by anybody. Only root can become another user,
/// so that without it there is nothing to be seen here.
#[test]
fn the_environments_of_other_users_are_left_alone() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(66);
    let [theirs, half, own] = [(); 3].map(|()| forge.token());
    if std::fs::read_to_string("/proc/self/status").unwrap().contains("Uid:\t0\t0") {
        let as_user = |options: &[&str], token: &str| {
            let mut command = env.command("setpriv");
            command.args(options).args(["--clear-groups", "cat"]).env("HF_TOKEN", token);
            Sleeper::start(command)
        };
        let _one = as_user(&["--reuid=65534", "--regid=65534"], &theirs);
        let _other = as_user(&["--euid=65534", "--rgid=65534"], &half);
        let outcome = scan(&env);
        assert!(seen(&outcome, &theirs).is_empty(), "{outcome}");
        assert!(seen(&outcome, &half).is_empty(), "{outcome}");
    }
    // The same user finds its own.
    let script = "HF_TOKEN=$TOKEN exec \"$0\" scan --machine --format jsonl";
    let mut command = env.unprivileged(script);
    command.env("TOKEN", &own);
    let outcome = Outcome::of(command);
    assert!(!seen(&outcome, &own).is_empty(), "{outcome}");
}

/// Processes that come and go by the hundred leave no gaps behind.
#[test]
fn a_process_that_ends_meanwhile_is_no_gap() {
    let env = TestEnvironment::new();
    let mut command = env.command("bash");
    command.args(["-c", "echo awake; while :; do /bin/true; done", "churn"]);
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    for _ in 0..5 {
        let gaps = scan(&env).gaps();
        let gone = |why: &str| why.contains("os error 3)") || why.contains("os error 2)");
        assert!(!gaps.iter().any(|(path, why)| path.starts_with("/proc") && gone(why)), "{gaps:?}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
}
