//! How values of the inventory stand in a database.

use std::str::FromStr;

use bearhug_core::identity::Identity;
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::LedgerError;

/// How long a text can be that is indexed. PostgreSQL has no room for more than 2,704 bytes in an
/// index, and a character takes up to four.
const INDEXED: usize = 200;

/// A text without NUL, which PostgreSQL does not store. Names in archives may hold one.
pub(crate) fn text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// A text that is searched and sorted by: its first characters.
pub(crate) fn key(text: &str) -> String {
    self::text(text).chars().take(INDEXED).collect()
}

/// Texts that are looked for among others: a line each, with a line break before the first as well, so
/// that each stands between two.
pub(crate) fn lines<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    texts
        .into_iter()
        .map(|text| key(text).replace('\n', " ") + "\n")
        .fold("\n".to_owned(), |all, line| all + &line)
}

/// Microseconds since 1970, as times are stored.
pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// The time that was stored.
pub(crate) fn time(micros: i64) -> Result<Timestamp, LedgerError> {
    Timestamp::from_microsecond(micros).map_err(|_| damaged("a time", &micros.to_string()))
}

/// The name of a variant, as its serialised form has it.
pub(crate) fn word(variant: impl Serialize) -> String {
    match serde_json::to_value(variant) {
        Ok(Value::String(word)) => word,
        // Only enums without fields are passed here, which serialise to their names.
        _ => String::new(),
    }
}

/// The variant with a name.
pub(crate) fn from_word<T: DeserializeOwned>(word: String) -> Result<T, LedgerError> {
    let shown = word.clone();
    serde_json::from_value(Value::String(word)).map_err(|_| damaged("a word", &shown))
}

/// A hash in hexadecimal.
pub(crate) fn hex(hash: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(hash)
}

/// A hash that was stored.
pub(crate) fn from_hex(text: &str) -> Result<[u8; 32], LedgerError> {
    bytes_from_hex(text)?.try_into().map_err(|_| damaged("a hash", text))
}

/// Bytes that were stored.
pub(crate) fn bytes_from_hex(text: &str) -> Result<Vec<u8>, LedgerError> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).map_err(|_| damaged("hexadecimal", text))
}

/// A count or a place that was stored.
pub(crate) fn count(number: i64) -> Result<u64, LedgerError> {
    u64::try_from(number).map_err(|_| damaged("a count", &number.to_string()))
}

/// A count or a place as it is stored. What is too large for the databases is far beyond what is real.
pub(crate) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A short name for texts of any length: the first 16 bytes of SHA-256 over each with its length.
pub(crate) fn name_of(texts: &[&str]) -> String {
    let digest = texts.iter().fold(Sha256::new(), |digest, text| {
        digest.chain_update((text.len() as u64).to_be_bytes()).chain_update(text)
    });
    hex(digest.finalize().get(..16).unwrap_or_default())
}

/// That a stored value is not what was written.
pub(crate) fn damaged(what: &str, found: &str) -> LedgerError {
    LedgerError::Damaged(format!("`{found}` is not {what}"))
}

/// A name of a token or an identity that was stored.
pub(crate) fn parsed<T: FromStr>(text: &str) -> Result<T, LedgerError> {
    text.parse().map_err(|_| damaged("a name", text))
}

/// An identity that was stored.
pub(crate) fn identity(document: &str) -> Result<Identity, LedgerError> {
    serde_json::from_str(document)
        .map_err(|error| LedgerError::Damaged(format!("an identity cannot be read: {error}")))
}
