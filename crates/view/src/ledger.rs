//! Ledgers as a whole: how one stands, and what was copied.

use std::io;

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    Options,
    json::harmless,
    sanitize::visible,
    sheet::Sheet,
    text::{hex, thousands},
};

/// How a ledger stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Where it is, without a password.
    pub address: String,
    /// Each table with its number of rows.
    pub tables: Vec<(&'static str, u64)>,
    /// The place of the last event, 0 if there is none.
    pub last: u64,
    /// Its hash.
    pub hash: [u8; 32],
    /// The checkpoint that came furthest.
    pub checkpoint: Option<Checkpoint>,
    /// This computer's public key.
    pub key: Option<String>,
    /// Up to which event this computer remembers it.
    pub remembered: Option<u64>,
}

/// A checkpoint, for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The event that it vouches for.
    pub seq: u64,
    /// When it was signed.
    pub at: Timestamp,
    /// The public key that it names.
    pub key: String,
}

/// What was done to a ledger as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Copied into another one.
    Migrated,
    /// Written to a file.
    BackedUp,
    /// Read from a file.
    Restored,
}

/// A copy that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// How.
    pub deed: Deed,
    /// What was read.
    pub from: String,
    /// What was written.
    pub to: String,
    /// Every table.
    pub tables: Vec<Table>,
    /// The place of the last event.
    pub last: u64,
    /// Its hash.
    pub hash: [u8; 32],
}

/// What was copied of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// How many rows.
    pub rows: u64,
    /// SHA-256 over them.
    pub digest: [u8; 32],
}

impl Status {
    /// Writes it for a person.
    pub fn render(&self, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
        let mut sheet = Sheet::new(options, out);
        let strong = sheet.ink.strong;
        writeln!(sheet.out, "{strong}{}{strong:#}", visible(&self.address))?;
        rows(&mut sheet, self.tables.iter().copied())?;
        sheet.whole("end:", &format!("event {}, {}", thousands(self.last), hex(&self.hash)))?;
        let signed = match &self.checkpoint {
            None => "no checkpoint yet".to_owned(),
            Some(checkpoint) => format!(
                "up to event {}, {}, by {}",
                thousands(checkpoint.seq),
                checkpoint.at.strftime("%Y-%m-%d %H:%M:%SZ"),
                visible(&checkpoint.key)
            ),
        };
        sheet.whole("signed", &signed)?;
        let seen = self.remembered.map_or_else(
            || "this computer does not remember it".to_owned(),
            |seq| format!("up to event {} by this computer", thousands(seq)),
        );
        sheet.whole("seen", &seen)?;
        let key = self.key.as_deref().unwrap_or("this computer has none yet");
        sheet.whole("key:", &visible(key))
    }

    /// Writes it as JSON: `bearhug.ledger/1`.
    pub fn render_json(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let checkpoint = |c: &Checkpoint| serde_json::json!({"seq": c.seq, "at": c.at.to_string(), "key": c.key});
        let tables: serde_json::Map<_, _> =
            self.tables.iter().map(|(name, rows)| ((*name).to_owned(), (*rows).into())).collect();
        let model = serde_json::json!({
            "schema": "bearhug.ledger/1",
            "address": self.address,
            "rows": tables,
            "last": self.last,
            "hash": hex(&self.hash),
            "checkpoint": self.checkpoint.as_ref().map(checkpoint),
            "key": self.key,
            "remembered_until": self.remembered,
        });
        writeln!(out, "{}", harmless(&serde_json::to_string_pretty(&model)?))
    }
}

impl Copy {
    /// Writes it for a person.
    pub fn render(&self, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
        let mut sheet = Sheet::new(options, out);
        let strong = sheet.ink.strong;
        let (from, to) = (visible(&self.from), visible(&self.to));
        let done = match self.deed {
            Deed::Migrated => format!("Copied {from} to {to}"),
            Deed::BackedUp => format!("Wrote {from} to {to}"),
            Deed::Restored => format!("Filled {to} from {from}"),
        };
        writeln!(sheet.out, "{strong}{done}{strong:#}")?;
        rows(&mut sheet, self.tables.iter().map(|table| (table.name, table.rows)))?;
        sheet.whole("end:", &format!("event {}, {}", thousands(self.last), hex(&self.hash)))
    }

    /// Writes it as JSON: `bearhug.copy/1`.
    pub fn render_json(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let table = |table: &Table| TableModel {
            name: table.name,
            rows: table.rows,
            sha256: hex(&table.digest),
        };
        let model = CopyModel {
            schema: "bearhug.copy/1",
            deed: match self.deed {
                Deed::Migrated => "migrated",
                Deed::BackedUp => "backed_up",
                Deed::Restored => "restored",
            },
            from: &self.from,
            to: &self.to,
            tables: self.tables.iter().map(table).collect(),
            last: self.last,
            hash: hex(&self.hash),
        };
        writeln!(out, "{}", harmless(&serde_json::to_string_pretty(&model)?))
    }
}

/// The tables that hold something, in one paragraph.
fn rows(
    sheet: &mut Sheet<'_>,
    tables: impl Iterator<Item = (&'static str, u64)>,
) -> io::Result<()> {
    let told: Vec<_> = tables
        .filter(|(name, rows)| *rows > 0 && *name != "identity_document")
        .map(|(name, rows)| format!("{name} {}", thousands(rows)))
        .collect();
    let told = if told.is_empty() { "nothing yet".to_owned() } else { told.join(", ") };
    sheet.labelled("holds", &told)
}

#[derive(Serialize)]
struct CopyModel<'a> {
    schema: &'static str,
    deed: &'static str,
    from: &'a str,
    to: &'a str,
    tables: Vec<TableModel>,
    last: u64,
    hash: String,
}

#[derive(Serialize)]
struct TableModel {
    name: &'static str,
    rows: u64,
    sha256: String,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn page(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut page = Vec::new();
        write(&mut page).unwrap();
        String::from_utf8(page).unwrap()
    }

    fn status() -> Status {
        Status {
            address: "sqlite:\u{1b}ledger.db".to_owned(),
            tables: vec![("identity", 1_200), ("owner", 0)],
            last: 3,
            hash: [1; 32],
            checkpoint: Some(Checkpoint { seq: 3, at: Timestamp::UNIX_EPOCH, key: "k".to_owned() }),
            key: None,
            remembered: Some(3),
        }
    }

    #[test]
    fn a_status_tells_what_there_is_and_who_vouches() {
        let text = page(|out| status().render(&Options::default(), out));
        assert!(text.contains("  holds identity 1,200\n"), "{text}");
        assert!(text.contains("up to event 3, 1970-01-01 00:00:00Z, by k"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
        let json: Value = serde_json::from_str(&page(|out| status().render_json(out))).unwrap();
        assert_eq!(json["rows"], json!({"identity": 1_200, "owner": 0}));
        assert_eq!(json["checkpoint"]["at"], "1970-01-01T00:00:00Z");
        let empty = Status { tables: Vec::new(), checkpoint: None, remembered: None, ..status() };
        let text = page(|out| empty.render(&Options::default(), out));
        assert!(text.contains("nothing yet") && text.contains("no checkpoint yet"), "{text}");
    }

    #[test]
    fn a_copy_tells_from_where_to_where() {
        let copy = Copy {
            deed: Deed::Restored,
            from: "a".to_owned(),
            to: "b".to_owned(),
            tables: vec![Table { name: "event", rows: 3, digest: [2; 32] }],
            last: 3,
            hash: [1; 32],
        };
        let text = page(|out| copy.render(&Options::default(), out));
        assert!(text.starts_with("Filled b from a\n  holds event 3\n"), "{text}");
        let json: Value = serde_json::from_str(&page(|out| copy.render_json(out))).unwrap();
        assert_eq!(
            json["tables"][0],
            json!({"name": "event", "rows": 3, "sha256": "02".repeat(32)})
        );
        assert_eq!(
            (&json["schema"], &json["deed"]),
            (&json!("bearhug.copy/1"), &json!("restored"))
        );
    }
}
