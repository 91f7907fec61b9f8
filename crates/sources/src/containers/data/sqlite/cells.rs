//! The cells of a b-tree page whose payload goes on elsewhere.

use super::{
    pages::{u16_at, u32_at},
    rows::Start,
};

const INTERIOR_INDEX: u8 = 0x02;
const LEAF_INDEX: u8 = 0x0a;
const LEAF_TABLE: u8 = 0x0d;

/// The size of the database's header, which stands before that of the first page.
const DATABASE_HEADER: usize = 100;

/// Where the header of a page starts.
pub(super) fn header(is_first: bool) -> usize {
    if is_first { DATABASE_HEADER } else { 0 }
}

/// Where the cell pointers of a page start, and how many there are, if it has cells with payload.
pub(super) fn pointers(page: &[u8], header: usize) -> Option<(usize, usize)> {
    let start = match *page.get(header)? {
        LEAF_INDEX | LEAF_TABLE => header + 8,
        INTERIOR_INDEX => header + 12,
        _ => return None,
    };
    let room = page.len().saturating_sub(start) / 2;
    Some((start, usize::from(u16_at(page, header + 3)).min(room)))
}

/// The cells of a page whose payload goes on in an overflow chain. Honest cells lie apart, so there is
/// no more of them than there is of the page.
pub(super) fn overflowing(page: &[u8], is_first: bool, usable: u64) -> Vec<Start> {
    let header = header(is_first);
    let Some((start, count)) = pointers(page, header) else { return Vec::new() };
    let kind = page[header];
    let mut room = page.len();
    (0..count)
        .map(|i| usize::from(u16_at(page, start + 2 * i)))
        .filter_map(|at| overflowing_cell(page.get(at..)?, kind, usable))
        .map_while(|cell| {
            room = room.checked_sub(cell.local.len())?;
            Some(cell)
        })
        .collect()
}

fn overflowing_cell(cell: &[u8], kind: u8, usable: u64) -> Option<Start> {
    let cell = if kind == INTERIOR_INDEX { cell.get(4..)? } else { cell };
    let (payload, cell) = varint(cell)?;
    let cell = if kind == LEAF_TABLE { varint(cell)?.1 } else { cell };
    let local = local_size(kind, payload, usable);
    let left = payload.checked_sub(local).filter(|&left| left > 0)?;
    let local = usize::try_from(local).ok()?;
    let next = u32_at(cell, local);
    Some(Start { local: cell.get(..local)?.to_vec(), next, left })
}

/// How much of a payload stands on the page itself (section 1.6 of the format's description, which
/// calls the most X, the least M, and what leaves whole pages for the rest K).
pub(super) fn local_size(kind: u8, payload: u64, usable: u64) -> u64 {
    let most = if kind == LEAF_TABLE { usable.saturating_sub(35) } else { fraction(usable, 64) };
    if payload <= most {
        return payload;
    }
    let least = fraction(usable, 32);
    let even = least + payload.saturating_sub(least) % usable.saturating_sub(4).max(1);
    if even <= most { even } else { least }
}

fn fraction(usable: u64, parts: u64) -> u64 {
    (usable.saturating_sub(12) * parts / 255).saturating_sub(23)
}

/// A number in one to nine bytes, the first with the most weight, and what follows it.
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (i, &byte) in bytes.iter().take(9).enumerate() {
        if i == 8 {
            return Some((value << 8 | u64::from(byte), &bytes[9..]));
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte < 0x80 {
            return Some((value, &bytes[i + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the format's description gives for pages of 512 bytes, reckoned by hand: at most 477
    /// bytes on a table's leaf and 102 elsewhere, and at least 39 anywhere.
    #[test]
    fn as_much_stays_on_the_page_as_the_format_says() {
        for (payload, local) in [(477, 477), (478, 39), (600, 92), (985, 477), (986, 39)] {
            assert_eq!(local_size(LEAF_TABLE, payload, 512), local, "{payload}");
        }
        for (payload, local) in [(102, 102), (103, 39), (600, 92), (610, 102), (611, 39)] {
            assert_eq!(local_size(LEAF_INDEX, payload, 512), local, "{payload}");
        }
    }

    #[test]
    fn cells_that_share_their_bytes_are_not_multiplied() {
        let mut page = vec![0; 1 << 16];
        // A thousand pointers to one cell of more than a page, of which a page less 35 bytes stays.
        page[..8].copy_from_slice(&[LEAF_TABLE, 0, 0, 0x03, 0xe8, 0, 0, 0]);
        page[8..2008].copy_from_slice(&2008_u16.to_be_bytes().repeat(1000));
        page[2008..2012].copy_from_slice(&[0x84, 0x80, 0x00, 1]);
        let starts = overflowing(&page, false, 1 << 16);
        let held: usize = starts.iter().map(|start| start.local.len()).sum();
        assert!(held > 0 && held <= page.len(), "{held}");
    }

    #[test]
    fn a_number_takes_up_to_nine_bytes() {
        assert_eq!(varint(&[0x81, 0x00, 7]), Some((128, &[7][..])));
        assert_eq!(varint(&[0xff; 9]), Some((u64::MAX, &[][..])));
        assert_eq!(varint(&[0xff; 8]), None);
    }
}
