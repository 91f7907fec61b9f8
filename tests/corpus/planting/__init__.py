"""The beds of the corpus. A module has one `plant(bed, forge)`; new ones go to the end."""

from planting import (
    base64s,
    binary,
    counters,
    encodings,
    formats,
    joined,
    kinds,
    names,
    neighbours,
    wide,
)

# The order numbers the cases, so it only ever grows at its end.
MODULES = (
    neighbours,
    formats,
    kinds,
    encodings,
    base64s,
    joined,
    wide,
    binary,
    names,
    counters,
)
