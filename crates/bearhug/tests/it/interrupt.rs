//! Ctrl-C: what was found is printed, and soon.

use std::{
    fs::File,
    io::{Read, Write as _},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::support::{Forge, Outcome, TestEnvironment};

/// How soon an interrupted bearhug must be gone. An unoptimised build and a busy machine have
/// their part in it.
const SOON: Duration = Duration::from_secs(2);

fn start(mut command: Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn send(signal: &str, child: &Child) {
    let kill = Command::new("kill").arg(signal).arg(child.id().to_string()).status().unwrap();
    assert!(kill.success());
}

/// Waits until the process listens for signals, which it does once it is hunting.
fn wait_until_listening(child: &Child) {
    let status = format!("/proc/{}/status", child.id());
    let is_listening = || {
        let text = std::fs::read_to_string(&status).unwrap();
        let caught = text.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap().trim();
        u64::from_str_radix(caught, 16).unwrap() & 0b10 != 0
    };
    let started = Instant::now();
    while !is_listening() {
        assert!(started.elapsed() < Duration::from_secs(30), "it never listens for signals");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Interrupts a hunt that has had time to find what there is, and checks that it ends soon.
fn interrupted(child: Child, signal: &str) -> Outcome {
    wait_until_listening(&child);
    thread::sleep(Duration::from_millis(1_500));
    let sent = Instant::now();
    send(signal, &child);
    let outcome = Outcome::from(wait(child));
    assert!(sent.elapsed() < SOON, "{:?}: {outcome}", sent.elapsed());
    outcome.exits(130)
}

/// Waits for a child, but not for ever, and reads what it says meanwhile: a full pipe would hold it up.
fn wait(mut child: Child) -> std::process::Output {
    let stdout = drain(child.stdout.take().unwrap());
    let stderr = drain(child.stderr.take().unwrap());
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > Duration::from_secs(20) {
            child.kill().unwrap();
            panic!("it did not stop: {}", String::from_utf8_lossy(&stderr.join().unwrap()));
        }
        thread::sleep(Duration::from_millis(10));
    };
    let (stdout, stderr) = (stdout.join().unwrap(), stderr.join().unwrap());
    std::process::Output { status, stdout, stderr }
}

fn drain(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        bytes
    })
}

/// A tree with a token near its start that takes hours to read.
fn endless() -> TestEnvironment {
    let env = TestEnvironment::new();
    env.write("tree/a", Forge::new(1).token());
    File::create(env.path("tree/large")).unwrap().set_len(1 << 40).unwrap();
    env
}

fn scan(env: &TestEnvironment, arguments: &[&str]) -> Child {
    let mut command = env.bearhug();
    command.args(["scan", "--format", "jsonl"]).args(arguments);
    start(command)
}

#[test]
fn a_scan_of_a_big_tree_prints_what_it_found() {
    let env = endless();
    for signal in ["-INT", "-TERM", "-HUP"] {
        let outcome = interrupted(scan(&env, &["tree"]), signal);
        assert_eq!(outcome.paths(), ["tree/a"], "{signal}");
        assert_eq!(outcome.summary()["interrupted"], true);
    }
}

/// A file that starts so and takes hours to step through.
fn endless_container(env: &TestEnvironment, path: &str, head: &[u8]) {
    let mut file = File::create(env.path(path)).unwrap();
    file.write_all(head).unwrap();
    file.set_len(1 << 40).unwrap();
}

#[test]
fn containers_that_are_stepped_through_do_not_hold_it() {
    // Members that are damaged at once or left out, and a database of which all is free.
    let mut cpio = format!("070707{}00000277777777777a\0", "0".repeat(53)).into_bytes();
    cpio.extend(b"\x1f\x8b\x08\xff");
    let mut tar = vec![0; 512];
    tar[..4].copy_from_slice(b"name");
    tar[124..136].copy_from_slice(b"\x80\0\0\0\0\0\0\xf0\0\0\0\0");
    tar[156] = b'0';
    tar[257..265].copy_from_slice(b"ustar\x0000");
    tar[148..156].fill(b' ');
    let sum: u32 = tar.iter().map(|&byte| u32::from(byte)).sum();
    tar[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let sqlite = b"SQLite format 3\0\x10\0\x01\x01\0\x40\x20\x20\0\0\0\x01\x10\0\0\0".to_vec();
    for (name, head) in [("cpio", cpio), ("tar", tar), ("sqlite", sqlite)] {
        let env = TestEnvironment::new();
        env.write("a", Forge::new(1).token());
        endless_container(&env, name, &head);
        let outcome = interrupted(scan(&env, &["a", name]), "-INT");
        assert_eq!(outcome.paths(), ["a"], "{name}");
    }
}

#[test]
fn many_small_files_are_left_where_they_are() {
    let env = TestEnvironment::new();
    let token = Forge::new(1).token();
    let file = env.write("tree/d0/f0", format!("{token}\n{}", ". \n".repeat(250_000)));
    for folder in 0..400 {
        env.folder(format!("tree/d{folder}"));
        for i in 1..100 {
            std::fs::hard_link(&file, env.path(format!("tree/d{folder}/f{i}"))).unwrap();
        }
    }
    let outcome = interrupted(scan(&env, &["tree"]), "-INT");
    assert_eq!(outcome.findings().len(), 1);
    assert!(outcome.paths().len() < 400 * 99, "it was through before it was interrupted");
}

#[test]
fn an_endless_standard_input_ends() {
    let env = TestEnvironment::new();
    let token = Forge::new(1).token();
    let mut command = env.bearhug();
    command.args(["scan", "-", "--format", "jsonl"]).stdin(Stdio::piped());
    let mut child = start(command);
    let mut input = child.stdin.take().unwrap();
    let writer = thread::spawn(move || {
        let mut chunk = format!("{token}\n").into_bytes();
        while input.write_all(&chunk).is_ok() {
            chunk = vec![b'.'; 1 << 16];
        }
    });
    assert_eq!(interrupted(child, "-INT").paths(), ["-"]);
    writer.join().unwrap();
}

#[test]
fn a_standard_input_that_has_gone_silent_does_not_hold_it() {
    let env = TestEnvironment::new();
    let mut command = env.bearhug();
    command.args(["scan", "-", "--format", "jsonl"]).stdin(Stdio::piped());
    let mut child = start(command);
    let mut input = child.stdin.take().unwrap();
    input.write_all(format!("{}\n", Forge::new(1).token()).as_bytes()).unwrap();
    let outcome = interrupted(child, "-INT");
    drop(input);
    assert_eq!(outcome.paths(), ["-"]);
    assert_eq!(outcome.summary()["interrupted"], true);
}

#[test]
fn a_pipe_that_nobody_writes_to_does_not_hold_it() {
    let env = TestEnvironment::new();
    assert!(Command::new("mkfifo").arg(env.path("pipe")).status().unwrap().success());
    env.write("a", Forge::new(1).token());
    let outcome = interrupted(scan(&env, &["a", "pipe"]), "-INT");
    assert_eq!(outcome.paths(), ["a"]);
}

#[test]
fn a_credential_helper_that_hangs_does_not_hold_it_and_is_ended() {
    let env = TestEnvironment::new();
    let note = env.path("id");
    let helper = format!("!echo $$ > {}; sleep 1000; :", note.display());
    env.git(["config", "--global", "credential.helper", &helper]);
    let outcome = interrupted(scan(&env, &["--machine", "--keyring"]), "-INT");
    assert_eq!(outcome.summary()["interrupted"], true);
    let id = std::fs::read_to_string(note).unwrap();
    let state = std::fs::read_to_string(format!("/proc/{}/status", id.trim()));
    // Nobody may have asked yet how it ended.
    assert!(state.map_or(true, |state| state.contains("State:\tZ")), "{id} still runs");
}

#[test]
fn a_second_signal_ends_it_without_a_core() {
    let env = TestEnvironment::new();
    env.write("tree/a", Forge::new(1).tokens(2_000).join("\n"));
    let mut child = scan(&env, &["tree"]);
    // Its report fills the pipe that nobody reads, so the first signal cannot be acted on.
    let mut first = [0];
    child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    send("-INT", &child);
    thread::sleep(Duration::from_millis(300));
    assert_eq!(child.try_wait().unwrap(), None);
    send("-INT", &child);
    thread::sleep(Duration::from_secs(1));
    let status = child.try_wait().unwrap();
    child.kill().ok();
    assert_eq!(status.and_then(|s| s.code()), Some(130), "{status:?}");
}

#[test]
fn a_report_in_a_file_says_that_it_is_not_whole() {
    let env = endless();
    let outcome = interrupted(scan(&env, &["tree", "-o", "report"]), "-INT");
    assert!(outcome.out.is_empty());
    let report = std::fs::read_to_string(env.path("report")).unwrap();
    assert!(report.contains("\"interrupted\":true"), "{report}");
}

#[test]
fn half_a_scan_does_not_replace_a_baseline() {
    let env = endless();
    env.write("baseline", "the old one");
    let outcome = interrupted(scan(&env, &["tree", "--write-baseline", "baseline"]), "-INT");
    assert_eq!(outcome.paths(), ["tree/a"]);
    assert_eq!(std::fs::read_to_string(env.path("baseline")).unwrap(), "the old one");
}

#[test]
fn a_hook_that_is_interrupted_stops_the_commit() {
    let env = TestEnvironment::new();
    env.git(["init", "-q"]);
    File::create(env.path("large")).unwrap().set_len(300 << 20).unwrap();
    env.git(["-c", "core.compression=1", "add", "large"]);
    let mut command = env.bearhug();
    command.args(["hook", "run", "pre-commit"]);
    let child = start(command);
    wait_until_listening(&child);
    send("-INT", &child);
    Outcome::from(wait(child)).exits(130);
}
