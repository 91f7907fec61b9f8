//! 7-Zip, by its directory.

use std::io;

use bearhug_core::GapReason;
use sevenz_rust2::{ArchiveReader, Error, Password};

use crate::containers::{
    Seekable, dictionary_kib,
    inside::{Cut, Inside},
};

pub(in crate::containers) fn read(
    inside: &Inside<'_>,
    content: &mut dyn Seekable,
) -> Result<(), Cut> {
    let password = Password::empty();
    let memory = dictionary_kib(inside.level.depth) as usize;
    let mut archive =
        ArchiveReader::new_with_memory_limit(content, password, memory).map_err(|e| cut(&e))?;
    let mut ended = Ok(());
    let walked = archive.for_each_entries(|entry, content| {
        ended = inside.part(entry.name(), content);
        if ended.is_err() {
            return Ok(false);
        }
        // What is left of a damaged member must be read before the next one starts.
        io::copy(content, &mut io::sink())?;
        Ok(true)
    });
    ended?;
    walked.map_err(|e| cut(&e))
}

fn cut(error: &Error) -> Cut {
    match error {
        Error::PasswordRequired | Error::MaybeBadPassword(_) => Cut::Gap(GapReason::Encrypted),
        Error::UnsupportedCompressionMethod(method) if method.starts_with("AES") => {
            Cut::Gap(GapReason::Encrypted)
        }
        other => Cut::damaged(other),
    }
}
