"""The beds of the corpus of containers, in the order that numbers their cases."""

from planting.containers import (
    bundles,
    compressed,
    images,
    messages,
    notebooks,
    office,
    packages,
    pdfs,
    pickles,
    pictures,
    tars,
    weights,
    zips,
)

MODULES = (
    compressed,
    zips,
    bundles,
    tars,
    packages,
    office,
    images,
    notebooks,
    pictures,
    pdfs,
    messages,
    pickles,
    weights,
)
