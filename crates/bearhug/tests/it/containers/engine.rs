//! Images that an engine keeps. No engine runs where this is tested: a thread answers on a socket as the
//! Engine API says that one does.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    os::unix::{fs::PermissionsExt as _, net::UnixListener},
    thread,
};

use serde_json::Value;

use super::images::{PLACES, asked, places, write};
use crate::support::{Forge, Outcome, TestEnvironment, fingerprint};

/// Answers requests until the test ends, each by what `answer` says to a path.
fn serve(env: &TestEnvironment, answer: impl Fn(&str) -> Vec<u8> + Send + 'static) {
    let listener = UnixListener::bind(env.path("engine.sock")).unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = String::new();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            while !request.ends_with("\r\n\r\n") && reader.read_line(&mut request).unwrap() > 0 {}
            if let Some(path) = request.strip_prefix("GET ").and_then(|r| r.split(' ').next()) {
                // The client may have gone.
                drop(stream.write_all(&answer(path)));
            }
        }
    });
}

fn answer(status: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nApi-Version: 1.47\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// An answer in chunks, as an engine sends what it makes up on the way.
fn chunked(body: &[u8]) -> Vec<u8> {
    let mut answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\n".to_vec();
    answer.extend(b"Transfer-Encoding: chunked\r\n\r\n");
    for chunk in body.chunks(1500) {
        answer.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        answer.extend(chunk);
        answer.extend(b"\r\n");
    }
    answer.extend(b"0\r\n\r\n");
    answer
}

/// Serves the image, of whose export so much is left out.
fn serve_image(env: &TestEnvironment, tokens: &[String], left_out: usize) {
    let description = write(env, "current", "image.tar", &asked(tokens));
    let id =
        serde_json::from_str::<Value>(&description).unwrap()["Id"].as_str().unwrap().to_owned();
    let tar = fs::read(env.path("image.tar")).unwrap();
    serve(env, move |path| match path {
        "/images/acme/app:1.0/json" => answer("200 OK", "application/json", description.as_bytes()),
        path if path == format!("/images/{id}/get") => {
            let mut answer = chunked(&tar);
            answer.truncate(answer.len() - left_out);
            answer
        }
        _ => {
            let message = br#"{"message":"No such image: that one"}"#;
            answer("404 Not Found", "application/json", message)
        }
    });
}

fn scan(env: &TestEnvironment, arguments: &[&str]) -> Outcome {
    let mut command = env.bearhug();
    command.env("DOCKER_HOST", format!("unix://{}", env.path("engine.sock").display()));
    command.arg("scan").args(arguments);
    Outcome::of(command)
}

#[test]
fn an_engines_image_is_told_by_layer() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(51).tokens(6);
    serve_image(&env, &tokens, 0);
    let outcome = scan(&env, &["docker:acme/app:1.0", "--format", "jsonl"]).exits(3);
    let found = places(&outcome);
    for (token, place) in tokens.iter().zip(PLACES) {
        let of_token = &found[&fingerprint(token)];
        let place = format!("engine:docker:acme/app:1.0 › {place}");
        assert_eq!(of_token.iter().collect::<Vec<_>>(), [&place]);
    }
    assert!(outcome.gaps().is_empty(), "{outcome}");
    let human = scan(&env, &["docker:acme/app:1.0"]).exits(3).stdout();
    let way = "docker:acme/app:1.0 › layer 3 › root/.cache/huggingface/token:1:1";
    assert!(human.contains(way), "{human}");
}

#[test]
fn podman_is_asked_at_its_own_socket() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(52).tokens(6);
    serve_image(&env, &tokens, 0);
    env.folder("run/podman");
    fs::rename(env.path("engine.sock"), env.path("run/podman/podman.sock")).unwrap();
    let mut command = env.bearhug();
    command.env("XDG_RUNTIME_DIR", env.path("run")).args(["scan", "podman:acme/app:1.0"]);
    assert!(Outcome::of(command).exits(3).stdout().contains("podman:acme/app:1.0 › layer 3"));
}

#[test]
fn an_engine_that_goes_away_leaves_a_gap() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(53).tokens(6);
    let whole = {
        write(&env, "current", "image.tar", &asked(&tokens));
        fs::metadata(env.path("image.tar")).unwrap().len()
    };
    // The archive ends in padding; what is left out reaches into what comes before.
    serve_image(&env, &tokens, usize::try_from(whole * 2 / 3).unwrap());
    let outcome = scan(&env, &["docker:acme/app:1.0", "--format", "jsonl", "--strict"]).exits(3);
    let gaps = outcome.gaps();
    assert!(!gaps.is_empty(), "{outcome}");
    assert!(gaps.iter().all(|(_, reason)| reason == "damaged"), "{outcome}");
    assert!(outcome.fingerprints().contains(&fingerprint(&tokens[2])), "{outcome}");
}

#[test]
fn what_an_engine_refuses_is_told_in_its_words() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(54).tokens(6);
    serve_image(&env, &tokens, 0);
    let outcome = scan(&env, &["docker:acme/none"]).exits(1);
    assert!(outcome.stderr().contains("404: No such image: that one"), "{outcome}");
    assert!(outcome.stderr().contains("hint: images are never pulled"), "{outcome}");
    for name in ["", "../../containers/x", "a//b", "a?b=c", "a b", "a#b", "a%2fb"] {
        let outcome = scan(&env, &[&format!("docker:{name}")]).exits(1);
        assert!(outcome.stderr().contains("cannot be the name of an image"), "{outcome}");
    }
}

#[test]
fn an_answer_that_is_none_is_an_error() {
    for bytes in [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_vec(),
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}".to_vec(),
        b"HTTP/1.1 301 Moved\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n".to_vec(),
        b"SSH-2.0-OpenSSH\r\n".to_vec(),
        [b"HTTP/1.1 200 OK\r\n", &b"X: y\r\n".repeat(100_000)[..]].concat(),
        Vec::new(),
    ] {
        let env = TestEnvironment::new();
        serve(&env, move |_| bytes.clone());
        let outcome = scan(&env, &["docker:app"]).exits(1);
        assert!(outcome.stderr().contains("error: the image cannot be read"), "{outcome}");
    }
}

#[test]
fn without_an_engine_it_says_where_it_looked() {
    let env = TestEnvironment::new();
    let outcome = scan(&env, &["docker:app"]).exits(1);
    assert!(outcome.stderr().contains("engine.sock"), "{outcome}");
    assert!(outcome.stderr().contains("docker save NAME | bearhug scan -"), "{outcome}");
    let mut command = env.bearhug();
    command.args(["scan", "docker:app"]).env("DOCKER_HOST", "tcp://127.0.0.1:2375");
    let outcome = Outcome::of(command).exits(1);
    assert!(outcome.stderr().contains("`DOCKER_HOST` names no Unix socket"), "{outcome}");
}

#[test]
fn a_socket_that_is_somebody_elses_is_told() {
    let env = TestEnvironment::new();
    serve(&env, |_| Vec::new());
    fs::set_permissions(env.path("engine.sock"), fs::Permissions::from_mode(0o600)).unwrap();
    let mut command = env.unprivileged("\"$0\" scan docker:app");
    command.env("DOCKER_HOST", format!("unix://{}", env.path("engine.sock").display()));
    if Outcome::of(env.command("id")).stdout().contains("uid=0") {
        let outcome = Outcome::of(command).exits(1);
        assert!(outcome.stderr().contains("Permission denied"), "{outcome}");
        assert!(outcome.stderr().contains("may use the engine"), "{outcome}");
    }
}
