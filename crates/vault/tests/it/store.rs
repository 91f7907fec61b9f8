//! Writing and reading.

use std::{
    env, fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use bearhug_vault::{Cost, KeySource, StoreId, Vault, VaultError};

use super::*;

#[test]
fn what_was_put_in_comes_out_for_a_permit_and_is_not_in_the_file() {
    let room = Room::new();
    let mut vault = room.make();
    for n in 0..3 {
        put(&mut vault, &format!("entry-{n}"), n);
    }
    let vault = room.unlock("a").unwrap();
    for n in 0..3 {
        assert_eq!(opened(&vault, &format!("entry-{n}")), Ok(value(n)));
    }
    assert!(opened(&vault, "other").unwrap_err().contains("no entry"));
    let text = fs::read_to_string(room.path()).unwrap();
    assert!(!text.contains("QkRvTzLp") && text.contains("entry-1"), "{text}");
    let names: Vec<_> = room.vault().entries().map(|entry| entry.name.clone()).collect();
    assert_eq!(names, ["entry-0", "entry-1", "entry-2"]);
}

#[test]
fn only_its_owner_can_read_a_vault_and_no_link_is_followed() {
    let room = Room::new();
    drop(room.make());
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&room.path()), 0o600);
    assert_eq!(mode(room.path().parent().unwrap()), 0o700);
    let link = room.folder.path().join("link");
    symlink(room.path(), &link).unwrap();
    assert!(matches!(Vault::read(&link), Err(VaultError::File { .. })));
    fs::set_permissions(room.path(), fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(Vault::read(&room.path()), Err(VaultError::Exposed(_))));
}

#[test]
fn a_vault_that_is_there_is_not_made_again() {
    let room = Room::new();
    put(&mut room.make(), "ci", 1);
    let store = StoreId::random().unwrap();
    let (source, key) = key(store, "a");
    let again = Vault::create(&room.path(), store, source, &key);
    assert!(matches!(again, Err(VaultError::Exists)));
    assert_eq!(opened(&room.unlock("a").unwrap(), "ci"), Ok(value(1)));
}

#[test]
fn another_key_opens_nothing_and_a_new_one_shuts_out_the_old() {
    let room = Room::new();
    let mut vault = room.make();
    put(&mut vault, "ci", 1);
    assert!(matches!(room.unlock("b"), Err(VaultError::WrongKey)));
    let before = fs::read_to_string(room.path()).unwrap();
    let (source, key) = key(vault.store(), "b");
    vault.rekey(source, &key).unwrap();
    assert!(matches!(room.unlock("a"), Err(VaultError::WrongKey)));
    assert_eq!(opened(&room.unlock("b").unwrap(), "ci"), Ok(value(1)));
    assert_eq!(opened(&vault, "ci"), Ok(value(1)));
    // Not only the key is wrapped anew: what it wrapped is another.
    let sealed = |text: &str| text.lines().nth(2).unwrap().to_owned();
    assert_ne!(sealed(&before), sealed(&fs::read_to_string(room.path()).unwrap()));
    put(&mut vault, "ci", 2);
    assert_eq!(opened(&room.unlock("b").unwrap(), "ci"), Ok(value(2)));
}

#[test]
fn a_passphrase_opens_what_it_closed() {
    let room = Room::new();
    let store = StoreId::random().unwrap();
    let source = KeySource::Passphrase { cost: Cost::fresh().unwrap() };
    let key = source.key(store, b"correct horse\n").unwrap();
    put(&mut Vault::create(&room.path(), store, source, &key).unwrap(), "ci", 1);
    let unlocked = |passphrase: &[u8]| {
        let vault = room.vault();
        let key = vault.source().key(vault.store(), passphrase).unwrap();
        vault.unlock(&key)
    };
    assert_eq!(opened(&unlocked(b"correct horse").unwrap(), "ci"), Ok(value(1)));
    assert!(matches!(unlocked(b"correct horsf"), Err(VaultError::WrongKey)));
}

#[test]
fn two_writers_lose_nothing() {
    let room = Room::new();
    drop(room.make());
    thread::scope(|scope| {
        for writer in 0..4 {
            let room = &room;
            scope.spawn(move || {
                let mut vault = room.unlock("a").unwrap();
                for n in 0..10 {
                    put(&mut vault, &format!("w{writer}-{n}"), 10 * writer + n);
                }
            });
        }
    });
    let vault = room.unlock("a").unwrap();
    for n in 0..40 {
        assert_eq!(opened(&vault, &format!("w{}-{}", n / 10, n % 10)), Ok(value(n)));
    }
}

#[test]
fn whoever_unlocked_before_a_rekeying_cannot_undo_it() {
    let room = Room::new();
    let mut vault = room.make();
    let mut late = room.unlock("a").unwrap();
    let (source, key) = key(vault.store(), "b");
    vault.rekey(source, &key).unwrap();
    let entry = Entry::of(&token(1), "ci".to_owned(), Place::Sealed, now());
    let put = late.change(|draft| draft.put(entry, Some(token(1))));
    assert!(matches!(put, Err(VaultError::Rekeyed)), "{put:?}");
}

#[test]
fn an_entry_is_replaced_and_removed() {
    let room = Room::new();
    let mut vault = room.make();
    put(&mut vault, "ci", 1);
    put(&mut vault, "ci", 2);
    assert_eq!(opened(&vault, "ci"), Ok(value(2)));
    assert_eq!(vault.entries().next().unwrap().version, 2);
    vault.change(|draft| draft.remove("ci")).unwrap();
    assert!(opened(&vault, "ci").is_err() && vault.entries().next().is_none());
    let again = vault.change(|draft| draft.remove("ci"));
    assert!(matches!(again, Err(VaultError::Unknown(name)) if name == "ci"));
}

/// The variable that makes the test below a writer without end.
const WRITER: &str = "BEARHUG_TEST_VAULT_WRITER";

#[test]
fn a_writer_that_is_killed_leaves_a_vault_that_opens() {
    if let Some(path) = env::var_os(WRITER) {
        let vault = Vault::read(path.as_ref()).unwrap().unwrap();
        let (_, key) = key(vault.store(), "a");
        let mut vault = vault.unlock(&key).unwrap();
        for n in 0.. {
            put(&mut vault, &format!("entry-{}", n % 50), n);
        }
    }
    let room = Room::new();
    put(&mut room.make(), "first", 0);
    for turn in 0..20_u64 {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "store::a_writer_that_is_killed_leaves_a_vault_that_opens"])
            .env(WRITER, room.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(60 + 7 * turn));
        child.kill().unwrap();
        child.wait().unwrap();
        let mut vault = room.unlock("a").unwrap();
        assert_eq!(opened(&vault, "first"), Ok(value(0)));
        put(&mut vault, "after", usize::try_from(turn).unwrap());
    }
    assert!(room.unlock("a").unwrap().entries().count() > 2, "nobody wrote");
}
