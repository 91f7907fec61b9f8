//! The comments of a GIF, which are cut every 255 bytes.

use crate::containers::inside::{Cut, Inside};

/// The signature and the screen, up to its table of colours.
const SCREEN: usize = 13;

/// An image, behind the byte that starts it and up to its table of colours.
const IMAGE: usize = 9;

/// `GIF89a` specification, sections 17 to 26. Image data is stepped over.
pub(in crate::containers) fn read(inside: &Inside<'_>, bytes: &[u8]) -> Result<(), Cut> {
    for comment in comments(bytes) {
        inside.part("comment", &mut comment.as_slice())?;
    }
    Ok(())
}

/// The comments of more than one block. What stands in one is searched where it stands.
fn comments(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut comments = Vec::new();
    let mut at = SCREEN + table_len(bytes.get(10));
    while let Some(&start) = bytes.get(at) {
        let blocks = match start {
            b'!' => at + 2,
            // An image has one byte, the size of its codes, before its blocks.
            b',' => at + 1 + IMAGE + table_len(bytes.get(at + IMAGE)) + 1,
            _ => break,
        };
        let (joined, end) = joined(bytes, blocks);
        if bytes.get(at..at + 2) == Some(b"!\xfe") && joined.len() > 1 {
            comments.push(joined.concat());
        }
        at = end;
    }
    comments
}

/// The length of a table of colours, by the flags that announce it.
fn table_len(flags: Option<&u8>) -> usize {
    flags.filter(|&&flags| flags & 0x80 != 0).map_or(0, |flags| 3 << ((flags & 7) + 1))
}

/// The blocks from an offset to the empty one that ends them, and the offset behind that.
fn joined(bytes: &[u8], mut at: usize) -> (Vec<&[u8]>, usize) {
    let mut blocks = Vec::new();
    while let Some(&len) = bytes.get(at) {
        let block = at + 1..at + 1 + usize::from(len);
        at = block.end;
        match bytes.get(block.clone()).or_else(|| bytes.get(block.start..)) {
            Some(block) if len > 0 => blocks.push(block),
            _ => break,
        }
    }
    (blocks, at)
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
