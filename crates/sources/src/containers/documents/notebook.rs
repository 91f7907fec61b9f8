//! The cells of a Jupyter notebook.

use std::ops::Range;

use bearhug_core::Step;

/// Which stretch of a notebook is which cell's source, output or attachment.
pub(in crate::containers) fn outline(_: &[u8]) -> Vec<(Range<usize>, Step)> {
    Vec::new()
}
