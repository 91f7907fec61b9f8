//! Where the JSON documents of images are looked up, by path.

use std::collections::BTreeMap;

/// The documents of an archive or a layout.
pub(crate) trait Documents {
    /// The document of this path, if there is one and it is not larger than documents are.
    fn get(&self, path: &str) -> Option<Vec<u8>>;
}

impl Documents for BTreeMap<String, Vec<u8>> {
    fn get(&self, path: &str) -> Option<Vec<u8>> {
        self.get(path).cloned()
    }
}
