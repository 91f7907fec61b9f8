//! How long it takes to look through a chain, and to copy a ledger: the figures of `docs/benchmarks.md`.
//!
//! `cargo run --release -p bearhug-ledger --example chain ADDRESS EVENTS` fills an empty ledger with events,
//! a checkpoint after each thousand, and measures.

use std::{collections::BTreeMap, env, error::Error, time::Instant};

use bearhug_core::{
    Fingerprint,
    event::{EventKind, Happening},
    identity::IdentityId,
};
use bearhug_ledger::{Changes, Ledger, chain::Witness};
use jiff::Timestamp;

/// How many events are written together.
const BATCH: u64 = 1000;

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "an example prints what it measures")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let address = arguments.next().ok_or("ADDRESS is missing")?;
    let events: u64 = arguments.next().ok_or("EVENTS is missing")?.parse()?;
    let ledger = Ledger::open(&address).await?;
    let state = tempfile::tempdir()?;
    let witness = Witness::of(&ledger, state.path());
    let start = Instant::now();
    let now = Timestamp::UNIX_EPOCH;
    for batch in 0..events / BATCH {
        let events = (batch * BATCH..(batch + 1) * BATCH).map(event).collect();
        ledger.commit(&Changes { events, ..Changes::default() }).await?;
        witness.seal(&ledger, now).await?;
    }
    println!("written and sealed  {:.2} s", start.elapsed().as_secs_f64());
    let start = Instant::now();
    let verified = ledger.verify(witness.anchor()?, witness.key()?.as_slice()).await?;
    println!("verified            {:.2} s", start.elapsed().as_secs_f64());
    println!("{} events, {} checkpoints", verified.events, verified.checkpoints);
    println!("faults              {}", verified.faults.len());
    let start = Instant::now();
    let mut file = Vec::new();
    ledger.back_up(now, &mut file).await?;
    println!("backed up           {:.2} s, {} bytes", start.elapsed().as_secs_f64(), file.len());
    let other = Ledger::open(&state.path().join("other.db").to_string_lossy()).await?;
    let start = Instant::now();
    other.restore(file.as_slice(), bearhug_ledger::copy::Existing::Keep, None).await?;
    println!("restored to SQLite  {:.2} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn event(number: u64) -> Happening {
    let details =
        [("from", "discovered"), ("to", "adopted"), ("why", "it is needed for a release")];
    let details: BTreeMap<_, _> =
        details.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect();
    Happening {
        at: Timestamp::UNIX_EPOCH
            + jiff::SignedDuration::from_secs(i64::try_from(number).unwrap_or_default()),
        kind: EventKind::Moved,
        actor: "ada@build-7".to_owned(),
        identity: Some(IdentityId::of_token(Fingerprint::of(&format!(
            "token {}",
            number % 10_000
        )))),
        details,
    }
}
