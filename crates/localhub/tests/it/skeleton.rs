//! That a local Hub answers, and stops.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use bearhug_localhub::{Clock, Hub, Settings};
use jiff::Timestamp;

fn get(origin: &str, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(origin.trim_start_matches("http://"))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[test]
fn a_hub_answers_until_it_is_dropped() {
    let root = tempfile::tempdir().expect("a folder");
    let hub = Hub::start(Settings::new(root.path(), Clock::new(Timestamp::now))).expect("a hub");
    let endpoint = hub.endpoint().to_owned();
    let answer = get(&endpoint, "/none").expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    assert!(answer.contains("x-request-id: Root=1-"), "{answer}");
    drop(hub);
    let is_gone = (0..50).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        get(&endpoint, "/none").is_err()
    });
    assert!(is_gone, "the hub answers after it was dropped");
}
