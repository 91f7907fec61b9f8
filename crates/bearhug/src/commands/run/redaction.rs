//! A child's output without the token that the child was given.

use std::io::{self, Read, Write};

use bearhug_core::Token;
use memchr::memmem;
use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

/// How much is read at once, in bytes.
const CHUNK: usize = 64 << 10;

/// Takes a token out of a stream of bytes, wherever the stream is cut.
pub(crate) struct Redaction {
    needle: Zeroizing<Vec<u8>>,
    replacement: Vec<u8>,
    /// The end of what came, as far as it may be the beginning of the token.
    held: Zeroizing<Vec<u8>>,
}

impl Redaction {
    #[expect(clippy::disallowed_methods, reason = "it is searched for, to be taken out")]
    pub(crate) fn of(token: &Token) -> Self {
        Self {
            needle: Zeroizing::new(token.expose_secret().as_bytes().to_vec()),
            replacement: token.redacted().into_bytes(),
            held: Zeroizing::default(),
        }
    }

    /// The next bytes, without what may be the beginning of the token.
    fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.held.extend_from_slice(bytes);
        let mut clean = Vec::with_capacity(self.held.len());
        let mut done = 0;
        for at in memmem::find_iter(&self.held, self.needle.as_slice()) {
            clean.extend_from_slice(&self.held[done..at]);
            clean.extend_from_slice(&self.replacement);
            done = at + self.needle.len();
        }
        let kept = self.open_end(&self.held[done..]);
        let end = self.held.len() - kept;
        clean.extend_from_slice(&self.held[done..end]);
        self.held.drain(..end);
        clean
    }

    /// How many bytes at the end are the beginning of the token.
    fn open_end(&self, bytes: &[u8]) -> usize {
        let longest = bytes.len().min(self.needle.len().saturating_sub(1));
        (0..=longest).rev().find(|n| bytes.ends_with(&self.needle[..*n])).unwrap_or(0)
    }

    /// Passes everything on as it comes, until the end.
    pub(crate) fn pass(mut self, mut from: impl Read, mut to: impl Write) -> io::Result<()> {
        let mut chunk = Zeroizing::new(vec![0; CHUNK]);
        loop {
            let read = match from.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            to.write_all(&self.push(&chunk[..read]))?;
            to.flush()?;
        }
        to.write_all(&self.held)?;
        to.flush()
    }
}

#[cfg(test)]
mod tests {
    use bearhug_core::Kind;
    use proptest::prelude::*;

    use super::*;

    fn value() -> String {
        format!("hf_{}", "aB3dE5gH7j".repeat(4).split_at(34).0)
    }

    /// A reader that gives a text in pieces of given lengths.
    struct Pieces(Vec<u8>, Vec<usize>);

    impl Read for Pieces {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let n = self.1.pop().unwrap_or(1).clamp(1, into.len()).min(self.0.len());
            into[..n].copy_from_slice(&self.0[..n]);
            self.0.drain(..n);
            Ok(n)
        }
    }

    proptest! {
        /// However the stream is cut, what comes out is what a replacement in the whole text gives.
        #[test]
        fn the_token_is_gone_however_the_stream_is_cut(
            words in prop::collection::vec(prop::sample::select(vec!["h", "hf_", "hf_aB3", "\n", "TOKEN"]), 0..12),
            cuts in prop::collection::vec(1usize..60, 0..40),
        ) {
            let text = words.concat().replace("TOKEN", &value());
            let token = Token::new(Kind::UserToken, value());
            let mut out = Vec::new();
            Redaction::of(&token).pass(Pieces(text.clone().into_bytes(), cuts), &mut out).unwrap();
            let expected = text.replace(&value(), &token.redacted());
            prop_assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
