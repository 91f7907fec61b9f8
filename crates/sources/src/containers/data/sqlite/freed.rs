//! What deleted rows have left.
//!
//! The pages of a deleted row's chain become free and keep their content, the number of the next one
//! included. Where the row started, that place is free as well, and still ends with the number of the
//! chain's first page.

use std::{collections::BTreeSet, io};

use super::{
    cells,
    pages::{Pages, u16_at, u32_at},
    rows::Start,
};

/// Where the number of the first page of the list of free pages stands in the database's header.
const FIRST_TRUNK: usize = 32;

/// How many free pages are looked at. What is beyond them is searched page by page only.
const MOST_FREE: usize = 1 << 20;

/// The free pages that no other free page leads to, and which may so be the first of a chain.
pub(super) fn heads(pages: &mut Pages<'_>) -> io::Result<BTreeSet<u32>> {
    if !pages.is_database() {
        return Ok(BTreeSet::new());
    }
    let mut heads = free_pages(pages)?;
    let mut seconds = Vec::new();
    for &number in &heads {
        let page = pages.read(u64::from(number))?;
        seconds.push(u32_at(&page, 0));
    }
    for second in seconds {
        heads.remove(&second);
    }
    Ok(heads)
}

/// The leaves of the list of free pages: trunks have lost their content.
fn free_pages(pages: &mut Pages<'_>) -> io::Result<BTreeSet<u32>> {
    let mut free = BTreeSet::new();
    let mut trunk = u32_at(&pages.read(1)?, FIRST_TRUNK);
    let mut seen = BTreeSet::new();
    while (1..=pages.count()).contains(&u64::from(trunk)) && seen.insert(trunk) {
        let page = pages.read(u64::from(trunk))?;
        let leaves = page.get(8..).unwrap_or_default().chunks_exact(4);
        let count = usize::try_from(u32_at(&page, 4)).unwrap_or(usize::MAX);
        let numbers = leaves.take(count).map(|leaf| u32_at(leaf, 0));
        free.extend(numbers.filter(|&n| (1..=pages.count()).contains(&u64::from(n))));
        if free.len() > MOST_FREE || seen.len() > MOST_FREE {
            break;
        }
        trunk = u32_at(&page, 0);
    }
    Ok(free)
}

/// The deleted rows of which a page still has the start: what stands before the number of a head in
/// space that is not in use. Each head is taken once.
pub(super) fn starts(page: &[u8], is_first: bool, heads: &mut BTreeSet<u32>) -> Vec<Start> {
    let mut starts = Vec::new();
    for space in unused(page, is_first) {
        let mut from = 0;
        for at in 0..space.len().saturating_sub(3) {
            let next = u32_at(space, at);
            if heads.remove(&next) {
                starts.push(Start::freed(space[from..at].to_vec(), next));
                from = at + 4;
            }
        }
    }
    starts
}

/// The free blocks of a page, and the space between its cell pointers and its cells.
fn unused(page: &[u8], is_first: bool) -> Vec<&[u8]> {
    let header = cells::header(is_first);
    let Some((start, count)) = cells::pointers(page, header) else { return Vec::new() };
    let content = match u16_at(page, header + 5) {
        0 => page.len(),
        at => usize::from(at),
    };
    let mut spaces: Vec<&[u8]> = page.get(start + 2 * count..content).into_iter().collect();
    let mut block = usize::from(u16_at(page, header + 1));
    while block >= 4 {
        let size = usize::from(u16_at(page, block + 2));
        let end = (block + size).min(page.len());
        spaces.extend(page.get(block..end));
        // Blocks are in order of place and apart, which bounds how much of them there is.
        let next = usize::from(u16_at(page, block));
        block = if next >= end.max(block + 4) { next } else { 0 };
    }
    spaces
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A leaf whose free blocks are these, each a place and a size.
    fn page(blocks: &[(u16, u16)]) -> Vec<u8> {
        let mut page = vec![0; 1 << 16];
        page[..8].copy_from_slice(&[0x0d, 0, 0, 0, 0, 0, 8, 0]);
        let mut link = 1;
        for &(at, size) in blocks {
            page[link..link + 2].copy_from_slice(&at.to_be_bytes());
            link = usize::from(at);
            page[link + 2..link + 4].copy_from_slice(&size.to_be_bytes());
        }
        page
    }

    #[test]
    fn blocks_are_read_where_they_lie_apart() {
        let lengths = |blocks| unused(&page(blocks), false).iter().map(|s| s.len()).sum::<usize>();
        assert_eq!(lengths(&[(100, 20), (120, 30), (900, 4)]), 54);
        // Each reaches over all those behind it.
        let nested: Vec<_> = (25..15_000).map(|i| (i * 4, 60_000 - i * 4)).collect();
        assert_eq!(lengths(&nested), 59_900);
    }
}
