//! Scrubbing what comes in pieces.

use super::Scrubber;

/// Scrubs a body on its way. Of what could be the start of a token it waits for the rest, and for nothing
/// else, so that a stream of events flows.
#[derive(Debug)]
pub struct Scrubbing {
    scrubber: Scrubber,
    /// The start of what may be a token.
    held: Vec<u8>,
}

impl Scrubbing {
    /// Starts with a body.
    pub fn new(scrubber: Scrubber) -> Self {
        Self { scrubber, held: Vec::new() }
    }

    /// Takes the next piece, and gives what can be passed on.
    pub fn feed(&mut self, piece: &[u8]) -> Vec<u8> {
        self.held.extend_from_slice(piece);
        self.scrubber.scrub(&mut self.held);
        let end = self.held.len().saturating_sub(self.scrubber.open_end(&self.held));
        let rest = self.held.split_off(end);
        std::mem::replace(&mut self.held, rest)
    }

    /// Gives what is left when the body has ended.
    pub fn finish(self) -> Vec<u8> {
        self.held
    }
}
