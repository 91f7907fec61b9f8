//! Hexadecimal.

use super::{BACK, Decoded, FORWARD, hex_pair, line_break};

/// Decodes the pairs around `at`, which starts one. `stride` is the distance from one pair to the
/// next: 2 where they touch, 3 where a blank or a colon stands between them.
pub(super) fn decode(bytes: &[u8], at: usize, stride: usize) -> Decoded {
    let pair_at = |position: usize| bytes.get(position..).and_then(hex_pair);
    let mut start = at;
    let mut pairs_back = 0;
    while pairs_back < BACK && start >= stride && pair_at(start - stride).is_some() {
        start -= stride;
        pairs_back += 1;
    }
    let mut decoded =
        Decoded { own_from: if pairs_back < BACK { 0 } else { 16 }, ..Decoded::default() };
    let mut position = start;
    while decoded.bytes.len() < pairs_back + FORWARD {
        match pair_at(position) {
            Some(byte) => decoded.push(byte, position..position + 2),
            None => match wrap(bytes, position, &pair_at) {
                Some(next) => {
                    position = next;
                    continue;
                }
                None => break,
            },
        }
        position += stride;
    }
    decoded.finish(pairs_back, position)
}

/// Where the pairs go on after a line break at `position`.
fn wrap(bytes: &[u8], position: usize, pair_at: &dyn Fn(usize) -> Option<u8>) -> Option<usize> {
    let next = position + line_break(bytes.get(position..)?)?;
    pair_at(next).map(|_| next)
}
