//! Feather of version 1, which came before Arrow's own file format: arrays one after another, and a
//! description of them at the end.
//!
//! `feather.fbs` of apache/arrow, as of version 24.

use std::io::{Read, SeekFrom};

use bearhug_core::GapReason;

use super::{
    cuts::{self, Apart},
    tables::Table,
};
use crate::containers::{
    Seekable,
    inside::{Cut, Inside},
};

/// What a file starts and ends with.
pub(super) const SIGNATURE: &[u8] = b"FEA1";

/// What everything in the file is filled up to, in bytes.
const ALIGNMENT: u64 = 8;

/// How many bytes of offsets, or of the description, are held.
const MOST_HELD: u64 = 64 << 20;

/// The types of values that are cut by offsets.
const UTF8: u8 = 11;
const BINARY: u8 = 12;

/// An array of values: where it lies, and how many there are.
struct Array {
    kind: u8,
    start: u64,
    length: u64,
    size: u64,
    has_nulls: bool,
}

/// Delivers the columns that are cut by offsets. What others hold is found as it is.
pub(super) fn read(inside: &Inside<'_>, content: &mut dyn Seekable) -> Result<(), Cut> {
    let metadata = metadata(content)?;
    let columns = Table::root(&metadata).and_then(|table| table.tables(2));
    let mut columns = columns.ok_or_else(|| Cut::damaged(&"no description of columns"))?;
    // Arrays lie one behind the other.
    let mut end = 0;
    columns.try_for_each(|column| {
        let Some(array) = column.table(1).and_then(array).filter(|array| array.start >= end) else {
            let reason = GapReason::Damaged("its values lie where they cannot".into());
            return Ok(inside.unread(&name(column), reason)?);
        };
        end = array.start.saturating_add(array.size);
        values(inside, content, column, &array)
    })
}

fn name(column: Table<'_>) -> String {
    format!("column {}", column.string(0).unwrap_or_default())
}

/// The description at the end, in front of its size and the signature.
fn metadata(content: &mut dyn Seekable) -> Result<Vec<u8>, Cut> {
    let end = content.seek(SeekFrom::End(0))?.saturating_sub(8);
    content.seek(SeekFrom::Start(end))?;
    let mut size = [0; 4];
    content.read_exact(&mut size)?;
    let size = u64::from(u32::from_le_bytes(size)).min(end);
    if size > MOST_HELD {
        return Err(Cut::Gap(GapReason::TooLargeToHold { limit: MOST_HELD }));
    }
    content.seek(SeekFrom::Start(end - size))?;
    let mut metadata = Vec::new();
    content.take(size).read_to_end(&mut metadata)?;
    Ok(metadata)
}

fn array(table: Table<'_>) -> Option<Array> {
    let number = |index| u64::try_from(table.long(index).unwrap_or(0)).ok();
    let (start, length, nulls, size) = (number(2)?, number(3)?, number(4)?, number(5)?);
    let kind = table.byte(0).unwrap_or(0);
    Some(Array { kind, start, length, size, has_nulls: nulls > 0 })
}

/// Delivers the strings of a column: behind a bit for each that is there and the offset of each.
fn values(
    inside: &Inside<'_>,
    content: &mut dyn Seekable,
    column: Table<'_>,
    array: &Array,
) -> Result<(), Cut> {
    let bits = if array.has_nulls { padded(array.length.div_ceil(8)) } else { 0 };
    let offsets = array.length.saturating_add(1).saturating_mul(4);
    let before = bits.saturating_add(padded(offsets));
    let Some(size) = array.size.checked_sub(before) else { return Ok(()) };
    if offsets > MOST_HELD {
        // Numbers are found as they are.
        if matches!(array.kind, UTF8 | BINARY) {
            inside.unread(&name(column), GapReason::TooLargeToHold { limit: MOST_HELD })?;
        }
        return Ok(());
    }
    content.seek(SeekFrom::Start(array.start.saturating_add(bits)))?;
    let mut held = Vec::new();
    content.take(offsets).read_to_end(&mut held)?;
    if let Some(cuts) = cuts::of_offsets(&held, size) {
        content.seek(SeekFrom::Start(array.start.saturating_add(before)))?;
        inside.part(&name(column), &mut Apart::new(content.take(size), cuts))?;
    }
    Ok(())
}

fn padded(size: u64) -> u64 {
    size.checked_next_multiple_of(ALIGNMENT).unwrap_or(u64::MAX)
}
