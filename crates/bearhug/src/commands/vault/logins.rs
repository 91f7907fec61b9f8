//! The files in which `hf auth login` keeps tokens, read by name and rid of them.
//!
//! `token` holds the value of the current one. `stored_tokens` holds all of them: Python's client writes an
//! INI file with a section for each (`huggingface_hub/utils/_auth.py`), the Rust one a JSON object
//! `{"tokens": {NAME: {…}}}`.

use std::{
    collections::BTreeSet,
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use bearhug_core::{Fingerprint, Token};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{error::CommandError, output, tokens};

/// A token, and what it is called where it is kept.
pub(super) struct Login {
    pub(super) name: Option<String>,
    pub(super) token: Token,
}

/// A file that holds tokens.
pub(super) struct LoginFile {
    pub(super) path: PathBuf,
    pub(super) logins: Vec<Login>,
    /// The text without them.
    rest: Zeroizing<String>,
}

/// Every file that holds some.
pub(super) fn all() -> Result<Vec<LoginFile>, CommandError> {
    let files = tokens::login_files()?.into_iter().map(|path| read(&path));
    let files = files.collect::<Result<Vec<_>, _>>()?;
    Ok(files.into_iter().flatten().filter(|file| !file.logins.is_empty()).collect())
}

fn read(path: &Path) -> Result<Option<LoginFile>, CommandError> {
    let Some(text) = tokens::text_of(path)? else { return Ok(None) };
    let (logins, rest) = parsed(&text);
    Ok(Some(LoginFile { path: path.to_owned(), logins, rest }))
}

fn parsed(text: &str) -> (Vec<Login>, Zeroizing<String>) {
    let json = serde_json::from_str::<Value>(text).ok();
    json.and_then(of_json).unwrap_or_else(|| of_sections(text))
}

/// The members of `tokens` that hold one.
fn of_json(mut value: Value) -> Option<(Vec<Login>, Zeroizing<String>)> {
    let members = value.get_mut("tokens")?.as_object_mut()?;
    let mut logins = Vec::new();
    for (name, member) in std::mem::take(members) {
        let found = tokens::in_text(&Zeroizing::new(member.to_string()));
        if found.is_empty() {
            members.insert(name, member);
        } else {
            let named = |token| Login { name: Some(name.clone()), token };
            logins.extend(found.into_iter().map(named));
        }
    }
    let is_empty = members.is_empty() && value.as_object().is_some_and(|object| object.len() == 1);
    let rest = if is_empty { String::new() } else { format!("{value:#}\n") };
    Some((logins, Zeroizing::new(rest)))
}

/// The sections that hold one, and what stands before the first of them.
fn of_sections(text: &str) -> (Vec<Login>, Zeroizing<String>) {
    let header = |line: &str| {
        let name = line.trim().strip_prefix('[')?.strip_suffix(']')?;
        Some(name.to_owned())
    };
    let mut sections: Vec<(Option<String>, Zeroizing<String>)> = vec![Default::default()];
    for line in text.split_inclusive('\n') {
        if let Some(name) = header(line) {
            sections.push((Some(name), Zeroizing::default()));
        }
        if let Some((_, section)) = sections.last_mut() {
            section.push_str(line);
        }
    }
    let (mut logins, mut rest) = (Vec::new(), Zeroizing::new(String::new()));
    for (name, section) in sections {
        let found = tokens::in_text(&section);
        if found.is_empty() {
            rest.push_str(&section);
        }
        logins.extend(found.into_iter().map(|token| Login { name: name.clone(), token }));
    }
    (logins, rest)
}

/// Rids a file of its tokens, all of which are kept elsewhere. The file is replaced or removed first and
/// what it held is overwritten then, so that it is whole at any time. A disk that writes elsewhere than it
/// is told, as copy-on-write file systems and flash do, may keep the old bytes all the same.
pub(super) fn rid(path: &Path, kept: &BTreeSet<Fingerprint>) -> Result<(), CommandError> {
    let failed = |error| CommandError::file("rewrite", path, error);
    // A link stays one.
    let path = &fs::canonicalize(path).map_err(failed)?;
    let mut old = OpenOptions::new().write(true).open(path).map_err(failed)?;
    let Some(file) = read(path)? else { return Err(failed(ErrorKind::NotFound.into())) };
    let is_kept = |login: &Login| kept.contains(&login.token.fingerprint());
    if !file.logins.iter().all(is_kept) || !tokens::in_text(&file.rest).is_empty() {
        return Err(CommandError::new(format!(
            "`{}` holds a token that is not in the vault, and stays as it is",
            path.display()
        ))
        .hint("run it again, or edit the file by hand"));
    }
    if file.rest.trim().is_empty() {
        fs::remove_file(path).map_err(failed)?;
    } else {
        output::write_file(path, &mut |out| out.write_all(file.rest.as_bytes()))?;
    }
    overwrite(&mut old).map_err(failed)
}

fn overwrite(file: &mut fs::File) -> io::Result<()> {
    let length = file.metadata()?.len();
    file.rewind()?;
    io::copy(&mut io::Read::take(io::repeat(0), length), file)?;
    file.flush()?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(n: usize) -> String {
        format!(
            "hf_{}",
            ["QkRvTzLpWmXcJnYbGsHdFaUeKiOqPtVxZr", "LwPzQaYtRnVbKcXmGsJdHfUeToIiWlZkMo"][n]
        )
    }

    fn names(text: &str) -> (Vec<Option<String>>, String) {
        let (logins, rest) = parsed(text);
        (logins.into_iter().map(|login| login.name).collect(), rest.as_str().to_owned())
    }

    #[test]
    fn each_store_gives_names_and_what_is_left() {
        let [a, b] = [0, 1].map(value);
        let named = |names: &[&str]| names.iter().map(|name| Some((*name).to_owned())).collect();
        assert_eq!(names(&format!("{a}\n")), (vec![None], String::new()));
        let ini = format!("[ci]\nhf_token = {a}\n\n[other]\nhf_token = {b}\n[empty]\nx = 1\n");
        assert_eq!(names(&ini), (named(&["ci", "other"]), "[empty]\nx = 1\n".to_owned()));
        let json = format!("{{\"tokens\":{{\"ci\":{{\"token\":\"{a}\"}}}}}}");
        assert_eq!(names(&json), (named(&["ci"]), String::new()));
        let json = format!("{{\"tokens\":{{\"ci\":{{\"token\":\"{a}\"}}}},\"active\":\"ci\"}}");
        let (found, rest) = names(&json);
        assert_eq!(found, named(&["ci"]) as Vec<Option<String>>);
        assert!(rest.contains("\"active\": \"ci\"") && !rest.contains(&a), "{rest}");
    }
}
