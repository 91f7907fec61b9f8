//! The text that a page shows, put together from the strings it is shown in.
//!
//! Pages show text word by word or letter by letter, with what moves the letters closer to each other
//! in between (ISO 32000-2, sections 9.4.2 and 9.4.3).

/// How much text of one stream is held, in bytes.
pub(super) const MOST_TEXT: usize = 8 << 20;

/// How much of a stream is looked at, in bytes. No page takes so much, and pictures do.
const MOST_CONTENT: usize = 16 << 20;

/// The longest word of a content stream that means something here, in bytes: a number.
const LONGEST_WORD: usize = 32;

/// By how much the next letter is moved away where a space was meant, in thousandths of the font's
/// size. A space is a quarter of it in most fonts.
const SPACE: f64 = -180.0;

/// How far apart two lines are at the least, in the page's units. Less is a matter of rounding.
const SAME_LINE: f64 = 0.01;

/// What the bytes that come next belong to.
#[derive(Debug, Default, Clone, Copy)]
enum State {
    #[default]
    Plain,
    Comment,
    /// A string in parentheses, in which so many more are open.
    Literal(usize),
    /// Behind a backslash in such a string.
    Escape(usize),
    /// A character that is written in octal: what was read of it, and of how many digits.
    Octal(usize, u8, u8),
    /// A string in hexadecimal digits, and the first digit of a pair.
    Hex(Option<u8>),
}

/// A reader of a content stream.
#[derive(Debug, Default)]
pub(super) struct Shown {
    state: State,
    /// How many bytes have been looked at.
    seen: usize,
    text: Vec<u8>,
    is_cut: bool,
    /// The strings since the last operator.
    strings: Vec<u8>,
    is_array: bool,
    word: Vec<u8>,
    /// The last two numbers, the later one last.
    numbers: [f64; 2],
    /// Where the line is that comes next, and the one that was shown last.
    height: f64,
    last_height: f64,
}

impl Shown {
    /// Reads more of the stream.
    pub(super) fn read(&mut self, bytes: &[u8]) {
        let left = MOST_CONTENT - self.seen;
        self.is_cut |= bytes.len() > left && !self.text.is_empty();
        let mut rest = &bytes[..bytes.len().min(left)];
        self.seen += rest.len();
        while let Some(&byte) = rest.first() {
            let mut read = 1;
            match self.state {
                State::Plain if !super::is_delimiter(byte) => {
                    let end = rest.iter().position(|&b| super::is_delimiter(b));
                    read = end.unwrap_or(rest.len());
                    let room = LONGEST_WORD.saturating_sub(self.word.len());
                    self.word.extend_from_slice(&rest[..read.min(room)]);
                }
                _ => self.byte(byte),
            }
            rest = &rest[read..];
        }
    }

    /// The text, and whether there was more than is held.
    pub(super) fn finish(mut self) -> (Vec<u8>, bool) {
        self.end_word();
        (self.text, self.is_cut)
    }

    fn byte(&mut self, byte: u8) {
        self.state = match (self.state, byte) {
            (State::Plain, _) => self.plain(byte),
            (State::Comment, b'\r' | b'\n') | (State::Literal(0), b')') => State::Plain,
            (State::Comment, _) => State::Comment,
            (State::Literal(_), b'\\') => return self.state = self.escape(),
            (State::Literal(open), _) => {
                self.push(byte);
                State::Literal(match byte {
                    b'(' => open + 1,
                    b')' => open - 1,
                    _ => open,
                })
            }
            (State::Escape(open), b'0'..=b'7') => State::Octal(open, byte - b'0', 1),
            (State::Escape(open), _) => {
                // A line break behind a backslash is none.
                if !matches!(byte, b'\r' | b'\n') {
                    self.push(escaped(byte));
                }
                State::Literal(open)
            }
            (State::Octal(open, value, digits @ 0..3), b'0'..=b'7') => {
                State::Octal(open, value.wrapping_mul(8).wrapping_add(byte - b'0'), digits + 1)
            }
            (State::Octal(open, value, _), _) => {
                self.push(value);
                self.state = State::Literal(open);
                return self.byte(byte);
            }
            (State::Hex(high), _) => self.hex(high, byte),
        };
    }

    fn escape(&self) -> State {
        match self.state {
            State::Literal(open) => State::Escape(open),
            other => other,
        }
    }

    fn hex(&mut self, high: Option<u8>, byte: u8) -> State {
        let digit = char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        match (high, digit) {
            (None, Some(digit)) => State::Hex(Some(digit)),
            (Some(high), Some(digit)) => {
                self.push(high << 4 | digit);
                State::Hex(None)
            }
            (_, None) if byte.is_ascii_whitespace() => State::Hex(high),
            // The start of a dictionary, the end, or something that has no place here.
            (_, None) => {
                if let Some(high) = high {
                    self.push(high << 4);
                }
                State::Plain
            }
        }
    }

    fn plain(&mut self, byte: u8) -> State {
        self.end_word();
        match byte {
            b'(' => return State::Literal(0),
            b'<' => return State::Hex(None),
            b'%' => return State::Comment,
            // A name, which is no operator.
            b'/' => self.word.push(byte),
            b'[' => self.is_array = true,
            b']' => self.is_array = false,
            _ => {}
        }
        State::Plain
    }

    /// Reads a number, an operator, or what is neither.
    fn end_word(&mut self) {
        let word = std::mem::take(&mut self.word);
        let Some(first) = word.first() else { return };
        if first.is_ascii_digit() || b"+-.".contains(first) {
            let number = std::str::from_utf8(&word).ok().and_then(|word| word.parse().ok());
            self.numbers = [self.numbers[1], number.unwrap_or_default()];
            if self.is_array && self.numbers[1] < SPACE {
                self.push(b' ');
            }
            return;
        }
        if *first != b'/' {
            self.operator(&word);
        }
    }

    fn operator(&mut self, operator: &[u8]) {
        match operator {
            b"BT" => self.height = 0.0,
            b"Td" | b"TD" => self.height += self.numbers[1],
            b"Tm" => self.height = self.numbers[1],
            // What moves everything, or to the next line by a distance that was set before.
            b"cm" | b"T*" => self.last_height = f64::NAN,
            b"Tj" | b"TJ" => self.show(),
            b"'" | b"\"" => {
                self.last_height = f64::NAN;
                self.show();
            }
            _ => {}
        }
        self.strings.clear();
        self.is_array = false;
    }

    fn show(&mut self) {
        let is_same_line = (self.last_height - self.height).abs() < SAME_LINE;
        if !is_same_line && !self.text.is_empty() {
            self.text.push(b'\n');
        }
        self.last_height = self.height;
        self.is_cut |= self.text.len() + self.strings.len() > MOST_TEXT;
        if !self.is_cut {
            self.text.append(&mut self.strings);
        }
    }

    fn push(&mut self, byte: u8) {
        if self.strings.len() < MOST_TEXT {
            self.strings.push(byte);
        }
    }
}

/// What a letter behind a backslash stands for (table 3).
fn escaped(letter: u8) -> u8 {
    match letter {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 0x08,
        b'f' => 0x0c,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(content: &[u8]) -> String {
        let mut shown = Shown::default();
        shown.read(content);
        String::from_utf8_lossy(&shown.finish().0).into_owned()
    }

    #[test]
    fn strings_of_a_line_are_joined() {
        assert_eq!(
            shown(b"BT [(ab)-20(c)30<64 6>-250(e)]TJ (f)Tj /F1 9 Tf (g) Tj ET"),
            "abcd` efg"
        );
        assert_eq!(
            shown(b"BT 5 9 Td (a) Tj 7 0 Td (b) Tj 0 -9 Td (c) Tj T* (d) Tj (e) ' ET"),
            "ab\nc\nd\ne"
        );
        assert_eq!(shown(b"BT 1 0 0 1 5 9 Tm(a)Tj ET BT 1 0 0 1 8 9 Tm(b)Tj ET"), "ab");
        assert_eq!(shown(b"(not shown) /Tj <</A (x)>> BDC % (y) Tj\n(a) Tj"), "a");
    }

    #[test]
    fn strings_are_read_as_they_are_written() {
        assert_eq!(shown(b"(a(b\\)c)\\141\\0611\\\r\n\\n\\x) Tj"), "a(b)c)a11\n\nx");
    }

    #[test]
    fn text_without_an_end_is_cut() {
        let mut shown = Shown::default();
        for _ in 0..3 {
            shown.read(b"(");
            shown.read(&vec![b'a'; MOST_TEXT / 2]);
            shown.read(b") Tj ");
        }
        let (text, is_cut) = shown.finish();
        assert_eq!((text.len(), is_cut), (MOST_TEXT, true));
    }

    proptest! {
        #[test]
        fn no_content_is_too_strange(content in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(shown(&content).len() <= content.len() * 3);
        }
    }
}
