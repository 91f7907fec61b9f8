//! The rows of a SQLite database that are cut in pieces.
//!
//! A row that does not fit on its page goes on in a chain of overflow pages, which lie anywhere. What
//! fits on a page is found in the database's own bytes. No table is walked from its root: every page
//! is looked at for itself, those of dropped tables too.
//!
//! <https://www.sqlite.org/fileformat2.html>

mod cells;
mod freed;
mod pages;
mod rows;

use std::io::Read as _;

use bearhug_core::GapReason;

use crate::containers::{
    Seekable,
    inside::{Cut, Inside},
};
use pages::Pages;
use rows::{Rows, Start};

/// How many parts a database's rows are delivered in, at most. One for each page would spend the
/// budget of a file on a database of a few hundred megabytes.
const MOST_PARTS: u64 = 1024;

pub(in crate::containers) fn read(
    inside: &Inside<'_>,
    content: &mut dyn Seekable,
) -> Result<(), Cut> {
    let mut pages = Pages::new(content)?;
    let usable = pages.usable();
    deliver(inside, &mut pages, "", &mut |at, page| cells::overflowing(page, at == 1, usable))?;
    let mut heads = freed::heads(&mut pages)?;
    if !heads.is_empty() {
        deliver(inside, &mut pages, "deleted rows of ", &mut |at, page| {
            freed::starts(page, at == 1, &mut heads)
        })?;
        let orphans = heads.into_iter().map(|next| Start::freed(Vec::new(), next)).collect();
        let mut none = |_, _: &[u8]| Vec::new();
        let mut rows = Rows::new(&mut pages, 0..0, &mut none);
        rows.starts = orphans;
        inside.part("freed pages", &mut rows)?;
    }
    if pages.is_tangled() {
        return Err(Cut::Gap(GapReason::Damaged("overflow chains share pages".into())));
    }
    Ok(())
}

/// Delivers the rows that start on each page, joined.
fn deliver(
    inside: &Inside<'_>,
    pages: &mut Pages<'_>,
    prefix: &str,
    find: &mut dyn FnMut(u64, &[u8]) -> Vec<Start>,
) -> Result<(), Cut> {
    let count = pages.count();
    let step = count.div_ceil(MOST_PARTS).max(1);
    let mut from = 1;
    while from <= count {
        let to = (from + step).min(count + 1);
        let mut rows = Rows::new(pages, from..to, find);
        if rows.refill()? {
            let name = match to - from {
                1 => format!("{prefix}page {from}"),
                _ => format!("{prefix}pages {from} to {}", to - 1),
            };
            inside.part(&name, &mut rows.by_ref())?;
        }
        from = to;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use proptest::prelude::*;

    use super::{cells, freed, pages::Pages, rows::Rows};

    const SIZE: usize = 512;

    /// A database whose second page is a table's leaf with one row, which goes on from the third.
    fn database(payload: &[u8]) -> Vec<u8> {
        let local = cells::local_size(0x0d, payload.len() as u64, SIZE as u64);
        let (local, rest) = payload.split_at(usize::try_from(local).expect("less than a page"));
        let mut bytes = vec![0; SIZE];
        bytes[..16].copy_from_slice(b"SQLite format 3\0");
        bytes[16..18].copy_from_slice(&512_u16.to_be_bytes());
        bytes.extend([0x0d, 0, 0, 0, 1, 0, 0, 0, 0, 10]);
        let [high, low] = u16::try_from(payload.len()).expect("a short row").to_be_bytes();
        bytes.extend([0x80 | (high << 1) | (low >> 7), low & 0x7f, 1]);
        bytes.extend(local);
        bytes.extend(3_u32.to_be_bytes());
        let count = rest.len().div_ceil(SIZE - 4);
        for (i, chunk) in rest.chunks(SIZE - 4).enumerate() {
            bytes.resize(SIZE * (i + 2), 0);
            let next = if i + 1 == count { 0 } else { i + 4 };
            bytes.extend(u32::try_from(next).expect("a page number").to_be_bytes());
            bytes.extend(chunk);
        }
        bytes.resize(SIZE * (count + 2), 0);
        bytes
    }

    /// Every row that is cut, and every freed chain, one after another.
    fn rows(bytes: &[u8]) -> Option<Vec<u8>> {
        let mut content = Cursor::new(bytes);
        let mut pages = Pages::new(&mut content).ok()?;
        let (count, usable) = (pages.count(), pages.usable());
        let mut joined = Vec::new();
        let mut live = |at, page: &[u8]| cells::overflowing(page, at == 1, usable);
        Rows::new(&mut pages, 1..count + 1, &mut live).read_to_end(&mut joined).ok()?;
        let mut heads = freed::heads(&mut pages).ok()?;
        let mut dead = |at, page: &[u8]| freed::starts(page, at == 1, &mut heads);
        Rows::new(&mut pages, 1..count + 1, &mut dead).read_to_end(&mut joined).ok()?;
        Some(joined)
    }

    fn text(len: usize) -> Vec<u8> {
        (0..).flat_map(|n: u32| format!("{n} ").into_bytes()).take(len).collect()
    }

    #[test]
    fn a_row_is_joined_from_its_pages() {
        for len in [600, 1000, 1484, 1485, 1486, 4000] {
            let joined = rows(&database(&text(len))).expect("a database");
            assert_eq!(joined, [b"\n", &text(len)[..]].concat(), "{len}");
        }
    }

    #[test]
    fn a_row_on_one_page_is_left_alone() {
        assert_eq!(rows(&database(&text(200))), Some(Vec::new()));
    }

    #[test]
    fn a_chain_that_bites_its_tail_ends() {
        let mut bytes = database(&text(4000));
        bytes[SIZE * 3 + 3] = 3;
        assert!(rows(&bytes).expect("a database").len() <= 4001);
        // A row of the largest length that can be stated.
        bytes[SIZE + 10..SIZE + 19].copy_from_slice(&[0xff; 9]);
        assert!(rows(&bytes).expect("a database").len() < 100 * SIZE);
    }

    #[test]
    fn a_freelist_that_bites_its_tail_ends() {
        let mut bytes = database(&text(4000));
        bytes[32..36].copy_from_slice(&4_u32.to_be_bytes());
        bytes[SIZE * 3..SIZE * 3 + 8].copy_from_slice(&[0, 0, 0, 4, 0xff, 0xff, 0xff, 0xff]);
        rows(&bytes).expect("a database");
    }

    #[test]
    fn nothing_that_is_cut_short_is_trusted() {
        let bytes = database(&text(2000));
        for len in 0..bytes.len() {
            let joined = rows(&bytes[..len]).unwrap_or_default();
            assert!(joined.len() <= 2001);
        }
    }

    proptest! {
        #[test]
        fn flipped_bytes_do_no_harm(flips in prop::collection::vec((0..2048_usize, any::<u8>()), 1..40)) {
            let mut bytes = database(&text(4000));
            for (at, byte) in flips {
                let at = at % bytes.len();
                bytes[at] = byte;
            }
            let joined = rows(&bytes).unwrap_or_default();
            prop_assert!(joined.len() <= 16 * bytes.len() + (1 << 20));
        }
    }
}
