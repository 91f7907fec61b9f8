//! References: a real keyring, and the environment. AWS is played by moto, which answers as AWS documents.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use bearhug_localhub::TokenSpec;

use super::*;
use crate::support::{keyring_session, moto};

#[test]
fn a_token_elsewhere_is_followed_where_it_changes() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let [one, two] = ["one", "two"].map(|name| hub.token(TokenSpec::read(name)));
    let with = |token: &str, arguments: &[&str]| {
        let mut command = hub.bearhug(&env, arguments);
        command.env("CI_TOKEN", token);
        Outcome::of(command)
    };
    let add = ["vault", "add", "ci", "--reference", "env://CI_TOKEN", "--key", "file:key"];
    with(&one, &add).exits(0);
    let check = ["vault", "check", "--format", "json"];
    assert_eq!(checked(&with(&one, &check).exits(0)), [("ci".into(), "live".into(), false)]);
    assert_eq!(checked(&with(&two, &check).exits(3)), [("ci".into(), "live".into(), true)]);
    assert_eq!(checked(&hub.run(&env, &check).exits(6))[0].1, "unopened");
    with(&two, &["vault", "move", "ci", "--to", "sealed"]).exits(0);
    assert_eq!(checked(&hub.run(&env, &check).exits(0)), [("ci".into(), "live".into(), false)]);
    let path = env.path("token");
    let to = format!("file://{}", path.display());
    hub.run(&env, &["vault", "move", "ci", "--to", &to]).exits(0);
    assert_eq!(fs::read_to_string(&path).unwrap().trim(), two);
    assert_eq!(listed(&env)[0]["reference"], to.as_str());
    // What cannot be put there leaves the entry as it is.
    hub.run(&env, &["vault", "move", "ci", "--to", "env://CI_TOKEN"]).exits(1);
    assert_eq!(listed(&env)[0]["reference"], to.as_str());
}

#[test]
fn the_keyring_keeps_keys_and_tokens() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let token = hub.token(TokenSpec::read("ci"));
    env.write("token", &token);
    let script = "\
        \"$0\" vault add ci --file token --key keyring || exit 11
        \"$0\" vault check || exit 12
        \"$0\" vault move ci --to keyring://huggingface/ada || exit 13
        secret-tool lookup service huggingface username ada > moved || exit 14
        \"$0\" vault check || exit 15
        \"$0\" vault rekey --key keyring || exit 16
        \"$0\" vault check || exit 17
        secret-tool search --all service bearhug-vault 2> found > /dev/null
        \"$0\" vault rekey --key file:key || exit 18
        \"$0\" vault check || exit 19";
    let mut command = keyring_session(&env, "--unlock", script);
    command.env("HF_ENDPOINT", hub.endpoint());
    Outcome::of(command).exits(0);
    assert_eq!(fs::read_to_string(env.path("moved")).unwrap(), token);
    // The key before is gone: there is one, and not two.
    let found = fs::read_to_string(env.path("found")).unwrap();
    assert_eq!(found.matches("attribute.username").count(), 1, "{found}");
}

/// A server that plays AWS, which is ended with the test.
struct Moto {
    child: Child,
    address: String,
}

impl Moto {
    fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(moto());
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let moto = Self { child, address: format!("http://127.0.0.1:{port}") };
        for _ in 0..600 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return moto;
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("moto does not answer");
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[test]
fn aws_keeps_tokens_whole_and_as_fields() {
    let (env, hub, aws) = (TestEnvironment::new(), LocalHub::start(), Moto::start());
    let token = hub.token(TokenSpec::read("ci"));
    add(&env, "ci", &token).exits(0);
    let run = |arguments: &[&str]| {
        let mut command = hub.bearhug(&env, arguments);
        command.env("AWS_ENDPOINT_URL", &aws.address).env("AWS_REGION", "eu-west-1");
        command.env("AWS_ACCESS_KEY_ID", "id").env("AWS_SECRET_ACCESS_KEY", "secret");
        Outcome::of(command)
    };
    let check = ["vault", "check", "--format", "json"];
    for to in ["aws-sm://prod/hf", "aws-sm://prod/fields#token", "aws-sm://prod/fields#other"] {
        run(&["vault", "move", "ci", "--to", to]).exits(0);
        assert_eq!(listed(&env)[0]["reference"], to);
        assert_eq!(checked(&run(&check).exits(0)), [("ci".into(), "live".into(), false)]);
    }
    run(&["vault", "add", "again", "--reference", "aws-sm://prod/fields#token"]).exits(0);
    let said = run(&["vault", "add", "none", "--reference", "aws-sm://nothing"]).exits(1).stderr();
    assert!(said.contains("nothing there"), "{said}");
    let said = run(&["vault", "add", "none", "--reference", "aws-sm://prod/fields#x"]).exits(1);
    assert!(said.stderr().contains("no field `x`"), "{said}");
    assert_eq!(checked(&super::check(&env, &hub).exits(6))[0].1, "unopened");
    run(&["vault", "move", "ci", "--to", "sealed"]).exits(0);
}
