//! Which reader a format has, and what is left to do with its own bytes.

use std::io::{BufReader, Read, SeekFrom};

use bearhug_core::{Container, GapReason};

use super::{
    Opener, Seekable, archives, compressed, data, documents,
    images::{self, Plan},
    inside::{Cut, Inside, Level},
};

/// What is left to do with the bytes of a container that has been opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rest {
    /// Nothing: each stands in a part.
    Nothing,
    /// They are searched. Formats have comments, padding and what people append.
    Search,
    /// They are searched, and what is embedded in them is opened.
    Follow,
}

pub(super) fn rest_of(container: Container) -> Rest {
    match container {
        Container::Ar
        | Container::Cpio
        | Container::Image
        | Container::LogFrames
        | Container::Tar => Rest::Nothing,
        Container::Arrow
        | Container::Asar
        | Container::Avro
        | Container::Brotli
        | Container::Bzip2
        | Container::Gzip
        | Container::Hdf5
        | Container::Lz4
        | Container::Lzma
        | Container::Parquet
        | Container::SevenZip
        | Container::Snappy
        | Container::Xz
        | Container::Zip
        | Container::Zlib
        | Container::Zstd => Rest::Search,
        Container::Gif
        | Container::Markup
        | Container::Notebook
        | Container::Pdf
        | Container::Png
        | Container::Sqlite => Rest::Follow,
    }
}

impl Opener<'_> {
    /// Opens a container whose bytes can be reached in any order.
    pub(super) fn open(
        &self,
        container: Container,
        content: &mut dyn Seekable,
        level: Level<'_>,
    ) -> Result<(), Cut> {
        if container == Container::Tar
            && let Some(plan) = images::survey(content).ok().and_then(|c| Plan::of_all(&c))
        {
            content.seek(SeekFrom::Start(0))?;
            return images::read(&self.enter(Container::Image, level)?, content, &plan);
        }
        content.seek(SeekFrom::Start(0))?;
        let inside = self.enter(container, level)?;
        match container {
            Container::Asar => archives::asar::read(&inside, content),
            Container::SevenZip => archives::seven_zip::read(&inside, content),
            Container::Arrow => data::arrow::read(&inside, content),
            Container::Hdf5 => data::hdf5::read(&inside, content),
            Container::Parquet => data::parquet::read(&inside, content),
            Container::Sqlite => data::sqlite::read(&inside, content),
            Container::Zip => archives::zip::read(&inside, content),
            Container::Gif => as_a_whole(&inside, content, documents::gif::read),
            Container::Markup => as_a_whole(&inside, content, documents::markup::read),
            Container::Pdf => as_a_whole(&inside, content, documents::pdf::read),
            Container::Png => as_a_whole(&inside, content, documents::png::read),
            _ => read_through(&inside, content),
        }
    }
}

/// Whether so little marks a format that something else may look like it. What then holds nothing
/// that can be unpacked is something else.
pub(super) fn is_doubtful(container: Container) -> bool {
    matches!(container, Container::Brotli | Container::Lzma | Container::Zlib)
}

/// Reads a container from front to back.
pub(super) fn read_through(inside: &Inside<'_>, content: &mut dyn Read) -> Result<(), Cut> {
    match inside.container {
        Container::Ar => archives::ar::read(inside, content),
        Container::Avro => data::avro::read(inside, content),
        Container::Cpio => archives::cpio::read(inside, content),
        Container::LogFrames => data::log_frames::read(inside, content),
        Container::Tar => archives::tar::read(inside, content),
        _ => compressed::read(inside, BufReader::with_capacity(1 << 16, content)),
    }
}

/// Whether a container is read from front to back.
pub(super) fn is_streamed(container: Container) -> bool {
    matches!(container, Container::Ar | Container::Cpio | Container::LogFrames | Container::Tar)
        || compressed::is_compression(container)
}

/// Reads a container that must be read as a whole, if it may be held.
fn as_a_whole(
    inside: &Inside<'_>,
    content: &mut dyn Seekable,
    read: fn(&Inside<'_>, &[u8]) -> Result<(), Cut>,
) -> Result<(), Cut> {
    let mut bytes = Vec::new();
    match inside.level.budget.hold(&mut bytes, content)? {
        Some(_hold) => read(inside, &bytes),
        None => Err(too_large_to_hold(inside.level)),
    }
}

pub(super) fn too_large_to_hold(level: Level<'_>) -> Cut {
    Cut::Gap(GapReason::TooLargeToHold { limit: level.budget.limits().held })
}
