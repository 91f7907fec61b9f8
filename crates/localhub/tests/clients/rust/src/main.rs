//! What users of the hf-hub crate do, against the Hub at `HF_ENDPOINT`.
//!
//! usage: hub-client WORKDIR

use std::path::PathBuf;

use hf_hub::{
    HFClient, HFClientSync, HFError,
    repository::{AddSource, RepoTreeEntry, RepoTypeModel},
};

fn client(who: &str) -> HFClientSync {
    let endpoint = std::env::var("HF_ENDPOINT").expect("HF_ENDPOINT");
    let token = std::env::var(who).expect("a token");
    let work = PathBuf::from(std::env::args().nth(1).expect("WORKDIR"));
    let builder = HFClient::builder().endpoint(endpoint).token(token).cache_dir(work.join("cache"));
    builder.build_sync().expect("a client")
}

/// Content without repetition that is too long to be kept in git.
fn large() -> Vec<u8> {
    let mut state = 1_u64;
    let step = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..300_000).flat_map(step).collect()
}

fn main() {
    let (alice, bob) = (client("ALICE"), client("BOB"));
    assert_eq!(alice.whoami().send().expect("whoami").username, "alice");
    let create = alice.create_repository().repo_id("alice/rust").private(true);
    create.repo_type(RepoTypeModel).send().expect("a repository");
    println!("ok account");

    let repo = alice.model("alice", "rust");
    let upload = |path: &str, content: Vec<u8>| {
        let source = AddSource::bytes(content);
        repo.upload_file().source(source).path_in_repo(path).send().expect("an upload");
    };
    upload("notes/small.txt", b"hello\n".to_vec());
    upload("weights.bin", large());
    println!("ok uploads");

    let read = |path: &str| {
        let path = repo.download_file().filename(path).send().expect("a download");
        std::fs::read(path).expect("a file")
    };
    assert_eq!(read("notes/small.txt"), b"hello\n");
    assert!(read("weights.bin") == large(), "the content came back");
    let missing = repo.download_file().filename("none").send();
    assert!(matches!(missing, Err(HFError::EntryNotFound { .. })), "{missing:?}");
    println!("ok downloads");

    let tree = repo.list_tree().recursive(true).send().expect("a tree");
    let is_weights = |entry: &RepoTreeEntry| matches!(entry, RepoTreeEntry::File { path, xet_hash: Some(_), .. } if path == "weights.bin");
    assert!(tree.iter().any(is_weights), "{tree:?}");
    assert_eq!(repo.list_commits().send().expect("commits").len(), 3);
    repo.create_branch().branch("feat/x").send().expect("a branch");
    let refs = repo.list_refs().send().expect("refs");
    assert_eq!(refs.branches.len(), 2, "{refs:?}");
    repo.delete_branch().branch("feat/x").send().expect("the branch gone");
    println!("ok listings");

    let hidden = bob.model("alice", "rust").info().send();
    assert!(matches!(hidden, Err(HFError::RepoNotFound { .. })), "{hidden:?}");
    let delete = alice.delete_repository().repo_id("alice/rust").repo_type(RepoTypeModel);
    delete.send().expect("the repository gone");
    assert!(!repo.exists().send().expect("an answer"));
    println!("ok changes");
}
