//! The written form of a lease, which anyone can check without asking a broker.

/// What every lease starts with. Clients insist on `hf_`, and llama.cpp and others on nothing but
/// letters and digits after it.
pub const LEASE_PREFIX: &str = "hf_lease";

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM_LEN: usize = 34;
const CHECKSUM_LEN: usize = 6;

/// The six base62 digits, most significant first, that end a lease: the CRC-32 (IEEE) of the
/// 34 random characters before them.
pub fn lease_checksum(random: &str) -> String {
    let mut rest = crc32fast::hash(random.as_bytes());
    let mut digits = [0; CHECKSUM_LEN];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    digits.into_iter().map(char::from).collect()
}

/// Whether a text is a whole lease whose checksum fits its random part.
pub fn lease_is_intact(text: &str) -> bool {
    let Some(body) = text.strip_prefix(LEASE_PREFIX) else { return false };
    body.len() == RANDOM_LEN + CHECKSUM_LEN
        && body.bytes().all(|b| b.is_ascii_alphanumeric())
        && lease_checksum(&body[..RANDOM_LEN]) == body[RANDOM_LEN..]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Python: `zlib.crc32(b"a"*34)` is 3827808656; in base62 that is `4B35tI`.
    #[test]
    fn the_checksum_agrees_with_python() {
        assert_eq!(lease_checksum(&"a".repeat(34)), "4B35tI");
    }

    #[test]
    fn one_changed_character_breaks_a_lease() {
        let random = "k".repeat(34);
        let lease = format!("{LEASE_PREFIX}{random}{}", lease_checksum(&random));
        assert!(lease_is_intact(&lease));
        assert_eq!(lease.len(), 48);
        for at in LEASE_PREFIX.len()..lease.len() {
            let mut bytes = lease.clone().into_bytes();
            bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
            assert!(!lease_is_intact(&String::from_utf8(bytes).unwrap()), "at {at}");
        }
    }

    #[test]
    fn a_length_or_alphabet_that_is_wrong_is_no_lease() {
        for text in ["", LEASE_PREFIX, "hf_leaseß", &format!("{LEASE_PREFIX}{}", "é".repeat(20))]
        {
            assert!(!lease_is_intact(text), "{text}");
        }
    }
}
