//! What is embedded in other content: compressed data or an archive in the middle of a file, or
//! written as text.

use std::{borrow::Cow, io::Cursor};

use bearhug_core::{Blob, Container, Encoding, GapReason, Lead, LeadForm, Step};
use flate2::{Decompress, FlushDecompress};

use super::{
    Opener,
    formats::is_streamed,
    inside::{Cut, Ended, Level},
    recognise::{is_zlib, recognise},
};

/// How much must have been unpacked before what then turns out broken is taken for something that
/// was cut off, in bytes. Noise unpacks to less.
const LEAST_UNPACKED: u64 = 4096;

/// What an attempt to open something costs that is read from front to back, in bytes of the budget. To
/// set a decompressor up takes about as long as to unpack so much.
const ATTEMPT: usize = 128 << 10;

/// How much of some content tells whether it is text, in bytes.
const LOOKED_AT: usize = 512;

/// Where zlib streams start in binary data. The two bytes that mark one are too few to be looked for
/// in everything, so this is for what is held in memory and no text. What does not unpack to a little
/// is noise.
pub(super) fn zlib_leads(bytes: &[u8]) -> Vec<Lead> {
    let is_binary = |b: &u8| *b < b'\t' || (0x0e..b' ').contains(b) || *b >= 0xf8;
    // Counting them all is quicker than stopping at the first.
    if bytes.iter().take(LOOKED_AT).filter(|b| is_binary(b)).count() == 0 {
        return Vec::new();
    }
    let mut probe = Decompress::new(true);
    memchr::memchr_iter(b'x', bytes)
        .filter(|&at| is_zlib(&bytes[at..]) && unpacks(&mut probe, &bytes[at..]))
        .map(|at| Lead { at, form: LeadForm::Raw })
        .collect()
}

fn unpacks(probe: &mut Decompress, stream: &[u8]) -> bool {
    const LEAST: u64 = 20;
    let mut unpacked = [0; 64];
    probe.reset(true);
    let stream = &stream[..stream.len().min(LOOKED_AT)];
    probe.decompress(stream, &mut unpacked, FlushDecompress::None).is_ok()
        && probe.total_out() >= LEAST
}

impl Opener<'_> {
    /// Opens what leads of a blob point at. Returns those that reach out of the blob, if more comes
    /// behind it.
    pub(super) fn follow(
        &self,
        leads: &[Lead],
        (blob, goes_on): (&Blob<'_>, bool),
        level: Level<'_>,
    ) -> Result<Vec<Lead>, Ended> {
        let mut cut = Vec::new();
        // Every member of an archive starts as the archive does, and its directory stands at its
        // end: it is found from the first of them or from none.
        let mut zip_was_tried = false;
        for lead in leads {
            let Some(rest) = blob.bytes.get(lead.at..) else { break };
            let is_zip = lead.form == LeadForm::Raw && rest.starts_with(b"PK");
            // What the whole starts with was opened as the whole, if it could be.
            let is_start = lead.form == LeadForm::Raw && blob.offset + lead.at as u64 == 0;
            if is_start || (is_zip && zip_was_tried) {
                continue;
            }
            zip_was_tried |= is_zip;
            level.budget.count_part();
            let decoded = Decoded::of(rest, lead.form);
            level.budget.charge(decoded.read);
            let mut origin = level.origin.clone();
            origin.steps.extend(blob.stretch(lead.at).cloned());
            origin.steps.push(Step::Offset(blob.offset + lead.at as u64));
            origin.steps.extend(decoded.steps());
            let level = Level { origin: &origin, ..level };
            let is_whole = match recognise(&decoded.bytes, "") {
                None | Some(Container::Notebook) => true,
                Some(Container::Zip) if is_zip => self.zip_behind(blob.bytes, rest, level)?,
                Some(container) => self.embedded(container, &decoded.bytes, level)?,
            };
            if !is_whole && goes_on && decoded.reaches(rest) {
                cut.push(*lead);
            }
        }
        Ok(cut)
    }

    /// Opens a ZIP that starts with `rest`. Behind a program it may count its offsets from the
    /// program's start.
    fn zip_behind(&self, all: &[u8], rest: &[u8], level: Level<'_>) -> Result<bool, Ended> {
        Ok(self.embedded(Container::Zip, all, level)?
            || self.embedded(Container::Zip, rest, level)?)
    }

    /// Opens a container. False if there was something in it and it is not whole.
    fn embedded(
        &self,
        container: Container,
        bytes: &[u8],
        level: Level<'_>,
    ) -> Result<bool, Ended> {
        let is_raw = matches!(level.origin.steps.last(), Some(Step::Offset(_)));
        level.budget.charge(if is_streamed(container) { ATTEMPT } else { bytes.len() });
        let before = level.budget.unpacked();
        match self.open(container, &mut Cursor::new(bytes), level) {
            // It may only have looked as if something started here. What needs all of it says nothing
            // before it has that.
            Err(Cut::Gap(GapReason::Damaged(_))) => {
                self.report(Ok(()), level)?;
                let unpacked = level.budget.unpacked() - before;
                Ok(is_streamed(container) && unpacked < LEAST_UNPACKED)
            }
            Err(Cut::Gap(GapReason::Encrypted | GapReason::TooManyParts { .. }))
                if is_raw && level.budget.unpacked() == before =>
            {
                self.report(Ok(()), level).map(|()| true)
            }
            outcome => self.report(outcome, level).map(|()| true),
        }
    }
}

/// What a lead points at, as it was before it was written as text.
struct Decoded<'a> {
    bytes: Cow<'a, [u8]>,
    form: LeadForm,
    /// How many bytes of text it was written in; zero if it was not.
    read: usize,
}

impl<'a> Decoded<'a> {
    fn of(text: &'a [u8], form: LeadForm) -> Self {
        let (bytes, read) = match form {
            LeadForm::Raw => (text.into(), 0),
            LeadForm::Base64 => {
                let (once, read) = base64(text);
                (once.into(), read)
            }
            LeadForm::Base64Twice => {
                let (once, read) = base64(text);
                (base64(&once).0.into(), read)
            }
        };
        Self { bytes, form, read }
    }

    fn steps(&self) -> impl Iterator<Item = Step> + use<> {
        let layers = match self.form {
            LeadForm::Raw => 0,
            LeadForm::Base64 => 1,
            LeadForm::Base64Twice => 2,
        };
        std::iter::repeat_n(Step::Decoded(Encoding::Base64), layers)
    }

    /// Whether it may go on behind the text it was read from.
    fn reaches(&self, text: &[u8]) -> bool {
        self.form == LeadForm::Raw || self.read == text.len()
    }
}

/// Decodes base64 (RFC 4648), in the standard or the URL-safe alphabet, that may be wrapped, up to
/// the first byte that is neither a digit nor a line break. Returns how much was read, too.
fn base64(text: &[u8]) -> (Vec<u8>, usize) {
    let mut decoded = Vec::with_capacity(text.len().min(1 << 16) / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    let (mut at, mut in_line) = (0, true);
    while let Some(&byte) = text.get(at) {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'\n' | b'\r' => {
                (at, in_line) = (at + 1, false);
                continue;
            }
            // An indent, or what stands at the end of a line. Between words a blank ends it.
            b' ' | b'\t' if !in_line || ends_a_line(&text[at..]) => {
                at += 1;
                continue;
            }
            // Line breaks and slashes as JSON writes them.
            b'\\' if matches!(text.get(at + 1), Some(b'n' | b'r')) => {
                (at, in_line) = (at + 2, false);
                continue;
            }
            b'\\' if text.get(at + 1) == Some(&b'/') => {
                at += 1;
                continue;
            }
            _ => break,
        };
        (bits, count, at, in_line) = (bits << 6 | u32::from(digit), count + 6, at + 1, true);
        if count >= 8 {
            count -= 8;
            decoded.push((bits >> count & 0xff) as u8);
        }
    }
    (decoded, at)
}

fn ends_a_line(text: &[u8]) -> bool {
    let rest = text.iter().take(LOOKED_AT).find(|b| !matches!(b, b' ' | b'\t'));
    matches!(rest, Some(b'\n' | b'\r'))
}

#[cfg(test)]
mod tests {
    use data_encoding::{BASE64, BASE64_MIME, BASE64URL_NOPAD};
    use proptest::prelude::*;

    use super::base64;

    proptest! {
        #[test]
        fn base64_is_read_in_every_form(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let plain = BASE64.encode(&bytes);
            let wrapped = BASE64_MIME.encode(&bytes);
            for text in [
                plain.clone(),
                BASE64URL_NOPAD.encode(&bytes),
                wrapped.replace("\r\n", "\\n"),
                plain.replace('/', "\\/"),
                wrapped,
            ] {
                let (decoded, read) = base64(format!("{text}\": 1").as_bytes());
                prop_assert_eq!(&decoded, &bytes);
                prop_assert!(read <= text.len());
            }
        }
    }
}
