"""Tokens in the names of files and folders."""

from planting.bed import Bed
from planting.forge import Forge

# name, the path within the case's folder, in which {T} is the token
ROWS = (
    ("whole-file-name", "{T}"),
    ("file-name", "{T}.txt"),
    ("file-name-dashes", "backup-{T}-old.env"),
    ("file-name-underscore-before", "token_{T}.txt"),
    ("file-name-underscore-after", "{T}_old.txt"),
    ("file-name-query", "models?token={T}&limit=5"),
    ("file-name-spaces", "my token {T} (copy).txt"),
    ("hidden-file-name", ".{T}.swp"),
    ("folder-name", "{T}/readme.txt"),
    ("folder-name-cache", "cache/token={T}/part-0.txt"),
    ("folder-name-deep", "a/b/{T}/c/d/e.txt"),
    ("file-name-percent", "models%3Ftoken%3D{T}%26x"),
)


def plant(bed: Bed, forge: Forge) -> None:
    for name, path in ROWS:
        value = forge.user()
        inside = path.replace("{T}", value.text)
        bed.found("name", f"name-{name}", "nothing to see\n", value, inside=inside)
    value = forge.lease()
    bed.found("name", "name-lease", "", value, inside=f"{value.text}.lock")
    value = forge.org()
    bed.found("name", "name-org", "", value, inside=f"org-{value.text}.json")
