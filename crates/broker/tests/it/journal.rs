//! What is written down, and what survives.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufReader, Write},
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use bearhug_broker::{
    Durability, Journal,
    journal::{How, Record, Verdict, read},
};
use http::Response;
use tokio::time::sleep;

use crate::support::{Lab, Upstream, text_body};

#[tokio::test]
async fn a_decision_is_written_before_the_hub_hears_of_the_request_and_its_end_after() {
    let journal = Arc::new(std::sync::Mutex::new(None::<std::path::PathBuf>));
    let known = Arc::clone(&journal);
    let answer = move |_: &_| {
        let written = known.lock().unwrap().as_ref().map(|path| fs::read_to_string(path).unwrap());
        let is_there = written.unwrap().contains("\"verdict\":\"allowed\"");
        let status = if is_there { 200 } else { 500 };
        Response::builder().status(status).body(text_body("0123456789")).unwrap()
    };
    let hub = Upstream::start(Arc::new(answer)).await;
    let lab = Lab::new(&hub.address).await;
    *journal.lock().unwrap() = Some(lab.journal.clone());
    let request = lab.head("GET /acme/m/resolve/main/x?signature=secret") + "\r\n";
    assert_eq!(lab.connect().await.ask(request).await.status, 200);
    lab.connect().await.ask(lab.head("GET /api/models/acme/other") + "\r\n").await;
    let mut records = Vec::new();
    while records.len() < 3 {
        records.clear();
        let file = BufReader::new(File::open(&lab.journal).unwrap());
        read(file, |record| records.push(record.clone())).unwrap();
        sleep(Duration::from_millis(5)).await;
    }
    let Record::Decision(first) = &records[0] else { panic!("{records:?}") };
    assert_eq!((first.verdict, first.lease), (Verdict::Allowed, Some(lab.lease.id)));
    let ends = records.iter().filter_map(|record| match record {
        Record::Completion(end) => Some((end.status, end.received, end.how, &end.request)),
        Record::Decision(_) => None,
    });
    let ends: Vec<_> = ends.collect();
    assert_eq!(ends, [(Some(200), 10, How::Complete, &first.request)]);
    assert!(records.iter().any(|record| matches!(record, Record::Decision(denied)
        if denied.verdict == Verdict::Denied && denied.why.is_some())));
    assert!(!lab.written().contains("secret") && !lab.written().contains(&lab.value));
}

#[test]
fn what_a_killed_process_left_is_read_and_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    drop(Journal::open(&path, Durability::Disk).unwrap());
    let whole = r#"{"record":"completion","request":"a-1","at":"2026-01-01T00:00:00Z","status":200,"sent":0,"received":0,"millis":1,"how":"complete"}"#;
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    write!(file, "{whole}\n{}", &whole[..40]).unwrap();
    let reading = read(BufReader::new(File::open(&path).unwrap()), |_| {}).unwrap();
    assert!(reading.is_torn && reading.records == 1);
    let open = || Journal::open(&path, Durability::Kernel);
    // The thread of the first lets go of the file in its own time.
    let journal = loop {
        match open() {
            Ok(journal) => break journal,
            Err(_) => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    assert!(open().is_err(), "two processes would write over each other");
    let reading = read(BufReader::new(File::open(&path).unwrap()), |_| {}).unwrap();
    assert!(!reading.is_torn && reading.records == 1);
    drop(journal);
}

/// Starts this program again, as a broker in a process of its own.
fn child(upstream: &str, limit: &str) -> std::process::Child {
    let me = std::env::current_exe().expect("this program");
    let line = format!(
        "{limit} exec \"{}\" --exact journal::serves_in_a_process_of_its_own --ignored --nocapture",
        me.display()
    );
    let mut command = Command::new("sh");
    command.args(["-c", &line]).env("BROKER_UPSTREAM", upstream);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a process")
}

/// What a child said of itself: its host, its lease's value and its journal.
fn told(child: &mut std::process::Child) -> [String; 3] {
    let mut lines =
        std::io::BufRead::lines(BufReader::new(child.stdout.as_mut().expect("its output")));
    let line = lines.find_map(|line| Some(line.ok()?.split_once("broker: ")?.1.to_owned()));
    let words: Vec<_> = line.expect("a line").split(' ').map(str::to_owned).collect();
    words.try_into().expect("three words")
}

#[tokio::test]
#[ignore = "it is what other tests start"]
#[expect(clippy::disallowed_methods, reason = "a child process is told by its environment")]
async fn serves_in_a_process_of_its_own() {
    let lab = Lab::new(&std::env::var("BROKER_UPSTREAM").unwrap()).await;
    println!("broker: {} {} {}", lab.host, lab.value, lab.journal.display());
    tokio::task::spawn_blocking(|| std::io::read_to_string(std::io::stdin()))
        .await
        .unwrap()
        .unwrap();
}

fn request(host: &str, value: &str) -> String {
    format!(
        "GET /api/models/acme/m HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {value}\r\n\r\n"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_is_forwarded_that_a_killed_process_did_not_write_down() {
    let hub = Upstream::saying("{}").await;
    for pause in [3, 20, 41] {
        let mut child = child(&hub.address, "");
        let [host, value, journal] = told(&mut child);
        let before = hub.asked().len();
        let mut load = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let request = request(&host, &value);
            let mut connection = crate::support::Connection::open(&host).await;
            load.spawn(async move {
                loop {
                    connection.send(&request).await;
                    if connection.answer().await.is_none() {
                        return;
                    }
                }
            });
        }
        while hub.asked().len() == before {
            sleep(Duration::from_millis(1)).await;
        }
        sleep(Duration::from_millis(pause)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        load.join_all().await;
        sleep(Duration::from_millis(50)).await;
        let mut allowed = 0;
        let file = BufReader::new(File::open(&journal).unwrap());
        let reading = read(file, |record| {
            allowed += usize::from(matches!(record, Record::Decision(_)));
        });
        let forwarded = hub.asked().len() - before;
        assert!(forwarded > 0 && allowed >= forwarded, "{forwarded} forwarded, {allowed} written");
        assert!(reading.unwrap().unfinished.len() <= allowed);
        fs::remove_dir_all(std::path::Path::new(&journal).parent().unwrap()).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_forwarded_that_cannot_be_written_down() {
    let hub = Upstream::saying("{}").await;
    // A file of this process may not grow beyond a few blocks, and says so instead of killing it.
    let mut child = child(&hub.address, "trap '' XFSZ; ulimit -f 8;");
    let [host, value, journal] = told(&mut child);
    let mut connection = crate::support::Connection::open(&host).await;
    let (mut good, mut bad) = (0, 0);
    while bad < 10 {
        let answer = connection.ask(request(&host, &value)).await;
        match answer.status {
            200 => good += 1,
            503 => bad += 1,
            other => panic!("{other}"),
        }
        assert!(good < 1_000);
    }
    assert!(good > 0);
    assert_eq!(hub.asked().len(), good);
    drop(child.stdin.take());
    child.wait().unwrap();
    drop(journal);
}
