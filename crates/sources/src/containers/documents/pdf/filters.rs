//! What packs a stream (ISO 32000-2, section 7.4).

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::ZlibDecoder;
use weezl::{BitOrder, LzwStatus, decode::Decoder};

use super::number_of;

/// How a stream is packed, but for what packs images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filter {
    Ascii85,
    AsciiHex,
    Flate,
    Lzw,
    RunLength,
}

/// The widest row that is undone, in bytes.
const WIDEST_ROW: usize = 1 << 20;

/// How much a filter unpacks at a time, in bytes.
const CHUNK: usize = 1 << 12;

impl Filter {
    /// The filter of a name, or of what it is called for short (table 92).
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        Some(match name.trim_ascii() {
            b"ASCII85Decode" | b"A85" => Self::Ascii85,
            b"ASCIIHexDecode" | b"AHx" => Self::AsciiHex,
            b"FlateDecode" | b"Fl" => Self::Flate,
            b"LZWDecode" | b"LZW" => Self::Lzw,
            b"RunLengthDecode" | b"RL" => Self::RunLength,
            _ => return None,
        })
    }

    /// Reads what was packed, as the dictionary says it was.
    pub(super) fn undo<'a>(
        self,
        packed: Box<dyn Read + 'a>,
        dictionary: &[u8],
    ) -> Box<dyn Read + 'a> {
        let packed = BufReader::new(packed);
        match self {
            Self::Ascii85 => Box::new(Groups::new(packed, ascii85)),
            Self::AsciiHex => Box::new(Groups::new(packed, ascii_hex)),
            Self::RunLength => Box::new(Groups::new(packed, run)),
            Self::Flate => predicted(ZlibDecoder::new(packed), dictionary),
            Self::Lzw => {
                // Nearly every writer widens its codes one too early, which is the rule.
                let decoder = match number_of(dictionary, b"/EarlyChange") {
                    Some(0) => Decoder::new(BitOrder::Msb, 8),
                    _ => Decoder::with_tiff_size_switch(BitOrder::Msb, 8),
                };
                predicted(Lzw { packed, decoder }, dictionary)
            }
        }
    }
}

/// Undoes the prediction of rows, if PNG's was applied before packing (section 7.4.4.4).
fn predicted<'a>(unpacked: impl Read + 'a, dictionary: &[u8]) -> Box<dyn Read + 'a> {
    let number = |key: &[u8], otherwise| number_of(dictionary, key).unwrap_or(otherwise);
    let bits = number(b"/Colors", 1).saturating_mul(number(b"/BitsPerComponent", 8));
    let width = bits.saturating_mul(number(b"/Columns", 1)).div_ceil(8);
    if number(b"/Predictor", 1) < 10 || width == 0 || width > WIDEST_ROW {
        return Box::new(unpacked);
    }
    let step = bits.div_ceil(8).clamp(1, width);
    let row = vec![0; width];
    Box::new(Rows { unpacked: BufReader::new(unpacked), step, row, left: 0 })
}

/// Rows of which each was written as the difference to its neighbourhood.
struct Rows<R> {
    unpacked: R,
    /// How many bytes before each byte the one stands that it is compared with.
    step: usize,
    row: Vec<u8>,
    /// How many bytes of the row have not been handed out.
    left: usize,
}

impl<R: BufRead> Rows<R> {
    /// Reads the next row. False if there is none.
    fn next(&mut self) -> io::Result<bool> {
        let mut kind = [0];
        if self.unpacked.read(&mut kind)? == 0 {
            return Ok(false);
        }
        let above = self.row.clone();
        self.row.fill(0);
        let read = crate::stream::fill(&mut self.unpacked, &mut self.row)?;
        self.left = read;
        for at in 0..read {
            let before = at.checked_sub(self.step);
            let (left, up) = (before.map_or(0, |b| self.row[b]), above[at]);
            let corner = before.map_or(0, |b| above[b]);
            let guess = match kind[0] {
                1 => left,
                2 => up,
                3 => left.midpoint(up),
                4 => nearest(left, up, corner),
                _ => 0,
            };
            self.row[at] = self.row[at].wrapping_add(guess);
        }
        // What is missing of the last row is not handed out, and the rest of it moves to the end.
        let missing = self.row.len() - read;
        self.row.rotate_right(missing);
        Ok(true)
    }
}

impl<R: BufRead> Read for Rows<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.left == 0 {
            if !self.next()? {
                return Ok(0);
            }
        }
        let read = self.left.min(buffer.len());
        let from = self.row.len() - self.left;
        buffer[..read].copy_from_slice(&self.row[from..from + read]);
        self.left -= read;
        Ok(read)
    }
}

/// Paeth's predictor (PNG, third edition, section 9.4).
fn nearest(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    // The first of equals wins.
    [left, up, corner].into_iter().min_by_key(|&b| guess.abs_diff(i16::from(b))).unwrap_or(left)
}

struct Lzw<R> {
    packed: R,
    decoder: Decoder,
}

impl<R: BufRead> Read for Lzw<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let packed = self.packed.fill_buf()?;
            let result = self.decoder.decode_bytes(packed, buffer);
            self.packed.consume(result.consumed_in);
            let status = result.status.map_err(io::Error::other)?;
            if result.consumed_out > 0 || buffer.is_empty() || !matches!(status, LzwStatus::Ok) {
                return Ok(result.consumed_out);
            }
        }
    }
}

/// Something that is unpacked group by group.
struct Groups<R> {
    packed: io::Bytes<R>,
    /// Unpacks one group. False if it was the last.
    next: fn(&mut io::Bytes<R>, &mut Vec<u8>) -> io::Result<bool>,
    unpacked: Vec<u8>,
    /// How much of `unpacked` has been handed out.
    read: usize,
    is_over: bool,
}

impl<R: BufRead> Groups<R> {
    fn new(packed: R, next: fn(&mut io::Bytes<R>, &mut Vec<u8>) -> io::Result<bool>) -> Self {
        Self { packed: packed.bytes(), next, unpacked: Vec::new(), read: 0, is_over: false }
    }
}

impl<R: BufRead> Read for Groups<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.unpacked.len() {
            self.unpacked.clear();
            self.read = 0;
            while !self.is_over && self.unpacked.len() < CHUNK {
                self.is_over = !(self.next)(&mut self.packed, &mut self.unpacked)?;
            }
        }
        let read = (&self.unpacked[self.read..]).read(buffer)?;
        self.read += read;
        Ok(read)
    }
}

/// The next byte that is no white space, or none at the end or the mark that stands for it.
fn digit(packed: &mut impl Iterator<Item = io::Result<u8>>, end: u8) -> io::Result<Option<u8>> {
    for byte in packed {
        let byte = byte?;
        if !byte.is_ascii_whitespace() && byte != 0 {
            return Ok(Some(byte).filter(|&b| b != end));
        }
    }
    Ok(None)
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Section 7.4.2. A digit that is missing at the end is a zero.
fn ascii_hex<R: BufRead>(packed: &mut io::Bytes<R>, unpacked: &mut Vec<u8>) -> io::Result<bool> {
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|v| u8::try_from(v).ok());
    let Some(high) = digit(packed, b'>')? else { return Ok(false) };
    let low = digit(packed, b'>')?;
    match (value(high), value(low.unwrap_or(b'0'))) {
        (Some(high), Some(low)) => unpacked.push(high << 4 | low),
        _ => return Err(invalid("not a hexadecimal digit")),
    }
    Ok(low.is_some())
}

/// Section 7.4.3.
fn ascii85<R: BufRead>(packed: &mut io::Bytes<R>, unpacked: &mut Vec<u8>) -> io::Result<bool> {
    let (mut value, mut count) = (0_u32, 0);
    while count < 5 {
        match digit(packed, b'~')? {
            Some(b'z') if count == 0 => {
                unpacked.extend([0; 4]);
                return Ok(true);
            }
            Some(b @ b'!'..=b'u') => {
                value = value.wrapping_mul(85).wrapping_add(u32::from(b - b'!'));
            }
            Some(_) => return Err(invalid("not a digit of base 85")),
            None => break,
        }
        count += 1;
    }
    // A group that breaks off is filled up with the highest digit.
    let filled = (count..5).fold(value, |value, _| value.wrapping_mul(85).wrapping_add(84));
    let whole = usize::from(count > 0) * (count.max(1) - 1);
    unpacked.extend(&filled.to_be_bytes()[..whole]);
    Ok(count == 5)
}

/// Section 7.4.5.
fn run<R: BufRead>(packed: &mut io::Bytes<R>, unpacked: &mut Vec<u8>) -> io::Result<bool> {
    match packed.next().transpose()? {
        None | Some(128) => return Ok(false),
        Some(length @ 0..128) => {
            for byte in packed.take(usize::from(length) + 1) {
                unpacked.push(byte?);
            }
        }
        Some(length) => {
            let byte = packed.next().transpose()?;
            unpacked.extend(byte.into_iter().cycle().take(257 - usize::from(length)));
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn undone(filter: Filter, packed: &[u8], dictionary: &[u8]) -> io::Result<Vec<u8>> {
        let mut unpacked = Vec::new();
        filter.undo(Box::new(packed), dictionary).read_to_end(&mut unpacked).map(|_| unpacked)
    }

    #[test]
    fn the_filters_read_what_others_write() {
        // python3: base64.a85encode(b"hello worlds\0\0\0\0") and of b"hi".
        let cases: [(Filter, &[u8], &[u8]); 6] = [
            (Filter::Ascii85, b"BOu!\nrD]j7BEbo9-z~>", b"hello worlds\0\0\0\0"),
            (Filter::Ascii85, b"BP@~>", b"hi"),
            (Filter::AsciiHex, b"68 65\n6C6c7>ff", b"hellp"),
            (Filter::RunLength, b"\x01ab\xfec\x80ff", b"abccc"),
            // The example of section 7.4.4.2.
            (Filter::Lzw, b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", b"-----A---B"),
            (Filter::Ascii85, b"~>", b""),
        ];
        for (filter, packed, expected) in cases {
            assert_eq!(undone(filter, packed, b"").expect("valid"), expected, "{filter:?}");
        }
    }

    #[test]
    fn rows_are_undone_with_every_predictor() {
        let dictionary = b"<</Predictor 15 /Columns 3>>";
        let rows = [0, 1, 2, 3, 1, 1, 1, 1, 2, 1, 1, 1, 3, 1, 1, 1, 4, 1, 1, 1, 0, 9];
        let mut reader = predicted(&rows[..], dictionary);
        let mut unpacked = Vec::new();
        reader.read_to_end(&mut unpacked).expect("valid");
        let expected = [1, 2, 3, 1, 2, 3, 2, 3, 4, 2, 3, 4, 3, 4, 5, 9];
        assert_eq!(unpacked, expected);
        let wide = b"<</Predictor 15 /Columns 999999999>>";
        let mut unpacked = Vec::new();
        predicted(&b"ab"[..], wide).read_to_end(&mut unpacked).expect("valid");
        assert_eq!(unpacked, b"ab");
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(packed in prop::collection::vec(any::<u8>(), 0..200)) {
            for name in [&b"A85"[..], b"AHx", b"Fl", b"LZW", b"RL"] {
                let filter = Filter::named(name).expect("a filter");
                let unpacked = undone(filter, &packed, b"<</Predictor 12/Columns 4>>");
                prop_assert!(unpacked.map_or(0, |u| u.len()) <= packed.len() * 4096);
            }
        }
    }
}
