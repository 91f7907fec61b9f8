"""Zip archives: their methods, what stands beside the members, and archives in archives."""

import bz2
import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable

from backports.zstd import zipfile as zstd_zipfile

from planting.bed import Bed
from planting.containers.compressed import plain
from planting.containers.shelf import Read, Shelf, Write
from planting.forge import Forge

# A moment for members, since zip cannot tell time before 1980.
THEN = (2026, 1, 2, 3, 4, 6)
MEMBER = "den/config/settings.env"


class OneWay(io.RawIOBase):
    """A sink that cannot seek, so that sizes and checksums have to follow the data."""

    def __init__(self) -> None:
        self.out = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:
        self.out += data
        return len(data)


def info(name: str, method: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, THEN)
    entry.compress_type = method
    entry.external_attr = 0o100644 << 16
    return entry


def zip_of(
    files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, before: bytes = b""
) -> bytes:
    out = io.BytesIO(before)
    with zipfile.ZipFile(out, "a" if before else "w") as archive:
        for name, content in files.items():
            archive.writestr(info(name, method), content)
    return out.getvalue()


def unzip(raw: bytes) -> dict[str, bytes]:
    """The members, their comments and extra fields, and the archive's comment."""
    read: dict[str, bytes] = {}
    with zstd_zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for entry in archive.infolist():
            read[entry.filename] = archive.read(entry) + entry.comment + entry.extra
        read["comment"] = archive.comment
    return read


def inside(read: Callable[[bytes], object], *names: str) -> Read:
    """A reader that follows a path of members, each an archive."""

    def walk(raw: bytes) -> object:
        for name in names:
            raw = unzip(raw)[name]
        return read(raw)

    return walk


def by_method(method: int) -> Write:
    return lambda token: zip_of({"readme.txt": b"a den\n", MEMBER: plain(token)}, method)


def zstandard(token: str) -> bytes:
    out = io.BytesIO()
    with zstd_zipfile.ZipFile(out, "w", zstd_zipfile.ZIP_ZSTANDARD) as archive:
        archive.writestr(MEMBER, plain(token))
    return out.getvalue()


def streamed(method: int) -> Write:
    def write(token: str) -> bytes:
        sink = OneWay()
        with zipfile.ZipFile(sink, "w") as archive:
            archive.writestr(info("readme.txt", method), b"a den\n" * 40)
            archive.writestr(info(MEMBER, method), plain(token))
        return bytes(sink.out)

    return write


def zip64(token: str) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w") as archive,
        archive.open(info(MEMBER), "w", force_zip64=True) as member,
    ):
        member.write(plain(token))
    return out.getvalue()


def archive_comment(token: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info("readme.txt"), b"a den\n")
        archive.comment = f"made with {token}".encode()
    return out.getvalue()


def entry_with(token: str, field: str) -> bytes:
    entry = info("readme.txt")
    raw = f"token={token}".encode()
    # An extra field is an id, the length and the data (APPNOTE.TXT 4.5.1); 0x6862 is nobody's.
    setattr(
        entry, field, raw if field == "comment" else b"bh" + len(raw).to_bytes(2, "little") + raw
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry, b"a den\n")
    return out.getvalue()


def member_name(token: str) -> bytes:
    return zip_of({f"den/{token}/readme.txt": b"a den\n"})


def replaced(token: str) -> bytes:
    """The old version of a member stays in the archive when a new one is added to its end."""
    out = io.BytesIO(zip_of({"settings.env": plain(token)}))
    with zipfile.ZipFile(out, "a") as archive:
        del archive.NameToInfo["settings.env"]
        archive.filelist.clear()
        archive.writestr(info("settings.env"), b"HF_TOKEN=\n")
    return out.getvalue()


def first_member(raw: bytes) -> bytes:
    """What the first local header heads, which no directory may know."""
    name, extra = (int.from_bytes(raw[at : at + 2], "little") for at in (26, 28))
    return zlib.decompressobj(-15).decompress(raw[30 + name + extra :])


def tar_gz_of(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def untar(raw: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        return {m.name: archive.extractfile(m).read() for m in archive if m.isfile()}


def nested(token: str) -> bytes:
    innermost = zip_of({MEMBER: plain(token)})
    return zip_of({"backup/home.tar.gz": tar_gz_of("home/den.zip", innermost)})


def nested_read(raw: bytes) -> object:
    return unzip(untar(unzip(raw)["backup/home.tar.gz"])["home/den.zip"])


def gzip_in_zip(token: str) -> bytes:
    return zip_of({"logs/app.log.gz": gzip.compress(plain(token), mtime=0)}, zipfile.ZIP_STORED)


def bzip2_in_zips(token: str) -> bytes:
    raw = bz2.compress(plain(token))
    for level in range(4):
        raw = zip_of({f"level-{level}": raw})
    return raw


def bzip2_in_zips_read(raw: bytes) -> bytes:
    return bz2.decompress(inside(bytes, "level-3", "level-2", "level-1", "level-0")(raw))


def self_extracting(token: str) -> bytes:
    stub = b"#!/bin/sh\n" + b"# unpacks itself\n" * 4_000 + b"exit 0\n"
    return zip_of({MEMBER: plain(token)}, before=stub)


def stub_with_token(token: str) -> bytes:
    return zip_of({"a.txt": b"a den\n"}, before=f"#!/bin/sh\nHF_TOKEN={token}\nexit\n".encode())


def stub_of(raw: bytes) -> bytes:
    return raw[: raw.index(b"PK\x03\x04")]


STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
WAY = (MEMBER,)
HIDDEN = (
    ("zip-deflated", "den.zip", by_method(DEFLATED), unzip, WAY),
    ("zip-bzip2", "den.zip", by_method(zipfile.ZIP_BZIP2), unzip, WAY),
    ("zip-lzma", "den.zip", by_method(zipfile.ZIP_LZMA), unzip, WAY),
    ("zip-zstd", "den.zip", zstandard, unzip, WAY),
    ("zip-streamed", "export.zip", streamed(DEFLATED), unzip, WAY),
    ("zip64", "den.zip", zip64, unzip, WAY),
    ("zip-self-extracting", "install.run", self_extracting, unzip, WAY),
    ("zip-replaced-member", "den.zip", replaced, first_member, ()),
    (
        "zip-in-tar-gz-in-zip",
        "backup.zip",
        nested,
        nested_read,
        ("home.tar.gz", "den.zip", MEMBER),
    ),
    (
        "zip-of-gzip",
        "logs.zip",
        gzip_in_zip,
        inside(gzip.decompress, "logs/app.log.gz"),
        ("app.log.gz",),
    ),
    ("zip-four-deep", "onion.zip", bzip2_in_zips, bzip2_in_zips_read, ("level-3", "level-0")),
    ("lie-zip-as-png", "logo.png", by_method(DEFLATED), unzip, WAY),
    ("lie-zip-without-name", "attachment", by_method(DEFLATED), unzip, WAY),
)
OPEN = (
    ("zip-stored", "den.zip", by_method(STORED), unzip, WAY),
    ("zip-streamed-stored", "export.zip", streamed(STORED), unzip, WAY),
    ("zip-comment", "den.zip", archive_comment, unzip, ()),
    ("zip-member-comment", "den.zip", lambda t: entry_with(t, "comment"), unzip, ()),
    ("zip-extra-field", "den.zip", lambda t: entry_with(t, "extra"), unzip, ()),
    ("zip-member-name", "den.zip", member_name, unzip, ()),
    ("zip-stub-holds-it", "install.run", stub_with_token, stub_of, ()),
)


def plant(bed: Bed, forge: Forge) -> None:
    shelf = Shelf(bed, forge, "archive")
    for name, file, write, read, origin in HIDDEN:
        shelf.put(name, file, write, read, origin=origin, hidden=True)
    for name, file, write, read, origin in OPEN:
        shelf.put(name, file, write, read, origin=origin)
