//! What the first bytes say.

use std::path::Path;

use bearhug_core::Container;

use super::{
    archives::{asar::is_asar, cpio::is_cpio},
    data::{arrow, avro, log_frames},
    documents::markup::is_markup,
};

/// The signatures at the start of a file, from each format's specification.
const SIGNATURES: &[(&[u8], Container)] = &[
    (b"\x1f\x8b\x08", Container::Gzip),
    (b"PK\x03\x04", Container::Zip),
    // An empty archive, and one that was meant to span several disks.
    (b"PK\x05\x06", Container::Zip),
    (b"PK\x07\x08PK\x03\x04", Container::Zip),
    (b"\x28\xb5\x2f\xfd", Container::Zstd),
    (b"\xfd7zXZ\0", Container::Xz),
    (b"7z\xbc\xaf\x27\x1c", Container::SevenZip),
    (b"\x04\x22\x4d\x18", Container::Lz4),
    (b"\xff\x06\0\0sNaPpY", Container::Snappy),
    (b"!<arch>\n", Container::Ar),
    (b"%PDF-", Container::Pdf),
    (b"GIF87a", Container::Gif),
    (b"GIF89a", Container::Gif),
    (b"\x89PNG\r\n\x1a\n", Container::Png),
    (avro::SIGNATURE, Container::Avro),
    (b"\x89HDF\r\n\x1a\n", Container::Hdf5),
    (b"PAR1", Container::Parquet),
    // Its footer is encrypted.
    (b"PARE", Container::Parquet),
    (b"SQLite format 3\0", Container::Sqlite),
    // A write-ahead log, of either byte order.
    (b"\x37\x7f\x06\x82", Container::Sqlite),
    (b"\x37\x7f\x06\x83", Container::Sqlite),
];

/// The size of a tar header.
const TAR_HEADER: usize = 512;

/// How far into a file the words of a notebook are looked for.
const NOTEBOOK_REACH: usize = 4096;

/// The container that starts so and has this name, if one does. The name counts for Brotli alone,
/// which marks nothing.
pub(super) fn recognise(head: &[u8], name: &str) -> Option<Container> {
    SIGNATURES
        .iter()
        .find(|(signature, _)| head.starts_with(signature))
        .map(|&(_, container)| container)
        .or_else(|| is_bzip2(head).then_some(Container::Bzip2))
        .or_else(|| is_zlib(head).then_some(Container::Zlib))
        .or_else(|| is_skippable_zstd(head).then_some(Container::Zstd))
        .or_else(|| is_lzma(head).then_some(Container::Lzma))
        .or_else(|| is_cpio(head).then_some(Container::Cpio))
        .or_else(|| is_asar(head).then_some(Container::Asar))
        .or_else(|| is_notebook(head).then_some(Container::Notebook))
        .or_else(|| is_markup(head).then_some(Container::Markup))
        .or_else(|| arrow::starts(head).then_some(Container::Arrow))
        .or_else(|| log_frames::starts(head).then_some(Container::LogFrames))
        .or_else(|| is_tar(head).then_some(Container::Tar))
        .or_else(|| is_brotli(head, name).then_some(Container::Brotli))
}

/// A block, or the end of an empty stream, must follow the four letters, which are text.
fn is_bzip2(head: &[u8]) -> bool {
    matches!(head, [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..]
        if rest.starts_with(b"1AY&SY") || rest.starts_with(b"\x17\x72\x45\x38\x50\x90"))
}

/// Two bytes are little to go by, so the compression must be one that is in use, no dictionary may
/// be asked for, and the check bits must fit.
pub(super) fn is_zlib(head: &[u8]) -> bool {
    matches!(head, [0x78, flags @ (0x01 | 0x5e | 0x9c | 0xda), block, ..]
        if (0x7800 + u16::from(*flags)) % 31 == 0 && block & 0b110 != 0b110 && !is_text(head))
}

fn is_text(head: &[u8]) -> bool {
    head.iter().take(64).all(|b| b.is_ascii_graphic() || b.is_ascii_whitespace())
}

/// A frame that decoders step over, with another frame behind it (RFC 8878, section 3.1.2).
fn is_skippable_zstd(head: &[u8]) -> bool {
    let &[0x50..=0x5f, 0x2a, 0x4d, 0x18, a, b, c, d, ..] = head else { return false };
    let next =
        usize::try_from(u32::from_le_bytes([a, b, c, d])).ok().and_then(|n| n.checked_add(8));
    next.and_then(|at| head.get(at..)).is_some_and(|rest| rest.starts_with(b"\x28\xb5\x2f\xfd"))
}

/// The properties that every known writer chooses, a power of two or half as much again for the
/// dictionary, and a length that is unknown or below a tebibyte.
///
/// <https://tukaani.org/xz/lzma-file-format.txt>, sections 1.1 and 2.
fn is_lzma(head: &[u8]) -> bool {
    let Some((&[0x5d, a, b, c, d], rest)) = head.split_first_chunk() else { return false };
    let Some(&length) = rest.first_chunk() else { return false };
    let (dictionary, length) = (u32::from_le_bytes([a, b, c, d]), u64::from_le_bytes(length));
    let is_usual = dictionary >= 1 << 12
        && (dictionary.is_power_of_two() || (dictionary / 3 * 2).is_power_of_two());
    is_usual && (length == u64::MAX || (1..1 << 40).contains(&length)) && rest.get(8) == Some(&0)
}

/// A notebook's cells come first, as Jupyter writes it and as every program that sorts its keys does,
/// or the format's version does. The first cell may start with a long attachment.
fn is_notebook(head: &[u8]) -> bool {
    let start = head.iter().position(|b| !b.is_ascii_whitespace());
    let Some([b'{', rest @ ..]) = start.map(|at| &head[at..]) else { return false };
    let reach = &rest[..rest.len().min(NOTEBOOK_REACH)];
    ["\"cell_type\"", "\"nbformat\"", "\"attachments\""]
        .iter()
        .any(|word| memchr::memmem::find(reach, word.as_bytes()).is_some())
}

/// The header's checksum counts its own field as blanks. The oldest dialect has no signature, and in
/// the later ones a header that only extends the next needs no name.
pub(super) fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.get(..TAR_HEADER) else { return false };
    let field = &header[148..156];
    let digits = field.iter().skip_while(|b| **b == b' ').take_while(|b| b.is_ascii_digit());
    let stated =
        digits.fold(0_u32, |sum, &b| sum.wrapping_mul(8).wrapping_add(u32::from(b - b'0')));
    let blank = u32::from(b' ') * 8;
    let rest = header[..148].iter().chain(&header[156..]);
    let is_named = header[0] != 0 || header[257..].starts_with(b"ustar");
    is_named && stated != 0 && stated == blank + rest.map(|&b| u32::from(b)).sum::<u32>()
}

fn is_brotli(head: &[u8], name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ext| ext.eq_ignore_ascii_case("br")) && !is_text(head)
}
