//! The comments of a GIF, which are cut every 255 bytes.

use crate::containers::inside::{Cut, Inside};

/// The signature and the screen, up to its table of colours.
const SCREEN: usize = 13;

/// An image, behind the byte that starts it and up to its table of colours.
const IMAGE: usize = 9;

/// `GIF89a` specification, sections 17 to 26. Image data is stepped over.
pub(in crate::containers) fn read(inside: &Inside<'_>, bytes: &[u8]) -> Result<(), Cut> {
    for comment in Comments::of(bytes) {
        inside.part("comment", &mut comment.as_slice())?;
    }
    Ok(())
}

/// The comments of more than one block. What stands in one is searched where it stands.
struct Comments<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Comments<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, at: SCREEN + table_len(bytes.get(10)) }
    }

    /// Steps over the blocks up to the empty one that ends them, and calls `on_block` for each.
    fn blocks(&mut self, on_block: &mut dyn FnMut(&[u8])) {
        while let Some(&len) = self.bytes.get(self.at) {
            let start = self.at + 1;
            self.at = start + usize::from(len);
            if len == 0 {
                return;
            }
            on_block(&self.bytes[start..self.at.min(self.bytes.len())]);
        }
    }
}

impl Iterator for Comments<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            let from = self.at;
            self.at += match self.bytes.get(from)? {
                b'!' => 2,
                // An image has one byte, the size of its codes, before its blocks.
                b',' => 1 + IMAGE + table_len(self.bytes.get(from + IMAGE)) + 1,
                _ => return None,
            };
            let is_comment = self.bytes[from..].starts_with(b"!\xfe");
            let (mut comment, mut blocks) = (Vec::new(), 0);
            self.blocks(&mut |block| {
                if is_comment {
                    comment.extend_from_slice(block);
                    blocks += 1;
                }
            });
            if blocks > 1 {
                return Some(comment);
            }
        }
    }
}

/// The length of a table of colours, by the flags that announce it.
fn table_len(flags: Option<&u8>) -> usize {
    flags.filter(|&&flags| flags & 0x80 != 0).map_or(0, |flags| 3 << ((flags & 7) + 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A GIF of one black pixel and a comment, as Pillow writes it.
    fn gif(comment: &[u8]) -> Vec<u8> {
        let mut gif = b"GIF89a\x01\0\x01\0\x81\0\0\0\0\0\0\0\0\0\0\0\0\0\0!\xfe".to_vec();
        for block in comment.chunks(255) {
            gif.push(u8::try_from(block.len()).expect("blocks are short"));
            gif.extend(block);
        }
        gif.extend(b"\0,\0\0\0\0\x01\0\x01\0\0\x08\x04\0\x01\x04\x04\0;");
        gif
    }

    fn comments(gif: &[u8]) -> Vec<Vec<u8>> {
        Comments::of(gif).collect()
    }

    #[test]
    fn long_comments_are_joined_and_others_stay() {
        let comment = vec![b'c'; 600];
        assert_eq!(comments(&gif(&comment)), [comment]);
        assert!(comments(&gif(b"short")).is_empty());
        let behind = [&gif(b"")[..], b"trailer"].concat();
        assert!(comments(&behind).is_empty());
    }

    proptest! {
        #[test]
        fn a_gif_may_be_cut_or_lie(cut in 0_usize..700, at in 0_usize..700, byte: u8) {
            let mut gif = gif(&[b'c'; 600]);
            let place = at % gif.len();
            gif[place] = byte;
            gif.truncate(cut);
            let length: usize = comments(&gif).iter().map(Vec::len).sum();
            prop_assert!(length <= gif.len());
        }
    }
}
