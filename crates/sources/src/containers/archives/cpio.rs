//! cpio, from front to back: the payload of RPM packages and initial RAM disks.

use std::io::{self, Read};

use crate::{
    containers::inside::{Cut, Inside},
    stream,
};

/// The name of the entry that ends an archive.
const TRAILER: &[u8] = b"TRAILER!!!";

/// The longest name that is read, in bytes. No system has longer paths.
const LONGEST_NAME: u64 = 1 << 14;

/// How much is read at a time of what comes behind an archive, in bytes. It may be zeros for most of
/// a disk.
const BLOCK: usize = 1 << 16;

/// What comes before the content of a member.
struct Header {
    name_size: u64,
    size: u64,
    /// To a multiple of how many bytes a header with its name and a content are filled up.
    padding: u64,
}

/// The sizes of headers, with the magic number: that in hexadecimal digits, with or without
/// checksums, and that in octal ones.
///
/// <https://www.kernel.org/doc/html/latest/driver-api/early-userspace/buffer-format.html>, and
/// POSIX.1-1988, section 10.1.2, for the octal one.
const HEXADECIMAL: usize = 110;
const OCTAL: usize = 76;

/// Whether an archive starts so.
pub(in crate::containers) fn is_cpio(head: &[u8]) -> bool {
    Header::parse(head).is_some()
}

impl Header {
    fn parse(head: &[u8]) -> Option<Self> {
        match head.first_chunk::<6>()? {
            b"070701" | b"070702" => {
                let fields = head.get(6..HEXADECIMAL)?;
                fields.iter().all(u8::is_ascii_hexdigit).then_some(())?;
                let (size, name_size) = (number(&head[54..62], 16), number(&head[94..102], 16));
                Some(Self { name_size, size, padding: 4 })
            }
            b"070707" => {
                let fields = head.get(6..OCTAL)?;
                fields.iter().all(|b| matches!(b, b'0'..=b'7')).then_some(())?;
                let (size, name_size) = (number(&head[65..76], 8), number(&head[59..65], 8));
                Some(Self { name_size, size, padding: 1 })
            }
            _ => None,
        }
    }

    fn len(&self) -> usize {
        if self.padding == 1 { OCTAL } else { HEXADECIMAL }
    }
}

fn number(digits: &[u8], radix: u32) -> u64 {
    let value = |&digit: &u8| u64::from(char::from(digit).to_digit(radix).unwrap_or(0));
    digits.iter().fold(0, |number, digit| number * u64::from(radix) + value(digit))
}

pub(in crate::containers) fn read(inside: &Inside<'_>, content: &mut dyn Read) -> Result<(), Cut> {
    loop {
        let mut head = Vec::new();
        content.take(OCTAL as u64).read_to_end(&mut head)?;
        if head.starts_with(b"07070") && !head.starts_with(b"070707") {
            content.take((HEXADECIMAL - OCTAL) as u64).read_to_end(&mut head)?;
        }
        let Some(header) = Header::parse(&head) else {
            return Err(Cut::damaged(&"no header where one should be"));
        };
        let name = name(content, &header)?;
        if name == TRAILER {
            return behind(inside, content);
        }
        let mut member = content.take(header.size);
        inside.part(&String::from_utf8_lossy(&name), &mut member)?;
        // What is left of a damaged member must be read before the next one starts.
        io::copy(&mut member, &mut io::sink())?;
        if member.limit() > 0 {
            return Err(Cut::damaged(&"it ends in the middle of a member"));
        }
        skip(content, header.size, header.padding)?;
    }
}

/// Reads the name behind a header, and what fills it up.
fn name(content: &mut dyn Read, header: &Header) -> Result<Vec<u8>, Cut> {
    if header.name_size > LONGEST_NAME {
        return Err(Cut::damaged(&"a name is too long"));
    }
    let mut name = Vec::new();
    content.take(header.name_size).read_to_end(&mut name)?;
    skip(content, header.len() as u64 + header.name_size, header.padding)?;
    if name.last() == Some(&0) {
        name.pop();
    }
    Ok(name)
}

/// Reads what fills `size` up to a multiple of `padding`.
fn skip(content: &mut dyn Read, size: u64, padding: u64) -> io::Result<()> {
    let missing = size.next_multiple_of(padding) - size;
    io::copy(&mut content.take(missing), &mut io::sink()).map(drop)
}

/// Delivers what comes behind an archive and the zeros that fill it up. An initial RAM disk is
/// several archives, of which the last is compressed.
fn behind(inside: &Inside<'_>, content: &mut dyn Read) -> Result<(), Cut> {
    let mut block = vec![0; BLOCK];
    loop {
        let length = stream::fill(content, &mut block)?;
        let Some(read) = block.get(..length).filter(|read| !read.is_empty()) else {
            return Ok(());
        };
        if let Some(at) = read.iter().position(|&byte| byte != 0) {
            return Ok(inside.part("behind the archive", &mut read[at..].chain(content))?);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::containers::testing::opened;

    /// A member as `cpio -o -H newc` or `-H odc` writes it.
    fn member(format: &str, name: &str, content: &str) -> Vec<u8> {
        let (size, name_size) = (content.len(), name.len() + 1);
        if format == "odc" {
            let fields = "0".repeat(6 * 7) + &"0".repeat(11);
            return format!("070707{fields}{name_size:06o}{size:011o}{name}\0{content}")
                .into_bytes();
        }
        let (before, between) = ("0".repeat(8 * 6), "0".repeat(8 * 4));
        let head = format!("070701{before}{size:08x}{between}{name_size:08x}00000000{name}\0");
        let mut member = head.into_bytes();
        member.resize(member.len().next_multiple_of(4), 0);
        member.extend(content.bytes());
        member.resize(member.len().next_multiple_of(4), 0);
        member
    }

    fn archive(format: &str) -> Vec<u8> {
        [("a/b", "first"), ("c", "second"), ("TRAILER!!!", "")]
            .iter()
            .flat_map(|(name, content)| member(format, name, content))
            .collect()
    }

    #[test]
    fn members_are_delivered_in_every_format() {
        for format in ["newc", "odc"] {
            let opened = opened(&archive(format));
            assert_eq!(opened.parts(), ["cpio:a/b = first", "cpio:c = second"], "{format}");
            assert!(opened.gaps.is_empty());
        }
    }

    #[test]
    fn archives_follow_one_another() {
        for zeros in [0, 300, BLOCK - 1, BLOCK, 3 * BLOCK + 7] {
            let both = [archive("newc"), vec![0; zeros], archive("odc")].concat();
            let parts = opened(&both).parts();
            assert_eq!(parts[2], "cpio:behind the archive › cpio:a/b = first", "{zeros}");
            assert_eq!(parts.len(), 4);
        }
    }

    #[test]
    fn an_archive_may_be_cut_or_lie() {
        for format in ["newc", "odc"] {
            let whole = archive(format);
            for end in HEXADECIMAL..whole.len() {
                opened(&whole[..end]);
            }
            let mut long = whole.clone();
            long[54..76].fill(b'7');
            assert_eq!(opened(&long).gaps.len(), 1);
        }
    }
}
