//! PDF: its packed streams, and the text that pages show in pieces.

mod filters;
mod shown;

use std::io::{self, Read};

use bearhug_core::GapReason;
use flate2::bufread::ZlibDecoder;

use crate::containers::{
    inside::{Cut, Ended, Inside},
    recognise::is_zlib,
};
use filters::Filter;
use shown::Shown;

/// How many filters of a stream are undone. More than two are rare.
const MOST_FILTERS: usize = 8;

/// How far before a stream its dictionary may start, in bytes.
const LONGEST_DICTIONARY: usize = 1 << 14;

/// A PDF's cross references are of no matter here: a stream stands between two words behind its
/// dictionary, whatever refers to it (ISO 32000-2, section 7.3.8). What is not in a stream is plain,
/// and searched as it is.
pub(in crate::containers) fn read(inside: &Inside<'_>, bytes: &[u8]) -> Result<(), Cut> {
    if is_encrypted(bytes) {
        return Err(Cut::Gap(GapReason::Encrypted));
    }
    for (number, stream) in (1..).zip(Streams { bytes, at: 0, end: 0 }) {
        deliver(inside, &format!("stream {number}"), &stream)?;
    }
    Ok(())
}

/// Whether the trailer, or the cross-reference stream in its place, tells how streams and strings
/// are encrypted (section 7.6.2).
fn is_encrypted(bytes: &[u8]) -> bool {
    memchr::memmem::find_iter(bytes, b"/Encrypt").any(|at| {
        let value = bytes[at + b"/Encrypt".len()..].trim_ascii_start();
        let reference = value.iter().take(24).skip_while(|b| b.is_ascii_digit() || **b == b' ');
        let is_reference =
            value.first().is_some_and(u8::is_ascii_digit) && reference.take(1).any(|&b| b == b'R');
        value.starts_with(b"<<") || is_reference
    })
}

fn deliver(inside: &Inside<'_>, name: &str, stream: &Stream<'_>) -> Result<(), Ended> {
    let mut shown = Shown::default();
    let filters = stream.filters();
    if filters.is_empty() {
        // It is plain, and searched as it is.
        shown.read(stream.data);
    } else {
        let mut content: Box<dyn Read + '_> = Box::new(stream.data);
        for filter in filters {
            content = filter.undo(Box::new(inside.metered(content)), stream.dictionary);
        }
        inside.part(name, &mut Shows { content, shown: &mut shown })?;
    }
    let (text, is_cut) = shown.finish();
    if is_cut {
        inside.unread(name, GapReason::TooLargeToHold { limit: shown::MOST_TEXT as u64 })?;
    }
    if text.is_empty() { Ok(()) } else { inside.text_of(name, &text) }
}

/// A reader of a stream's content, of which another looks for what pages show.
struct Shows<'a> {
    content: Box<dyn Read + 'a>,
    shown: &'a mut Shown,
}

impl Read for Shows<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.content.read(buffer)?;
        self.shown.read(&buffer[..read]);
        Ok(read)
    }
}

/// A stream as it is written.
struct Stream<'a> {
    /// Empty if there is none.
    dictionary: &'a [u8],
    data: &'a [u8],
}

impl Stream<'_> {
    /// The filters to undo, the first one first. What packs images is not one of them.
    fn filters(&self) -> Vec<Filter> {
        let names = value_of(self.dictionary, b"/Filter").unwrap_or_default();
        let array = names.strip_prefix(b"[").map(|names| names.split(|&b| b == b']').next());
        let names = match array {
            Some(names) => names.unwrap_or_default(),
            None => {
                &names[..names
                    .iter()
                    .skip(1)
                    .position(|&b| is_delimiter(b))
                    .map_or(names.len(), |n| n + 1)]
            }
        };
        let filters: Vec<Filter> = names
            .split(|&b| b == b'/')
            .skip(1)
            .map_while(Filter::named)
            .take(MOST_FILTERS)
            .collect();
        if filters.is_empty() && is_zlib(self.data) { vec![Filter::Flate] } else { filters }
    }
}

/// What comes behind a key of a dictionary.
fn value_of<'a>(dictionary: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    memchr::memmem::find_iter(dictionary, key)
        .map(|at| &dictionary[at + key.len()..])
        .find(|value| value.first().is_some_and(|&b| is_delimiter(b)))
        .map(<[u8]>::trim_ascii_start)
}

/// The whole number that comes behind a key of a dictionary or of one in it.
fn number_of(dictionary: &[u8], key: &[u8]) -> Option<usize> {
    let value = value_of(dictionary, key)?;
    let digits = value.iter().take(9).take_while(|b| b.is_ascii_digit());
    Some(digits.fold(0, |number, &b| number * 10 + usize::from(b - b'0')))
}

/// Whether a byte ends a name (section 7.2.3).
fn is_delimiter(byte: u8) -> bool {
    byte.is_ascii_whitespace()
        || matches!(byte, 0 | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// The streams of a file, in order.
struct Streams<'a> {
    bytes: &'a [u8],
    /// Where the next one is looked for.
    at: usize,
    /// The last end of a stream that was found.
    end: usize,
}

impl<'a> Iterator for Streams<'a> {
    type Item = Stream<'a>;

    fn next(&mut self) -> Option<Stream<'a>> {
        loop {
            let before = self.bytes.get(self.at..)?;
            let before = &before[..memchr::memmem::find(before, b"stream")?];
            let from = self.at + before.len() + b"stream".len();
            self.at = from;
            let before = before.trim_ascii_end();
            let dictionary = before.ends_with(b">>").then(|| dictionary(before));
            let data = &self.bytes[from..];
            let Some(data) =
                [&b"\r\n"[..], b"\n", b"\r"].iter().find_map(|b| data.strip_prefix(*b))
            else {
                continue;
            };
            // The word may stand in a text. Without a dictionary, the content must speak for itself.
            if dictionary.is_none() && !unpacks(data) {
                continue;
            }
            let start = self.bytes.len() - data.len();
            let end = self.end_behind(start);
            if dictionary.is_some() {
                self.at = end.saturating_add(b"endstream".len());
            }
            let data = &self.bytes[start..end];
            return Some(Stream { dictionary: dictionary.unwrap_or_default(), data });
        }
    }
}

impl Streams<'_> {
    /// Where the stream ends that starts at an offset.
    fn end_behind(&mut self, start: usize) -> usize {
        if self.end < start {
            let rest = &self.bytes[start..];
            self.end = start + memchr::memmem::find(rest, b"endstream").unwrap_or(rest.len());
        }
        self.end
    }
}

/// Whether data that nothing announces is compressed.
fn unpacks(data: &[u8]) -> bool {
    is_zlib(data) && ZlibDecoder::new(data).read(&mut [0]).is_ok_and(|read| read > 0)
}

/// The dictionary that some bytes end with: all behind the last word that starts an object.
fn dictionary(before: &[u8]) -> &[u8] {
    let near = &before[before.len().saturating_sub(LONGEST_DICTIONARY)..];
    memchr::memmem::rfind(near, b"obj").map_or(near, |at| &near[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn streams(bytes: &[u8]) -> Vec<(&[u8], &[u8])> {
        Streams { bytes, at: 0, end: 0 }.map(|s| (s.dictionary, s.data)).collect()
    }

    #[test]
    fn streams_are_told_from_the_word() {
        let file =
            b"1 0 obj (stream\nof words) endobj 2 0 obj <</Filter /Fl>>\nstream\r\nab\nendstream \
            3 0 obj <<>> stream\nc";
        assert_eq!(
            streams(file),
            [(&b"obj <</Filter /Fl>>"[..], &b"ab\n"[..]), (b"obj <<>>", b"c")]
        );
        assert!(streams(b">>stream").is_empty());
    }

    #[test]
    fn filters_are_read_in_every_form() {
        let filters = |dictionary| Stream { dictionary, data: b"" }.filters();
        assert_eq!(filters(b"<</Filter/FlateDecode/Length 3>>"), [Filter::Flate]);
        assert_eq!(
            filters(b"<< /Filter [ /A85 /LZWDecode /DCTDecode ] >>"),
            [Filter::Ascii85, Filter::Lzw]
        );
        assert!(filters(b"<</Filters/FlateDecode/Filter 4 0 R>>").is_empty());
        assert!(filters(b"<</Filter").is_empty());
        let unnamed = Stream { dictionary: b"", data: b"\x78\x9c\x4b\x04\x00" };
        assert_eq!(unnamed.filters(), [Filter::Flate]);
    }

    #[test]
    fn encryption_is_what_the_trailer_says() {
        assert!(is_encrypted(b"trailer <</Size 3/Encrypt 12 0 R>>"));
        assert!(is_encrypted(b"<</Encrypt<</V 1>>>>"));
        assert!(!is_encrypted(b"<</EncryptMetadata true>> (/Encrypt 12 words)"));
    }
}
