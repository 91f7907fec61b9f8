//! Files that are given the shape that a reader asks for before it looks at anything else: checksums,
//! lengths, directories.

/// The CRC-32C of LevelDB's records.
const CRC_32C: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI);

/// The size of a tar header, and of what its content is filled up to.
const BLOCK: usize = 512;

/// A tar whose headers, each where the one before says, sum up.
pub fn tar(bytes: &[u8]) -> Vec<u8> {
    let mut tar = bytes.to_vec();
    let mut at = 0;
    while let Some(header) = tar.get_mut(at..).and_then(|rest| rest.first_chunk_mut::<BLOCK>()) {
        let is_end = header.iter().all(|&b| b == 0);
        if !is_end {
            sum_up(header);
        }
        let size = String::from_utf8_lossy(&header[124..136]);
        let size = usize::from_str_radix(size.trim_matches(['\0', ' ']), 8).unwrap_or(0);
        at = at.saturating_add(BLOCK).saturating_add(size.next_multiple_of(BLOCK));
    }
    tar
}

fn sum_up(header: &mut [u8; BLOCK]) {
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|&b| u32::from(b)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

/// A tar of these members.
pub fn tar_of<'a>(members: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut tar = Vec::new();
    for (name, content) in members {
        let mut header = [0; BLOCK];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        sum_up(&mut header);
        tar.extend(header);
        tar.extend(content);
        tar.resize(tar.len().next_multiple_of(BLOCK), 0);
    }
    tar.resize(tar.len() + 2 * BLOCK, 0);
    tar
}

/// An asar of a directory and, behind a zero byte, its content.
pub fn asar(bytes: &[u8]) -> Vec<u8> {
    let end = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
    let directory = [&b"{\"files\":"[..], &bytes[..end]].concat();
    let length = directory.len() as u32;
    let padded = length.next_multiple_of(4);
    let mut asar: Vec<u8> =
        [4, padded + 8, padded + 4, length].into_iter().flat_map(u32::to_le_bytes).collect();
    asar.extend(directory);
    asar.resize(asar.len() + (padded - length) as usize, 0);
    asar.extend(bytes.get(end + 1..).unwrap_or_default());
    asar
}

/// A log of LevelDB's whose first record sums up.
pub fn log(bytes: &[u8]) -> Vec<u8> {
    let mut log = bytes.to_vec();
    log.resize(log.len().max(12), 0);
    log[6] = 1 + log[6] % 8;
    let header = if log[6] < 5 { 7 } else { 11 };
    let most = log.len() - header;
    let length = 1.max(usize::from(u16::from_le_bytes([log[4], log[5]])).min(most));
    log[4..6].copy_from_slice(&(length as u16).to_le_bytes());
    let sum = CRC_32C.checksum(&log[6..header + length]);
    // It is masked, so that it is no part of what it sums.
    let masked = sum.rotate_right(15).wrapping_add(0xa282_ead8);
    log[..4].copy_from_slice(&masked.to_le_bytes());
    log
}

/// A Parquet file: its footer is as long as the first two bytes say, and stands at the end of the
/// others.
pub fn parquet(bytes: &[u8]) -> Vec<u8> {
    let (length, rest) = bytes.split_first_chunk().unwrap_or((&[0, 0], bytes));
    let length = usize::from(u16::from_le_bytes(*length)).min(rest.len()) as u32;
    [b"PAR1", rest, &length.to_le_bytes(), b"PAR1"].concat()
}
