//! UTF-16 and UTF-32.
//!
//! A token is ASCII, so in a wide encoding its characters stand `stride` bytes apart with zeros
//! between them. Whether the zeros belong to the character before or after is the byte order, and
//! matters only for what touches the value: both readings are made.

use super::{BACK, Decoded, FORWARD};

/// Decodes the ASCII run around `at`, which is the significant byte of a character.
pub(super) fn decode(bytes: &[u8], at: usize, stride: usize) -> Vec<Decoded> {
    let little = decode_in(bytes, at, stride, 0);
    let big = decode_in(bytes, at, stride, stride - 1);
    little.into_iter().chain(big).collect()
}

/// Reads units of `stride` bytes whose significant byte has the index `significant`.
fn decode_in(bytes: &[u8], at: usize, stride: usize, significant: usize) -> Option<Decoded> {
    let unit_at = |start: usize| -> Option<u8> {
        let unit = bytes.get(start..start + stride)?;
        let byte = unit[significant];
        let others_are_zero = unit.iter().enumerate().all(|(i, &b)| i == significant || b == 0);
        (byte != 0 && byte < 0x80 && others_are_zero).then_some(byte)
    };
    let at = at.checked_sub(significant)?;
    unit_at(at)?;
    let mut start = at;
    let mut units_back = 0;
    while units_back < BACK && start >= stride && unit_at(start - stride).is_some() {
        start -= stride;
        units_back += 1;
    }
    let mut decoded =
        Decoded { own_from: if units_back < BACK { 0 } else { 16 }, ..Decoded::default() };
    let mut position = start;
    while decoded.bytes.len() < units_back + FORWARD {
        let Some(byte) = unit_at(position) else { break };
        decoded.push(byte, position..position + stride);
        position += stride;
    }
    Some(decoded.finish(units_back, position))
}
