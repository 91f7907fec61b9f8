//! Names of objects.

use std::fmt;

/// The longest name, that of SHA-256, in bytes.
const LONGEST: usize = 32;

/// The hash that names a repository's objects (gitformat-hash-function-transition).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha1,
    Sha256,
}

impl Hash {
    /// How long a name is, in bytes.
    pub(crate) fn len(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => LONGEST,
        }
    }

    /// Whether this is the tree without entries, which git knows without having it.
    pub(crate) fn is_empty_tree(self, id: &ObjectId) -> bool {
        let name = match self {
            Self::Sha1 => "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
            Self::Sha256 => "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
        };
        ObjectId::from_hex(name.as_bytes()).as_ref() == Some(id)
    }
}

/// The name of an object.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ObjectId {
    // The bytes come first, so that ids compare as they are sorted in an index.
    bytes: [u8; LONGEST],
    len: u8,
}

impl ObjectId {
    /// The id of these bytes, unless they are too many to be one.
    pub(crate) fn new(bytes: &[u8]) -> Option<Self> {
        let mut id = Self { bytes: [0; LONGEST], len: u8::try_from(bytes.len()).ok()? };
        id.bytes.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(id)
    }

    /// Reads a whole id in hexadecimal.
    pub(crate) fn from_hex(text: &[u8]) -> Option<Self> {
        let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
        if !matches!(text.len(), 40 | 64) {
            return None;
        }
        let mut id = Self { bytes: [0; LONGEST], len: u8::try_from(text.len() / 2).ok()? };
        for (byte, pair) in id.bytes.iter_mut().zip(text.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(id)
    }

    /// The bytes, 20 or 32 of them.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len).min(LONGEST)]
    }

    /// Whether it stands for no object: all zeros.
    pub(crate) fn is_null(&self) -> bool {
        self.bytes == [0; LONGEST]
    }
}

/// Writes bytes in hexadecimal behind what `text` holds.
pub(crate) fn push_hex(text: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(2 * LONGEST);
        push_hex(&mut text, self.as_bytes());
        f.write_str(&text)
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_is_read_as_it_is_written() {
        for text in ["0123456789abcdef".repeat(4), "89abcdef01".repeat(4)] {
            let id = ObjectId::from_hex(text.as_bytes()).unwrap();
            assert_eq!(id.to_string(), text);
            assert_eq!(ObjectId::new(id.as_bytes()), Some(id));
        }
        for bad in ["", "0", &"0".repeat(39), &"g".repeat(40), &"é".repeat(20)] {
            assert_eq!(ObjectId::from_hex(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(ObjectId::new(&[0; 33]), None);
    }
}
