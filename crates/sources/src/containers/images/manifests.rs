//! The JSON that says what an image is made of.
//!
//! `manifest.json` is that of `docker save`
//! (<https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md>, section "Combined Image JSON +
//! Filesystem Changeset Format"); indexes and manifests are those of the OCI image specification, 1.1
//! (<https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md>, and `image-index.md`).

use std::collections::BTreeMap;

use serde::Deserialize;

/// How long a tag or a platform may be, in bytes. Each image keeps those of the index that lists it.
/// References end at 255 bytes of name and 128 of tag
/// (<https://github.com/distribution/reference/blob/main/reference.go>).
const LONGEST: usize = 512;

/// An image in the `manifest.json` of `docker save`. Its paths are those of members.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Saved {
    pub(super) config: String,
    #[serde(default)]
    pub(super) repo_tags: Option<Vec<String>>,
    #[serde(default)]
    pub(super) layers: Option<Vec<String>>,
}

/// An OCI index, which lists manifests, or a manifest, which lists layers.
#[derive(Deserialize)]
pub(super) struct Contents {
    #[serde(default)]
    pub(super) manifests: Option<Vec<Descriptor>>,
    #[serde(default)]
    pub(super) config: Option<Descriptor>,
    #[serde(default)]
    pub(super) layers: Option<Vec<Descriptor>>,
}

/// What an index or a manifest says of something it refers to.
#[derive(Deserialize)]
pub(super) struct Descriptor {
    digest: String,
    #[serde(default)]
    platform: Option<Platform>,
    #[serde(default)]
    annotations: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct Platform {
    os: String,
    architecture: String,
    #[serde(default)]
    variant: Option<String>,
}

impl Descriptor {
    /// Where the layout keeps it.
    pub(super) fn path(&self) -> Option<String> {
        blob_path(&self.digest)
    }

    /// The tag that it goes by: with the repository's name, as containerd and Docker write it, or
    /// without.
    pub(super) fn tag(&self) -> Option<String> {
        let annotation = |key| self.annotations.as_ref().and_then(|all| all.get(key)).cloned();
        annotation("io.containerd.image.name")
            .or_else(|| annotation("org.opencontainers.image.ref.name"))
            .filter(|tag| tag.len() <= LONGEST)
    }

    /// The platform it is for, as `linux/arm64/v8`.
    pub(super) fn platform(&self) -> Option<String> {
        let platform = self.platform.as_ref()?;
        let parts = [Some(&platform.os), Some(&platform.architecture), platform.variant.as_ref()];
        let platform = parts.into_iter().flatten().cloned().collect::<Vec<_>>().join("/");
        Some(platform).filter(|platform| platform.len() <= LONGEST)
    }

    /// Whether it says something about another image and is none
    /// (<https://docs.docker.com/build/metadata/attestations/attestation-storage/>).
    pub(super) fn is_attestation(&self) -> bool {
        self.annotations.as_ref().is_some_and(|all| all.contains_key("vnd.docker.reference.digest"))
    }
}

/// Where a layout keeps what has this digest, if it is one
/// (<https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests>). It never leads
/// out of the layout.
pub(crate) fn blob_path(digest: &str) -> Option<String> {
    let (algorithm, encoded) = digest.split_once(':')?;
    let is_word = |text: &str, others: &str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || others.contains(c);
        !text.is_empty() && text.len() <= 256 && text.chars().all(fits)
    };
    let is_algorithm = is_word(algorithm, "+_-") && is_word(encoded, "=_-");
    is_algorithm.then(|| format!("blobs/{algorithm}/{encoded}"))
}

#[cfg(test)]
mod tests {
    use super::blob_path;

    #[test]
    fn a_digest_never_leads_out_of_the_layout() {
        assert_eq!(blob_path("sha256:ab12").unwrap(), "blobs/sha256/ab12");
        for bad in ["", "sha256", "sha256:", ":ab", "sha256:../../x", "..:ab", "a/b:c", "a:b/c"] {
            assert_eq!(blob_path(bad), None, "{bad}");
        }
    }
}
