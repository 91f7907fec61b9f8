//! Images that a container engine keeps: Docker, or Podman, which speaks Docker's language.
//!
//! The engine is asked over its Unix socket what an image is and to export it
//! (<https://docs.docker.com/reference/api/engine/>, operations `ImageInspect` and `ImageGet`). Paths
//! carry no version, since engines refuse old ones.

use std::{
    io::{self, Read},
    os::unix::net::UnixStream,
    path::PathBuf,
};

use bearhug_core::{Gap, GapReason, Name, Origin, Sink, Source, Step};
use serde::Deserialize;
use ureq::Agent;

use super::unix::client;
use crate::{
    Reading,
    containers::{
        Opener,
        images::{MOST_JSON, Plan},
    },
    patient::Patient,
};

/// An engine that answers.
#[derive(Debug, Clone)]
pub struct Engine {
    client: Agent,
}

/// Why an engine does not give an image.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// None of the sockets is there.
    #[error("no engine was found at {}", list(tried))]
    NoSocket {
        /// Where it was looked for.
        tried: Vec<PathBuf>,
    },
    /// A socket is there, and nobody answers or may ask.
    #[error("cannot reach the engine at `{}`", socket.display())]
    Unreachable {
        /// The socket.
        socket: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// What was asked for cannot be the name of an image.
    #[error("`{0}` cannot be the name of an image")]
    Name(String),
    /// The engine refused, in its own words.
    #[error("the engine answered {status}: {message}")]
    Refused {
        /// The status of its answer; 404 if it has no such image.
        status: u16,
        /// What it said.
        message: String,
    },
    /// The connection failed, or the answer is none that an engine gives.
    #[error("the engine cannot be understood")]
    Answer(#[source] Box<dyn std::error::Error + Send + Sync>),
}

fn list(paths: &[PathBuf]) -> String {
    let named: Vec<_> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
    named.join(", ")
}

/// What an engine says when it refuses.
#[derive(Deserialize)]
struct Refusal {
    message: String,
}

/// What an engine says of an image.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Description {
    id: String,
    #[serde(default, rename = "RootFS")]
    root: Option<Root>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Root {
    #[serde(default)]
    layers: Option<Vec<String>>,
}

impl Engine {
    /// Finds the engine at the first of these sockets that is there and answers.
    ///
    /// # Errors
    ///
    /// If none does.
    pub fn at_one_of(sockets: Vec<PathBuf>) -> Result<Self, EngineError> {
        let mut failed = None;
        for socket in &sockets {
            match UnixStream::connect(socket) {
                Ok(_) => return Ok(Self { client: client(socket.clone()) }),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(source) => {
                    failed
                        .get_or_insert(EngineError::Unreachable { socket: socket.clone(), source });
                }
            }
        }
        Err(failed.unwrap_or(EngineError::NoSocket { tried: sockets }))
    }

    /// Prepares to read an image. `shown` is what reports call it.
    ///
    /// # Errors
    ///
    /// If the engine has no such image or does not answer as engines do.
    pub fn image(
        &self,
        name: &str,
        shown: String,
        reading: Reading,
    ) -> Result<Exported, EngineError> {
        if !is_name(name) {
            return Err(EngineError::Name(name.to_owned()));
        }
        let mut description = Vec::new();
        let answer = self.get(&format!("/images/{name}/json"))?;
        answer.take(MOST_JSON).read_to_end(&mut description).map_err(answered)?;
        let Description { id, root } = serde_json::from_slice(&description).map_err(answered)?;
        if !is_name(&id) {
            return Err(EngineError::Name(id));
        }
        let layers = root.and_then(|root| root.layers).unwrap_or_default();
        let plan = Plan::of_digests(&id, &layers);
        Ok(Exported { engine: self.clone(), shown, id, description, plan, reading })
    }

    fn get(&self, path: &str) -> Result<impl Read + use<>, EngineError> {
        // The socket is the address; a request has to name some host.
        let answer = self.client.get(format!("http://localhost{path}")).call().map_err(answered)?;
        let status = answer.status().as_u16();
        let body = answer.into_body();
        if status == 200 {
            return Ok(body.into_reader());
        }
        let mut text = Vec::new();
        body.into_reader().take(MOST_JSON).read_to_end(&mut text).map_err(answered)?;
        let message = serde_json::from_slice(&text).map_or_else(
            |_| String::from_utf8_lossy(&text).chars().take(200).collect(),
            |Refusal { message }| message,
        );
        Err(EngineError::Refused { status, message })
    }
}

fn answered(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> EngineError {
    EngineError::Answer(error.into())
}

/// Whether a text is made of what names, tags and digests are made of, and cannot lead elsewhere as
/// part of a path (<https://github.com/distribution/reference/blob/main/reference.go>).
fn is_name(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "._-:@".contains(c))
    };
    text.len() <= 512 && text.split('/').all(is_part)
}

/// An image that an engine exports.
#[derive(Debug)]
pub struct Exported {
    engine: Engine,
    shown: String,
    /// The image itself: a name would stand for all images of that name.
    id: String,
    description: Vec<u8>,
    plan: Plan,
    reading: Reading,
}

impl Source for Exported {
    fn walk(&self, sink: &dyn Sink) {
        let path = sink.name(Name { within: None, path: &self.shown, own_from: 0 });
        let origin = Origin { steps: vec![Step::Engine(path.clone())], path };
        let (engine, id) = (self.engine.clone(), self.id.clone());
        let export = move || engine.get(&format!("/images/{id}/get")).map_err(io::Error::other);
        match Patient::new(export, sink) {
            Ok(mut tar) => {
                let opener = Opener { sink, reading: self.reading };
                opener.image_stream(&self.description, &mut tar, &self.plan, &origin);
            }
            Err(error) => {
                let reason = GapReason::Unreadable(error.to_string());
                sink.gap(Gap { origin, reason });
            }
        }
    }
}
