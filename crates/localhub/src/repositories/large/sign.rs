//! URLs that are credentials: each permits one thing for some time, and nothing is kept of it.

use data_encoding::HEXLOWER;
use form_urlencoded::Serializer;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::super::store::Pointer;
use crate::{Denial, RepoKind, RepoName, World};

/// What a URL permits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Reading a content.
    Get,
    /// Sending a content.
    Put,
    /// Sending a part of it.
    PutPart,
    /// Saying that all of its parts were sent.
    Complete,
}

/// What a URL permits, to what, until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Capability {
    pub(crate) deed: Deed,
    pub(crate) repo: RepoName,
    pub(crate) pointer: Pointer,
    /// The name of an upload in parts; empty for others.
    pub(crate) upload: String,
    /// The number of a part, or how many there are.
    pub(crate) number: u32,
    /// Seconds since 1970.
    pub(crate) until: i64,
}

impl Deed {
    fn name(self) -> &'static str {
        match self {
            Self::Get => "GetObject",
            Self::Put => "PutObject",
            Self::PutPart => "UploadPart",
            Self::Complete => "CompleteMultipartUpload",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        let all = [Self::Get, Self::Put, Self::PutPart, Self::Complete];
        all.into_iter().find(|deed| deed.name() == name)
    }
}

impl Capability {
    /// The URL, on the Hub for a completion and on the CDN for everything else.
    pub(crate) fn url(&self, world: &World) -> String {
        let mut query = Serializer::new(String::new());
        query
            .append_pair("x-id", self.deed.name())
            .append_pair("type", self.repo.kind.singular())
            .append_pair("repo", &self.repo.id())
            .append_pair("size", &self.pointer.size.to_string())
            .append_pair("uploadId", &self.upload)
            .append_pair("partNumber", &self.number.to_string())
            .append_pair("expires", &self.until.to_string());
        let signature = HEXLOWER.encode(&self.mac(world).finalize().into_bytes());
        query.append_pair("signature", &signature);
        let query = query.finish();
        match self.deed {
            Deed::Complete => {
                let (hub, id) = (&world.origins.hub, &self.pointer.id);
                format!("{hub}/api/complete_multipart?oid={id}&{query}")
            }
            _ => format!("{}/{}?{query}", world.origins.cdn, self.pointer.id),
        }
    }

    /// What a URL permits, if this Hub signed it and its time is not over. `id` is that of the content.
    pub(crate) fn read(world: &World, id: &str, query: &str) -> Result<Self, Denial> {
        let denied = || Denial::new(axum::http::StatusCode::FORBIDDEN, "Access denied");
        let (capability, signature) = Self::parse(id, query).ok_or_else(denied)?;
        let signature = HEXLOWER.decode(signature.as_bytes()).map_err(|_| denied())?;
        capability.mac(world).verify_slice(&signature).map_err(|_| denied())?;
        if capability.until <= world.clock.now().as_second() {
            return Err(Denial::new(axum::http::StatusCode::FORBIDDEN, "Request has expired"));
        }
        Ok(capability)
    }

    fn parse(id: &str, query: &str) -> Option<(Self, String)> {
        let pairs: Vec<(String, String)> =
            form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, v)| v.as_str());
        let kind: RepoKind = value("type")?.parse().ok()?;
        let (namespace, name) = value("repo")?.split_once('/')?;
        let capability = Self {
            deed: Deed::parse(value("x-id")?)?,
            repo: RepoName::new(kind, namespace, name).ok()?,
            pointer: Pointer::new(id, value("size")?.parse().ok()?)?,
            upload: value("uploadId")?.to_owned(),
            number: value("partNumber")?.parse().ok()?,
            until: value("expires")?.parse().ok()?,
        };
        Some((capability, value("signature")?.to_owned()))
    }

    fn mac(&self, world: &World) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new(&world.repositories.secret.into());
        // None of the values has a line feed in it, so no two capabilities are written alike.
        let text = format!(
            "{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}",
            self.deed.name(),
            self.repo.kind.singular(),
            self.repo.id(),
            self.pointer.id,
            self.pointer.size,
            self.upload,
            self.number,
            self.until
        );
        mac.update(text.as_bytes());
        mac
    }
}

/// A URL to download a content, which works until then.
pub(crate) fn download(world: &World, repo: &RepoName, pointer: &Pointer, until: i64) -> String {
    Capability {
        deed: Deed::Get,
        repo: repo.clone(),
        pointer: pointer.clone(),
        upload: String::new(),
        number: 0,
        until,
    }
    .url(world)
}
