//! Packs and indexes that git would not write.

use std::io::Write as _;

/// A pack that is being written.
pub(crate) struct Pack {
    bytes: Vec<u8>,
    /// The id of each entry's object, and where the entry starts.
    entries: Vec<([u8; 20], usize)>,
}

impl Pack {
    pub(crate) const BLOB: u8 = 3;
    const OFFSET_DELTA: u8 = 6;
    const NAMED_DELTA: u8 = 7;

    pub(crate) fn new() -> Self {
        Self { bytes: b"PACK\0\0\0\x02\0\0\0\0".to_vec(), entries: Vec::new() }
    }

    /// Adds an object of `content` that says it has `size` bytes.
    pub(crate) fn blob(&mut self, size: usize, content: &[u8]) {
        self.header(Self::BLOB, size);
        self.deflate(content);
    }

    /// Adds what `delta` makes of the entry of a number.
    pub(crate) fn delta(&mut self, base: usize, delta: &[u8]) {
        let distance = self.bytes.len() - self.entries[base].1;
        self.header(Self::OFFSET_DELTA, delta.len());
        // Seven bits a byte, the highest first, and each byte but the first one more than it says.
        let (mut rest, mut coded) = (distance >> 7, vec![low_bits(distance)]);
        while rest > 0 {
            rest -= 1;
            coded.push(0x80 | low_bits(rest));
            rest >>= 7;
        }
        self.bytes.extend(coded.iter().rev());
        self.deflate(delta);
    }

    /// Adds an object of an id that is made of another, which may be anywhere.
    pub(crate) fn named(&mut self, id: u8, base: u8, delta: &[u8]) {
        self.header(Self::NAMED_DELTA, delta.len());
        if let Some(entry) = self.entries.last_mut() {
            entry.0 = [id; 20];
        }
        self.bytes.extend([base; 20]);
        self.deflate(delta);
    }

    /// Says that another object is where the last one is.
    pub(crate) fn same_place(&mut self) {
        let at = self.entries[self.entries.len() - 1].1;
        self.entries.push(([0xa5; 20], at));
    }

    fn header(&mut self, kind: u8, size: usize) {
        let mut id = [0x5a; 20];
        id[16..].copy_from_slice(&u32::try_from(self.entries.len()).unwrap().to_be_bytes());
        self.entries.push((id, self.bytes.len()));
        let (mut byte, mut rest) = (kind << 4 | low_bits(size) & 15, size >> 4);
        while rest > 0 {
            self.bytes.push(byte | 0x80);
            (byte, rest) = (low_bits(rest), rest >> 7);
        }
        self.bytes.push(byte);
    }

    fn deflate(&mut self, content: &[u8]) {
        let best = flate2::Compression::best();
        let mut encoder = flate2::write::ZlibEncoder::new(&mut self.bytes, best);
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap();
    }

    /// The pack and its index.
    pub(crate) fn finish(mut self) -> (Vec<u8>, Vec<u8>) {
        let count = u32::try_from(self.entries.len()).unwrap();
        self.bytes[8..12].copy_from_slice(&count.to_be_bytes());
        self.bytes.extend([0; 20]);
        (self.bytes, index(&self.entries))
    }
}

/// An index of version 2, without the checksums that nobody but git compares.
pub(crate) fn index(entries: &[([u8; 20], usize)]) -> Vec<u8> {
    let mut entries = entries.to_vec();
    entries.sort_unstable();
    let mut bytes = b"\xfftOc\0\0\0\x02".to_vec();
    for first in 0..=255 {
        let up_to = entries.iter().filter(|(id, _)| id[0] <= first).count();
        bytes.extend(u32::try_from(up_to).unwrap().to_be_bytes());
    }
    for (id, _) in &entries {
        bytes.extend(id);
    }
    bytes.extend(vec![0; 4 * entries.len()]);
    for (_, at) in &entries {
        bytes.extend(u32::try_from(*at).unwrap().to_be_bytes());
    }
    bytes.extend([0; 40]);
    bytes
}

fn low_bits(number: usize) -> u8 {
    u8::try_from(number & 0x7f).unwrap()
}

/// A delta that copies the base, of `size` bytes, some times over.
pub(crate) fn multiplied(size: usize, times: usize) -> Vec<u8> {
    let mut delta = Vec::new();
    for mut number in [size, size * times] {
        while number > 0x7f {
            delta.push(0x80 | low_bits(number));
            number >>= 7;
        }
        delta.push(low_bits(number));
    }
    for _ in 0..times {
        // All of the base, up to 64 KiB at a time.
        for from in (0..size).step_by(0x10000) {
            let len = (size - from).min(0x10000) & 0xffff;
            delta.push(0b1011_1111);
            delta.extend(&u32::try_from(from).unwrap().to_le_bytes());
            delta.extend(&u16::try_from(len).unwrap().to_le_bytes());
        }
    }
    delta
}
