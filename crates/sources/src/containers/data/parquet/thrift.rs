//! The little of Thrift's compact protocol that Parquet's structures are read with.
//!
//! Nothing is stored: a structure is walked field by field, and what nobody asks for is stepped over.
//!
//! <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>

use std::io::{self, Read};

/// How deep structures may lie in one another. Parquet's do not go beyond seven.
const MOST_DEPTH: u8 = 16;

/// The most of a string that is read, in bytes. The rest is stepped over.
const MOST_STRING: u64 = 1 << 10;

/// The type of a field or of a list's elements, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Type(u8);

impl Type {
    const TRUE: Self = Self(1);
    const FALSE: Self = Self(2);
}

/// A reader of structures. Its methods return nothing where the bytes end or make no sense.
pub(super) struct Thrift<'a> {
    bytes: &'a mut dyn Read,
}

impl<'a> Thrift<'a> {
    pub(super) fn new(bytes: &'a mut dyn Read) -> Self {
        Self { bytes }
    }

    /// Walks a structure. `field` gets the number and the type of each field, and returns whether
    /// it has read it.
    pub(super) fn structure(
        &mut self,
        field: &mut dyn FnMut(&mut Self, i16, Type) -> Option<bool>,
    ) -> Option<()> {
        let mut number = 0_i16;
        loop {
            let head = self.byte()?;
            let kind = Type(head & 0x0f);
            if kind.0 == 0 {
                return Some(());
            }
            number = match head >> 4 {
                0 => i16::try_from(self.integer()?).ok()?,
                step => number.checked_add(i16::from(step))?,
            };
            if !field(self, number, kind)? {
                self.skip(kind, 0)?;
            }
        }
    }

    /// Walks a list. `element` must read each element and gets its place.
    pub(super) fn list(
        &mut self,
        element: &mut dyn FnMut(&mut Self, u64) -> Option<()>,
    ) -> Option<()> {
        let (_, count) = self.list_head()?;
        (0..count).try_for_each(|i| element(self, i))
    }

    /// A whole number of any width.
    pub(super) fn integer(&mut self) -> Option<i64> {
        let raw = self.varint()?;
        Some((raw >> 1).cast_signed() ^ -((raw & 1).cast_signed()))
    }

    /// A whole number that is a size or a count.
    pub(super) fn size(&mut self) -> Option<u64> {
        u64::try_from(self.integer()?).ok()
    }

    /// The start of a string.
    pub(super) fn string(&mut self) -> Option<String> {
        let length = self.varint()?;
        let kept = length.min(MOST_STRING);
        let mut bytes = Vec::new();
        (&mut *self.bytes).take(kept).read_to_end(&mut bytes).ok()?;
        self.pass(length - kept)?;
        (bytes.len() as u64 == kept).then(|| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// A truth value, which is written in the type.
    pub(super) fn truth(kind: Type) -> bool {
        kind == Type::TRUE
    }

    fn skip(&mut self, kind: Type, depth: u8) -> Option<()> {
        if depth > MOST_DEPTH {
            return None;
        }
        match kind.0 {
            1 | 2 => Some(()),
            3 => self.byte().map(drop),
            4..=6 => self.varint().map(drop),
            7 => self.pass(8),
            8 => {
                let length = self.varint()?;
                self.pass(length)
            }
            9 | 10 => {
                let (element, count) = self.list_head()?;
                (0..count).try_for_each(|_| self.skip_element(element, depth + 1))
            }
            11 => self.skip_map(depth + 1),
            12 => self.structure(&mut |inner, _, kind| inner.skip(kind, depth + 1).map(|()| true)),
            13 => self.pass(16),
            _ => None,
        }
    }

    /// A truth value takes a byte where it is no field.
    fn skip_element(&mut self, kind: Type, depth: u8) -> Option<()> {
        match kind {
            Type::TRUE | Type::FALSE => self.byte().map(drop),
            other => self.skip(other, depth),
        }
    }

    fn skip_map(&mut self, depth: u8) -> Option<()> {
        let count = self.varint()?;
        let types = if count > 0 { self.byte()? } else { 0 };
        (0..count).try_for_each(|_| {
            self.skip_element(Type(types >> 4), depth)?;
            self.skip_element(Type(types & 0x0f), depth)
        })
    }

    fn list_head(&mut self) -> Option<(Type, u64)> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => self.varint()?,
            short => u64::from(short),
        };
        Some((Type(head & 0x0f), count))
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn byte(&mut self) -> Option<u8> {
        let mut byte = [0];
        self.bytes.read_exact(&mut byte).ok()?;
        Some(byte[0])
    }

    fn pass(&mut self, length: u64) -> Option<()> {
        let passed = io::copy(&mut (&mut *self.bytes).take(length), &mut io::sink()).ok()?;
        (passed == length).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fields_are_numbered_by_steps_and_unknown_ones_are_passed() {
        // Field 1: the integer -3; field 2: a list of two lists of truths; field 40: "hi"; stop.
        let mut bytes: &[u8] = &[0x15, 5, 0x19, 0x29, 0x12, 1, 0x02, 0x08, 80, 2, b'h', b'i', 0];
        let mut seen = Vec::new();
        let walked = Thrift::new(&mut bytes).structure(&mut |thrift, number, _| match number {
            1 => thrift.integer().map(|n| seen.push(n.to_string())).map(|()| true),
            40 => thrift.string().map(|s| seen.push(s)).map(|()| true),
            _ => Some(false),
        });
        assert_eq!((walked, seen), (Some(()), vec!["-3".to_owned(), "hi".to_owned()]));
    }

    #[test]
    fn what_goes_too_deep_or_states_too_much_ends() {
        let deep = vec![0x1c; 99_999];
        assert_eq!(Thrift::new(&mut &deep[..]).structure(&mut |_, _, _| Some(false)), None);
        // A list of more structures than there are bytes.
        let many: &[u8] = &[0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0];
        assert_eq!(Thrift::new(&mut &*many).structure(&mut |_, _, _| Some(false)), None);
    }

    proptest! {
        #[test]
        fn noise_does_no_harm(noise in prop::collection::vec(any::<u8>(), 0..500)) {
            let _: Option<()> = Thrift::new(&mut &*noise).structure(&mut |_, _, _| Some(false));
        }
    }
}
