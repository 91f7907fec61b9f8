//! What can be typed about what happened.

use std::path::PathBuf;

use bearhug_core::event::EventKind;
use bearhug_ledger::chain::PublicKey;
use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;

use super::{
    hub::{Shape, Wording},
    ledger::WhichLedger,
};

/// What happened to the tokens in the ledger, and the proof that nobody changed it
///
/// Events are added and never changed. Each has a hash that covers the one before, checkpoints are signed,
/// and this computer remembers how far they went.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug event list --identity id_4xq7            what happened to a token
  bearhug event export --format ocsf -o events.jsonl
  bearhug event verify                             whether anybody changed what is recorded")]
pub(crate) struct Event {
    #[command(subcommand)]
    pub(crate) command: EventCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EventCommand {
    List(Box<ListEvents>),
    Export(Box<ExportEvents>),
    Verify(VerifyEvents),
    Seal(SealEvents),
}

/// Which events are meant.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Which events")]
pub(crate) struct EventFiltering {
    /// Of this kind, such as identity.moved (can be repeated)
    #[arg(long, value_name = "KIND", value_parser = kind)]
    pub(crate) kind: Vec<EventKind>,
    /// That concern this token of the ledger
    #[arg(long, value_name = "ID")]
    pub(crate) identity: Option<String>,
    /// That this user, job or program caused
    #[arg(long, value_name = "NAME")]
    pub(crate) actor: Option<String>,
    /// From this day or moment on, such as 2026-01-31 or 2026-01-31T12:00:00Z
    #[arg(long, value_name = "DATE", value_parser = moment)]
    pub(crate) since: Option<Timestamp>,
    /// Before this day or moment
    #[arg(long, value_name = "DATE", value_parser = moment)]
    pub(crate) until: Option<Timestamp>,
}

/// List events, the latest first
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug event list
  bearhug event list --kind identity.moved --kind identity.condition --since 2026-01-31
  bearhug event list --actor ada@build-7 --limit 1000 --format jsonl
  bearhug event list --after CURSOR                the next page, as the one before says")]
pub(crate) struct ListEvents {
    #[command(flatten)]
    pub(crate) filtering: EventFiltering,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) limit: u32,
    /// The page after the one that gave this
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<String>,
    /// The form
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Wording::Human)]
    pub(crate) format: Wording,
    /// Write them to a file that only you can read
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
}

/// Write events for other programs, the oldest first, one a line
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug event export -o events.jsonl
  bearhug event export --format ocsf --since 2026-01-31 | gzip > january.jsonl.gz
  bearhug event export --format cloudevents --kind identity.sighted")]
pub(crate) struct ExportEvents {
    /// The form of each line
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = EventForm::Jsonl)]
    pub(crate) format: EventForm,
    #[command(flatten)]
    pub(crate) filtering: EventFiltering,
    /// Write them to a file that only you can read
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EventForm {
    /// `bearhug.event/1`
    Jsonl,
    /// OCSF 1.8.0
    Ocsf,
    /// `CloudEvents` 1.0, in structured mode
    #[value(name = "cloudevents")]
    CloudEvents,
}

/// Look through all events for anything that was edited, dropped, added or moved
///
/// Reports everything that is wrong, by the number of the event. Checkpoints count if they are signed by
/// this computer's key or by one that `--key` names.
///
/// Exit codes: 0 nothing is wrong, 3 something is, 1 the ledger could not be read.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug event verify
  bearhug event verify --format json
  bearhug event verify --ledger postgres://host/bearhug --key ed25519:…   on a computer that only looks")]
pub(crate) struct VerifyEvents {
    /// A key of another computer whose checkpoints are trusted, as `bearhug ledger status` shows it
    /// there (can be repeated)
    #[arg(long, value_name = "PUBLIC")]
    pub(crate) key: Vec<PublicKey>,
    /// The form of the report
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Shape::Human)]
    pub(crate) format: Shape,
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
}

/// Sign for all that is recorded so far, and remember it
///
/// Commands that write to a ledger of your own do so by themselves. For a ledger on a server only those
/// computers do where this was run once, for the others' keys are known to nobody.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  bearhug event seal --ledger postgres://host/bearhug")]
pub(crate) struct SealEvents {
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
}

fn kind(text: &str) -> Result<EventKind, String> {
    let found = EventKind::ALL.iter().find(|kind| kind.name() == text).cloned();
    found.ok_or_else(|| {
        let names: Vec<_> = EventKind::ALL.iter().map(EventKind::name).collect();
        format!("a kind is one of {}", names.join(", "))
    })
}

fn moment(text: &str) -> Result<Timestamp, String> {
    match text.parse() {
        Ok(moment) => Ok(moment),
        Err(_) => super::parse_date(text)
            .and_then(|seconds| Timestamp::from_second(seconds).map_err(|error| error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_moments_are_read_or_refused() {
        assert_eq!(kind("identity.moved"), Ok(EventKind::Moved));
        assert!(kind("moved").unwrap_err().contains("identity.moved"));
        assert_eq!(moment("1970-01-02"), Ok(Timestamp::from_second(86_400).unwrap()));
        let exact = moment("1970-01-01T00:00:00.000001Z").unwrap();
        assert_eq!(exact, Timestamp::from_microsecond(1).unwrap());
        assert!(moment("yesterday").is_err());
    }
}
