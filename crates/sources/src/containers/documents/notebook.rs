//! The cells of a Jupyter notebook.

use std::{fmt, ops::Range};

use bearhug_core::{Container, Step};
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

/// How many cells get a name. A file made of the shortest would need many times its size for more.
const MOST_CELLS: usize = 20_000;

/// Which stretch of a notebook is which cell's source, output or attachment, in order and apart.
/// Cells are counted from one. Empty if the notebook cannot be read, which leaves its stretches
/// without names.
///
/// <https://nbformat.readthedocs.io/en/latest/format_description.html>. Names in the notebook, such
/// as those of attachments, could hold a token and are left out.
pub(in crate::containers) fn outline(bytes: &[u8]) -> Vec<(Range<usize>, Step)> {
    let mut outline = Outline { whole: bytes, stretches: Vec::new() };
    if let Ok(notebook) = serde_json::from_slice::<Notebook<'_>>(bytes) {
        outline.notebook(&notebook);
    }
    outline.stretches.sort_by_key(|(stretch, _)| stretch.start);
    outline.stretches
}

/// A notebook of either format that is in use. The third keeps its cells in worksheets. What has the
/// wrong form is passed over where it stands.
#[derive(Deserialize)]
struct Notebook<'a> {
    #[serde(borrow)]
    cells: Option<&'a RawValue>,
    #[serde(borrow)]
    worksheets: Option<&'a RawValue>,
    #[serde(borrow)]
    metadata: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Worksheet<'a> {
    #[serde(borrow)]
    cells: Option<&'a RawValue>,
    #[serde(borrow)]
    metadata: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Cell<'a> {
    #[serde(borrow)]
    source: Option<&'a RawValue>,
    /// What the third format calls the source of code.
    #[serde(borrow)]
    input: Option<&'a RawValue>,
    #[serde(borrow)]
    outputs: Option<&'a RawValue>,
    #[serde(borrow)]
    attachments: Option<&'a RawValue>,
    #[serde(borrow)]
    metadata: Option<&'a RawValue>,
}

/// The first elements of an array.
#[derive(Default)]
struct Elements<'a>(Vec<&'a RawValue>);

/// The elements of a value, of which there are none unless it is an array.
fn elements(value: Option<&RawValue>) -> Elements<'_> {
    value.and_then(|value| serde_json::from_str(value.get()).ok()).unwrap_or_default()
}

impl<'de> Deserialize<'de> for Elements<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Self::default())
    }
}

impl<'de> Visitor<'de> for Elements<'de> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut array: A) -> Result<Self, A::Error> {
        while self.0.len() < MOST_CELLS
            && let Some(element) = array.next_element()?
        {
            self.0.push(element);
        }
        while array.next_element::<IgnoredAny>()?.is_some() {}
        Ok(self)
    }
}

struct Outline<'a> {
    whole: &'a [u8],
    stretches: Vec<(Range<usize>, Step)>,
}

impl Outline<'_> {
    fn notebook(&mut self, notebook: &Notebook<'_>) {
        self.add(notebook.metadata, "metadata");
        let Elements(mut cells) = elements(notebook.cells);
        for worksheet in elements(notebook.worksheets).0 {
            if cells.len() >= MOST_CELLS {
                break;
            }
            if let Ok(worksheet) = serde_json::from_str::<Worksheet<'_>>(worksheet.get()) {
                self.add(worksheet.metadata, "metadata");
                cells.extend(elements(worksheet.cells).0);
            }
        }
        cells.truncate(MOST_CELLS);
        for (number, cell) in (1..).zip(cells) {
            if let Ok(cell) = serde_json::from_str(cell.get()) {
                self.cell(number, &cell);
            }
        }
    }

    fn cell(&mut self, number: usize, cell: &Cell<'_>) {
        self.add(cell.source, &format!("cell {number} source"));
        self.add(cell.input, &format!("cell {number} source"));
        self.add(cell.attachments, &format!("cell {number} attachment"));
        self.add(cell.metadata, &format!("cell {number} metadata"));
        self.add(cell.outputs, &format!("cell {number} output"));
    }

    fn add(&mut self, value: Option<&RawValue>, name: &str) {
        if let Some(value) = value {
            let text = value.get();
            // Both are addresses in one piece of memory.
            let start = text.as_ptr().addr() - self.whole.as_ptr().addr();
            let step = Step::Part(Container::Notebook, name.to_owned());
            self.stretches.push((start..start + text.len(), step));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The stretches as they read, and their names.
    fn named(notebook: &str) -> Vec<(&str, String)> {
        let name = |step| match step {
            Step::Part(Container::Notebook, name) => name,
            other => panic!("{other}"),
        };
        outline(notebook.as_bytes())
            .into_iter()
            .map(|(stretch, step)| (&notebook[stretch], name(step)))
            .collect()
    }

    fn pairs<'a>(expected: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
        expected.iter().map(|(text, name)| (*text, (*name).to_owned())).collect()
    }

    #[test]
    fn the_fourth_format_has_cells_at_its_top() {
        let notebook = r#"{"cells": [
            {"attachments": {"a.png": {"image/png": "AA"}}, "cell_type": "markdown", "source": "é"},
            {"cell_type": "code", "outputs": [{"text": ["1"]}], "source": ["2", "3"],
             "metadata": {"tags": [4]}}
        ], "metadata": {"kernelspec": 5}, "nbformat": 4}"#;
        let expected = [
            (r#"{"a.png": {"image/png": "AA"}}"#, "cell 1 attachment"),
            (r#""é""#, "cell 1 source"),
            (r#"[{"text": ["1"]}]"#, "cell 2 output"),
            (r#"["2", "3"]"#, "cell 2 source"),
            (r#"{"tags": [4]}"#, "cell 2 metadata"),
            (r#"{"kernelspec": 5}"#, "metadata"),
        ];
        assert_eq!(named(notebook), pairs(&expected));
    }

    #[test]
    fn the_third_format_has_them_in_worksheets() {
        let notebook = r#"{"metadata": {}, "nbformat": 3, "worksheets": [
            {"cells": [{"cell_type": "heading", "source": 1}]},
            {"cells": [{"cell_type": "code", "input": 2, "outputs": 3}]}]}"#;
        let expected = [
            ("{}", "metadata"),
            ("1", "cell 1 source"),
            ("2", "cell 2 source"),
            ("3", "cell 2 output"),
        ];
        assert_eq!(named(notebook), pairs(&expected));
    }

    #[test]
    fn what_has_the_wrong_form_has_no_name() {
        assert!(named(r#"{"cells": [{"source": "#).is_empty());
        assert!(named(r#"{"cells": {"source": 1}}"#).is_empty());
        assert_eq!(named(r#"{"cells": [1, {"source": 2}]}"#), pairs(&[("2", "cell 2 source")]));
        assert!(outline(b"{\"cells\": [{\"source\": \"\xff\"}]}").is_empty());
        assert!(named(&"[".repeat(1_000_000)).is_empty());
        let many = format!(r#"{{"cells": [{}1]}}"#, r#"{"source": 1},"#.repeat(MOST_CELLS + 1));
        assert_eq!(named(&many).len(), MOST_CELLS);
    }
}
