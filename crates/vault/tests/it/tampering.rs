//! What somebody does to the file who does not have its key.

use std::fs;

use bearhug_vault::{Contents, VaultError};
use proptest::prelude::*;

use super::*;

/// A vault with two entries, and its bytes.
fn filled() -> (Room, Vec<u8>) {
    let room = Room::new();
    let mut vault = room.make();
    put(&mut vault, "ci", 1);
    put(&mut vault, "prod", 2);
    let bytes = fs::read(room.path()).unwrap();
    (room, bytes)
}

fn opens(room: &Room, bytes: &[u8]) -> Result<Unlocked, VaultError> {
    fs::write(room.path(), bytes).unwrap();
    let vault = Vault::read(&room.path())?.unwrap();
    let (_, key) = key(vault.store(), "a");
    vault.unlock(&key)
}

#[test]
fn every_flipped_byte_and_every_cut_is_refused() {
    let (room, bytes) = filled();
    assert!(opens(&room, &bytes).is_ok());
    for at in 0..bytes.len() {
        for flip in [0x01, 0x20, 0x80] {
            let mut flipped = bytes.clone();
            flipped[at] ^= flip;
            assert!(opens(&room, &flipped).is_err(), "byte {at} ^ {flip:#x}");
        }
        assert!(opens(&room, &bytes[..at]).is_err(), "cut at {at}");
    }
    for more in [&b"\n"[..], b"x", b"mac 00\n"] {
        assert!(opens(&room, &[&bytes, more].concat()).is_err(), "{more:?}");
    }
}

#[test]
fn lines_that_change_places_are_refused() {
    let (room, bytes) = filled();
    let text = String::from_utf8(bytes).unwrap();
    let lines: Vec<_> = text.lines().collect();
    let (ci, prod) = (lines[2], lines[3]);
    let swapped = ci.replace("\"ci\"", "\"prod\"");
    for lines in [
        vec![lines[0], lines[1], ci, lines[4]],
        vec![lines[0], lines[1], prod, ci, lines[4]],
        vec![lines[0], lines[1], ci, &swapped, lines[4]],
        vec![lines[0], lines[1], ci, ci, prod, lines[4]],
    ] {
        let text = lines.join("\n") + "\n";
        assert!(opens(&room, text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn an_old_copy_of_one_entry_does_not_fit_into_a_new_file() {
    let (room, before) = filled();
    put(&mut room.unlock("a").unwrap(), "ci", 3);
    let after = fs::read_to_string(room.path()).unwrap();
    let before = String::from_utf8(before).unwrap();
    let [old, new] = [&before, &after].map(|text| text.lines().nth(2).unwrap());
    let mixed = after.replace(new, old);
    assert!(matches!(opens(&room, mixed.as_bytes()), Err(VaultError::Tampered)));
}

proptest! {
    #[test]
    fn any_bytes_are_a_vault_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        drop(Contents::parse(&bytes));
        let with_start = [&b"bearhug-vault/1\n"[..], &bytes, b"\nmac "].concat();
        drop(Contents::parse(&with_start));
    }

    #[test]
    fn what_is_read_is_written_as_it_was(at in 0..2000_usize, with in any::<u8>()) {
        let room = Room::new();
        put(&mut room.make(), "ci", 1);
        let mut bytes = fs::read(room.path()).unwrap();
        if let Some(byte) = bytes.get_mut(at) {
            *byte = with;
        }
        if let Ok(contents) = Contents::parse(&bytes) {
            prop_assert_eq!(contents.bytes(), bytes);
        }
    }
}
