//! Refs and reflogs in tables (git's reftable format, Documentation/technical/reftable).

use std::io::Read as _;

use flate2::bufread::ZlibDecoder;

use crate::git::{id::ObjectId, pack::varint};

/// What a table holds, in its order. A later entry of a name supersedes an earlier one.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) refs: Vec<(Vec<u8>, Value)>,
    /// The old and the new object of each step of a reflog, and whether it is that of the stash.
    pub(crate) logs: Vec<(bool, [ObjectId; 2])>,
    /// Whether all of it could be read.
    pub(crate) is_complete: bool,
    /// How many bytes may still be made of the table's: names share their starts, and reflogs are
    /// deflated.
    room: usize,
}

/// What a ref is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Deleted,
    Object(ObjectId),
    /// The name of another ref.
    Symbolic(Vec<u8>),
}

/// The longest name of a ref that is taken for one, in bytes. Git makes none longer than a path may be.
const LONGEST_NAME: usize = 64 << 10;

/// How many bytes a table may make: so many, and so many for each byte that it has.
const ROOM: usize = 64 << 20;
const ROOM_OF_A_BYTE: usize = 16;

impl Table {
    /// Reads a table, up to where it makes no sense. `on_text` gets the text of the reflogs, block by
    /// block: names, addresses and messages, with numbers in between.
    pub(crate) fn parse(bytes: &[u8], on_text: &mut dyn FnMut(&[u8])) -> Self {
        let room = bytes.len().saturating_mul(ROOM_OF_A_BYTE).saturating_add(ROOM);
        let mut table = Self { room, ..Self::default() };
        let (header, id_len) = match bytes.get(..5) {
            Some(b"REFT\x01") => (24, 20),
            Some(b"REFT\x02") => (28, if bytes.get(24..28) == Some(b"s256") { 32 } else { 20 }),
            _ => return table,
        };
        table.is_complete = table.blocks(bytes, (header, id_len), on_text).is_some();
        table
    }

    fn spend(&mut self, bytes: usize) -> Option<()> {
        self.room = self.room.checked_sub(bytes)?;
        Some(())
    }

    fn blocks(
        &mut self,
        bytes: &[u8],
        (header, id_len): (usize, usize),
        on_text: &mut dyn FnMut(&[u8]),
    ) -> Option<()> {
        let mut at = header;
        loop {
            // The first block's length and offsets count from the start of the file.
            let start = if at == header { 0 } else { at };
            let kind = *bytes.get(at)?;
            let [a, b, c] = *bytes.get(at + 1..)?.first_chunk()?;
            let len = u32::from_be_bytes([0, a, b, c]) as usize;
            match kind {
                // The footer, which starts as the file does.
                b'R' => return Some(()),
                b'g' => {
                    let text = bytes.get(at + 4..)?;
                    let size = len.checked_sub(at + 4 - start)?;
                    let (used, text) = self.log_block(text, size, id_len)?;
                    on_text(&text);
                    at += 4 + used;
                }
                _ => {
                    let block = bytes.get(at + 4..start + len)?;
                    if kind == b'r' {
                        self.ref_block(block, id_len)?;
                    }
                    at = start + len;
                }
            }
            // Blocks may be padded with zeros.
            at += bytes.get(at..)?.iter().take_while(|&&b| b == 0).count();
        }
    }

    fn ref_block(&mut self, block: &[u8], id_len: usize) -> Option<()> {
        let mut rest = records(block)?;
        let mut name = Vec::new();
        while !rest.is_empty() {
            let kind = key(&mut rest, &mut name)?;
            self.spend(name.len())?;
            varint(&mut rest)?;
            let value = match kind {
                0 => Value::Deleted,
                1 | 2 => {
                    let id = ObjectId::new(take(&mut rest, id_len)?)?;
                    take(&mut rest, if kind == 2 { id_len } else { 0 })?;
                    Value::Object(id)
                }
                3 => Value::Symbolic(string(&mut rest)?.to_vec()),
                _ => return None,
            };
            self.refs.push((name.clone(), value));
        }
        Some(())
    }

    /// Reads a deflated block. Returns how long it is, and its text.
    fn log_block(
        &mut self,
        deflated: &[u8],
        size: usize,
        id_len: usize,
    ) -> Option<(usize, Vec<u8>)> {
        self.spend(size)?;
        let mut decoder = ZlibDecoder::new(deflated);
        let mut block = Vec::new();
        decoder.by_ref().take(size as u64 + 1).read_to_end(&mut block).ok()?;
        let used = usize::try_from(decoder.total_in()).ok()?;
        if block.len() != size {
            return None;
        }
        let mut rest = records(&block)?;
        let mut name = Vec::new();
        while !rest.is_empty() {
            let kind = key(&mut rest, &mut name)?;
            if kind == 0 {
                continue;
            }
            let ids = [take(&mut rest, id_len)?, take(&mut rest, id_len)?].map(ObjectId::new);
            string(&mut rest)?;
            string(&mut rest)?;
            varint(&mut rest)?;
            take(&mut rest, 2)?;
            string(&mut rest)?;
            // The name ends with a NUL and a number.
            let end = memchr::memchr(0, &name)?;
            self.logs.push((name[..end] == *b"refs/stash", [ids[0]?, ids[1]?]));
        }
        Some((used, block))
    }
}

/// A block without the table of restarts at its end.
fn records(block: &[u8]) -> Option<&[u8]> {
    let (rest, count) = block.split_last_chunk::<2>()?;
    let restarts = 3 * usize::from(u16::from_be_bytes(*count));
    rest.get(..rest.len().checked_sub(restarts)?)
}

/// Reads a name that shares its start with the one before, and the kind of what follows.
fn key(rest: &mut &[u8], name: &mut Vec<u8>) -> Option<u64> {
    let shared = usize::try_from(varint(rest)?).ok()?;
    let suffix = varint(rest)?;
    let new = take(rest, usize::try_from(suffix >> 3).ok()?)?;
    if shared > name.len() || shared + new.len() > LONGEST_NAME {
        return None;
    }
    name.truncate(shared);
    name.extend(new);
    Some(suffix & 7)
}

fn string<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let len = usize::try_from(varint(rest)?).ok()?;
    take(rest, len)
}

fn take<'a>(rest: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(len)?;
    *rest = after;
    Some(taken)
}
