//! Which paths a repository's `.gitattributes` sends to large files, as git itself reads it.

use std::io::Write;

use super::git::{Error, Repository};

/// Those of the paths that have `filter=lfs` under the given attributes.
pub(crate) async fn large_paths(
    repository: &Repository,
    attributes: &[u8],
    paths: &[&str],
) -> Result<Vec<String>, Error> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(attributes)?;
    let setting = format!("core.attributesFile={}", file.path().display());
    let input = paths.iter().fold(String::new(), |text, path| text + path + "\0");
    let arguments = ["-c", &setting, "check-attr", "-z", "--stdin", "filter"];
    let output = repository.run(&arguments, input.as_bytes()).await?;
    let text = String::from_utf8_lossy(&output);
    let fields: Vec<&str> = text.split('\0').collect();
    Ok(fields
        .chunks_exact(3)
        .filter(|triple| triple.last() == Some(&"lfs"))
        .filter_map(|triple| triple.first().map(|path| (*path).to_owned()))
        .collect())
}
