"""Container images as `docker save` and the OCI layout hold them, after the image specification."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Mapping
from typing import NamedTuple

from backports import zstd

from planting.bed import Bed
from planting.containers.compressed import plain
from planting.containers.shelf import Shelf, Write, text_of
from planting.forge import PREFIX, Forge

SECRET = "root/.cache/huggingface/token"
LAYER = "application/vnd.oci.image.layer.v1.tar"
CONFIG = "application/vnd.oci.image.config.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


class Image(NamedTuple):
    """The layers, each files by their paths, and the configuration."""

    layers: list[dict[str, bytes]]
    config: dict[str, object]


def tar(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def untar(raw: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        return {m.name: archive.extractfile(m).read() for m in archive if m.isfile()}


def digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def dumped(node: object) -> bytes:
    return json.dumps(node, separators=(",", ":")).encode()


def image(
    files: dict[str, bytes] | None = None,
    *,
    above: dict[str, bytes] | None = None,
    history: str = "/bin/sh -c pip install den",
    **config: object,
) -> Image:
    base = {"etc/os-release": b"ID=debian\n", "etc/den.conf": f"# {PREFIX}...\n".encode()}
    layers = [base, files or {"app/main.py": b"import den\n"}]
    if above is not None:
        layers.append(above)
    made = [{"created": "2026-01-02T03:04:05Z", "created_by": "/bin/sh -c #(nop) ADD file in /"}]
    made += [{"created": "2026-01-02T03:05:05Z", "created_by": history}] * (len(layers) - 1)
    return Image(
        layers,
        {
            "architecture": "amd64",
            "os": "linux",
            "config": {"Env": ["PATH=/usr/bin"], "Cmd": ["python3"], **config},
            "history": made,
            "rootfs": {
                "type": "layers",
                "diff_ids": [f"sha256:{digest(tar(layer))}" for layer in layers],
            },
        },
    )


def docker_save(built: Image) -> bytes:
    """The layout before Docker 25: a folder for each layer and the configuration by its hash."""
    layers = {digest(tar(layer)): tar(layer) for layer in built.layers}
    config = dumped(built.config)
    files = {f"{name}/layer.tar": raw for name, raw in layers.items()}
    files[f"{digest(config)}.json"] = config
    names = [f"{name}/layer.tar" for name in layers]
    manifest = {"Config": f"{digest(config)}.json", "RepoTags": ["den:latest"], "Layers": names}
    files["manifest.json"] = dumped([manifest])
    files["repositories"] = dumped({"den": {"latest": list(layers)[-1]}})
    return tar(files)


def layout(built: Image, pack: Callable[[bytes], bytes], suffix: str) -> dict[str, bytes]:
    """An image layout: `oci-layout`, `index.json` and blobs by their digests."""
    blobs: dict[str, bytes] = {}

    def describe(raw: bytes, media: str) -> dict[str, object]:
        name = digest(raw)
        blobs[f"blobs/sha256/{name}"] = raw
        return {"mediaType": media, "digest": f"sha256:{name}", "size": len(raw)}

    config = describe(dumped(built.config), CONFIG)
    layers = [describe(pack(tar(layer)), LAYER + suffix) for layer in built.layers]
    parts = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers}
    manifest = describe(dumped(parts), MANIFEST)
    index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [manifest]}
    head = {"oci-layout": dumped({"imageLayoutVersion": "1.0.0"}), "index.json": dumped(index)}
    return head | blobs


def gzipped(raw: bytes) -> bytes:
    return gzip.compress(raw, mtime=0)


def both(built: Image) -> bytes:
    """Docker 25 and later: an image layout that has the old manifest too."""
    files = layout(built, lambda raw: raw, "")
    by_digest = {digest(raw): name for name, raw in files.items()}
    manifest = {
        "Config": by_digest[digest(dumped(built.config))],
        "RepoTags": ["den:latest"],
        "Layers": [by_digest[digest(tar(layer))] for layer in built.layers],
    }
    return tar(files | {"manifest.json": dumped([manifest])})


def saved(make: Callable[[str], Image]) -> Write:
    return lambda token: docker_save(make(token))


def layout_with(pack: Callable[[bytes], bytes], suffix: str) -> Write:
    return lambda token: layout(in_layer(token), pack, suffix)


def in_layer(token: str) -> Image:
    return image({SECRET: plain(token)})


def deleted(token: str) -> Image:
    return image({SECRET: plain(token)}, above={"root/.cache/huggingface/.wh.token": b""})


def overwritten(token: str) -> Image:
    return image({SECRET: plain(token)}, above={SECRET: b""})


def file_name(token: str) -> Image:
    return image({f"tmp/{token}.lock": b""})


def archive_in_layer(token: str) -> Image:
    return image({"opt/backup.tar.gz": gzipped(tar({"home/.env": plain(token)}))})


def env(token: str) -> Image:
    return image(Env=["PATH=/usr/bin", f"HF_TOKEN={token}"])


def label(token: str) -> Image:
    return image(Labels={"org.opencontainers.image.source": f"https://u:{token}@huggingface.co/d"})


def command(token: str) -> Image:
    return image(Cmd=["serve", "--token", token])


def entry_point(token: str) -> Image:
    return image(Entrypoint=["/bin/sh", "-c", f"HF_TOKEN={token} exec serve"])


def health(token: str) -> Image:
    return image(Healthcheck={"Test": ["CMD-SHELL", f"curl -H 'Authorization: Bearer {token}' h"]})


def argument(token: str) -> Image:
    """A build argument stands before every command that was run with it."""
    return image(history=f"|1 HF_TOKEN={token} /bin/sh -c python3 fetch.py # buildkit")


def history_env(token: str) -> Image:
    return image(history=f"ENV HF_TOKEN={token}")


def in_tar(raw: bytes) -> object:
    """Files of the archive, and those of the archives in it."""
    return {name: opened(content) for name, content in untar(raw).items()}


def in_folder(files: Mapping[str, bytes]) -> object:
    return {name: opened(raw) for name, raw in files.items()}


def opened(raw: bytes) -> object:
    for unpack in (gzip.decompress, zstd.decompress):
        try:
            raw = unpack(raw)
            break
        except (OSError, zstd.ZstdError):
            continue
    if raw[257:262] == b"ustar":
        return {name: opened(content) for name, content in untar(raw).items()}
    return text_of(raw)


SAVED = (
    ("layer", in_layer, ("layer", SECRET)),
    ("deleted", deleted, ("layer", SECRET)),
    ("overwritten", overwritten, ("layer", SECRET)),
    ("file-name", file_name, ("layer",)),
    ("archive-in-layer", archive_in_layer, ("layer", "opt/backup.tar.gz", "home/.env")),
    ("env", env, ("env",)),
    ("label", label, ("label",)),
    ("command", command, ("cmd",)),
    ("entry-point", entry_point, ("entrypoint",)),
    ("health-check", health, ("health",)),
    ("build-argument", argument, ("history",)),
    ("history-env", history_env, ("history",)),
)
FOLDERS = (
    ("oci-folder-gzip", layout_with(gzipped, "+gzip")),
    ("oci-folder-zstd", layout_with(zstd.compress, "+zstd")),
)
ARCHIVES = (
    ("oci-archive-plain", lambda t: tar(layout(in_layer(t), lambda raw: raw, ""))),
    ("oci-archive-gzip", lambda t: tar(layout(in_layer(t), gzipped, "+gzip"))),
    ("oci-archive-zstd", lambda t: tar(layout(in_layer(t), zstd.compress, "+zstd"))),
    ("docker-25", lambda t: both(in_layer(t))),
    ("docker-save-gzip", lambda t: gzipped(docker_save(in_layer(t)))),
)


def plant(bed: Bed, forge: Forge) -> None:
    shelf = Shelf(bed, forge, "image")
    for name, make, origin in SAVED:
        shelf.put(f"docker-save-{name}", "image.tar", saved(make), in_tar, origin=origin)
    for name, write in FOLDERS:
        shelf.put(name, "", write, in_folder, origin=(SECRET,), hidden=True)
    for name, write in ARCHIVES:
        shelf.put(name, "image.tar", write, opened, origin=("layer", SECRET))
    shelf.put("oci-folder-env", "", lambda t: layout(env(t), gzipped, "+gzip"), in_folder)
