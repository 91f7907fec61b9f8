//! Where the next page of an answer starts: after what, and not how many rows in, so that what is
//! written meanwhile neither repeats nor hides anything.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use super::conditions::Parameter;
use crate::{LedgerError, Page, Paged};

/// The last row of a page, by what it is sorted by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// Which question and order it belongs to.
    order: String,
    /// What the row is sorted by.
    key: Key,
    /// What settles ties.
    tie: Key,
}

/// Something that rows are sorted by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Key {
    Number(i64),
    Text(String),
}

impl From<Key> for Parameter {
    fn from(key: Key) -> Self {
        match key {
            Key::Number(number) => Self::Number(number),
            Key::Text(text) => Self::Text(text),
        }
    }
}

impl Cursor {
    /// Reads the cursor of a page, if it has one.
    pub(super) fn of(page: &Page, order: &str) -> Result<Option<[Parameter; 2]>, LedgerError> {
        let Some(text) = &page.after else { return Ok(None) };
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| LedgerError::Cursor)?;
        let cursor: Self = serde_json::from_slice(&bytes).map_err(|_| LedgerError::Cursor)?;
        if cursor.order == order {
            Ok(Some([cursor.key.into(), cursor.tie.into()]))
        } else {
            Err(LedgerError::Cursor)
        }
    }

    fn text(order: &str, (key, tie): (Key, Key)) -> String {
        let cursor = Self { order: order.to_owned(), key, tie };
        // Texts and numbers always serialise.
        BASE64URL_NOPAD.encode(&serde_json::to_vec(&cursor).unwrap_or_default())
    }
}

/// How many rows to ask for: one more than wanted, to see whether there are more.
pub(super) fn limit(page: &Page) -> i64 {
    i64::from(page.limit.max(1)) + 1
}

/// Cuts rows to a page. `keys` says what the last row on it is sorted by.
pub(super) fn paged<R, T>(
    mut rows: Vec<R>,
    page: &Page,
    order: &str,
    keys: impl Fn(&R) -> Result<(Key, Key), LedgerError>,
    read: impl Fn(R) -> Result<T, LedgerError>,
) -> Result<Paged<T>, LedgerError> {
    let wanted = usize::try_from(page.limit.max(1)).unwrap_or(usize::MAX);
    let has_more = rows.len() > wanted;
    rows.truncate(wanted);
    let next = match rows.last() {
        Some(last) if has_more => Some(Cursor::text(order, keys(last)?)),
        _ => None,
    };
    Ok(Paged { items: rows.into_iter().map(read).collect::<Result<_, _>>()?, next })
}
