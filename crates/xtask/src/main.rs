//! Chores of the repository that no test does: computing tables and measuring models.

mod letters;
mod measure;

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let text = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["letters", root] => letters::table(Path::new(root))?,
        ["measure-confidence", root] => measure::confidence(Path::new(root))?,
        _ => bail!("usage: cargo run -p xtask -- letters DIR | measure-confidence DIR"),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}

/// The text files under `root` that programs are written in.
fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|e| ["py", "c", "h", "rst", "md"].iter().any(|x| e == *x))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
