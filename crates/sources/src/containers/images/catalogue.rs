//! The images that manifests describe.

use std::collections::BTreeSet;

use super::{
    Documents,
    manifests::{Contents, Descriptor, Saved},
};

/// How many images are told apart. What is left out is still read, under its own name.
const MOST_IMAGES: usize = 1000;

/// How many layers the images may have together.
const MOST_LAYERS: usize = 100_000;

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
    /// What an index lists and is not there, or not understood.
    pub(crate) unread: Vec<String>,
    /// Whether there is more than is told apart.
    pub(crate) is_cut: bool,
    layers: usize,
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
        for Saved { config, repo_tags, layers } in saved.into_iter().flatten() {
            if self.images.len() >= MOST_IMAGES {
                self.is_cut = true;
            } else if documents.get(&config).is_some() {
                let (tags, layers) = (repo_tags.unwrap_or_default(), layers.unwrap_or_default());
                self.push(Image { tags, config, layers, ..Image::default() });
            }
        }
    }

    fn push(&mut self, mut image: Image) {
        let left = MOST_LAYERS - self.layers;
        self.is_cut |= image.layers.len() > left;
        image.layers.truncate(left);
        self.layers += image.layers.len();
        self.images.push(image);
    }

    /// Adds an image, or what is news about one that `docker save` has listed as well.
    fn add(&mut self, image: Image) {
        let is_same =
            |known: &&mut Image| known.manifests.is_empty() && known.config == image.config;
        let Some(known) = self.images.iter_mut().find(is_same) else {
            return self.push(image);
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
        if self.seen.contains(&path) {
            return;
        }
        if self.seen.len() >= MOST_IMAGES || above.manifests.len() >= DEEPEST {
            self.catalogue.is_cut = true;
            return;
        }
        self.seen.insert(path.clone());
        let json = self.documents.get(&path);
        let Some(contents) = json.as_deref().and_then(contents) else {
            return self.catalogue.unread.push(path);
        };
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

/// What an index or a manifest says. Anything else that happens to be JSON is neither.
fn contents(json: &[u8]) -> Option<Contents> {
    let contents: Contents = serde_json::from_slice(json).ok()?;
    (contents.manifests.is_some() || contents.config.is_some()).then_some(contents)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;

    type Members = BTreeMap<String, Vec<u8>>;

    fn digest(name: usize) -> String {
        format!("sha256:{name:064}")
    }

    fn layout(index: &Value, blobs: impl IntoIterator<Item = Value>) -> Members {
        let mut members = Members::new();
        members.insert("oci-layout".to_owned(), b"{}".to_vec());
        members.insert("index.json".to_owned(), index.to_string().into_bytes());
        for (name, blob) in blobs.into_iter().enumerate() {
            members.insert(format!("blobs/sha256/{name:064}"), blob.to_string().into_bytes());
        }
        members
    }

    fn listing(names: impl IntoIterator<Item = usize>) -> Value {
        let listed = |name| json!({"digest": digest(name)});
        json!({"manifests": names.into_iter().map(listed).collect::<Vec<_>>()})
    }

    fn manifest(layers: usize) -> Value {
        let layers: Vec<_> =
            (0..layers).map(|n| json!({"digest": digest(1_000_000 + n)})).collect();
        json!({"config": {"digest": digest(999_999)}, "layers": layers})
    }

    #[test]
    fn indexes_that_list_one_another_end() {
        let each = [listing([1, 2]), listing([0, 2]), manifest(3)];
        let catalogue = Catalogue::read(&layout(&listing([0]), each));
        assert_eq!(catalogue.images.len(), 1);
        assert_eq!(catalogue.images[0].layers.len(), 3);
        assert!(!catalogue.is_cut && catalogue.unread.is_empty());
    }

    #[test]
    fn a_nest_is_followed_to_a_depth_and_says_so() {
        let nest = |depth: usize| {
            let indexes = (1..=depth).map(|next| listing([next]));
            Catalogue::read(&layout(&listing([0]), indexes.chain([manifest(1)])))
        };
        assert_eq!(nest(DEEPEST - 1).images.len(), 1);
        for depth in [DEEPEST, 100, 5_000] {
            let catalogue = nest(depth);
            assert!(catalogue.images.is_empty() && catalogue.is_cut, "{depth}");
        }
    }

    #[test]
    fn images_share_no_tag_that_is_too_long_to_be_one() {
        let tagged = |length| {
            let tag = "t".repeat(length);
            json!({"manifests": [{
                "digest": digest(0),
                "annotations": {"org.opencontainers.image.ref.name": tag},
                "platform": {"os": tag, "architecture": ""},
            }]})
        };
        let read = |length| {
            let blobs = [listing([1, 2]), manifest(1), manifest(2)];
            Catalogue::read(&layout(&tagged(length), blobs)).images
        };
        for image in read(300) {
            assert_eq!(image.tags, ["t".repeat(300)]);
            assert!(image.platform.is_some());
        }
        for image in read(1 << 20) {
            assert!(image.tags.is_empty() && image.platform.is_none());
        }
        assert_eq!(read(1 << 20).len(), 2);
    }

    #[test]
    fn more_than_is_told_apart_is_cut_and_says_so() {
        let many = 0..MOST_IMAGES + 1;
        let catalogue = Catalogue::read(&layout(&listing(many.clone()), many.map(|_| manifest(1))));
        assert_eq!(catalogue.images.len(), MOST_IMAGES);
        assert!(catalogue.is_cut);
        let layers = MOST_LAYERS / 2 + 1;
        let both = [manifest(layers), manifest(layers)];
        let catalogue = Catalogue::read(&layout(&listing([0, 1]), both));
        assert_eq!(catalogue.images.iter().map(|i| i.layers.len()).sum::<usize>(), MOST_LAYERS);
        assert!(catalogue.is_cut);
    }

    #[test]
    fn what_is_listed_and_no_manifest_is_told() {
        let blobs = [json!({}), json!([1]), json!({"manifests": 7}), manifest(1)];
        let catalogue = Catalogue::read(&layout(&listing(0..5), blobs));
        assert_eq!(catalogue.images.len(), 1);
        assert_eq!(catalogue.unread.len(), 4);
    }
}
