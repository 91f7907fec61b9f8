//! The compressed text of a PNG, where image generators keep their workflows.

use flate2::bufread::ZlibDecoder;

use crate::containers::inside::{Cut, Inside};

const SIGNATURE: usize = 8;
const CHECKSUM: usize = 4;

/// PNG, third edition, sections 5.3, 11.3.3.3 and 11.3.3.4.
pub(in crate::containers) fn read(inside: &Inside<'_>, bytes: &[u8]) -> Result<(), Cut> {
    let mut rest = bytes.get(SIGNATURE..).unwrap_or_default();
    while let Some((&length, after)) = rest.split_first_chunk::<4>() {
        let length = u32::from_be_bytes(length) as usize;
        let Some((kind, after)) = after.split_first_chunk::<4>() else { break };
        let (data, after) = after.split_at(length.min(after.len()));
        if let Some((keyword, text)) = compressed_text(*kind, data) {
            let name = String::from_utf8_lossy(keyword).into_owned();
            inside.part(&name, &mut ZlibDecoder::new(text))?;
        }
        rest = after.get(CHECKSUM..).unwrap_or_default();
    }
    Ok(())
}

/// The keyword and the zlib stream of a chunk that holds compressed text.
fn compressed_text(kind: [u8; 4], data: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut fields = data.splitn(2, |&b| b == 0);
    let (keyword, rest) = (fields.next()?, fields.next()?);
    match &kind {
        b"zTXt" => Some((keyword, rest.strip_prefix(b"\0")?)),
        b"iTXt" => {
            // A flag and a method, then the language and the translated keyword.
            let mut fields = rest.strip_prefix(b"\x01\0")?.splitn(3, |&b| b == 0);
            Some((keyword, fields.nth(2)?))
        }
        _ => None,
    }
}
