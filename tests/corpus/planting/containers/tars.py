"""Tar archives: every form and codec, and what stands in the headers."""

import bz2
import gzip
import io
import lzma
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

import brotli
import lz4.frame
from backports import zstd

from planting.bed import Bed
from planting.containers.compressed import plain
from planting.containers.shelf import Shelf, Write
from planting.containers.zips import untar
from planting.forge import Forge

MEMBER = "home/bear/.cache/huggingface/token"
LONG = "/".join(f"a-folder-with-a-long-name-{n}" for n in range(9))


def tar_of(
    files: dict[str, bytes], form: int = tarfile.PAX_FORMAT, headers: dict[str, str] | None = None
) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(content), 1_767_323_045
            entry.pax_headers = headers or {}
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def in_form(form: int, name: str = MEMBER) -> Write:
    return lambda token: tar_of({"home/readme.txt": b"a den\n", name: plain(token)}, form)


def packed(pack: object) -> Write:
    return lambda token: pack(in_form(tarfile.GNU_FORMAT)(token))


def member_name(token: str) -> bytes:
    return tar_of({f"runs/{token}/empty": b""})


def link(name: str, form: int) -> Write:
    def write(token: str) -> bytes:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=form) as archive:
            entry = tarfile.TarInfo("current")
            entry.type, entry.linkname = tarfile.SYMTYPE, name.replace("{T}", token)
            archive.addfile(entry)
        return out.getvalue()

    return write


def header(key: str) -> Write:
    return lambda token: tar_of({"model.bin": bytes(64)}, headers={key: f"token={token}"})


def global_header(token: str) -> bytes:
    """As `git archive` writes its commit's id."""
    out = io.BytesIO()
    headers = {"comment": f"made by {token}"}
    with tarfile.open(
        fileobj=out, mode="w", format=tarfile.PAX_FORMAT, pax_headers=headers
    ) as archive:
        archive.addfile(tarfile.TarInfo("empty"))
    return out.getvalue()


def sparse(form: str) -> Write:
    """GNU tar's own, of a file whose token follows a hole."""

    def write(token: str) -> bytes:
        with TemporaryDirectory() as folder:
            with open(Path(folder, "disk.img"), "wb") as file:
                file.seek(1 << 20)
                file.write(plain(token))
                file.truncate(1 << 21)
            command = ["tar", "--create", "--sparse", f"--format={form}", "disk.img"]
            return subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout

    return write


def concatenated(token: str) -> bytes:
    """Archives one after the other, as `tar --ignore-zeros` reads them."""
    return tar_of({"readme.txt": b"a den\n"}) + tar_of({MEMBER: plain(token)})


def tar_in_tar(token: str) -> bytes:
    return tar_of({"inner.tar.xz": lzma.compress(tar_of({MEMBER: plain(token)}))})


def headers_of(raw: bytes) -> list[object]:
    """The names, links and pax headers."""
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        members = archive.getmembers()
        return [archive.pax_headers, *((m.name, m.linkname, m.pax_headers) for m in members)]


def untar_all(raw: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(raw), ignore_zeros=True) as archive:
        return {m.name: archive.extractfile(m).read() for m in archive if m.isfile()}


def unpacked(unpack: object) -> object:
    return lambda raw: untar(unpack(raw))


def inner(raw: bytes) -> object:
    return untar(lzma.decompress(untar(raw)["inner.tar.xz"]))


WAY = (MEMBER,)
PACKED = (
    ("gz", lambda raw: gzip.compress(raw, mtime=0), gzip.decompress),
    ("bz2", bz2.compress, bz2.decompress),
    ("xz", lzma.compress, lzma.decompress),
    ("zst", zstd.compress, zstd.decompress),
    ("lz4", lz4.frame.compress, lz4.frame.decompress),
    ("br", brotli.compress, brotli.decompress),
)
OPEN = (
    ("tar-ustar", in_form(tarfile.USTAR_FORMAT), untar, WAY),
    ("tar-gnu", in_form(tarfile.GNU_FORMAT), untar, WAY),
    ("tar-pax", in_form(tarfile.PAX_FORMAT), untar, WAY),
    (
        "tar-pax-long-name",
        in_form(tarfile.PAX_FORMAT, f"{LONG}/token"),
        untar,
        ("long-name-8/token",),
    ),
    (
        "tar-gnu-long-name",
        in_form(tarfile.GNU_FORMAT, f"{LONG}/token"),
        untar,
        ("long-name-8/token",),
    ),
    ("tar-sparse-gnu", sparse("gnu"), untar, ("disk.img",)),
    ("tar-sparse-pax", sparse("posix"), untar, ("disk.img",)),
    ("tar-concatenated", concatenated, untar_all, ()),
    ("tar-member-name", member_name, headers_of, ()),
    ("tar-link-target", link("tokens/{T}", tarfile.USTAR_FORMAT), headers_of, ()),
    ("tar-link-target-long", link(f"{LONG}/{{T}}", tarfile.GNU_FORMAT), headers_of, ()),
    ("tar-link-target-pax", link(f"{LONG}/{{T}}", tarfile.PAX_FORMAT), headers_of, ()),
    ("tar-pax-comment", header("comment"), headers_of, ()),
    ("tar-pax-xattr", header("SCHILY.xattr.user.hub"), headers_of, ()),
    ("tar-pax-global", global_header, headers_of, ()),
)


def plant(bed: Bed, forge: Forge) -> None:
    shelf = Shelf(bed, forge, "archive")
    for name, write, read, origin in OPEN:
        shelf.put(name, "backup.tar", write, read, origin=origin)
    for name, pack, unpack in PACKED:
        file = f"backup.tar.{name}"
        shelf.put(f"tar-{name}", file, packed(pack), unpacked(unpack), origin=WAY, hidden=True)
    shelf.put("tar-xz-in-tar", "outer.tar", tar_in_tar, inner, origin=WAY, hidden=True)
    shelf.put(
        "lie-tar-gz-as-data", "data.bin", packed(PACKED[0][1]), untar, origin=WAY, hidden=True
    )
