//! What a process did.

use std::{fmt, process::Command};

use serde_json::Value;

use super::PATIENCE;

/// How a process ended, and what it said until then.
pub(crate) struct Outcome {
    /// None if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) out: Vec<u8>,
    pub(crate) err: Vec<u8>,
}

impl Outcome {
    /// Runs a command to its end.
    pub(crate) fn of(command: Command) -> Self {
        assert_cmd::Command::from_std(command).timeout(PATIENCE).output().unwrap().into()
    }

    /// Runs a command to its end, with something on its standard input.
    pub(crate) fn fed(command: Command, input: &[u8]) -> Self {
        let mut command = assert_cmd::Command::from_std(command);
        command.timeout(PATIENCE).write_stdin(input).output().unwrap().into()
    }

    pub(crate) fn stdout(&self) -> String {
        String::from_utf8(self.out.clone()).unwrap()
    }

    pub(crate) fn stderr(&self) -> String {
        String::from_utf8(self.err.clone()).unwrap()
    }

    /// The same outcome, if it has this exit code.
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// The lines of a `--format jsonl` report.
    pub(crate) fn records(&self) -> Vec<Value> {
        let read =
            |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        self.stdout().lines().map(read).collect()
    }

    /// The findings of a `--format jsonl` report.
    pub(crate) fn findings(&self) -> Vec<Value> {
        let mut records = self.records();
        let last = records.pop().unwrap_or_else(|| panic!("no summary: {self}"));
        assert_eq!(last["schema"], "bearhug.scan/1", "{self}");
        assert!(records.iter().all(|r| r["schema"] == "bearhug.finding/1"), "{self}");
        records
    }

    /// The last line of a `--format jsonl` report.
    pub(crate) fn summary(&self) -> Value {
        self.records().pop().unwrap()
    }

    /// The fingerprints of a `--format jsonl` report, in order of name.
    pub(crate) fn fingerprints(&self) -> Vec<String> {
        let name = |finding: &Value| finding["fingerprint"].as_str().unwrap().to_owned();
        let mut names: Vec<_> = self.findings().iter().map(name).collect();
        names.sort();
        names
    }

    /// The path of every sighting of a `--format jsonl` report, in order.
    pub(crate) fn paths(&self) -> Vec<String> {
        let mut paths: Vec<_> = self
            .findings()
            .iter()
            .flat_map(|finding| finding["sightings"].as_array().unwrap().clone())
            .map(|sighting| sighting["path"].as_str().unwrap().to_owned())
            .collect();
        paths.sort();
        paths
    }

    /// The path and the reason of every gap of a `--format jsonl` report.
    pub(crate) fn gaps(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let summary = self.summary();
        let gaps = summary["gaps"].as_array().unwrap();
        gaps.iter().map(|gap| (text(&gap["path"]), text(&gap["reason"]))).collect()
    }
}

impl From<std::process::Output> for Outcome {
    fn from(output: std::process::Output) -> Self {
        Self { code: output.status.code(), out: output.stdout, err: output.stderr }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [out, err] = [&self.out, &self.err].map(|bytes| String::from_utf8_lossy(bytes));
        write!(f, "exit {:?}\n--- stdout\n{out}--- stderr\n{err}", self.code)
    }
}
