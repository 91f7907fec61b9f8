//! What keeps tokens on a computer.

/// Something that keeps tokens where people do not look: a client's token file, a shell's history,
/// the environment of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Storage {
    /// The name that programs rely on.
    pub name: &'static str,
    /// What it is, for a person, in the singular and without an article.
    pub title: &'static str,
    /// How to get a token out of it and keep the next one out, in sentences.
    pub advice: &'static str,
}
