//! The images that manifests describe.

use std::collections::BTreeSet;

use super::{
    Documents,
    manifests::{Contents, Descriptor, Saved},
};

/// How many images are told apart. What is left out is still read, under its own name.
const MOST_IMAGES: usize = 1000;

/// How deep indexes are followed into one another.
const DEEPEST: usize = 8;

/// An image, by the paths of what it is made of.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Image {
    pub(crate) tags: Vec<String>,
    /// What it is for, as `linux/arm64`.
    pub(crate) platform: Option<String>,
    /// Whether it says something about another image and is none.
    pub(crate) is_attestation: bool,
    /// The indexes and the manifest that lead to it.
    pub(crate) manifests: Vec<String>,
    pub(crate) config: String,
    /// The layers, the lowest first.
    pub(crate) layers: Vec<String>,
}

/// Every image of an archive or a layout.
#[derive(Debug, Default)]
pub(crate) struct Catalogue {
    pub(crate) images: Vec<Image>,
}

impl Catalogue {
    /// Reads what the manifests say. What is damaged, missing or refers to itself is left out.
    pub(crate) fn read(documents: &dyn Documents) -> Self {
        let mut catalogue = Self::default();
        catalogue.add_saved(documents);
        catalogue.add_layout(documents);
        catalogue
    }

    /// Reads what the index of an OCI layout says.
    pub(crate) fn read_layout(documents: &dyn Documents) -> Self {
        let mut catalogue = Self::default();
        catalogue.add_layout(documents);
        catalogue
    }

    fn add_layout(&mut self, documents: &dyn Documents) {
        let index = documents.get("oci-layout").and_then(|_| documents.get("index.json"));
        if let Some(index) = index.as_deref().and_then(contents) {
            let mut walk = Walk { documents, catalogue: self, seen: BTreeSet::new() };
            walk.index(&index, &Image::default());
        }
    }

    fn add_saved(&mut self, documents: &dyn Documents) {
        let manifest = documents.get("manifest.json");
        let saved = manifest.and_then(|json| serde_json::from_slice::<Vec<Saved>>(&json).ok());
        for Saved { config, repo_tags, layers } in saved.into_iter().flatten().take(MOST_IMAGES) {
            if documents.get(&config).is_some() {
                let (tags, layers) = (repo_tags.unwrap_or_default(), layers.unwrap_or_default());
                self.images.push(Image { tags, config, layers, ..Image::default() });
            }
        }
    }

    /// Adds an image, or what is news about one that `docker save` has listed as well.
    fn add(&mut self, image: Image) {
        let is_same =
            |known: &&mut Image| known.manifests.is_empty() && known.config == image.config;
        let Some(known) = self.images.iter_mut().find(is_same) else {
            return self.images.push(image);
        };
        known.platform = image.platform;
        known.manifests = image.manifests;
        for tag in image.tags {
            if !known.tags.contains(&tag) {
                known.tags.push(tag);
            }
        }
    }
}

/// A walk through indexes, which may list one another.
struct Walk<'a> {
    documents: &'a dyn Documents,
    catalogue: &'a mut Catalogue,
    seen: BTreeSet<String>,
}

impl Walk<'_> {
    /// Follows what an index lists. `above` is what is known of all of it.
    fn index(&mut self, index: &Contents, above: &Image) {
        for listed in index.manifests.iter().flatten() {
            self.listed(listed, above);
        }
    }

    fn listed(&mut self, listed: &Descriptor, above: &Image) {
        let Some(path) = listed.path() else { return };
        let is_enough = self.seen.len() >= MOST_IMAGES || above.manifests.len() >= DEEPEST;
        if is_enough || !self.seen.insert(path.clone()) {
            return;
        }
        let json = self.documents.get(&path);
        let Some(contents) = json.as_deref().and_then(contents) else { return };
        let mut image = Image {
            tags: listed.tag().map_or_else(|| above.tags.clone(), |tag| vec![tag]),
            platform: listed.platform().or_else(|| above.platform.clone()),
            is_attestation: listed.is_attestation(),
            manifests: [&above.manifests[..], &[path]].concat(),
            ..Image::default()
        };
        match contents.config.as_ref().and_then(Descriptor::path) {
            Some(config) => {
                image.config = config;
                let layers = contents.layers.iter().flatten();
                image.layers = layers.filter_map(Descriptor::path).collect();
                self.catalogue.add(image);
            }
            None => self.index(&contents, &image),
        }
    }
}

fn contents(json: &[u8]) -> Option<Contents> {
    serde_json::from_slice(json).ok()
}
