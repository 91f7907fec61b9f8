//! Records in the framing of LevelDB's logs, which cuts them at every 32 KiB.
//!
//! LevelDB and `RocksDB` keep their latest writes so, and wandb its runs, behind a header of its own.
//!
//! <https://github.com/google/leveldb/blob/main/doc/log_format.md>,
//! <https://github.com/facebook/rocksdb/wiki/Write-Ahead-Log-File-Format>, and
//! `wandb/sdk/internal/datastore.py` of the `wandb` package, version 0.17.

use std::io::{self, Read};

use crate::{
    containers::inside::{Cut, Inside},
    stream,
};

const BLOCK: usize = 1 << 15;
const RECORD_HEADER: usize = 7;

/// Records of reused logs have the log's number in their header, too.
const RECYCLED_RECORD_HEADER: usize = 11;

/// What a run of wandb starts with: a name, the lower half of the CRC-32 of its full name, and a
/// version.
const WANDB_HEADER: &[u8] = b":W&B\xe1\xbe\0";

/// CRC-32C, as iSCSI has it.
const CRC_32C: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI);

pub(in crate::containers) fn read(inside: &Inside<'_>, content: &mut dyn Read) -> Result<(), Cut> {
    inside.only_part(&mut Records::new(content))
}

/// Whether content starts as such a log does. LevelDB's has no signature, so its first record must
/// sum up, and so be there as a whole.
pub(in crate::containers) fn starts(head: &[u8]) -> bool {
    head.starts_with(WANDB_HEADER)
        || Record::of(head).is_some_and(|record| record.is_first() && record.sums_up())
}

/// What stands in a block at a place.
struct Record<'a> {
    checksum: u32,
    kind: u8,
    /// The kind, the number of the log if there is one, and the data, all of which is summed.
    summed: (&'a [u8], &'a [u8]),
    data: &'a [u8],
    /// What follows.
    rest: &'a [u8],
}

impl<'a> Record<'a> {
    fn of(block: &'a [u8]) -> Option<Self> {
        let &[a, b, c, d, low, high, kind, ..] = block else { return None };
        let header = match kind {
            1..=4 => RECORD_HEADER,
            5..=8 => RECYCLED_RECORD_HEADER,
            _ => return None,
        };
        let length = usize::from(u16::from_le_bytes([low, high]));
        let (data, rest) = block.get(header..)?.split_at_checked(length)?;
        let summed = (block.get(RECORD_HEADER - 1..header)?, data);
        Some(Self { checksum: u32::from_le_bytes([a, b, c, d]), kind, summed, data, rest })
    }

    fn is_first(&self) -> bool {
        matches!(self.kind, 1 | 2 | 5 | 6) && !self.data.is_empty()
    }

    fn is_last(&self) -> bool {
        matches!(self.kind, 1 | 4 | 5 | 8)
    }

    /// LevelDB masks its checksums, so that they are no part of what they sum.
    fn sums_up(&self) -> bool {
        let mut digest = CRC_32C.digest();
        digest.update(self.summed.0);
        digest.update(self.summed.1);
        digest.finalize().rotate_right(15).wrapping_add(0xa282_ead8) == self.checksum
    }
}

/// The records of a log, joined, one a line. What is none is handed on as it is, so that every byte
/// of the log is, but for the headers.
struct Records<'a> {
    content: &'a mut dyn Read,
    block: Vec<u8>,
    joined: Vec<u8>,
    read: usize,
}

impl<'a> Records<'a> {
    fn new(content: &'a mut dyn Read) -> Self {
        Self { content, block: vec![0; BLOCK], joined: Vec::new(), read: 0 }
    }

    /// Reads a block. False at the end.
    fn refill(&mut self) -> io::Result<bool> {
        let length = stream::fill(self.content, &mut self.block)?;
        let block = &self.block[..length];
        self.joined.clear();
        self.read = 0;
        let mut rest = block.strip_prefix(WANDB_HEADER).unwrap_or(block);
        while let Some(record) = Record::of(rest) {
            self.joined.extend(record.data);
            if record.is_last() {
                self.joined.push(b'\n');
            }
            rest = record.rest;
        }
        // The last bytes of a block that no header fits in are padding.
        if rest.iter().any(|&b| b != 0) {
            self.joined.extend(rest);
        }
        Ok(length > 0)
    }
}

impl Read for Records<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        while self.read == self.joined.len() {
            if !self.refill()? {
                return Ok(0);
            }
        }
        let read = (&self.joined[self.read..]).read(target)?;
        self.read += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn masked(summed: &[u8]) -> u32 {
        CRC_32C.checksum(summed).rotate_right(15).wrapping_add(0xa282_ead8)
    }

    /// A log of one record, as LevelDB's writer cuts it.
    fn log(record: &[u8]) -> Vec<u8> {
        let mut log = Vec::new();
        let chunks: Vec<&[u8]> = record.chunks(BLOCK - RECORD_HEADER).collect();
        for (i, chunk) in chunks.iter().enumerate() {
            let kind = match (i, i + 1 == chunks.len()) {
                (0, true) => 1,
                (0, false) => 2,
                (_, false) => 3,
                (_, true) => 4,
            };
            log.extend(masked(&[&[kind], *chunk].concat()).to_le_bytes());
            log.extend(u16::try_from(chunk.len()).expect("less than a block").to_le_bytes());
            log.push(kind);
            log.extend(*chunk);
        }
        log
    }

    fn joined(mut log: &[u8]) -> Vec<u8> {
        let mut joined = Vec::new();
        Records::new(&mut log).read_to_end(&mut joined).expect("memory can be read");
        joined
    }

    #[test]
    fn the_checksum_is_the_one_of_the_specification() {
        // RFC 3720, appendix B.4: thirty-two zeros.
        assert_eq!(CRC_32C.checksum(&[0; 32]), 0x8a91_36aa);
    }

    #[test]
    fn a_record_is_joined_across_blocks() {
        for length in [1, 100, BLOCK - 8, BLOCK - 7, BLOCK - 6, 3 * BLOCK] {
            let record: Vec<u8> = (b'a'..=b'z').cycle().take(length).collect();
            let log = log(&record);
            assert!(starts(&log), "{length}");
            assert_eq!(joined(&log), [&record[..], b"\n"].concat(), "{length}");
        }
    }

    #[test]
    fn a_run_of_wandb_has_a_header_of_its_own() {
        let run = [WANDB_HEADER, &log(b"some record")].concat();
        assert!(starts(&run));
        assert_eq!(joined(&run), b"some record\n");
    }

    #[test]
    fn what_does_not_sum_up_is_no_log() {
        let mut log = log(b"some record");
        log[8] ^= 1;
        assert!(!starts(&log));
        assert!(!starts(b"\0\0\0\0\0\0\x01"));
        assert!(!starts(b""));
    }

    #[test]
    fn what_is_no_record_is_handed_on() {
        let broken = [&log(b"first")[..], b"torn off and gone"].concat();
        assert_eq!(joined(&broken), b"first\ntorn off and gone");
        let log = log(&[b'x'; 99]);
        for length in 0..log.len() {
            assert!(joined(&log[..length]).ends_with(&log[RECORD_HEADER.min(length)..length]));
        }
    }

    proptest! {
        #[test]
        fn noise_does_no_harm(noise in prop::collection::vec(any::<u8>(), 0..70_000)) {
            prop_assert!(joined(&noise).len() <= 2 * noise.len());
            starts(&noise);
        }
    }
}
