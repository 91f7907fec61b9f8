//! `bearhug localhub`: what it prints and to whom, what it serves, and how it stops.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::support::{TestEnvironment, grep_count};

const SEED: &str = r#"
[[users]]
name = "alice"

[[orgs]]
name = "acme"
plan = "enterprise"
members = { alice = "admin" }

[[repos]]
name = "datasets/acme/corpus"
creator = "alice"
files = { "README.md" = "seeded\n" }

[[tokens]]
user = "alice"
name = "laptop"
role = "fine-grained"
expires_in_days = 7
scopes = { "org:acme" = ["repo.content.read"], "dataset:acme/corpus" = ["repo.write"] }

[[service_accounts]]
org = "acme"
name = "release"
permissions = ["repo.write"]
"#;

/// Asks the Hub with curl's place taken by what every machine has.
fn get(url: &str) -> String {
    let request = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())";
    let output = Command::new("python3").args(["-c", request, url]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn stop(mut child: Child) -> Option<i32> {
    let kill = Command::new("kill").arg("-INT").arg(child.id().to_string()).status().unwrap();
    assert!(kill.success());
    for _ in 0..200 {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    None
}

#[test]
fn it_serves_a_seed_hides_tokens_from_pipes_and_stops() {
    let environment = TestEnvironment::new();
    let seed = environment.write("team.toml", SEED);
    let mut command = environment.bearhug();
    command.arg("localhub").arg("--root").arg(environment.path("kept")).arg("--seed").arg(seed);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    while !said.contains("release") {
        assert_ne!(out.read_line(&mut said).unwrap(), 0, "it ended: {said}");
    }
    let endpoint = said.lines().next().unwrap().strip_prefix("HF_ENDPOINT=").unwrap().to_owned();
    assert!(endpoint.starts_with("http://127.0.0.1:"), "{endpoint}");
    assert!(said.contains("alice  laptop (fine-grained)  shown on a terminal only"), "{said}");
    assert!(get(&format!("{endpoint}/api/datasets/acme/corpus")).contains("README.md"));
    let raw = format!("{endpoint}/datasets/acme/corpus/raw/main/README.md");
    assert_eq!(get(&raw), "seeded\n\n");
    let mut complaints = child.stderr.take().unwrap();
    assert_eq!(stop(child), Some(0));
    out.read_to_string(&mut said).unwrap();
    complaints.read_to_string(&mut said).unwrap();
    assert!(!said.contains("hf_"), "{said}");
    let kept = environment.path("kept");
    assert_eq!(grep_count(&kept, "hf_[A-Za-z]{34}"), 0, "a token was kept on the disk");
    assert!(kept.join("datasets/acme/corpus.git/HEAD").is_file());
}

#[test]
fn a_terminal_shows_the_tokens() {
    let environment = TestEnvironment::new();
    let bearhug = TestEnvironment::program().display().to_string();
    let mut command = environment.command("script");
    command.args(["-qfec", &format!("timeout -s INT 5 {bearhug} localhub"), "/dev/null"]);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let line = said.lines().find(|line| line.contains("laptop (write)")).expect("a token");
    let value = line.trim_end().rsplit(' ').next().unwrap();
    assert!(value.starts_with("hf_") && value.len() == 37, "{} characters", value.len());
}

#[test]
fn a_seed_with_a_mistake_is_refused_with_the_place() {
    let environment = TestEnvironment::new();
    let run = |seed: &str| {
        let seed = environment.write("wrong.toml", seed);
        environment.run(["localhub".as_ref(), "--seed".as_ref(), seed.as_os_str()])
    };
    let outcome = run("[[users]]\nname = \"alice\"\nage = 7\n").exits(2);
    let said = String::from_utf8_lossy(&outcome.err).into_owned();
    assert!(said.contains("age") && said.contains("docs/localhub.md"), "{said}");
    let unknown = "[[tokens]]\nuser = \"nobody\"\nname = \"t\"\nrole = \"read\"\n";
    let outcome = run(unknown).exits(1);
    assert!(String::from_utf8_lossy(&outcome.err).contains("nobody"));
    let missing = environment.run(["localhub", "--seed", "none.toml"]);
    missing.exits(1);
}
