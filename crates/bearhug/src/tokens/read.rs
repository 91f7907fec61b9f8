//! Reading tokens from where the user says that they are.

use std::{
    env,
    fs::File,
    io::{self, Read},
    os::unix::fs::MetadataExt as _,
    path::Path,
};

use bearhug_core::{Token, risk::Keeping};
use zeroize::Zeroizing;

use super::{Place, in_text, line_without, whole};
use crate::error::CommandError;

/// The most that is read of a file or the standard input. What keeps tokens is small.
const LIMIT: u64 = 16 << 20;

/// The tokens on the standard input, one a line.
pub(crate) fn standard_input() -> Result<Vec<(Token, Place)>, CommandError> {
    let (text, place) = standard_input_text()?;
    found(in_text(&text), &place, "give it tokens, one a line")
}

fn standard_input_text() -> Result<(Zeroizing<String>, Place), CommandError> {
    let text = text(io::stdin().lock())
        .map_err(|error| CommandError::new("cannot read the standard input").because(error))?;
    Ok((text, Place { name: "the standard input".to_owned(), keeping: Keeping::Untold }))
}

/// As [`standard_input`], of which every line must be a token: what was mistyped must not be taken for
/// done.
pub(crate) fn standard_input_of_tokens() -> Result<Vec<(Token, Place)>, CommandError> {
    let (text, place) = standard_input_text()?;
    if let Some(number) = line_without(&text) {
        // What the line says may be a secret that is not known as one.
        return Err(CommandError::new(format!("line {number} of {} is no token", place.name))
            .hint(
                "give it tokens, one a line, and nothing else; `--file` reads what is around them",
            ));
    }
    found(in_text(&text), &place, "give it tokens, one a line")
}

/// The token that a variable of the environment holds.
pub(crate) fn variable(name: &str) -> Result<Vec<(Token, Place)>, CommandError> {
    let value = env::var_os(name).map(|value| Zeroizing::new(value.to_string_lossy().into_owned()));
    let place = Place { name: format!("the variable {name}"), keeping: Keeping::Environment };
    let token = value.as_deref().and_then(|value| whole(value));
    found(token.into_iter().collect(), &place, "export the variable, or name another")
}

/// The tokens in a file: all of its text that is one, whatever stands around it.
pub(crate) fn file(path: &Path) -> Result<Vec<(Token, Place)>, CommandError> {
    let (text, place) = open(path).map_err(|error| CommandError::file("read", path, error))?;
    found(in_text(&text), &place, "name a file that holds one")
}

/// The text of a file, and the file as a place.
pub(super) fn open(path: &Path) -> io::Result<(Zeroizing<String>, Place)> {
    let file = File::open(path)?;
    let is_shared = file.metadata()?.mode() & 0o077 != 0;
    let keeping = if is_shared { Keeping::SharedFile } else { Keeping::PrivateFile };
    Ok((text(file)?, Place { name: path.display().to_string(), keeping }))
}

fn text(from: impl Read) -> io::Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(Vec::new());
    from.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LIMIT {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it holds more than 16 MiB"));
    }
    Ok(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()))
}

fn found(
    tokens: Vec<Token>,
    place: &Place,
    hint: &'static str,
) -> Result<Vec<(Token, Place)>, CommandError> {
    if tokens.is_empty() {
        return Err(CommandError::new(format!("there is no token in {}", place.name))
            .hint(hint)
            .not_authenticated());
    }
    Ok(tokens.into_iter().map(|token| (token, place.clone())).collect())
}
