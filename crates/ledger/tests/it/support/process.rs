//! Other processes that write to the same ledger.

use std::{
    env,
    fs::OpenOptions,
    io::{BufRead as _, BufReader, Lines, Write as _},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use bearhug_ledger::{Changes, Ledger};

use super::{
    Place,
    things::{event, id, identity, sighting},
};

/// How many sightings and how many events each commit of a writer holds.
pub(crate) const PLACES: usize = 40;
pub(crate) const EVENTS: usize = 7;

/// The number of the first identity that a writer makes. The others follow.
pub(crate) fn first_of(writer: usize) -> usize {
    writer * 100_000
}

/// What a writer commits together.
pub(crate) fn changes(number: usize) -> Changes {
    Changes {
        identities: vec![identity(number)],
        sightings: (0..PLACES).map(|n| sighting(number, &format!("file:{n}"), 1)).collect(),
        events: (0..EVENTS).map(|_| event(number, 1)).collect(),
        ..Changes::default()
    }
}

/// Starts a process that makes so many commits and prints a line after each.
pub(crate) fn writer(place: &Place, number: usize, commits: usize) -> Child {
    this_program("support::process::write")
        .env("LEDGER", &place.address)
        .env("WRITER", number.to_string())
        .env("COMMITS", commits.to_string())
        .spawn()
        .unwrap()
}

/// This program, to run a single test that is ignored otherwise.
pub(crate) fn this_program(test: &str) -> Command {
    let mut program = Command::new(env::current_exe().unwrap());
    program.args(["--exact", test, "--ignored", "--nocapture", "--quiet"]).stdout(Stdio::piped());
    program
}

/// The lines that a process printed itself.
pub(crate) fn lines(child: &mut Child) -> Lines<BufReader<ChildStdout>> {
    BufReader::new(child.stdout.take().unwrap()).lines()
}

/// Puts a file where there is none.
pub(crate) fn plant(path: &Path, bytes: &[u8]) {
    OpenOptions::new().write(true).create_new(true).open(path).unwrap().write_all(bytes).unwrap();
}

/// A parameter of a process.
#[expect(
    clippy::disallowed_methods,
    reason = "a process that a test starts is told by it what to do"
)]
pub(crate) fn parameter(name: &str) -> String {
    env::var(name).unwrap()
}

#[tokio::test]
#[ignore = "a process that other tests start"]
async fn write() {
    let first = first_of(parameter("WRITER").parse().unwrap());
    let commits: usize = parameter("COMMITS").parse().unwrap();
    let ledger = Ledger::open(&parameter("LEDGER")).await.unwrap();
    for number in first..first + commits {
        ledger.commit(&changes(number)).await.unwrap();
        println!("committed {}", id(number));
    }
    ledger.close().await;
}
