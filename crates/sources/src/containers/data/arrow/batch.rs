//! What a message says: that it holds a batch of records, or of a dictionary's values, and where the
//! buffers of that lie in its body.

use super::tables::Table;

/// The kinds of a message's header.
const SCHEMA: u8 = 1;
const DICTIONARY_BATCH: u8 = 2;
const RECORD_BATCH: u8 = 3;

/// The version that is written since 2020, and the latest.
const LATEST_VERSION: u8 = 4;

/// How buffers are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    Lz4Frame,
    Zstd,
}

/// A batch of values.
pub(super) struct Batch {
    /// Where each buffer starts in the body and how long it is, in bytes.
    pub(super) buffers: Vec<(u64, u64)>,
    pub(super) compression: Option<Compression>,
}

impl Batch {
    /// The batch that a message describes, if it does.
    pub(super) fn of(metadata: &[u8]) -> Option<Self> {
        let message = Table::root(metadata)?;
        let batch = match message.byte(1)? {
            RECORD_BATCH => message.table(2)?,
            DICTIONARY_BATCH => message.table(2)?.table(1)?,
            _ => return None,
        };
        // Where the codec is not written it is the first.
        let compression = batch.table(3).map(|table| match table.byte(0) {
            Some(1) => Compression::Zstd,
            _ => Compression::Lz4Frame,
        });
        let buffers = batch.pairs(2)?;
        let buffers = buffers
            .filter_map(|(at, length)| Some((u64::try_from(at).ok()?, u64::try_from(length).ok()?)))
            .collect();
        Some(Self { buffers, compression })
    }
}

/// The length of the body of a message, in bytes. Nothing if it is no message.
pub(super) fn body_length(metadata: &[u8]) -> Option<u64> {
    let message = Table::root(metadata)?;
    message.byte(1)?;
    // A schema has no body and may not say so.
    u64::try_from(message.long(3).unwrap_or(0)).ok()
}

/// Whether a message is one that a stream starts with.
pub(super) fn is_schema(metadata: &[u8]) -> bool {
    Table::root(metadata).is_some_and(|message| {
        message.byte(0).is_some_and(|version| version <= LATEST_VERSION)
            && message.byte(1) == Some(SCHEMA)
            && message.table(2).is_some()
    })
}
