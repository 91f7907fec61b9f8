//! Line numbers in files that are too large to hold.

use std::{fs::File, io::Read as _, path::Path};

/// A place in a file, both numbers from 1. The column counts bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: u64,
    /// The column.
    pub column: u64,
}

/// The places of some offsets in a file, in the order in which they are asked for.
///
/// Reads the file once, as far as the last offset. An offset beyond its end gets the last line.
///
/// # Errors
///
/// If the file cannot be read.
pub fn locate(path: &Path, offsets: &[u64]) -> std::io::Result<Vec<Place>> {
    let mut order: Vec<usize> = (0..offsets.len()).collect();
    order.sort_by_key(|&i| offsets[i]);
    let mut places = vec![Place { line: 1, column: 1 }; offsets.len()];
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 20];
    let (mut line, mut line_start, mut position) = (1, 0, 0_u64);
    let mut pending = order.into_iter().peekable();
    while pending.peek().is_some() {
        let read = file.read(&mut buffer)?;
        let chunk = &buffer[..read];
        let mut newlines = memchr::memchr_iter(b'\n', chunk).peekable();
        while let Some(&i) = pending.peek() {
            if read > 0 && offsets[i] >= position + read as u64 {
                break;
            }
            while let Some(at) = newlines.next_if(|&at| position + (at as u64) < offsets[i]) {
                line += 1;
                line_start = position + at as u64 + 1;
            }
            places[i] = Place { line, column: offsets[i].saturating_sub(line_start) + 1 };
            pending.next();
        }
        for at in newlines {
            line += 1;
            line_start = position + at as u64 + 1;
        }
        position += read as u64;
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn places_agree_with_counting_by_hand() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"ab\ncd\n\nx").unwrap();
        let places = locate(file.path(), &[7, 0, 3, 4, 6, 99]).unwrap();
        let expected = [(4, 1), (1, 1), (2, 1), (2, 2), (3, 1), (4, 93)];
        assert_eq!(places, expected.map(|(line, column)| Place { line, column }));
    }

    #[test]
    fn places_span_the_buffer() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&b"0123456\n".repeat(300_000)).unwrap();
        let place = locate(file.path(), &[8 * 250_000 + 3]).unwrap()[0];
        assert_eq!(place, Place { line: 250_001, column: 4 });
    }
}
