//! The standard output, when it is no patient reader.

use std::{fs::File, process::Stdio};

use crate::support::{Forge, Outcome, TestEnvironment};

const FORMATS: [&str; 6] = ["human", "json", "jsonl", "csv", "sarif", "html"];

fn planted() -> TestEnvironment {
    let env = TestEnvironment::new();
    env.write("tree/a", Forge::new(1).tokens(900).join("\n"));
    env
}

#[test]
fn a_full_disk_is_an_error_with_a_hint() {
    let env = planted();
    for format in FORMATS {
        let mut command = env.command("bash");
        command
            .args(["-c", "exec \"$0\" \"$@\" > /dev/full"])
            .arg(TestEnvironment::program())
            .args(["scan", "tree", "--format", format]);
        let outcome = Outcome::of(command).exits(1);
        assert!(outcome.stderr().contains("No space left"), "{format}: {outcome}");
        assert!(outcome.stderr().contains("\nhint: "), "{format}: {outcome}");
    }
}

#[test]
fn a_reader_that_has_gone_is_none() {
    let env = planted();
    for format in FORMATS {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = env.bearhug();
        command.args(["scan", "tree", "--format", format]).stdout(writer).stderr(Stdio::piped());
        let output = command.spawn().unwrap().wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{format}");
        assert!(output.stderr.is_empty(), "{format}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn help_that_nobody_reads_is_no_failure() {
    let env = TestEnvironment::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    assert_eq!(env.bearhug().arg("--help").stdout(writer).status().unwrap().code(), Some(0));
}

#[test]
fn errors_nobody_can_be_told_keep_their_code() {
    let env = planted();
    let full = || Stdio::from(File::options().write(true).open("/dev/full").unwrap());
    for (arguments, code) in [(&["scan", "absent"][..], 1), (&["scan", "tree", "-x"], 2)] {
        let status = env.bearhug().args(arguments).stdout(full()).stderr(full()).status().unwrap();
        assert_eq!(status.code(), Some(code), "{arguments:?}");
    }
}
