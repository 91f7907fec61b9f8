//! Objects of JSON, one a line, of which a few short texts are wanted and the rest may be large.
//!
//! A line is read as it comes and never kept. What one reader of JSON could take differently than
//! another is refused: a name that stands twice or is written with escapes, a line that ends within its
//! object or by anything but a newline.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Refusal;

/// The longest name, in bytes.
const NAME: usize = 64;
/// The longest wanted text, in bytes, with its escapes: 1,000 characters of twelve bytes each.
const TEXT: usize = 12_000;
/// The deepest nesting.
const DEPTH: usize = 16;
/// The most names in the outer two objects.
const NAMES: usize = 64;

const MALFORMED: Refusal = Refusal::Ambiguous("a line of the body is no plain JSON object");
const TWICE: Refusal = Refusal::Ambiguous("a line of the body says something twice");
const LONG: Refusal =
    Refusal::Ambiguous("a line of the body has a name or a path that is too long");

/// The wanted texts of a line, by their names: `key`, and `value.path` for what is one deeper.
pub(super) type Line = BTreeMap<&'static str, String>;

/// Reads lines.
#[derive(Debug)]
pub(super) struct Lines {
    wanted: &'static [&'static str],
    at: At,
    /// Whether what is open is an object, from the outermost on; the others are lists.
    open: Vec<bool>,
    /// The names that lead to what is read in the outer two objects.
    names: [String; 2],
    seen: BTreeSet<String>,
    found: Line,
    /// The bytes of a text that is kept.
    text: Vec<u8>,
    keeps: Keeps,
    is_escaped: bool,
}

/// What can come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// A line.
    Start,
    /// The first name of an object, or its end.
    First,
    Name,
    Colon,
    Value,
    /// The first item of a list, or its end.
    Item,
    /// A comma, or the end of what is open.
    Comma,
    /// More of a number, `true`, `false` or `null`.
    Word,
    /// More of a text.
    Text,
    /// The end of the line.
    End,
}

/// What becomes of a text that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeps {
    Nothing,
    Name,
    Wanted(&'static str),
}

impl Lines {
    /// Reads lines of which these texts are wanted.
    pub(super) fn new(wanted: &'static [&'static str]) -> Self {
        Self {
            wanted,
            at: At::Start,
            open: Vec::new(),
            names: [String::new(), String::new()],
            seen: BTreeSet::new(),
            found: Line::new(),
            text: Vec::new(),
            keeps: Keeps::Nothing,
            is_escaped: false,
        }
    }

    /// Reads the next bytes, and hands over each line as its object closes.
    pub(super) fn feed(
        &mut self,
        mut bytes: &[u8],
        mut line: impl FnMut(Line) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        while let Some((byte, rest)) = bytes.split_first() {
            if self.at == At::Text {
                bytes = self.text(bytes)?;
                continue;
            }
            bytes = rest;
            if self.step(*byte)? {
                self.seen.clear();
                line(std::mem::take(&mut self.found))?;
            }
        }
        Ok(())
    }

    /// Whether the lines could end here.
    pub(super) fn finish(&self) -> Result<(), Refusal> {
        matches!(self.at, At::Start | At::End).then_some(()).ok_or(MALFORMED)
    }

    /// Reads more of a text, and returns what follows.
    fn text<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], Refusal> {
        if self.is_escaped {
            self.is_escaped = false;
            let (escaped, rest) = bytes.split_at(1);
            self.keep(escaped)?;
            return Ok(rest);
        }
        let end = memchr::memchr2(b'"', b'\\', bytes).unwrap_or(bytes.len());
        let (plain, rest) = bytes.split_at(end);
        if plain.iter().any(|b| *b < b' ') {
            return Err(MALFORMED);
        }
        self.keep(plain)?;
        match rest.split_first() {
            Some((b'"', rest)) => {
                self.end_text()?;
                Ok(rest)
            }
            Some((escape, rest)) => {
                if self.keeps == Keeps::Name {
                    return Err(MALFORMED);
                }
                self.is_escaped = true;
                self.keep(&[*escape])?;
                Ok(rest)
            }
            None => Ok(rest),
        }
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let most = match self.keeps {
            Keeps::Nothing => return Ok(()),
            Keeps::Name => NAME,
            Keeps::Wanted(_) => TEXT,
        };
        if self.text.len() + bytes.len() > most {
            return Err(LONG);
        }
        self.text.extend_from_slice(bytes);
        Ok(())
    }

    fn end_text(&mut self) -> Result<(), Refusal> {
        self.at = At::Comma;
        match self.keeps {
            Keeps::Nothing => {}
            Keeps::Name => {
                self.at = At::Colon;
                self.end_name()?;
            }
            Keeps::Wanted(name) => {
                self.text.insert(0, b'"');
                self.text.push(b'"');
                let text = serde_json::from_slice(&self.text).map_err(|_| MALFORMED)?;
                self.found.insert(name, text);
            }
        }
        self.text.clear();
        Ok(())
    }

    fn end_name(&mut self) -> Result<(), Refusal> {
        let name = std::str::from_utf8(&self.text).map_err(|_| MALFORMED)?;
        let depth = self.open.len();
        let Some(slot) = depth.checked_sub(1).and_then(|at| self.names.get_mut(at)) else {
            return Ok(());
        };
        name.clone_into(slot);
        let [outer, inner] = &self.names;
        let path = if depth == 1 { outer.clone() } else { format!("{outer}.{inner}") };
        if !self.seen.insert(path) {
            return Err(TWICE);
        }
        if self.seen.len() > NAMES { Err(LONG) } else { Ok(()) }
    }

    /// Reads a byte outside of texts. Returns whether it closes the object of a line.
    fn step(&mut self, byte: u8) -> Result<bool, Refusal> {
        if self.at == At::Word {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.') {
                return Ok(false);
            }
            self.at = At::Comma;
        }
        match (self.at, byte) {
            (_, b' ' | b'\t') => {}
            (At::Start | At::End, b'\n') => self.at = At::Start,
            (At::Start, b'{') => self.open(true)?,
            (At::First | At::Name, b'"') => {
                self.keeps = Keeps::Name;
                self.at = At::Text;
            }
            (At::Colon, b':') => self.at = At::Value,
            (At::Comma, b',') => self.at = if self.is_object() { At::Name } else { At::Value },
            (At::First, b'}') | (At::Item, b']') => return Ok(self.close()),
            (At::Comma, b'}') if self.is_object() => return Ok(self.close()),
            (At::Comma, b']') if !self.is_object() => return Ok(self.close()),
            (At::Value | At::Item, _) => self.value(byte)?,
            _ => return Err(MALFORMED),
        }
        Ok(false)
    }

    /// Starts to read a value.
    fn value(&mut self, byte: u8) -> Result<(), Refusal> {
        let wanted = self.wanted_here();
        match byte {
            b'"' => {
                self.keeps = wanted.map_or(Keeps::Nothing, Keeps::Wanted);
                self.at = At::Text;
            }
            // Only a text and `null` say what a reader could want of a path.
            b'n' => self.at = At::Word,
            _ if wanted.is_some() => return Err(MALFORMED),
            b'{' => self.open(true)?,
            b'[' => self.open(false)?,
            b'-' => self.at = At::Word,
            _ if byte.is_ascii_alphanumeric() => self.at = At::Word,
            _ => return Err(MALFORMED),
        }
        Ok(())
    }

    /// The wanted text that a value here would be.
    fn wanted_here(&self) -> Option<&'static str> {
        let [outer, inner] = &self.names;
        let is_here = |wanted: &&&str| match *self.open {
            [true] => **wanted == outer,
            [true, true] => wanted.split_once('.') == Some((outer, inner)),
            _ => false,
        };
        self.wanted.iter().find(is_here).copied()
    }

    fn is_object(&self) -> bool {
        self.open.last() == Some(&true)
    }

    fn open(&mut self, is_object: bool) -> Result<(), Refusal> {
        if self.open.len() == DEPTH {
            return Err(MALFORMED);
        }
        self.open.push(is_object);
        self.at = if is_object { At::First } else { At::Item };
        Ok(())
    }

    fn close(&mut self) -> bool {
        self.open.pop();
        self.at = if self.open.is_empty() { At::End } else { At::Comma };
        self.open.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Vec<Line>, Refusal> {
        let mut lines = Lines::new(&["key", "value.path"]);
        let mut all = Vec::new();
        lines.feed(body.as_bytes(), |line| {
            all.push(line);
            Ok(())
        })?;
        lines.finish().map(|()| all)
    }

    #[test]
    fn wanted_texts_are_found_wherever_they_stand() {
        let body = "{\"value\":{\"content\":\"\\\"path\\\":\",\"path\":\"\\u00e9/\\\"b\"},\"key\":\"file\"}\n\n\
                    {\"key\":\"x\",\"path\":\"no\",\"value\":[{\"path\":\"no\"}],\"n\":{\"path\":[-1.5e3,true]}} ";
        let lines = read(body).unwrap();
        assert_eq!(lines[0], Line::from([("key", "file".into()), ("value.path", "é/\"b".into())]));
        assert_eq!(lines[1], Line::from([("key", "x".into())]));
        assert_eq!(lines.len(), 2);
    }

    #[test]
    fn what_readers_could_take_differently_is_refused() {
        let deep = format!("{{\"a\":{}", "[".repeat(20));
        let long = format!("{{\"key\":\"{}\"}}", "a".repeat(13_000));
        for body in [
            r#"{"key":"a","key":"b"}"#,
            r#"{"value":{"path":"a"},"value":{}}"#,
            r#"{"value":{"path":"a","path":"b"}}"#,
            r#"{"k\u0065y":"a"}"#,
            r#"{"key":["a"]}"#,
            r#"{"key":{"a":1}}"#,
            r#"{"value":{"path":7}}"#,
            "{\"key\":\"a\"}\r{\"key\":\"b\"}",
            "{\"key\":\"a\"}\r\n",
            "{\"key\":\n\"a\"}",
            "{\"key\":\"a\nb\"}",
            r#"{"key":"a"}{"key":"b"}"#,
            r#"{"key":"a"},"#,
            r#"["key"]"#,
            r#"{"key":"a",}"#,
            r#"{"a":[1,]}"#,
            r#"{"a":[1}"#,
            r#"{"a":1]"#,
            r#"{"key":"\ud800"}"#,
            r#"{"key":"a""#,
            r#"{"key":"a"#,
            "{\u{feff}}",
            &deep,
            &long,
        ] {
            assert!(read(body).is_err(), "{body}");
        }
    }
}
