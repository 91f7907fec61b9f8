#!/usr/bin/env python3
"""Writes small files that unpack to what no machine should be asked to hold.

Each stands for a way in which a container lies or explodes. None of them holds a token, but for
`pickle`, which would create the file `executed` beside it if anything ever loaded it.
"""

import argparse
import bz2
import gzip
import io
import json
import lzma
import os
import pickle
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

MEBIBYTE = 1 << 20


def zeros_gz(mebibytes: int) -> bytes:
    """gzip members of ten mebibytes each, which compress well when compressed again."""
    member = gzip.compress(bytes(10 * MEBIBYTE), mtime=0)
    return member * (mebibytes // 10)


def gzip_twice() -> bytes:
    """Ten gibibytes from about ten kibibytes."""
    return gzip.compress(gzip.compress(zeros_gz(10 * 1024)))


def gzip_deep() -> bytes:
    content = b"x"
    for _ in range(100):
        content = gzip.compress(content)
    return content


def bzip2_zeros() -> bytes:
    return bz2.compress(bytes(64 * MEBIBYTE)) * 200


def xz_zeros() -> bytes:
    return lzma.compress(bytes(64 * MEBIBYTE)) * 50


def xz_dictionary() -> bytes:
    """A dictionary of four gibibytes in 60 bytes."""
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 26}]
    stream = bytearray(lzma.compress(b"x" * 99, filters=filters))
    # The byte behind the filter's id and the length of its properties is the size's exponent.
    at = stream.index(b"\x21\x01") + 2
    stream[at] = 40
    header = stream[12 : 12 + (stream[12] + 1) * 4 - 4]
    stream[12 + len(header) : 16 + len(header)] = struct.pack("<I", zlib.crc32(header))
    return bytes(stream)


def zstd_window() -> bytes:
    """A frame whose header asks for a window of two tebibytes."""
    return b"\x28\xb5\x2f\xfd\x00\xf8" + struct.pack("<I", (1 << 3 | 1 << 1 | 1))[:3] + b"x"


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def zip_nest() -> bytes:
    """Sixteen archives in each of sixteen, five times over, and zeros in the innermost."""
    content = zipped({"zeros": bytes(16 * MEBIBYTE)})
    for _ in range(5):
        content = zipped({f"{i}.zip": content for i in range(16)})
    return content


def central(name: bytes, crc: int, packed: int, size: int, offset: int) -> bytes:
    fields = (0x02014B50, 20, 20, 0, 8, 0, 0x21, crc, packed, size, len(name), 0, 0, 0, 0, 0)
    return struct.pack("<IHHHHHHIIIHHHHHII", *fields, offset) + name


def local(name: bytes, crc: int, packed: int, size: int) -> bytes:
    fields = (0x04034B50, 20, 0, 8, 0, 0x21, crc, packed, size, len(name), 0)
    return struct.pack("<IHHHHHIIIHH", *fields) + name


def overlapping(count: int, size: int) -> bytes:
    """Many entries of a directory that are all the same bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(size)) + packer.flush()
    crc = zlib.crc32(bytes(size))
    body = local(b"0", crc, len(packed), size) + packed
    entries = (central(b"%d" % i, crc, len(packed), size, 0) for i in range(count))
    directory = b"".join(entries)
    counted = min(count, 0xFFFF)
    end = struct.pack(
        "<IHHHHIIH", 0x06054B50, 0, 0, counted, counted, len(directory), len(body), 0
    )
    if count < 0xFFFF:
        return body + directory + end
    record = struct.pack(
        "<IQHHIIQQQQ",
        *(0x06064B50, 44, 45, 45, 0, 0, count, count, len(directory), len(body)),
    )
    locator = struct.pack("<IIQI", 0x07064B50, 0, len(body) + len(directory), 1)
    return body + directory + record + locator + end


def zip_million() -> bytes:
    return overlapping(1_000_000, 1)


def zip_overlap() -> bytes:
    return overlapping(60_000, 16 * MEBIBYTE)


def tar_sparse() -> bytes:
    """A GNU sparse member of eight exbibytes, all of it hole."""
    header = tarfile.TarInfo("sparse").tobuf(tarfile.GNU_FORMAT)
    block = bytearray(header)
    block[156:157] = b"S"
    huge = b"\x80" + bytes(3) + struct.pack(">Q", 1 << 62)
    block[483:495] = huge
    block[386:398], block[398:410] = huge, b"00000000000\0"
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + bytes(1024)


def tar_size() -> bytes:
    """A member that says it is eight gibibytes and ends at once."""
    info = tarfile.TarInfo("short")
    info.size = 8 << 30
    return info.tobuf() + b"x" * 100


def tar_headers() -> bytes:
    return gzip.compress(tarfile.TarInfo("empty").tobuf() * 500_000)


def pdf_stream() -> bytes:
    data = zlib.compress(zlib.compress(bytes(256 * MEBIBYTE), 9), 9)
    dictionary = b"<< /Filter [/FlateDecode /FlateDecode] /Length %d >>" % len(data)
    body = b"1 0 obj\n" + dictionary + b"\nstream\n" + data + b"\nendstream\nendobj\n"
    return b"%PDF-1.7\n" + body * 20


def pdf_streams() -> bytes:
    data = zlib.compress(b"q")
    body = b"1 0 obj\n<< /Filter /FlateDecode >>\nstream\n" + data + b"\nendstream\nendobj\n"
    return b"%PDF-1.7\n" + body * 150_000


def pdf_words() -> bytes:
    return b"%PDF-1.7\n" + b"stream\n\x78\x9c" * 500_000


def notebook_deep() -> bytes:
    return b'{"cells":[{"cell_type":"code","source":' + b"[" * 2_000_000


def notebook_wide() -> bytes:
    cell = {"cell_type": "code", "source": [], "outputs": [], "metadata": {}}
    return json.dumps({"cells": [cell] * 200_000, "metadata": {}, "nbformat": 4}).encode()


def png_text() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        sum_ = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + sum_

    text = b"workflow\0\0" + zlib.compress(bytes(256 * MEBIBYTE), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"zTXt", text) * 20


def base64_gzips() -> bytes:
    """Starts of gzip in base64, one inside the other."""
    return b"H4sIA" * 1_000_000


def raw_signatures() -> bytes:
    return (b"PK\x03\x04" + b"\x1f\x8b\x08\0" * 3 + b"\x28\xb5\x2f\xfd") * 200_000


SQLITE_PAGE = 1 << 16


def sqlite_page(kind: int, first_free: int, cells: int, content: int) -> bytearray:
    page = bytearray(SQLITE_PAGE)
    page[:8] = struct.pack(">BHHHB", kind, first_free, cells, content, 0)
    return page


def sqlite_header(first_trunk: int) -> bytearray:
    page = bytearray(SQLITE_PAGE)
    # Pages of 64 KiB, which do not fit in two bytes, are written as one.
    page[:18] = b"SQLite format 3\0\0\x01"
    page[32:36] = struct.pack(">I", first_trunk)
    return page


def sqlite_pointers() -> bytes:
    """All pointers of a page lead to one cell, of which a page stays and the rest goes on elsewhere."""
    count = 32_760
    leaf = sqlite_page(0x0D, 0, count, 0)
    leaf[8 : 8 + 2 * count] = struct.pack(">H", 16) * count
    # The length 131,033, and the row's number.
    leaf[16:20] = b"\x87\xff\x59\x01"
    return bytes(sqlite_header(0) + leaf)


def sqlite_free_blocks() -> bytes:
    """Every fourth byte of a page starts a free block that reaches to the page's end."""
    trunk, free = bytearray(SQLITE_PAGE), bytearray(SQLITE_PAGE)
    trunk[:12] = struct.pack(">III", 0, 1, 3)
    free[:4] = b"\xff" * 4
    leaf = sqlite_page(0x0D, 100, 0, 0xFFFF)
    places = range(100, SQLITE_PAGE - 8, 4)
    for at in places:
        following = at + 4 if at + 4 in places else 0
        leaf[at : at + 4] = struct.pack(">HH", following, 0xFFFF)
    return bytes(sqlite_header(2) + trunk + free + leaf * 12)


def varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def thrift_integer(step: int, value: int) -> bytes:
    """A field so many numbers after the last one."""
    return bytes([step << 4 | 5]) + varint(2 * value)


def parquet_file(body: bytes, footer: bytes) -> bytes:
    return b"PAR1" + body + footer + struct.pack("<I", len(footer)) + b"PAR1"


def parquet_columns() -> bytes:
    """A schema of columns of which each takes one byte."""
    count = 20_000_000
    footer = thrift_integer(1, 2) + b"\x19\xfc" + varint(count) + bytes(count + 1)
    return gzip.compress(parquet_file(b"", footer), mtime=0)


def parquet_numbers() -> bytes:
    """Pages of a few bytes, each of four million values of which none is there: what they share with
    the one before is nothing, and their lengths are below zero."""
    count = 1 << 22
    run = varint(count) + varint(1) + varint(count)
    page = run + b"\0\0\0" + run + b"\x01\0\0"
    sizes = thrift_integer(1, 0) + thrift_integer(1, len(page)) * 2
    values = b"\x2c" + thrift_integer(1, count) + thrift_integer(1, 7) + b"\0\0"
    body = (sizes + values + page) * 200
    column = thrift_integer(1, 6) + b"\x29\x18\x01a" + thrift_integer(1, 0)
    column += thrift_integer(3, len(body)) + thrift_integer(2, 4) + b"\0"
    group = b"\x19\x1c\x3c" + column + b"\0\0"
    schema = b"\x19\x1c" + thrift_integer(1, 6) + b"\0"
    return parquet_file(body, thrift_integer(1, 2) + schema + b"\x29\x1c" + group + b"\0")


class Executes:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable, tuple[str]]:
        return (os.system, (f"touch {self.path}",))


BOMBS: tuple[Callable[[], bytes], ...] = (
    gzip_twice,
    gzip_deep,
    bzip2_zeros,
    xz_zeros,
    xz_dictionary,
    zstd_window,
    zip_nest,
    zip_million,
    zip_overlap,
    tar_sparse,
    tar_size,
    tar_headers,
    pdf_stream,
    pdf_streams,
    pdf_words,
    notebook_deep,
    notebook_wide,
    png_text,
    base64_gzips,
    raw_signatures,
    sqlite_pointers,
    sqlite_free_blocks,
    parquet_columns,
    parquet_numbers,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    out = parser.parse_args().out
    out.mkdir(parents=True)
    for bomb in BOMBS:
        (out / bomb.__name__).write_bytes(bomb())
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        bomb = pickle.dumps(Executes(out.parent / "executed"), protocol)
        (out / f"pickle_{protocol}").write_bytes(bomb)
    print(f"{len(list(out.iterdir()))} files")


if __name__ == "__main__":
    main()
