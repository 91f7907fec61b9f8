//! The compressed streams of a PDF.

use flate2::bufread::ZlibDecoder;

use crate::containers::{
    inside::{Cut, Inside},
    recognise::is_zlib,
};

/// A PDF's objects and cross references are of no matter here: a stream stands between two words,
/// whatever refers to it (ISO 32000-2, section 7.3.8).
pub(in crate::containers) fn read(inside: &Inside<'_>, bytes: &[u8]) -> Result<(), Cut> {
    let ends = memchr::memmem::Finder::new("endstream");
    for (number, at) in memchr::memmem::find_iter(bytes, "stream").enumerate() {
        let data = bytes.get(at + "stream".len()..).unwrap_or_default();
        let data = data.strip_prefix(b"\r\n").or_else(|| data.strip_prefix(b"\n"));
        let Some(data) = data.filter(|data| is_zlib(data)) else { continue };
        let data = &data[..ends.find(data).unwrap_or(data.len())];
        let name = format!("stream {}", number / 2 + 1);
        inside.part(&name, &mut ZlibDecoder::new(data))?;
    }
    Ok(())
}
