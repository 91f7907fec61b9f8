#!/usr/bin/env python3
"""Sorts the files of the planted corpus into the corpora that fuzzing starts from."""

import argparse
import hashlib
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

# The cases that are seeds of a target, by their names without the number.
CASES = {
    "arrow": ["*arrow*", "feather*"],
    "asar": ["asar"],
    "avro": ["avro*"],
    "containers": ["*"],
    "cpio": ["cpio*", "initramfs"],
    "embedded": ["7z*", "bzip2*", "gzip*", "lz4*", "pdf*", "png*", "xz*", "zip*", "zlib*", "zstd*"],
    "gif": ["gif*"],
    "hdf5": ["hdf5*"],
    "log_frames": ["*wandb*", "rocksdb-log"],
    "notebook": ["*ipynb*"],
    "parquet": ["*parquet*"],
    "pdf": ["*pdf*"],
    "png": ["*png*"],
    "sqlite": ["*sqlite*"],
    "tar": ["*tar*", "docker*", "oci*"],
    "zip": ["*zip*", "wheel"],
}
# The archives whose members are seeds of `markup`.
OFFICE = ("*.docx", "*.xlsx", "*.pptx", "*.odt")
# The documents of an image as the target `image` names them.
IMAGE = [
    b'[{"Config":"c.json","RepoTags":["a:1"],"Layers":["l.tar"]}]',
    b'{"manifests":[{"digest":"sha256:0","platform":{"os":"linux","architecture":"arm64"}}]}',
    b'{"config":{"Env":["A=b"],"Cmd":["c","d"],"Labels":{"e":"f"}},"history":[{"comment":"g"}]}',
    b"a layer",
    b'{"manifests":[{"digest":"sha256:1","annotations":{"org.opencontainers.image.ref.name":"h"}}]}',
    b'{"config":{"digest":"sha256:2"},"layers":[{"digest":"sha256:0"}]}',
    b'{"history":[{"created_by":"i","author":"j"}]}',
]
# What is larger slows fuzzing down more than it helps, in bytes.
LARGEST = 1 << 16


def seeds(cases: Path) -> Iterator[tuple[str, bytes]]:
    yield "image", b"\0".join(IMAGE)
    for path in cases.rglob("*"):
        if not path.is_file() or path.stat().st_size > LARGEST:
            continue
        case = path.relative_to(cases).parts[0].split("-", 1)[1]
        for target, patterns in CASES.items():
            if any(fnmatch(case, pattern) for pattern in patterns):
                yield target, path.read_bytes()
        if any(fnmatch(path.name, pattern) for pattern in OFFICE):
            with zipfile.ZipFile(path) as archive:
                xml = [name for name in archive.namelist() if name.endswith(".xml")]
                yield from (("markup", archive.read(name)) for name in xml)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("planted", type=Path, help="what `plant.py --bed containers` wrote")
    parser.add_argument("out", type=Path, help="the folder of the corpora")
    args = parser.parse_args()
    for target, content in seeds(args.planted / "cases"):
        name = hashlib.sha256(content).hexdigest()
        corpus = args.out / target
        corpus.mkdir(parents=True, exist_ok=True)
        (corpus / name).write_bytes(content)


if __name__ == "__main__":
    main()
