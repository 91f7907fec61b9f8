//! Two who write at once, and one who takes long.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use serde_json::{Value, json};

use crate::stage::Stage;

fn file(path: &str) -> Value {
    json!({ "key": "file", "value": { "path": path, "content": "x", "encoding": "utf-8" } })
}

#[test]
fn a_commit_that_stalls_holds_nobody_up_and_loses_to_a_faster_one() {
    let stage = Stage::new();
    stage.create("m", true);
    // Longer than what the Hub reads before it looks at a request at all.
    let words = "long ".repeat(20_000);
    let header = json!({ "key": "header", "value": { "summary": "Slow", "description": words } });
    let (first, second) = (format!("{header}\n{}\n", file("a")), format!("{}\n", file("b")));
    let mut slow = TcpStream::connect(stage.hub.endpoint().trim_start_matches("http://")).unwrap();
    write!(
        slow,
        "POST /api/models/alice/m/commit/main HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\
         Authorization: Bearer {}\r\nContent-Type: application/x-ndjson\r\n\
         Content-Length: {}\r\n\r\n{first}",
        stage.alice,
        first.len() + second.len()
    )
    .unwrap();
    // Long enough for the Hub to have begun, not so long that it matters if it has not.
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!(stage.commit("alice/m", "main", &[file("fast")]).status, 200);
    slow.write_all(second.as_bytes()).unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 412"), "{answer}");
    assert!(answer.contains("A commit has happened since"), "{answer}");
    let tree = stage.ask(&stage.alice, "GET", "/api/models/alice/m/tree/main", Value::Null).json();
    let paths: Vec<&str> =
        tree.as_array().unwrap().iter().filter_map(|entry| entry["path"].as_str()).collect();
    assert_eq!(paths, [".gitattributes", "fast"]);
}

#[test]
fn of_many_commits_at_once_each_is_made_or_told_that_another_was() {
    let stage = Stage::new();
    stage.create("m", true);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let stage = &stage;
        let commit =
            |n: u32| move || stage.commit("alice/m", "main", &[file(&n.to_string())]).status;
        let threads: Vec<_> = (0..8).map(|n| scope.spawn(commit(n))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(statuses.iter().all(|status| matches!(status, 200 | 412)), "{statuses:?}");
    let made = statuses.iter().filter(|status| **status == 200).count();
    let commits = stage.ask(&stage.alice, "GET", "/api/models/alice/m/commits/main", Value::Null);
    assert_eq!(commits.json().as_array().map(Vec::len), Some(made + 1), "{statuses:?}");
}
