//! Xet's content-addressed store: Hugging Face's own `local_cas_server`, behind a gateway that asks for a
//! token.
//!
//! The server itself asks nobody for anything, so that it listens on a port of loopback that only the
//! gateway knows. What clients see is the gateway (<https://huggingface.co/docs/xet/auth>).

mod gateway;
mod index;
mod process;
mod token;

use std::{
    collections::BTreeMap,
    io,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum::body::Body;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

pub(crate) use gateway::routes;
pub(crate) use index::XetFile;

use process::Server;

/// The store of one local Hub.
#[derive(Debug)]
pub(crate) struct Cas {
    /// The gateway's address: what clients know as `casUrl`.
    origin: String,
    server: Server,
    client: Client<HttpConnector, Body>,
    /// Files of the store by the SHA-256 of their contents, by which everything else names them.
    known: Mutex<BTreeMap<String, XetFile>>,
}

impl Cas {
    /// Starts the server, which keeps its data in a folder, and waits until it answers.
    pub(crate) fn start(program: &Path, folder: &Path, origin: String) -> io::Result<Self> {
        Ok(Self {
            origin,
            server: Server::start(program, folder)?,
            client: Client::builder(TokioExecutor::new()).build_http(),
            known: Mutex::default(),
        })
    }

    /// Where the parts of a file are listed.
    pub(crate) fn reconstruction_url(&self, hash: &str) -> String {
        format!("{}/v1/reconstructions/{hash}", self.origin)
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, XetFile>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
