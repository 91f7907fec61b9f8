//! Whole numbers as differences, packed in bits.
//!
//! <https://parquet.apache.org/docs/file-format/data-pages/encodings/>, "Delta encoding".

/// Reads the run of numbers that `bytes` starts with, which may not be more than `most`: a block of
/// numbers that are alike takes no bytes, however many it holds. Returns what follows it, too.
pub(super) fn run(bytes: &[u8], most: usize) -> Option<(Vec<i64>, &[u8])> {
    let mut bytes = bytes;
    let block = varint(&mut bytes)?;
    let miniblocks = usize::try_from(varint(&mut bytes)?).ok().filter(|&count| count > 0)?;
    let count = usize::try_from(varint(&mut bytes)?).ok().filter(|&count| count <= most)?;
    let in_miniblock = usize::try_from(block).ok()? / miniblocks;
    if in_miniblock == 0 || !in_miniblock.is_multiple_of(8) {
        return None;
    }
    let mut value = zigzag(varint(&mut bytes)?);
    let mut numbers = Vec::new();
    if count > 0 {
        numbers.push(value);
    }
    while numbers.len() < count {
        let least = zigzag(varint(&mut bytes)?);
        let (widths, rest) = bytes.split_at_checked(miniblocks)?;
        bytes = rest;
        for &width in widths {
            if numbers.len() == count {
                break;
            }
            let length = (in_miniblock / 8).checked_mul(usize::from(width))?;
            let (packed, rest) = bytes.split_at_checked(length)?;
            bytes = rest;
            for i in 0..in_miniblock.min(count - numbers.len()) {
                value = value.wrapping_add(least).wrapping_add(bits(packed, i, width)?);
                numbers.push(value);
            }
        }
    }
    Some((numbers, bytes))
}

/// The number in place `i` among numbers of so many bits, the lowest first.
fn bits(packed: &[u8], i: usize, width: u8) -> Option<i64> {
    let width = usize::from(width);
    if width == 0 {
        return Some(0);
    }
    if width > 64 {
        return None;
    }
    let first = i * width;
    let bytes = packed.get(first / 8..(first + width).div_ceil(8))?;
    let word = bytes.iter().rev().fold(0_u128, |word, &byte| word << 8 | u128::from(byte));
    let masked = word >> (first % 8) & ((1 << width) - 1);
    u64::try_from(masked).ok().map(u64::cast_signed)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

fn zigzag(raw: u64) -> i64 {
    (raw >> 1).cast_signed() ^ -((raw & 1).cast_signed())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_examples_of_the_specification_are_read() {
        // 1, 2, 3, 4, 5: blocks of 128 in four, a difference of one and no bits.
        let mut bytes = vec![0x80, 1, 4, 5, 2, 2, 0, 0, 0, 0];
        bytes.push(b'!');
        assert_eq!(run(&bytes, 5), Some((vec![1, 2, 3, 4, 5], &b"!"[..])));
        assert_eq!(run(&bytes, 4), None);
        // 7, 5, 3, 1, 2, 3, 4, 5: the least difference is -2, and the others stand in two bits.
        let mut bytes = vec![0x80, 1, 4, 8, 14, 3, 2, 0, 0, 0, 0b1100_0000, 0b0011_1111];
        bytes.extend([0; 6]);
        assert_eq!(run(&bytes, 8), Some((vec![7, 5, 3, 1, 2, 3, 4, 5], &b""[..])));
    }

    #[test]
    fn a_run_that_states_more_than_it_has_is_bounded() {
        // A block of 2^56 numbers without a bit, and as many of them.
        let huge = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1];
        let bytes = [&huge[..], &[1], &huge[..], &[0, 0, 0]].concat();
        assert_eq!(run(&bytes, 1 << 20), None);
        // A block of 2^63 numbers of 255 bits, which is more bits than can be counted.
        let more = [&[0x80; 9][..], &[1]].concat();
        let bytes = [&more[..], &[1], &huge[..], &[0, 0, 0xff]].concat();
        assert_eq!(run(&bytes, 1 << 20), None);
    }

    proptest! {
        #[test]
        fn noise_does_no_harm(noise in prop::collection::vec(any::<u8>(), 0..300)) {
            run(&noise, 1 << 20);
        }
    }
}
