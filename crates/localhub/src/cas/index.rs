//! Which files the store has, by the SHA-256 of their contents.
//!
//! The store names files by a hash of its own, and the Hub by SHA-256. The server keeps no table of the
//! two, so that every file it learns of is read once and digested. That proves, too, that the store can
//! give back what it took.

use axum::{
    body::{Body, Bytes},
    http::{Request, StatusCode},
};
use data_encoding::HEXLOWER;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::Cas;
use crate::Denial;

/// A file of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct XetFile {
    /// The store's own hash, as `X-Xet-Hash` has it.
    pub(crate) hash: String,
}

/// A file as the server lists it, its hash in four words.
#[derive(Debug, Deserialize)]
struct Entry {
    file_hash: [u64; 4],
}

impl Entry {
    /// The hash as URLs write it.
    fn hex(&self) -> String {
        let [a, b, c, d] = self.file_hash;
        format!("{a:016x}{b:016x}{c:016x}{d:016x}")
    }
}

impl Cas {
    /// The file with that SHA-256, if the store is known to have it.
    pub(crate) fn file(&self, sha256: &str) -> Option<XetFile> {
        self.known().get(sha256).cloned()
    }

    /// The content with that SHA-256, if the store has it, looking for what is new there.
    pub(crate) async fn content(&self, sha256: &str) -> Result<Option<Bytes>, Denial> {
        if let Some(file) = self.file(sha256) {
            return self.read(&file.hash).await.map(Some);
        }
        let listing = self.ask("/simulation/file_entries").await?;
        let entries: Vec<Entry> =
            serde_json::from_slice(&listing).map_err(|error| Denial::internal(&error))?;
        let mut found = None;
        for hash in entries.iter().map(Entry::hex) {
            if self.known().values().any(|file| file.hash == hash) {
                continue;
            }
            let content = self.read(&hash).await?;
            let digest = HEXLOWER.encode(&Sha256::digest(&content));
            if digest == sha256 {
                found = Some(content);
            }
            self.known().insert(digest, XetFile { hash });
        }
        Ok(found)
    }

    async fn read(&self, hash: &str) -> Result<Bytes, Denial> {
        self.ask(&format!("/simulation/files/{hash}/data")).await
    }

    async fn ask(&self, path: &str) -> Result<Bytes, Denial> {
        let failed = || Denial::new(StatusCode::BAD_GATEWAY, "The store does not answer");
        let request = Request::get(format!("{}{path}", self.server.origin()));
        let request = request.body(Body::empty()).map_err(|_| failed())?;
        let answer = self.client.request(request).await.map_err(|_| failed())?;
        if !answer.status().is_success() {
            return Err(failed());
        }
        axum::body::to_bytes(Body::new(answer.into_body()), usize::MAX).await.map_err(|_| failed())
    }
}
