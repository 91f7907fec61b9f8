//! ZIP, by its directory and, where that is broken or says nothing, by what stands before each member.

mod headers;

use std::{
    io::{self, Read, SeekFrom},
    ops::Range,
};

use bearhug_core::{GapReason, Step};
use zip::{read::ZipFile, result::ZipError};

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
    let mut archive = match zip::ZipArchive::new(&mut *content) {
        Ok(archive) => archive,
        Err(error) => return without_directory(inside, content, Cut::damaged(&error)),
    };
    let mut known = Vec::new();
    for index in 0..archive.len() {
        let name = match archive.by_index_raw(index) {
            Ok(member) => {
                known.push(place_of(&member));
                String::from_utf8_lossy(member.name_raw()).into_owned()
            }
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
    known.push(archive.central_directory_start()..u64::MAX);
    replaced(inside, content, known)
}

/// Where a member and what stands before it lie in the file.
fn place_of(member: &ZipFile<'_, impl Read>) -> Range<u64> {
    let start = member.header_start();
    let content = member.data_start().unwrap_or(start);
    start..content.saturating_add(member.compressed_size())
}

/// Reads what lies between the members that the directory knows. What updates an archive leaves the
/// old version of a member where it was.
fn replaced(
    inside: &Inside<'_>,
    content: &mut dyn Seekable,
    mut known: Vec<Range<u64>>,
) -> Result<(), Cut> {
    known.sort_unstable_by_key(|place| place.start);
    let mut end = 0;
    for place in known {
        if place.start.saturating_sub(end) >= headers::LEAST {
            content.seek(SeekFrom::Start(end))?;
            let mut between = Vec::new();
            let _hold =
                inside.level.budget.hold(&mut between, &mut content.take(place.start - end))?;
            headers::read(inside, &between)?;
        }
        end = end.max(place.end);
    }
    Ok(())
}

/// Reads what can be read although the directory is broken. What is embedded in other content may not
/// be an archive at all, or go on behind what is at hand.
fn without_directory(
    inside: &Inside<'_>,
    content: &mut dyn Seekable,
    damage: Cut,
) -> Result<(), Cut> {
    if matches!(inside.level.origin.steps.last(), Some(Step::Offset(_) | Step::Decoded(_))) {
        return Err(damage);
    }
    content.rewind()?;
    let mut bytes = Vec::new();
    // As much as may be held is better than nothing.
    let _hold = inside.level.budget.hold(&mut bytes, content)?;
    if !headers::read(inside, &bytes)? {
        return Err(damage);
    }
    Ok(inside.cut(damage)?)
}

fn reason(error: &ZipError) -> GapReason {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            GapReason::Encrypted
        }
        other => GapReason::Damaged(other.to_string()),
    }
}

/// Whether a file ends with an archive's end record, up to a comment.
pub(in crate::containers) fn ends_with_one(content: &mut dyn Seekable) -> io::Result<bool> {
    Ok(end_record(content)?.is_some())
}

/// The end record and what comes behind it
/// (<https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>, section 4.3.16).
fn end_record(content: &mut dyn Seekable) -> io::Result<Option<Vec<u8>>> {
    const RECORD: u64 = 22;
    const LONGEST_COMMENT: u64 = 0xffff;
    let size = content.seek(SeekFrom::End(0))?;
    let from = size.saturating_sub(RECORD + LONGEST_COMMENT);
    content.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    content.take(size - from).read_to_end(&mut tail)?;
    content.rewind()?;
    Ok(memchr::memmem::rfind(&tail, b"PK\x05\x06").map(|at| tail.split_off(at)))
}

/// The size that the end record gives for the directory.
fn directory_size(content: &mut dyn Seekable) -> io::Result<u64> {
    let record = end_record(content)?;
    let size = content.seek(SeekFrom::End(0))?;
    content.rewind()?;
    let field = record.as_deref().and_then(|r| r.get(12..16)).and_then(|f| f.try_into().ok());
    // A 64-bit archive says all ones here and gives the size elsewhere; it lies between the first
    // member and this record, so the file's own size bounds it.
    Ok(match field.map(u32::from_le_bytes) {
        Some(u32::MAX) => size,
        Some(directory) => u64::from(directory),
        None => 0,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

    use crate::containers::testing::opened;

    /// An archive whose members were written to something seekable, or to a pipe.
    fn archive(is_piped: bool) -> Vec<u8> {
        fn write<W: std::io::Write + std::io::Seek>(mut writer: ZipWriter<W>) -> W {
            let methods =
                [CompressionMethod::Stored, CompressionMethod::Deflated, CompressionMethod::Zstd];
            for (name, method) in ["a", "b", "c"].iter().zip(methods) {
                let options = SimpleFileOptions::default().compression_method(method);
                writer.start_file(*name, options).expect("memory takes it");
                writer.write_all(b"content ".repeat(9).as_slice()).expect("memory takes it");
            }
            writer.finish().expect("memory takes it")
        }
        if is_piped {
            write(ZipWriter::new_stream(Vec::new())).into_inner()
        } else {
            write(ZipWriter::new(std::io::Cursor::new(Vec::new()))).into_inner()
        }
    }

    #[test]
    fn members_are_read_without_a_directory() {
        for is_piped in [false, true] {
            let whole = archive(is_piped);
            let directory =
                memchr::memmem::find(&whole, b"PK\x01\x02").expect("it has a directory");
            let cut = opened(&whole[..directory]);
            let names: Vec<&str> = cut.names.iter().map(String::as_str).collect();
            assert_eq!(names, ["a", "b", "c"]);
            let found = |opened: &crate::containers::testing::Opened| {
                opened.parts().iter().filter(|part| part.contains("content content")).count()
            };
            assert_eq!(found(&cut), 3, "{:?}", cut.parts());
            assert_eq!(found(&opened(&whole)), 3);
            assert!(!cut.gaps.is_empty());
        }
    }

    #[test]
    fn an_archive_may_be_cut_anywhere() {
        let whole = archive(true);
        for end in 4..whole.len() {
            assert!(!opened(&whole[..end]).gaps.is_empty(), "{end}");
        }
    }
}
