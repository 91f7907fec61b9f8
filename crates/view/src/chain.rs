//! What a look through the chain of events came to.

use std::io;

use bearhug_core::chain::{Fault, Mismatch, Verification};
use serde::Serialize;

use crate::{
    Options,
    json::harmless,
    sanitize::visible,
    sheet::Sheet,
    text::{count, hex, thousands, wrap},
};

/// How many faults are shown unless the user asks for all.
const SHOWN: usize = 20;

/// A ledger whose chain was looked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Which ledger, without a password.
    pub ledger: String,
    /// The public keys whose checkpoints count.
    pub trusted: Vec<String>,
    /// What it came to.
    pub verification: Verification,
}

impl Verified {
    /// Writes it for a person.
    pub fn render(&self, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
        let mut sheet = Sheet::new(options, out);
        let (ink, seen) = (sheet.ink, &self.verification);
        let shown = if options.verbose { usize::MAX } else { SHOWN };
        for fault in seen.faults.iter().take(shown) {
            sheet.row(0, ink.alarm, "", &format!("{fault}."))?;
        }
        if let more @ 1.. = seen.faults.len().saturating_sub(shown) {
            sheet.nested(
                0,
                "",
                &format!("… and {more} more (-v shows them, --format json too)"),
            )?;
        }
        for Mismatch { identity, columns } in seen.mismatches.iter().take(shown) {
            let (identity, columns) = (visible(identity), columns.join(", "));
            let what = format!("{identity} is not listed as its document says: {columns}.");
            sheet.row(0, ink.alarm, "", &what)?;
        }
        if !seen.is_sound() {
            sheet.gap()?;
        }
        let (style, verdict) = match seen.faults.len() + seen.mismatches.len() {
            0 => (ink.strong, "Nothing is wrong".to_owned()),
            n => (ink.alarm, format!("{} found", count(n, "fault"))),
        };
        let (events, checkpoints) = (seen.events, seen.checkpoints);
        let found = format!(
            "{verdict} with {} and {} in {}.",
            of(events, "event"),
            of(checkpoints, "checkpoint"),
            visible(&self.ledger)
        );
        for line in wrap(&found, sheet.width) {
            writeln!(sheet.out, "{style}{line}{style:#}")?;
        }
        let vouched = match seen.vouched_until {
            Some(seq) => format!("Trusted keys vouch for it up to event {}.", thousands(seq)),
            None => "No key that is trusted here vouches for any of it.".to_owned(),
        };
        let remembered = match seen.remembered_until {
            Some(seq) => format!("This computer remembers it up to event {}.", thousands(seq)),
            None => {
                "This computer does not remember it, so that an end that was cut off together with \
                     its checkpoints would go unnoticed."
                    .to_owned()
            }
        };
        sheet.nested(0, "", &vouched)?;
        sheet.nested(0, "", &remembered)?;
        sheet.whole("end:", &format!("event {}", thousands(seen.last)))?;
        sheet.whole("", &hex(&seen.hash))
    }

    /// Writes it as JSON: `bearhug.verification/1`.
    pub fn render_json(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let seen = &self.verification;
        let model = Model {
            schema: "bearhug.verification/1",
            ledger: &self.ledger,
            sound: seen.is_sound(),
            events: seen.events,
            checkpoints: seen.checkpoints,
            last: seen.last,
            hash: hex(&seen.hash),
            vouched_until: seen.vouched_until,
            remembered_until: seen.remembered_until,
            trusted_keys: &self.trusted,
            faults: seen.faults.iter().map(FaultModel::of).collect(),
            mismatches: seen.mismatches.iter().map(MismatchModel::of).collect(),
        };
        writeln!(out, "{}", harmless(&serde_json::to_string_pretty(&model)?))
    }
}

fn of(n: u64, noun: &str) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX), noun)
}

#[derive(Serialize)]
struct Model<'a> {
    schema: &'static str,
    ledger: &'a str,
    sound: bool,
    events: u64,
    checkpoints: u64,
    last: u64,
    hash: String,
    vouched_until: Option<u64>,
    remembered_until: Option<u64>,
    trusted_keys: &'a [String],
    faults: Vec<FaultModel>,
    /// Identities whose columns are not what their documents say.
    mismatches: Vec<MismatchModel<'a>>,
}

#[derive(Serialize)]
struct MismatchModel<'a> {
    identity: &'a str,
    columns: &'a [&'static str],
}

impl<'a> MismatchModel<'a> {
    fn of(mismatch: &'a Mismatch) -> Self {
        Self { identity: &mismatch.identity, columns: &mismatch.columns }
    }
}

#[derive(Serialize)]
struct FaultModel {
    kind: &'static str,
    first: u64,
    last: u64,
    what: String,
}

impl FaultModel {
    fn of(fault: &Fault) -> Self {
        let Fault { first, last, kind } = *fault;
        Self { kind: kind.name(), first, last, what: fault.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use bearhug_core::chain::FaultKind;
    use serde_json::{Value, json};

    use super::*;

    fn verified(faults: Vec<Fault>) -> Verified {
        let verification = Verification {
            events: 1_200,
            last: 1_200,
            hash: [7; 32],
            checkpoints: 3,
            vouched_until: Some(1_200),
            remembered_until: None,
            faults,
            mismatches: Vec::new(),
        };
        Verified { ledger: "sqlite:ledger.db".to_owned(), trusted: Vec::new(), verification }
    }

    fn text(verified: &Verified) -> String {
        let mut page = Vec::new();
        let options = Options { width: Some(80), ..Options::default() };
        verified.render(&options, &mut page).unwrap();
        String::from_utf8(page).unwrap()
    }

    #[test]
    fn a_sound_chain_says_so_and_how_far_that_goes() {
        let text = text(&verified(Vec::new()));
        let start = "Nothing is wrong with 1,200 events and 3 checkpoints in sqlite:ledger.db.\n";
        assert!(text.starts_with(start), "{text}");
        assert!(text.contains("up to event 1,200") && text.contains("does not remember"), "{text}");
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        let one = Fault { first: 7, last: 7, kind: FaultKind::Altered };
        let range = Fault { first: 9, last: 12, kind: FaultKind::Missing };
        let verified = verified(vec![one, range]);
        let text = text(&verified);
        assert!(text.contains("event 7 was altered"), "{text}");
        assert!(text.contains("each of events 9 to 12 is missing"), "{text}");
        assert!(text.contains("2 faults found"), "{text}");
        let mut page = Vec::new();
        verified.render_json(&mut page).unwrap();
        let json: Value = serde_json::from_slice(&page).unwrap();
        assert_eq!(json["sound"], false);
        assert_eq!(json["faults"][1]["kind"], "missing");
        assert_eq!(json["faults"][1]["last"], json!(12));
    }

    #[test]
    fn an_identity_that_is_listed_otherwise_is_a_fault() {
        let mut verified = verified(Vec::new());
        let columns = vec!["owner", "state"];
        verified.verification.mismatches = vec![Mismatch { identity: "id_a".to_owned(), columns }];
        let text = text(&verified);
        assert!(text.contains("id_a is not listed as its document says: owner, state."), "{text}");
        assert!(text.contains("1 fault found"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        let mut page = Vec::new();
        verified.render_json(&mut page).unwrap();
        let json: Value = serde_json::from_slice(&page).unwrap();
        assert_eq!(
            (&json["sound"], &json["mismatches"][0]["columns"][1]),
            (&json!(false), &json!("state"))
        );
    }

    #[test]
    fn a_thousand_faults_do_not_hide_the_end() {
        let faults =
            (0..1000).map(|n| Fault { first: 2 * n, last: 2 * n, kind: FaultKind::Missing });
        let text = text(&verified(faults.collect()));
        assert!(text.contains("… and 980 more") && text.contains("1,000 faults found"), "{text}");
    }
}
