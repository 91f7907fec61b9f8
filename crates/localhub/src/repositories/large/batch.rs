//! git-lfs asks where to send and to find large files (git-lfs, "Batch API").

use axum::{Json, body::Body, http::header, response::IntoResponse};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    super::{
        call::{Answer, Call, answer, json},
        store::Pointer,
    },
    sign::{Capability, Deed},
    xet,
};
use crate::{Access, Denial, ids};

/// How long the URLs of an answer work, in seconds.
const URL_SECONDS: i64 = 3600;
/// How many objects one request may name.
const MOST_OBJECTS: usize = 1000;

#[derive(Debug, Deserialize)]
struct Batch {
    operation: Operation,
    #[serde(default)]
    transfers: Vec<String>,
    objects: Vec<Object>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Operation {
    Download,
    Upload,
}

#[derive(Debug, Deserialize)]
struct Object {
    oid: String,
    size: u64,
}

/// `POST /[T/]{id}.git/info/lfs/objects/batch`.
pub(crate) async fn batch(call: &Call, body: Body) -> Answer {
    let batch: Batch = json(body).await?;
    match batch.operation {
        Operation::Download => call.demand(Access::Download)?,
        Operation::Upload => may_send(call)?,
    }
    if batch.objects.len() > MOST_OBJECTS {
        return Err(Denial::bad_request("Too many objects"));
    }
    let transfer = transfer(call, &batch);
    let mut objects = Vec::new();
    for object in &batch.objects {
        objects.push(match Pointer::new(&object.oid, object.size) {
            Some(pointer) => describe(call, batch.operation, transfer, &pointer).await,
            None => failed(object, 422, "Not the id of an object"),
        });
    }
    let body = json!({ "transfer": transfer, "objects": objects, "hash_algo": "sha256" });
    Ok(([(header::CONTENT_TYPE, "application/vnd.git-lfs+json")], Json(body)).into_response())
}

/// Whoever may propose a change may send what it brings along, as the request does not say where it goes.
fn may_send(call: &Call) -> Result<(), Denial> {
    call.demand(Access::Write).or_else(|refusal| {
        let proposes = call.demand(Access::Download).and_then(|()| call.demand(Access::Discuss));
        proposes.map_err(|_| refusal)
    })
}

/// One way is chosen for the whole batch: Xet, if both sides can; in parts, if the client can and a file is too long for one
/// request.
fn transfer(call: &Call, batch: &Batch) -> &'static str {
    let single = call.world.repositories.sizes().single;
    let is_long = batch.objects.iter().any(|object| object.size > single);
    let can = batch.transfers.iter().any(|transfer| transfer == "multipart");
    let can_xet = batch.transfers.iter().any(|transfer| transfer == "xet");
    match batch.operation {
        Operation::Upload if can_xet && call.world.cas.is_some() => "xet",
        Operation::Upload if is_long && can => "multipart",
        _ => "basic",
    }
}

async fn describe(call: &Call, operation: Operation, transfer: &str, pointer: &Pointer) -> Value {
    let is_here = call.git.large().has(pointer).await;
    let mut object = json!({ "oid": pointer.id, "size": pointer.size, "authenticated": true });
    match (operation, is_here) {
        (Operation::Download, false) => {
            let object = Object { oid: pointer.id.clone(), size: pointer.size };
            return failed(&object, 404, "Object does not exist on the server");
        }
        (Operation::Download, true) => {
            let url = capability(call, Deed::Get, pointer).url(&call.world);
            object["actions"] = json!({ "download": { "href": url, "expires_in": URL_SECONDS } });
        }
        // What is there already needs no action.
        (Operation::Upload, true) => {}
        (Operation::Upload, false) => {
            let upload = match transfer {
                "xet" => xet::upload_action(call).unwrap_or_default(),
                "multipart" => in_parts(call, pointer),
                _ => {
                    let url = capability(call, Deed::Put, pointer).url(&call.world);
                    json!({ "href": url, "expires_in": URL_SECONDS })
                }
            };
            object["actions"] = json!({ "upload": upload, "verify": verify_action(call) });
        }
    }
    object
}

/// An upload in parts, as the Hub extends the protocol: a URL for each, by its number, and one to say
/// that all were sent (`huggingface_hub`'s `lfs.py`).
fn in_parts(call: &Call, pointer: &Pointer) -> Value {
    let part = call.world.repositories.sizes().part.max(1);
    let count = u32::try_from(pointer.size.div_ceil(part)).unwrap_or(u32::MAX);
    let upload = ids::object_id();
    let url = |deed, number| {
        let upload = upload.clone();
        Capability { upload, number, ..capability(call, deed, pointer) }.url(&call.world)
    };
    let mut header = Map::new();
    header.insert("chunk_size".to_owned(), part.to_string().into());
    for number in 1..=count {
        header.insert(format!("{number:05}"), url(Deed::PutPart, number).into());
    }
    json!({ "href": url(Deed::Complete, count), "header": header, "expires_in": URL_SECONDS })
}

/// The client's own credential comes back to it in the action, as the Hub's does.
fn verify_action(call: &Call) -> Value {
    let href = format!("{}.git/info/lfs/objects/verify", call.web_url());
    match call.request.header(header::AUTHORIZATION) {
        Some(own) => json!({ "href": href, "header": { "Authorization": own } }),
        None => json!({ "href": href }),
    }
}

fn capability(call: &Call, deed: Deed, pointer: &Pointer) -> Capability {
    Capability {
        deed,
        repo: call.repo.clone(),
        pointer: pointer.clone(),
        upload: String::new(),
        number: 0,
        until: call.world.clock.now().as_second().saturating_add(URL_SECONDS),
    }
}

fn failed(object: &Object, code: u16, message: &str) -> Value {
    let error = json!({ "code": code, "message": message });
    json!({ "oid": object.oid, "size": object.size, "error": error })
}

/// `POST /[T/]{id}.git/info/lfs/objects/verify`.
pub(crate) async fn verify(call: &Call, body: Body) -> Answer {
    may_send(call)?;
    let object: Object = json(body).await?;
    let pointer = Pointer::new(&object.oid, object.size);
    match pointer {
        Some(pointer) if xet::arrived(call, &pointer).await? => answer(json!({})),
        _ => Err(Denial::not_found("Object does not exist on the server")),
    }
}
