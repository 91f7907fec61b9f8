//! Line numbers in what is read in pieces.

use std::sync::{Arc, Mutex, PoisonError};

/// How the lines of a blob are numbered.
#[derive(Debug, Clone, Copy)]
pub enum Lines<'a> {
    /// The first byte stands on the line of this number.
    From(u64),
    /// The blob is a piece of something larger, whose pieces come in any order. Where the blob's own
    /// part starts is known when the pieces before it have been counted.
    Piece {
        /// The counts of all pieces.
        index: &'a Arc<LineIndex>,
        /// The number of this one.
        number: usize,
    },
}

/// A place in a text, both numbers from 1. The column counts bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: u64,
    /// The column.
    pub column: u64,
}

/// The line breaks in the pieces of one file, counted while they are in the processor's cache.
#[derive(Debug, Default)]
pub struct LineIndex {
    pieces: Mutex<Vec<Option<Breaks>>>,
}

/// The line breaks in a stretch of text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Breaks {
    /// How many there are.
    pub count: u64,
    /// The offset in the whole of what follows the last one.
    pub last_end: Option<u64>,
}

impl Breaks {
    /// Counts the line breaks of `text`, which starts at `offset` of the whole.
    pub fn in_text(text: &[u8], offset: u64) -> Self {
        let last = memchr::memrchr(b'\n', text);
        Self {
            count: memchr::memchr_iter(b'\n', text).count() as u64,
            last_end: last.map(|at| offset + at as u64 + 1),
        }
    }
}

impl LineIndex {
    /// Records what a piece holds.
    pub fn record(&self, number: usize, breaks: Breaks) {
        let mut pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        // It grows as pieces come: a sparse file may claim more of them than memory has room for.
        if pieces.len() <= number {
            pieces.resize(number + 1, None);
        }
        pieces[number] = Some(breaks);
    }

    /// The place of an offset of the whole that lies in piece `number` after the given line breaks
    /// of that piece. None while a piece before it has not been recorded.
    pub fn place(&self, number: usize, before: Breaks, offset: u64) -> Option<Place> {
        let pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        let mut place = Breaks::default();
        for piece in pieces.get(..number)?.iter().copied().chain([Some(before)]) {
            let piece = piece?;
            place.count += piece.count;
            place.last_end = piece.last_end.or(place.last_end);
        }
        let line_start = place.last_end.unwrap_or(0);
        Some(Place { line: place.count + 1, column: offset.saturating_sub(line_start) + 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_agree_with_counting_by_hand() {
        let text = b"ab\ncd\n\nxyz\n0123456789";
        for size in 1..text.len() {
            let index = LineIndex::default();
            for (number, piece) in text.chunks(size).enumerate().rev() {
                index.record(number, Breaks::in_text(piece, (number * size) as u64));
            }
            for offset in 0..text.len() {
                let head = &text[..offset];
                let line = head.split(|b| *b == b'\n').count() as u64;
                let start = head.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
                let (number, from) = (offset / size, offset / size * size);
                let before = Breaks::in_text(&text[from..offset], from as u64);
                let place = index.place(number, before, offset as u64);
                let column = (offset - start) as u64 + 1;
                assert_eq!(place, Some(Place { line, column }));
            }
        }
    }
}
