//! Deltas: how one object is made of another (gitformat-pack, "Deltified representation").

use std::ops::Range;

use super::{Corrupt, LARGEST, buffer::Buffer};

/// Up to this length, in bytes, a copy is made in one go, and what it writes too much is overwritten
/// by the next.
const SHORT: usize = 128;

/// From this size on the instructions are added up before room is made for what they say they make.
const DISTRUSTED: usize = 1 << 20;

const CUT_OFF: Corrupt = Corrupt("the delta is cut off");

/// Makes an object from its base.
///
/// Sets `fresh` to the parts in which it may differ from the base, in order. What touches none of them,
/// not even an empty one, stands in the base as well, between the same neighbours.
pub(crate) fn apply(
    base: &Buffer,
    delta: &[u8],
    out: &mut Buffer,
    fresh: &mut Vec<Range<usize>>,
) -> Result<(), Corrupt> {
    let mut at = 0;
    let base_size = size(delta, &mut at)?;
    let size = size(delta, &mut at)?;
    if base_size != base.len() {
        return Err(Corrupt("the delta is for a base of another size"));
    }
    if size > LARGEST {
        return Err(Corrupt("the delta makes an object larger than is held in memory"));
    }
    if size > DISTRUSTED && !makes(delta, at, size) {
        return Err(Corrupt("the delta does not make what it says"));
    }
    let room = out.room(size);
    let mut end = 0;
    // Where the base goes on behind what was copied last.
    let mut expected = Some(0);
    fresh.clear();
    while let Some(&code) = delta.get(at) {
        at += 1;
        let (source, from, len) = if code & 0x80 != 0 {
            let copy = Copy::parse(code, delta, &mut at)?;
            if copy.from + copy.len > base.len() {
                return Err(Corrupt("the delta copies from beyond its base"));
            }
            // Behind something inserted the seam is known already.
            if expected.is_some_and(|expected| expected != copy.from) {
                fresh.push(end..end);
            }
            expected = Some(copy.from + copy.len);
            (base.padded(), copy.from, copy.len)
        } else {
            let (from, len) = (at, usize::from(code));
            if len == 0 || from + len > delta.len() {
                return Err(if len == 0 {
                    Corrupt("the delta has an unknown code")
                } else {
                    CUT_OFF
                });
            }
            at += len;
            fresh.push(end..end + len);
            expected = None;
            (delta, from, len)
        };
        if len > size - end {
            return Err(Corrupt("the delta makes more than it says"));
        }
        write(&source[from..], len, &mut room[end..]);
        end += len;
    }
    if end < size {
        return Err(Corrupt("the delta makes less than it says"));
    }
    if expected.is_some_and(|expected| expected != base.len()) {
        fresh.push(end..end);
    }
    Ok(())
}

/// How large an object a delta says that it makes, in bytes.
pub(crate) fn size_of_result(delta: &[u8]) -> Result<usize, Corrupt> {
    let mut at = 0;
    size(delta, &mut at)?;
    size(delta, &mut at)
}

/// Copies `len` bytes. The slack behind both lets most be copied as vectors.
fn write(source: &[u8], len: usize, room: &mut [u8]) {
    match (source.first_chunk::<SHORT>(), room.first_chunk_mut::<SHORT>()) {
        (Some(source), Some(room)) if len <= SHORT => *room = *source,
        _ => room[..len].copy_from_slice(&source[..len]),
    }
}

/// An instruction to copy from the base.
struct Copy {
    from: usize,
    len: usize,
}

impl Copy {
    /// Reads what follows the code, whose bits say which bytes do.
    fn parse(code: u8, delta: &[u8], at: &mut usize) -> Result<Self, Corrupt> {
        let (mut from, mut len) = (0, 0);
        for place in 0..4 {
            if code >> place & 1 != 0 {
                from |= usize::from(*delta.get(*at).ok_or(CUT_OFF)?) << (8 * place);
                *at += 1;
            }
        }
        for place in 0..3 {
            if code >> (4 + place) & 1 != 0 {
                len |= usize::from(*delta.get(*at).ok_or(CUT_OFF)?) << (8 * place);
                *at += 1;
            }
        }
        Ok(Self { from, len: if len == 0 { 0x10000 } else { len } })
    }
}

/// Whether the instructions from `at` on make exactly `size` bytes.
fn makes(delta: &[u8], mut at: usize, size: usize) -> bool {
    let mut made = 0_usize;
    while let Some(&code) = delta.get(at) {
        at += 1;
        if code & 0x80 == 0 {
            at += usize::from(code);
            made += usize::from(code);
        } else {
            let Ok(copy) = Copy::parse(code, delta, &mut at) else { return false };
            made += copy.len;
        }
        if made > size {
            return false;
        }
    }
    made == size
}

/// Reads a size, seven bits a byte, the lowest first.
fn size(delta: &[u8], at: &mut usize) -> Result<usize, Corrupt> {
    let (mut size, mut shift) = (0, 0);
    loop {
        let byte = *delta.get(*at).ok_or(CUT_OFF)?;
        *at += 1;
        if shift > 56 {
            return Err(Corrupt("the delta's size has more than 63 bits"));
        }
        size |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            return usize::try_from(size).map_err(|_| Corrupt("the delta's size is too large"));
        }
    }
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "a list of parts may have one")]
mod tests {
    use super::*;

    fn applied(base: &[u8], delta: &[u8]) -> Result<(Vec<u8>, Vec<Range<usize>>), Corrupt> {
        let (mut out, mut fresh) = (Buffer::default(), Vec::new());
        apply(&Buffer::from(base.to_vec()), delta, &mut out, &mut fresh)?;
        Ok((out.to_vec(), fresh))
    }

    #[test]
    fn copies_and_inserts_make_the_object() {
        let base = b"0123456789";
        // The first four, "ab", and the last three.
        let delta = b"\x0a\x09\x90\x04\x02ab\x91\x07\x03";
        assert_eq!(applied(base, delta), Ok((b"0123ab789".to_vec(), vec![4..6])));
        // Two copies that are not beside each other in the base.
        let delta = b"\x0a\x04\x90\x02\x91\x08\x02";
        assert_eq!(applied(base, delta), Ok((b"0189".to_vec(), vec![2..2])));
        // A copy of all there is, in two parts.
        assert!(applied(base, b"\x0a\x0a\x90\x04\x91\x04\x06").unwrap().1.is_empty());
        // Copies that lose an end: a byte there has a new neighbour.
        assert_eq!(applied(base, b"\x0a\x03\x90\x03").unwrap().1, [3..3]);
        assert_eq!(applied(base, b"\x0a\x08\x91\x02\x08").unwrap().1, [0..0]);
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let base = b"0123456789";
        for delta in [
            &b""[..],
            b"\x0a",
            b"\x0b\x01\x90\x01",
            b"\x0a\x04\x91\x09\x04",
            b"\x0a\x04\x90\x05",
            b"\x0a\x04\x90\x03",
            b"\x0a\x04\x00",
            b"\x0a\x04\x04abc",
            b"\x0a\x04\x91",
            b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
            // A gigabyte, and two bytes of it.
            b"\x0a\x80\x80\x80\x80\x04\x02ab",
            // Two hundred megabytes, and two bytes of it.
            b"\x0a\x80\x80\x80\x64\x02ab",
        ] {
            assert!(applied(base, delta).is_err(), "{delta:?}");
        }
    }

    #[test]
    fn a_copy_without_a_length_is_64_kibibytes() {
        let base = vec![b'x'; 0x10000];
        assert_eq!(applied(&base, b"\x80\x80\x04\x80\x80\x04\x80").unwrap().0, base);
    }
}
