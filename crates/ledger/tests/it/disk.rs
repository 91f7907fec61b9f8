//! A disk that is full. It is a small one in memory, which takes a mount of its own.

use std::{fs, path::Path, process::Command};

use bearhug_ledger::{Filter, Ledger, LedgerError, Order};

use crate::{
    chain::is_intact,
    support::{process, things::first},
};

/// Whoever is not root becomes root in a namespace of their own, which some systems forbid.
#[test]
fn a_full_disk_is_told_and_takes_nothing_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let child = process::this_program("disk::fill");
    let mut inside = Command::new("unshare");
    inside.args(["--mount", "--map-root-user", "sh", "-c"]);
    inside.arg("mount -t tmpfs -o size=1536k none \"$DISK\" && exec \"$@\"").arg("sh");
    inside.arg(child.get_program()).args(child.get_args()).env("DISK", folder.path());
    let output = inside.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("filled"), "{said}");
}

#[tokio::test]
#[ignore = "a process that another test starts on a small disk"]
async fn fill() {
    let disk = process::parameter("DISK");
    let ballast = Path::new(&disk).join("ballast");
    process::plant(&ballast, &vec![0; 512 << 10]);
    let ledger = Ledger::open(&format!("{disk}/ledger.db")).await.unwrap();
    let mut written = 0;
    let error = loop {
        match ledger.commit(&process::changes(written)).await {
            Ok(()) => written += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, LedgerError::Full(_)), "{error:?}");
    assert!(written > 3, "{written}");
    let holds = async |count: usize| {
        let page = first(u32::MAX);
        let all = ledger.identities(&Filter::default(), Order::Name, &page).await.unwrap();
        assert_eq!(all.items.len(), count);
        assert_eq!(is_intact(&ledger).await, (count * process::EVENTS) as u64);
    };
    holds(written).await;
    fs::remove_file(ballast).unwrap();
    ledger.commit(&process::changes(written)).await.unwrap();
    holds(written + 1).await;
    println!("filled after {written} commits");
}
