//! A ZIP whose directory is broken or missing, by the headers before its members.

use bearhug_core::GapReason;
use flate2::bufread::DeflateDecoder;

use crate::containers::inside::{Ended, Inside};

/// What a header starts with.
const SIGNATURE: &[u8] = b"PK\x03\x04";

/// The size of a header without the name (APPNOTE.TXT, section 4.3.7).
const HEADER: usize = 30;

/// The least that a member takes with a credential in it, in bytes.
pub(super) const LEAST: u64 = HEADER as u64 + 20;

/// Delivers every member whose header is found. False if there is none.
pub(super) fn read(inside: &Inside<'_>, bytes: &[u8]) -> Result<bool, Ended> {
    let mut at = 0;
    let mut any = false;
    while let Some(found) = memchr::memmem::find(&bytes[at..], SIGNATURE) {
        at += found;
        let Some(member) = Member::parse(&bytes[at..]) else {
            at += SIGNATURE.len();
            continue;
        };
        let name = String::from_utf8_lossy(member.name);
        if member.is_encrypted {
            inside.unread(&name, GapReason::Encrypted)?;
        } else if member.method == DEFLATE {
            inside.part(&name, &mut DeflateDecoder::new(member.content))?;
        } else {
            // Stored, or compressed in a way that is recognised.
            inside.part(&name, &mut &member.content[..])?;
        }
        at += member.len();
        any = true;
    }
    Ok(any)
}

/// The compression of nearly every member.
const DEFLATE: u16 = 8;

struct Member<'a> {
    name: &'a [u8],
    /// How it was compressed.
    method: u16,
    is_encrypted: bool,
    /// Up to the next header, if the size is unknown.
    content: &'a [u8],
    before: usize,
}

impl<'a> Member<'a> {
    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (head, rest) = bytes.split_at_checked(HEADER)?;
        let short = |at| u16::from_le_bytes([head[at], head[at + 1]]);
        let (flags, method) = (short(6), short(8));
        let size = u32::from_le_bytes([head[18], head[19], head[20], head[21]]);
        let (name, rest) = rest.split_at_checked(short(26).into())?;
        let content = rest.get(short(28).into()..)?;
        // A size that was not known when the header was written is zero, and one of more than 32
        // bits is elsewhere.
        let stated = usize::try_from(size).ok().filter(|&size| size != 0 && size != 0xffff_ffff);
        let is_known = stated.is_some() || flags & 8 == 0 && size == 0;
        let len = if is_known {
            stated.unwrap_or(0).min(content.len())
        } else {
            memchr::memmem::find(content, SIGNATURE).unwrap_or(content.len())
        };
        let before = bytes.len() - content.len();
        Some(Self { name, method, is_encrypted: flags & 1 != 0, content: &content[..len], before })
    }

    fn len(&self) -> usize {
        self.before + self.content.len()
    }
}
