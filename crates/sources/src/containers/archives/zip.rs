//! ZIP, by its directory.

use std::io::{self, Read as _, SeekFrom};

use bearhug_core::GapReason;
use zip::result::ZipError;

use crate::containers::{
    Seekable,
    inside::{Cut, Inside},
};

/// How many bytes the directory may take for each part that may be read. It is held as a whole, and
/// several times as large as it is written.
const DIRECTORY_BYTES_A_PART: u64 = 160;

pub(in crate::containers) fn read(
    inside: &Inside<'_>,
    content: &mut dyn Seekable,
) -> Result<(), Cut> {
    let limit = inside.level.budget.limits().parts;
    if directory_size(content)? > limit.saturating_mul(DIRECTORY_BYTES_A_PART) {
        return Err(Cut::Gap(GapReason::TooManyParts { limit }));
    }
    let mut archive = zip::ZipArchive::new(content).map_err(|error| Cut::damaged(&error))?;
    for index in 0..archive.len() {
        let name = match archive.by_index_raw(index) {
            Ok(member) => String::from_utf8_lossy(member.name_raw()).into_owned(),
            Err(error) => {
                inside.gap(reason(&error));
                continue;
            }
        };
        match archive.by_index(index) {
            Ok(mut member) => inside.part(&name, &mut member)?,
            Err(error) => inside.unread(&name, reason(&error))?,
        }
    }
    Ok(())
}

fn reason(error: &ZipError) -> GapReason {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            GapReason::Encrypted
        }
        other => GapReason::Damaged(other.to_string()),
    }
}

/// The size that the end record gives for the directory
/// (<https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>, section 4.3.16).
fn directory_size(content: &mut dyn Seekable) -> io::Result<u64> {
    const RECORD: u64 = 22;
    const LONGEST_COMMENT: u64 = 0xffff;
    let size = content.seek(SeekFrom::End(0))?;
    let from = size.saturating_sub(RECORD + LONGEST_COMMENT);
    content.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    content.take(size - from).read_to_end(&mut tail)?;
    content.rewind()?;
    let record = memchr::memmem::rfind(&tail, b"PK\x05\x06").map(|at| &tail[at..]);
    let field = record.and_then(|r| r.get(12..16)).and_then(|f| f.try_into().ok());
    // A 64-bit archive says all ones here and gives the size elsewhere; it lies between the first
    // member and this record, so the file's own size bounds it.
    Ok(match field.map(u32::from_le_bytes) {
        Some(u32::MAX) => size,
        Some(directory) => u64::from(directory),
        None => 0,
    })
}
