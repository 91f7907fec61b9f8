//! Computes the table by which the detector tells words from random letters.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::{Context, Result};

/// Counts of neighbouring characters in the words and identifiers of some files.
struct Counts {
    pairs: [[u32; 27]; 27],
    cases: [[u32; 2]; 2],
}

/// Prints the table for the text files under `root`.
pub(crate) fn table(root: &Path) -> Result<String> {
    let mut counts = Counts { pairs: [[1; 27]; 27], cases: [[1; 2]; 2] };
    for path in super::files(root)? {
        let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
        for word in words(&bytes) {
            count(&mut counts, word);
        }
    }
    render(&counts)
}

/// Runs of letters and digits. Short ones are left out, and so are those that only digits make up:
/// they are numbers.
fn words(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes
        .split(|b| !b.is_ascii_alphanumeric())
        .filter(|word| word.len() >= 5 && word.len() <= 60 && word[0].is_ascii_alphabetic())
}

fn count(counts: &mut Counts, word: &[u8]) {
    for pair in word.windows(2) {
        counts.pairs[symbol(pair[0])][symbol(pair[1])] += 1;
        if pair.iter().all(u8::is_ascii_alphabetic) {
            let case = |b: u8| usize::from(b.is_ascii_uppercase());
            counts.cases[case(pair[0])][case(pair[1])] += 1;
        }
    }
}

fn symbol(b: u8) -> usize {
    match b.to_ascii_lowercase() {
        letter @ b'a'..=b'z' => usize::from(letter - b'a'),
        _ => 26,
    }
}

/// How much likelier than by chance, in eighths of a bit. By chance, a folded letter is two of the
/// 62 characters, a digit ten of them, and a letter's case a coin toss.
#[expect(clippy::cast_possible_truncation, reason = "the value is clamped to the range of an i8")]
fn eighths_of_a_bit(count: u32, row: u32, chance: f64) -> i8 {
    let likelier = f64::from(count) / f64::from(row) / chance;
    (likelier.log2() * 8.0).round().clamp(-64.0, 64.0) as i8
}

fn render(counts: &Counts) -> Result<String> {
    let mut out = String::from(
        "//! Made by `cargo run -p xtask -- letters DIR`; `docs/confidence.md` says from what.\n\n\
         /// For each character (a to z, then any digit) how much likelier than by chance each of\n\
         /// them follows it in words, in eighths of a bit.\n\
         #[rustfmt::skip]\n\
         pub(super) const PAIR_BITS: [[i8; 27]; 27] = [\n",
    );
    for row in &counts.pairs {
        let total = row.iter().sum();
        let cells: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(to, &n)| {
                let chance = if to == 26 { 10.0 / 62.0 } else { 2.0 / 62.0 };
                eighths_of_a_bit(n, total, chance).to_string()
            })
            .collect();
        writeln!(out, "    [{}],", cells.join(", "))?;
    }
    out.push_str(
        "];\n\n/// The same for a letter's case after another's: lower is 0, upper is 1.\n\
         pub(super) const CASE_BITS: [[i8; 2]; 2] = [\n",
    );
    for row in &counts.cases {
        let total = row.iter().sum();
        let cells: Vec<String> =
            row.iter().map(|&n| eighths_of_a_bit(n, total, 0.5).to_string()).collect();
        writeln!(out, "    [{}],", cells.join(", "))?;
    }
    out.push_str("];\n");
    Ok(out)
}
