//! The little of `FlatBuffers` that Arrow's messages are read with.
//!
//! <https://flatbuffers.dev/internals/>

/// The most of a string that is read, in bytes. Any number of tables may share a longer one.
const MOST_STRING: usize = 1 << 10;

/// A table in a buffer.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the description of its fields lies.
    fields: usize,
}

impl<'a> Table<'a> {
    /// The table that a buffer holds.
    pub(super) fn root(bytes: &'a [u8]) -> Option<Self> {
        Self::at(bytes, usize::try_from(u32_at(bytes, 0)?).ok()?)
    }

    fn at(bytes: &'a [u8], at: usize) -> Option<Self> {
        let back = u32_at(bytes, at)?.cast_signed();
        let fields = isize::try_from(at).ok()?.checked_sub(isize::try_from(back).ok()?)?;
        let fields = usize::try_from(fields).ok()?;
        bytes.get(fields..fields.checked_add(4)?)?;
        Some(Self { bytes, at, fields })
    }

    /// Where a field lies, if the table has it.
    fn field(&self, index: usize) -> Option<usize> {
        let size = u16_at(self.bytes, self.fields)?;
        let place = 4 + 2 * index;
        if place + 2 > usize::from(size) {
            return None;
        }
        match u16_at(self.bytes, self.fields.checked_add(place)?)? {
            0 => None,
            offset => self.at.checked_add(usize::from(offset)),
        }
    }

    pub(super) fn byte(&self, index: usize) -> Option<u8> {
        self.bytes.get(self.field(index)?).copied()
    }

    pub(super) fn long(&self, index: usize) -> Option<i64> {
        i64_at(self.bytes, self.field(index)?)
    }

    pub(super) fn table(&self, index: usize) -> Option<Self> {
        Self::at(self.bytes, self.target(index)?)
    }

    /// The elements of a vector of pairs of numbers.
    pub(super) fn pairs(&self, index: usize) -> Option<impl Iterator<Item = (i64, i64)> + use<'a>> {
        const PAIR: usize = 16;
        let at = self.target(index)?;
        let count = usize::try_from(u32_at(self.bytes, at)?).ok()?;
        let pairs = self.bytes.get(at.checked_add(4)?..)?.chunks_exact(PAIR).take(count);
        Some(pairs.filter_map(|pair| Some((i64_at(pair, 0)?, i64_at(pair, 8)?))))
    }

    /// The elements of a vector of tables.
    pub(super) fn tables(&self, index: usize) -> Option<impl Iterator<Item = Self> + use<'a>> {
        let (bytes, at) = (self.bytes, self.target(index)?);
        let count = usize::try_from(u32_at(bytes, at)?).ok()?;
        let first = at.checked_add(4)?;
        let places = (first..bytes.len()).step_by(4).take(count);
        Some(places.filter_map(move |place| {
            Self::at(bytes, place.checked_add(usize::try_from(u32_at(bytes, place)?).ok()?)?)
        }))
    }

    /// The start of a string.
    pub(super) fn string(&self, index: usize) -> Option<String> {
        let at = self.target(index)?;
        let length = usize::try_from(u32_at(self.bytes, at)?).ok()?;
        let text = self.bytes.get(at.checked_add(4)?..)?.get(..length)?;
        Some(String::from_utf8_lossy(&text[..length.min(MOST_STRING)]).into_owned())
    }

    /// What a field leads to.
    fn target(&self, index: usize) -> Option<usize> {
        let field = self.field(index)?;
        field.checked_add(usize::try_from(u32_at(self.bytes, field)?).ok()?)
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|half| u16::from_le_bytes(*half))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|word| u32::from_le_bytes(*word))
}

fn i64_at(bytes: &[u8], at: usize) -> Option<i64> {
    bytes.get(at..)?.first_chunk().map(|long| i64::from_le_bytes(*long))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_that_tables_may_share_is_cut() {
        for (length, read) in [(5, 5), (MOST_STRING, MOST_STRING), (1 << 20, MOST_STRING)] {
            // The root lies behind its description, which has one field, and leads to the string.
            let mut bytes = [10_u32.to_le_bytes(), [6, 0, 8, 0], [4, 0, 0, 0]].concat();
            bytes.truncate(10);
            bytes.extend(6_u32.to_le_bytes());
            bytes.extend(4_u32.to_le_bytes());
            bytes.extend(u32::try_from(length).expect("it is short").to_le_bytes());
            bytes.resize(bytes.len() + length, b'x');
            let name = Table::root(&bytes).and_then(|table| table.string(0));
            assert_eq!(name.map(|name| name.len()), Some(read));
        }
    }
}
