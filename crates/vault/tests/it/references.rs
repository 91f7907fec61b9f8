//! Tokens that are elsewhere. `HashiCorp` Vault is played by a server that was written from its
//! documentation.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt as _,
    sync::{Arc, Mutex},
};

use bearhug_vault::{Elsewhere, Problem, Reference, Surroundings};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use zeroize::Zeroizing;

use super::*;

/// The way to elsewhere, with these variables.
fn elsewhere(variables: &[(&str, &str)]) -> Elsewhere {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let variables: BTreeMap<_, _> = variables.iter().map(owned).collect();
    Elsewhere::new(Surroundings {
        variable: Box::new(move |name| variables.get(name).cloned().map(Zeroizing::new)),
        home: None,
        now,
        user_agent: "bearhug/test".to_owned(),
        proxy: None,
    })
}

async fn fetched(elsewhere: &Elsewhere, reference: &str) -> Result<String, Problem> {
    let reference: Reference = reference.parse().unwrap();
    let value = elsewhere.fetch(&reference).await;
    value.map(|value| value.as_str().to_owned()).map_err(|error| error.problem)
}

#[tokio::test]
async fn a_file_is_read_if_others_cannot_and_never_overwritten() {
    let room = Room::new();
    let path = room.folder.path().join("token");
    let reference = format!("file://{}", path.display());
    let elsewhere = elsewhere(&[]);
    assert!(matches!(fetched(&elsewhere, &reference).await, Err(Problem::Missing)));
    elsewhere.put(&reference.parse().unwrap(), "abc").await.unwrap();
    assert_eq!(fetched(&elsewhere, &reference).await.unwrap(), "abc");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(elsewhere.put(&reference.parse().unwrap(), "def").await.is_err());
    for (text, mode) in [("abc", 0o604), ("a b", 0o600), ("", 0o600), (&"a".repeat(70_000), 0o600)]
    {
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        assert!(fetched(&elsewhere, &reference).await.is_err(), "{} {mode:o}", text.len());
    }
}

/// The secrets of the fake, by path, with their versions.
type Secrets = Arc<Mutex<BTreeMap<String, Vec<Value>>>>;

/// A server that knows `GET` and `POST` of `/v1/secret/data/…`, check-and-set, namespaces and tokens, as
/// <https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2> describes them.
async fn fake() -> (u16, Secrets) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let secrets = Secrets::default();
    let shared = Arc::clone(&secrets);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let secrets = Arc::clone(&shared);
            tokio::spawn(async move { serve(stream, &secrets).await });
        }
    });
    (port, secrets)
}

async fn serve(mut stream: TcpStream, secrets: &Secrets) {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    let (head, body) = loop {
        let length = stream.read(&mut buffer).await.unwrap();
        bytes.extend_from_slice(&buffer[..length]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let head = head.to_lowercase();
        let stated = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if stated.is_none_or(|stated| body.len() == stated.parse::<usize>().unwrap()) {
            break (head, body.to_owned());
        }
    };
    let (status, answer) = answer(&head, &body, secrets);
    let text = answer.to_string();
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        text.len()
    );
    stream.write_all(format!("{head}{text}").as_bytes()).await.unwrap();
}

fn answer(head: &str, body: &str, secrets: &Secrets) -> (u16, Value) {
    let line = head.lines().next().unwrap();
    let (method, path) = line.trim_end_matches(" http/1.1").split_once(' ').unwrap();
    if !head.contains("x-vault-token: s.test") || !head.contains("x-vault-request: true") {
        return (403, json!({ "errors": ["permission denied"] }));
    }
    let Some(name) = path.strip_prefix("/v1/secret/data/") else {
        return (404, json!({ "errors": [] }));
    };
    let mut secrets = secrets.lock().unwrap();
    let versions = secrets.entry(name.to_owned()).or_default();
    let count = versions.len();
    if method == "get" {
        return match versions.last() {
            None => (404, json!({ "errors": [] })),
            // One that was deleted.
            Some(Value::Null) => {
                (404, json!({ "data": { "data": null, "metadata": { "version": count } } }))
            }
            Some(data) => {
                (200, json!({ "data": { "data": data, "metadata": { "version": count } } }))
            }
        };
    }
    let body: Value = serde_json::from_str(body).unwrap();
    if body["options"]["cas"] != json!(count) {
        let why = "check-and-set parameter did not match the current version";
        return (400, json!({ "errors": [why] }));
    }
    versions.push(body["data"].clone());
    (200, json!({ "data": { "version": count + 1 } }))
}

#[tokio::test]
async fn a_variable_is_read_as_it_is_and_never_set() {
    let elsewhere = elsewhere(&[("HF_TOKEN", " abc\n"), ("EMPTY", "")]);
    assert_eq!(fetched(&elsewhere, "env://HF_TOKEN").await.unwrap(), "abc");
    assert!(matches!(fetched(&elsewhere, "env://EMPTY").await, Err(Problem::NoToken)));
    assert!(matches!(fetched(&elsewhere, "env://OTHER").await, Err(Problem::Missing)));
    let put = elsewhere.put(&"env://HF_TOKEN".parse().unwrap(), "def").await.unwrap_err();
    assert!(matches!(put.problem, Problem::ReadOnly(_)));
}

#[tokio::test]
async fn a_field_of_a_secret_is_read_and_set_and_others_stay() {
    let (port, secrets) = fake().await;
    let address = format!("http://127.0.0.1:{port}");
    let elsewhere = elsewhere(&[("VAULT_ADDR", &address), ("VAULT_TOKEN", "s.test")]);
    let here = "vault:///secret/hf/ci#token";
    assert!(matches!(fetched(&elsewhere, here).await, Err(Problem::Missing)));
    elsewhere.put(&here.parse().unwrap(), "abc").await.unwrap();
    let other = format!("vault://127.0.0.1:{port}/secret/hf/ci#other");
    assert!(
        matches!(fetched(&elsewhere, &other).await, Err(Problem::NoField(name)) if name == "other")
    );
    elsewhere.put(&other.parse().unwrap(), "def").await.unwrap();
    assert_eq!(fetched(&elsewhere, here).await.unwrap(), "abc");
    assert_eq!(fetched(&elsewhere, &other).await.unwrap(), "def");
    secrets.lock().unwrap().get_mut("hf/ci").unwrap().push(Value::Null);
    assert!(matches!(fetched(&elsewhere, here).await, Err(Problem::NoField(_))));
    elsewhere.put(&here.parse().unwrap(), "ghi").await.unwrap();
    assert_eq!(secrets.lock().unwrap()["hf/ci"][3], json!({ "token": "ghi" }));
    assert!(matches!(fetched(&elsewhere, "vault:///other/hf#token").await, Err(Problem::Missing)));
}

#[tokio::test]
async fn the_token_of_one_server_goes_to_no_other() {
    let (port, _) = fake().await;
    let address = format!("http://127.0.0.1:{port}");
    let reference = format!("vault://127.0.0.1:{port}/secret/hf#token");
    let wrong = elsewhere(&[("VAULT_ADDR", &address), ("VAULT_TOKEN", "s.other")]);
    assert!(matches!(fetched(&wrong, &reference).await, Err(Problem::Denied)));
    let none = elsewhere(&[("VAULT_ADDR", &address)]);
    assert!(matches!(fetched(&none, &reference).await, Err(Problem::Unset(_))));
    let elsewhere_ = elsewhere(&[("VAULT_ADDR", "http://127.0.0.1:1"), ("VAULT_TOKEN", "s.test")]);
    assert!(matches!(fetched(&elsewhere_, &reference).await, Err(Problem::Unset(_))));
    let plain = elsewhere(&[("VAULT_ADDR", "http://vault.example"), ("VAULT_TOKEN", "s.test")]);
    assert!(matches!(fetched(&plain, "vault:///secret/hf#token").await, Err(Problem::Plain)));
    let unnamed = elsewhere(&[("VAULT_TOKEN", "s.test")]);
    // Without VAULT_ADDR the server is asked over TLS, which the fake does not speak.
    assert!(matches!(fetched(&unnamed, &reference).await, Err(Problem::Unreachable(_))));
}

#[tokio::test]
async fn a_reference_is_opened_once_fetched_and_outlives_a_server_that_is_gone() {
    let (port, secrets) = fake().await;
    let address = format!("http://127.0.0.1:{port}");
    let way = elsewhere(&[("VAULT_ADDR", &address), ("VAULT_TOKEN", "s.test")]);
    let reference: Reference = "vault:///secret/hf/ci#token".parse().unwrap();
    way.put(&reference, &value(1)).await.unwrap();
    let room = Room::new();
    let mut vault = room.make();
    let entry = Entry::of(&token(1), "ci".to_owned(), Place::At(reference), now());
    vault.change(|draft| draft.put(entry, None)).unwrap();
    assert!(opened(&vault, "ci").unwrap_err().contains("not fetched"));
    vault.fetch(&way).await;
    assert_eq!(opened(&vault, "ci"), Ok(value(1)));
    // An entry beside it that changes does not make it be asked for again.
    put(&mut vault, "other", 2);
    assert_eq!(opened(&vault, "ci"), Ok(value(1)));
    let gone = elsewhere(&[("VAULT_ADDR", "http://127.0.0.1:1"), ("VAULT_TOKEN", "s.test")]);
    vault.fetch(&gone).await;
    assert_eq!(opened(&vault, "ci"), Ok(value(1)));
    secrets.lock().unwrap().clear();
    vault.fetch(&way).await;
    assert!(opened(&vault, "ci").unwrap_err().contains("nothing there"));
    assert!(!fs::read_to_string(room.path()).unwrap().contains("QkRvTzLp"));
}
