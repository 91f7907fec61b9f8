//! How a vault is written: lines of text, of which the last vouches for the others.
//!
//! ```text
//! bearhug-vault/1
//! {"store":"…","revision":7,"key":{"source":…},"data_key":"…"}
//! {"name":"ci","kind":"user_token","fingerprint":"fp_…","last4":"…","added_at":"…","version":1,"sealed":"…"}
//! mac …
//! ```

use std::collections::BTreeMap;

use bearhug_core::{Fingerprint, Kind};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Entry, KeySource, Place, StoreId, check_name, sealing::MAC_LEN};

/// The first line.
const MAGIC: &str = "bearhug-vault/1";

/// What the last line starts with.
const MAC: &str = "mac ";

/// A vault as it is written, sealed.
#[derive(Debug, Clone)]
pub struct Contents {
    pub(crate) store: StoreId,
    /// How often it was written.
    pub(super) revision: u64,
    pub(crate) source: KeySource,
    /// The data key, under the vault's key.
    pub(super) wrapped: Vec<u8>,
    pub(super) records: BTreeMap<String, Record>,
    /// All lines but the last, and what the last one says.
    pub(super) text: String,
    pub(super) mac: Vec<u8>,
}

/// An entry, and its sealed value if that is here.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) entry: Entry,
    pub(super) sealed: Option<Vec<u8>>,
}

/// Why a text is no vault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// It does not start like one.
    #[error("it does not start with `{MAGIC}`")]
    Magic,
    /// A version that this program does not know.
    #[error("a newer bearhug wrote it")]
    Newer,
    /// A line is not as it should be.
    #[error("line {line} {what}")]
    Line {
        /// From 1.
        line: usize,
        /// What is wrong with it. It repeats nothing of what it says.
        what: &'static str,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    store: String,
    revision: u64,
    key: KeySource,
    data_key: String,
}

/// What is public of an entry, and what its seal is bound to.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    name: String,
    kind: Kind,
    fingerprint: Fingerprint,
    last4: String,
    added_at: Timestamp,
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed: Option<String>,
}

impl Contents {
    /// Reads what [`bytes`](Self::bytes) writes. Whether it is genuine takes the key.
    ///
    /// # Errors
    ///
    /// If it is written otherwise.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        let text = std::str::from_utf8(bytes).map_err(|_| FormatError::Magic)?;
        let (first, _) = text.split_once('\n').ok_or(FormatError::Magic)?;
        match first {
            MAGIC => {}
            _ if first.starts_with("bearhug-vault/") => return Err(FormatError::Newer),
            _ => return Err(FormatError::Magic),
        }
        let last = text.lines().count();
        let cut = FormatError::Line { line: last, what: "is no seal: the file was cut off" };
        let (body, mac) = text.strip_suffix('\n').and_then(last_line).ok_or(cut.clone())?;
        let mac = mac.strip_prefix(MAC).and_then(unhex).filter(|mac| mac.len() == MAC_LEN);
        let mac = mac.ok_or(cut)?;
        let mut lines = (1..).zip(body.lines()).skip(1);
        let (number, header) = lines.next().unwrap_or((2, ""));
        let (store, header) = read_header(number, header)?;
        let mut records = BTreeMap::new();
        for (number, line) in lines {
            let record = read_entry(number, line)?;
            let name = record.entry.name.clone();
            if records.insert(name, record).is_some() {
                return Err(FormatError::Line { line: number, what: "repeats a name" });
            }
        }
        let Header { revision, key: source, data_key, .. } = header;
        let wrapped = unhex(&data_key);
        let wrapped = wrapped.ok_or(FormatError::Line { line: 2, what: "has no data key" })?;
        Ok(Self { store, revision, source, wrapped, records, text: body.to_owned(), mac })
    }

    /// The vault as it is written.
    pub fn bytes(&self) -> Vec<u8> {
        format!("{}{MAC}{}\n", self.text, HEXLOWER.encode(&self.mac)).into_bytes()
    }

    /// The entries, by name.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.records.values().map(|record| &record.entry)
    }
}

/// All lines but the last, and the last one.
fn last_line(text: &str) -> Option<(&str, &str)> {
    let at = text.rfind('\n')? + 1;
    text.split_at_checked(at)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    HEXLOWER.decode(text.as_bytes()).ok()
}

fn read_header(line: usize, text: &str) -> Result<(StoreId, Header), FormatError> {
    let wrong = |what| FormatError::Line { line, what };
    let header: Header = serde_json::from_str(text).map_err(|_| wrong("is no header"))?;
    let store = StoreId::parse(&header.store).ok_or(wrong("names no vault"))?;
    Ok((store, header))
}

fn read_entry(line: usize, text: &str) -> Result<Record, FormatError> {
    let wrong = |what| FormatError::Line { line, what };
    let said: Line = serde_json::from_str(text).map_err(|_| wrong("is no entry"))?;
    check_name(&said.name).map_err(|_| wrong("has no name"))?;
    if said.last4.chars().count() > 4 {
        return Err(wrong("shows more of a token than its end"));
    }
    let (place, sealed) = match (said.reference, said.sealed) {
        (None, Some(sealed)) => {
            (Place::Sealed, Some(unhex(&sealed).ok_or(wrong("holds nothing sealed"))?))
        }
        (Some(reference), None) => {
            (Place::At(reference.parse().map_err(|_| wrong("refers to nowhere"))?), None)
        }
        _ => return Err(wrong("says not where its value is")),
    };
    let Line { name, kind, fingerprint, last4, added_at, version, .. } = said;
    let entry = Entry { name, kind, fingerprint, last4, added_at, version, place };
    Ok(Record { entry, sealed })
}

/// The header's line.
pub(super) fn header_line(contents: &Contents) -> String {
    json(&Header {
        store: contents.store.text(),
        revision: contents.revision,
        key: contents.source.clone(),
        data_key: HEXLOWER.encode(&contents.wrapped),
    })
}

/// An entry's line, or what its seal is bound to if there is no seal yet.
pub(super) fn entry_line(entry: &Entry, sealed: Option<&[u8]>) -> String {
    let Entry { name, kind, fingerprint, last4, added_at, version, place } = entry;
    json(&Line {
        name: name.clone(),
        kind: *kind,
        fingerprint: *fingerprint,
        last4: last4.clone(),
        added_at: *added_at,
        version: *version,
        reference: match place {
            Place::Sealed => None,
            Place::At(reference) => Some(reference.to_string()),
        },
        sealed: sealed.map(|sealed| HEXLOWER.encode(sealed)),
    })
}

/// The lines of a vault but the last.
pub(super) fn text_of(contents: &Contents) -> String {
    let records = contents.records.values();
    let entries = records.map(|record| entry_line(&record.entry, record.sealed.as_deref()));
    let lines = [MAGIC.to_owned(), header_line(contents)].into_iter().chain(entries);
    lines.fold(String::new(), |text, line| text + &line + "\n")
}

/// What a key source comes to in the context of a seal.
pub(super) fn source_text(source: &KeySource) -> String {
    json(source)
}

/// Maps with text for keys are all that is written here, and no writer fails.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
