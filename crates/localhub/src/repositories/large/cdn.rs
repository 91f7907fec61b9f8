//! The origin that plays the CDN and the store of objects: it serves whoever has a signed URL, and
//! nobody who shows a credential as well, as S3 does.

use std::{io, sync::Arc};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::TryStreamExt;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use super::{
    super::{
        call::Answer,
        range::{self, Requested},
    },
    completion::refusal,
    sign::{Capability, Deed},
};
use crate::{Denial, World};

/// Answers a request with a signed URL.
pub(crate) async fn serve(State(world): State<Arc<World>>, request: Request) -> Response {
    let answer = if request.headers().contains_key(header::AUTHORIZATION) {
        Err(Denial::bad_request(
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature \
             query string parameter or the Authorization header should be specified",
        ))
    } else {
        transfer(&world, request).await
    };
    answer.unwrap_or_else(IntoResponse::into_response)
}

async fn transfer(world: &World, request: Request) -> Answer {
    let id = request.uri().path().trim_start_matches('/');
    let capability = Capability::read(world, id, request.uri().query().unwrap_or_default())?;
    match (request.method(), capability.deed) {
        (&Method::GET | &Method::HEAD, Deed::Get) => {
            let range = request.headers().get(header::RANGE).and_then(|v| v.to_str().ok());
            get(world, &capability, range).await
        }
        (&Method::PUT, Deed::Put | Deed::PutPart) => put(world, &capability, request).await,
        _ => Err(Denial::new(StatusCode::FORBIDDEN, "Access denied")),
    }
}

async fn get(world: &World, capability: &Capability, range: Option<&str>) -> Answer {
    let pointer = &capability.pointer;
    let path = world.repositories.git(&capability.repo).large().path(pointer);
    let missing = |_: io::Error| Denial::not_found("The specified key does not exist.");
    let mut file = tokio::fs::File::open(path).await.map_err(missing)?;
    let failed = |error: io::Error| Denial::internal(&error);
    let size = file.metadata().await.map_err(failed)?.len();
    let mut headers = HeaderMap::new();
    let mut put = |name: HeaderName, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    };
    put(header::ACCEPT_RANGES, "bytes".to_owned());
    put(header::CONTENT_TYPE, "application/octet-stream".to_owned());
    put(header::ETAG, format!("\"{}\"", pointer.id));
    let (status, length) = match range::requested(range, size) {
        Requested::Whole => (StatusCode::OK, size),
        Requested::Nothing => return Ok(range::unsatisfiable(size)),
        Requested::Part(part) => {
            file.seek(io::SeekFrom::Start(part.first)).await.map_err(failed)?;
            put(header::CONTENT_RANGE, part.header());
            (StatusCode::PARTIAL_CONTENT, part.length())
        }
    };
    put(header::CONTENT_LENGTH, length.to_string());
    let body = Body::from_stream(ReaderStream::new(file.take(length)));
    Ok((status, headers, body).into_response())
}

async fn put(world: &World, capability: &Capability, request: Request) -> Answer {
    let large = world.repositories.git(&capability.repo).large();
    let content = request.into_body().into_data_stream().map_err(io::Error::other);
    let pointer = &capability.pointer;
    let etag = if capability.deed == Deed::Put {
        large.take(pointer, content).await.map_err(refusal)?;
        pointer.id.clone()
    } else {
        let limit = world.repositories.sizes().part;
        large
            .take_part(&capability.upload, capability.number, limit, content)
            .await
            .map_err(refusal)?
    };
    Ok([(header::ETAG, format!("\"{etag}\""))].into_response())
}
