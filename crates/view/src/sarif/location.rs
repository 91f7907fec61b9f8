//! Where SARIF says that something is.

use std::fmt::Write;

use bearhug_core::Sighting;
use serde::Serialize;

use crate::place::{in_name, way};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location<'a> {
    physical_location: Physical<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
}

/// What lies within a file and has a name of its own.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    fully_qualified_name: String,
}

impl<'a> Location<'a> {
    pub(super) fn of(sighting: &'a Sighting) -> Self {
        let mut location = Self::of_path(&sighting.origin.path);
        let way = way(&sighting.origin);
        if way != sighting.origin.path {
            location.logical_locations.push(Logical { fully_qualified_name: way });
        }
        // An offset into a name or into what was unpacked is none into the file.
        if !in_name(sighting) && !sighting.origin.is_packed() {
            location.physical_location.region = Some(Region::of(sighting));
            location.physical_location.context_region = ContextRegion::of(sighting);
        }
        location
    }

    pub(super) fn of_path(path: &str) -> Self {
        let uri_base_id = (!path.starts_with('/')).then_some("%SRCROOT%");
        let artifact_location = Artifact { uri: uri(path), uri_base_id };
        Self {
            physical_location: Physical { artifact_location, region: None, context_region: None },
            logical_locations: Vec::new(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical<'a> {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context_region: Option<ContextRegion<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum Region {
    Text {
        start_line: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        start_column: Option<u64>,
    },
    Binary {
        byte_offset: u64,
    },
}

impl Region {
    fn of(sighting: &Sighting) -> Self {
        match sighting.line {
            Some(start_line) => Self::Text { start_line, start_column: sighting.column },
            None => Self::Binary { byte_offset: sighting.offset },
        }
    }
}

/// The line around a region, as far as a report may show it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ContextRegion<'a> {
    start_line: u64,
    snippet: Snippet<'a>,
}

#[derive(Serialize)]
struct Snippet<'a> {
    text: &'a str,
}

impl<'a> ContextRegion<'a> {
    fn of(sighting: &'a Sighting) -> Option<Self> {
        let text = sighting.context.as_deref()?;
        Some(Self { start_line: sighting.line?, snippet: Snippet { text } })
    }
}

/// A path as a URI (RFC 8089) or, if it is relative, as a URI reference (RFC 3986). A colon is
/// encoded too, so that no file name can pass for a scheme.
pub(super) fn uri(path: &str) -> String {
    let (start, rest) = match path.strip_prefix("./") {
        Some(rest) => ("", rest),
        None if path.starts_with('/') => ("file://", path),
        None => ("", path),
    };
    let mut uri = start.to_owned();
    for byte in rest.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample;

    /// The expected texts are those of Python's `urllib.parse.quote(path, safe="/")`.
    #[test]
    fn paths_become_uris() {
        for (path, expected) in [
            ("a/b c.txt", "a/b%20c.txt"),
            ("./a", "a"),
            ("../a", "../a"),
            ("/etc/x#y", "file:///etc/x%23y"),
            ("http://x", "http%3A//x"),
            ("é\x1b%", "%C3%A9%1B%25"),
            (r"C:\x", "C%3A%5Cx"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }

    #[test]
    fn only_a_relative_path_hangs_on_the_root() {
        let base =
            |path| json!(Location::of_path(path))["physicalLocation"]["artifactLocation"].take();
        assert_eq!(base("a"), json!({"uri": "a", "uriBaseId": "%SRCROOT%"}));
        assert_eq!(base("/a"), json!({"uri": "file:///a"}));
    }

    #[test]
    fn a_region_is_a_line_an_offset_or_nothing() {
        let report = sample::scan();
        let physical = |finding: usize| {
            json!(Location::of(&report.findings[finding].sightings[0]))["physicalLocation"].take()
        };
        assert_eq!(physical(3)["region"], json!({"byteOffset": 1_048_576}));
        assert_eq!(physical(3).get("contextRegion"), None);
        assert_eq!(physical(4).get("region"), None, "a name has no region");
    }
}
