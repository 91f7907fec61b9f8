//! Fills a ledger and measures how fast it takes things in and answers:
//!
//! ```sh
//! cargo bench -p bearhug-ledger -- sqlite:/tmp/big.db 100000 1000000 5000000
//! ```
//!
//! The numbers are of identities, sightings and events. A ledger that is filled already is only asked.

#![expect(clippy::print_stdout, reason = "it prints what it measured")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails is none")]

mod filling;
mod questions;

use std::{env, time::Instant};

use bearhug_ledger::{Filter, Ledger, Order, Page};

fn main() {
    // `cargo bench` adds a flag of its own.
    let arguments: Vec<String> = env::args().skip(1).filter(|word| word != "--bench").collect();
    let [address, counts @ ..] = arguments.as_slice() else {
        println!("usage: cargo bench -p bearhug-ledger -- ADDRESS [IDENTITIES SIGHTINGS EVENTS]");
        return;
    };
    let count = |at: usize, default| counts.get(at).map_or(default, |n| n.parse().unwrap());
    let counts = [count(0, 100_000), count(1, 1_000_000), count(2, 5_000_000)];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(measure(address, counts));
}

async fn measure(address: &str, [identities, sightings, events]: [usize; 3]) {
    let start = Instant::now();
    let ledger = Ledger::open(address).await.unwrap();
    println!("open: {:.1} ms", start.elapsed().as_secs_f64() * 1000.0);
    let page = Page { limit: 1, after: None };
    let some = ledger.identities(&Filter::default(), Order::Name, &page).await.unwrap();
    if some.items.is_empty() {
        println!("\n| taken in | number | s | a second |\n|---|---|---|---|");
        filling::identities(&ledger, identities).await;
        filling::sightings(&ledger, "sightings", (identities, sightings), 0).await;
        let again = (identities, sightings.min(200_000));
        filling::sightings(&ledger, "the first of them, seen again", again, 1).await;
        filling::events(&ledger, identities, events).await;
    }
    questions::ask(&ledger).await;
    ledger.close().await;
}
