//! The path of steps that leads to some bytes.

use std::fmt;

use crate::{Container, Storage};

/// A way of writing text that hides a token from a plain search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// Backslash escapes of JSON, Python, JavaScript, C and shells: `\u0068`, `\x68`, `\150`.
    Escapes,
    /// Percent encoding (RFC 3986): `%68`.
    Percent,
    /// HTML and XML: character references such as `&#104;` and `&lowbar;`, and words broken by tags
    /// or by what is not seen.
    Html,
    /// Quoted-printable (RFC 2045): `=68`, and lines broken by a `=` at their end.
    QuotedPrintable,
    /// One string written as several literals: `"hf_" + "…"`, or the lines of a notebook cell.
    Concatenation,
    /// Base64 (RFC 4648), in the standard or the URL-safe alphabet, on one line or wrapped.
    Base64,
    /// Hexadecimal digits.
    Hex,
    /// Two bytes a character, in either byte order.
    Utf16,
    /// Four bytes a character, in either byte order.
    Utf32,
}

impl Encoding {
    /// Every encoding.
    pub const ALL: [Self; 9] = [
        Self::Escapes,
        Self::Percent,
        Self::Html,
        Self::QuotedPrintable,
        Self::Concatenation,
        Self::Base64,
        Self::Hex,
        Self::Utf16,
        Self::Utf32,
    ];

    /// The name that output uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Escapes => "escapes",
            Self::Percent => "percent",
            Self::Html => "html",
            Self::QuotedPrintable => "quoted-printable",
            Self::Concatenation => "concatenation",
            Self::Base64 => "base64",
            Self::Hex => "hex",
            Self::Utf16 => "utf-16",
            Self::Utf32 => "utf-32",
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One step on the way to the bytes. Names in it are redacted before they get here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A file in a tree.
    File(String),
    /// The standard input.
    Stdin,
    /// The content that git's index holds for a path: what a commit would record.
    Staged(String),
    /// A git repository, by its path.
    Repository(String),
    /// A commit, by its id.
    Commit(String),
    /// A git object, by its id.
    Object(String),
    /// An image that a container engine keeps, by the name it was asked for.
    Engine(String),
    /// Something on this computer that keeps tokens.
    Machine {
        /// What it is.
        storage: &'static Storage,
        /// The permission bits of the file that holds the bytes, where a file does.
        mode: Option<u32>,
    },
    /// A running process.
    Process {
        /// Its id.
        id: u32,
        /// How it was started, shortened.
        command: String,
    },
    /// A variable of an environment, by its name.
    Variable(String),
    /// What a process was started with.
    Arguments,
    /// What a program that keeps credentials was asked for.
    Asked(String),
    /// The name before this step, rather than what it names.
    Name,
    /// A place in the bytes before this step, where something else starts: the offset of its first
    /// byte.
    Offset(u64),
    /// The content that a container holds, where it holds but one.
    Unpacked(Container),
    /// A part of a container, by its name.
    Part(Container, String),
    /// The text that a decoding uncovered.
    Decoded(Encoding),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "file:{path}"),
            Self::Stdin => f.write_str("stdin"),
            Self::Staged(path) => write!(f, "staged:{path}"),
            Self::Repository(path) => write!(f, "git:{path}"),
            Self::Commit(id) => write!(f, "commit:{id}"),
            Self::Object(id) => write!(f, "object:{id}"),
            Self::Engine(name) => write!(f, "engine:{name}"),
            Self::Machine { storage, .. } => write!(f, "machine:{}", storage.title),
            Self::Process { id, command } => write!(f, "process:{id} ({command})"),
            Self::Variable(name) => write!(f, "variable:{name}"),
            Self::Arguments => f.write_str("arguments"),
            Self::Asked(what) => write!(f, "asked:{what}"),
            Self::Name => f.write_str("name"),
            Self::Offset(at) => write!(f, "offset:{at}"),
            Self::Unpacked(container) => write!(f, "unpacked:{container}"),
            Self::Part(container, name) => write!(f, "{container}:{name}"),
            Self::Decoded(encoding) => write!(f, "decoded:{encoding}"),
        }
    }
}

/// Where some bytes come from: the steps from the outside in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The path a person would open, redacted where a name in it holds a token.
    pub path: String,
    /// The way to the bytes, the outermost step first.
    pub steps: Vec<Step>,
}

impl Origin {
    /// The origin with one more step at its inner end.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        let mut longer = self.clone();
        longer.steps.push(step);
        longer
    }

    /// Whether the bytes are other ones than those of the file that the path names.
    pub fn is_packed(&self) -> bool {
        self.steps.iter().any(|step| match step {
            Step::Unpacked(_) => true,
            Step::Part(container, _) => !container.is_outlined(),
            _ => false,
        })
    }

    /// What keeps the bytes, and the permission bits of the file that holds them, if they were
    /// looked for in the places of this computer.
    pub fn storage(&self) -> Option<(&'static Storage, Option<u32>)> {
        self.steps.iter().find_map(|step| match step {
            Step::Machine { storage, mode } => Some((*storage, *mode)),
            _ => None,
        })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.steps.iter().enumerate() {
            if i > 0 {
                f.write_str(" › ")?;
            }
            write!(f, "{step}")?;
        }
        Ok(())
    }
}
