//! What each member of an archive or a layout is to the images that are read.

use std::collections::{BTreeMap, BTreeSet};

use super::{Catalogue, Image, blob_path};

/// How long a tag or a platform may be to be part of names. What is longer is read where it stands.
const LONGEST_LABEL: usize = 256;

/// The documents that stand at the root. They are always read: they name every image.
const AT_THE_ROOT: [&str; 4] = ["index.json", "manifest.json", "oci-layout", "repositories"];

/// What members are called, by their paths.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    members: BTreeMap<String, Member>,
    /// What tells each image from the others; empty if there is but one.
    labels: Vec<String>,
    /// Whether what no image needs is left out.
    is_selective: bool,
    /// Whether some of what the images need is not known.
    is_cut: bool,
}

#[derive(Debug, Clone, Copy)]
struct Member {
    role: Role,
    image: usize,
}

/// What a member is to an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// An index or a manifest.
    Manifest,
    /// Its environment, command, labels and history.
    Config,
    /// A layer, from 1, the lowest first.
    Layer(usize),
    /// Listed as a manifest, and none that is understood.
    Unread,
}

impl Plan {
    /// A plan to read every image, and what belongs to none as well. None if there is no image.
    pub(crate) fn of_all(catalogue: &Catalogue) -> Option<Self> {
        let all: Vec<_> = catalogue.images.iter().collect();
        (!all.is_empty()).then(|| Self::of(&all))
    }

    /// A plan to read nothing but the images of a tag, or nothing but all images. None if there is
    /// none of that tag.
    pub(crate) fn of_tag(catalogue: &Catalogue, tag: Option<&str>) -> Option<Self> {
        let is_wanted = |image: &&Image| tag.is_none_or(|tag| image.has_tag(tag));
        let wanted: Vec<_> = catalogue.images.iter().filter(is_wanted).collect();
        if wanted.is_empty() {
            return None;
        }
        let mut plan = Self { is_selective: true, is_cut: catalogue.is_cut, ..Self::of(&wanted) };
        if tag.is_none() {
            for path in &catalogue.unread {
                let unread = Member { role: Role::Unread, image: 0 };
                plan.members.entry(path.clone()).or_insert(unread);
            }
        }
        Some(plan)
    }

    /// Whether some of what is to be read is not known, since there is more than is told apart.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The members without which the images that were asked for are not whole.
    pub(crate) fn needed(&self) -> BTreeSet<&str> {
        let is_needed = |member: &Member| self.is_selective && member.role != Role::Unread;
        let needed = self.members.iter().filter(|(_, member)| is_needed(member));
        needed.map(|(path, _)| path.as_str()).collect()
    }

    /// A plan to read what an engine exports of an image that it describes by this id and these
    /// digests of its layers, and whatever else is there.
    ///
    /// Docker since version 25 names members by digest. So does Podman, in its own way.
    pub(crate) fn of_digests(id: &str, layers: &[String]) -> Self {
        let names = |digest: &str, extension| {
            let hex = digest.rsplit(':').next().unwrap_or_default();
            [Some(format!("{hex}.{extension}")), blob_path(digest)].into_iter().flatten()
        };
        let mut plan = Self { labels: vec![String::new()], ..Self::default() };
        for (below, digest) in layers.iter().enumerate() {
            let member = Member { role: Role::Layer(below + 1), image: 0 };
            plan.members.extend(names(digest, "tar").map(|name| (name, member)));
        }
        let member = Member { role: Role::Config, image: 0 };
        plan.members.extend(names(id, "json").map(|name| (name, member)));
        plan
    }

    fn of(images: &[&Image]) -> Self {
        let is_lone = images.iter().filter(|image| !image.is_attestation).count() == 1;
        let mut plan = Self::default();
        for (at, image) in images.iter().enumerate() {
            let is_plain = is_lone && !image.is_attestation;
            plan.labels.push(if is_plain { String::new() } else { image.label(at + 1) });
            let mut add = |path: &str, role| {
                // What images share is read once, and is the first one's.
                plan.members.entry(path.to_owned()).or_insert(Member { role, image: at });
            };
            image.manifests.iter().for_each(|path| add(path, Role::Manifest));
            add(&image.config, Role::Config);
            for (below, path) in image.layers.iter().enumerate() {
                add(path, Role::Layer(below + 1));
            }
        }
        plan
    }

    /// What a member is, and what it is called. None if it is to be left out.
    pub(crate) fn member(&self, path: &str) -> Option<(Option<Role>, String)> {
        let path = path.trim_start_matches("./");
        let Some(Member { role, image }) = self.members.get(path) else {
            let is_read = !self.is_selective || AT_THE_ROOT.contains(&path);
            return is_read.then(|| (None, path.to_owned()));
        };
        let name = match role {
            Role::Manifest => "manifest".to_owned(),
            Role::Config => "config".to_owned(),
            Role::Layer(number) => format!("layer {number}"),
            Role::Unread => return Some((Some(*role), path.to_owned())),
        };
        let label = self.labels.get(*image).filter(|label| !label.is_empty());
        let name = label.map_or_else(|| name.clone(), |label| format!("{name} of {label}"));
        Some((Some(*role), name))
    }

    /// The paths of what the images of a layout are made of, in the order in which they are read.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        let mut members: Vec<_> = self.members.iter().collect();
        members.sort_by_key(|(_, Member { role, image })| match role {
            Role::Manifest => (*image, 0, 0),
            Role::Config => (*image, 1, 0),
            Role::Layer(number) => (*image, 2, *number),
            Role::Unread => (usize::MAX, 0, 0),
        });
        std::iter::once("index.json").chain(members.into_iter().map(|(path, _)| path.as_str()))
    }
}

impl Image {
    /// Whether a tag is this image's: written in full, without the repository's name, or a
    /// repository's name that stands for its latest image.
    fn has_tag(&self, wanted: &str) -> bool {
        self.tags.iter().any(|tag| {
            let short = tag.strip_prefix("docker.io/library/").unwrap_or(tag);
            let short = short.strip_prefix("docker.io/").unwrap_or(short);
            let alone = tag.rsplit_once(':').map_or(tag.as_str(), |(_, last)| last);
            [tag, short, alone].contains(&wanted) || short.strip_suffix(":latest") == Some(wanted)
        })
    }

    /// What tells it from others: its tag and its platform, or its number.
    fn label(&self, number: usize) -> String {
        let kind = if self.is_attestation { "attestation" } else { "image" };
        let tag = self.tags.first().filter(|_| !self.is_attestation);
        let platform = self.platform.as_ref().filter(|_| !self.is_attestation);
        let words: Vec<_> = tag.into_iter().chain(platform).map(String::as_str).collect();
        let label = words.join(" ");
        if label.is_empty() || label.len() > LONGEST_LABEL {
            return format!("{kind} {number}");
        }
        label
    }
}
