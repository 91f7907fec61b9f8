"""Compressed files: every codec, several streams in one file, and names that lie."""

import bz2
import gzip
import io
import lzma
import zlib

import brotli
import lz4.frame
import snappy
from backports import zstd

from planting.bed import Bed
from planting.containers.shelf import Shelf, settings
from planting.forge import PREFIX, Forge

# The magic number of a frame that decoders skip, RFC 8878 §3.1.2.
SKIPPABLE = b"\x50\x2a\x4d\x18"


def plain(token: str) -> bytes:
    return settings(token).encode()


def around(token: str) -> tuple[bytes, bytes]:
    """A first part without the token, and a second with it."""
    return b"# the settings of the den\nHF_HOME=/data\n" * 9, plain(token)


def gzip_of(raw: bytes, name: str = "", level: int = 9) -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile(name, "wb", level, out, mtime=0) as file:
        file.write(raw)
    return out.getvalue()


def gzip_named(token: str) -> bytes:
    return gzip_of(b"nothing to see\n", f"{token}.log")


def gzip_members(token: str) -> bytes:
    return b"".join(map(gzip_of, around(token)))


def gzip_padded(token: str) -> bytes:
    """Tapes and some uploads end in zero bytes, which gzip ignores."""
    return gzip_of(plain(token)) + bytes(512)


def gzip_cut(token: str) -> bytes:
    """A download that broke off after the token."""
    raw = plain(token) + bytes(range(256)) * 64
    return gzip_of(raw + b"the end\n")[:-40]


def gzip_late(token: str) -> bytes:
    lines = b"".join(b"step %d: loss is falling\n" % n for n in range(300_000))
    return gzip_of(lines + plain(token), level=1)


def cut_reader(raw: bytes) -> bytes:
    return zlib.decompressobj(wbits=31).decompress(raw)


def xz_of(raw: bytes, **options: object) -> bytes:
    return lzma.compress(raw, **options)


def xz_filters(token: str) -> bytes:
    filters = [
        {"id": lzma.FILTER_DELTA, "dist": 1},
        {"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": 1 << 16, "lc": 0, "lp": 2, "pb": 1},
    ]
    return xz_of(plain(token), filters=filters, check=lzma.CHECK_SHA256)


def xz_big_dictionary(token: str) -> bytes:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 1, "dict_size": 1 << 26}]
    return xz_of(plain(token), filters=filters)


def xz_streams(token: str) -> bytes:
    return b"".join(map(xz_of, around(token)))


def lzma_alone(token: str) -> bytes:
    return xz_of(plain(token), format=lzma.FORMAT_ALONE)


def zstd_of(raw: bytes, **parameters: int) -> bytes:
    named = {zstd.CompressionParameter[name]: value for name, value in parameters.items()}
    return zstd.compress(raw, options=named)


def zstd_frames(token: str) -> bytes:
    return b"".join(map(zstd_of, around(token)))


def zstd_skippable(token: str) -> bytes:
    return SKIPPABLE + (8).to_bytes(4, "little") + bytes(8) + zstd_of(plain(token))


def zstd_long(token: str) -> bytes:
    """As `zstd --long=27`: the window is 128 MiB and the size is not stated."""
    options = {
        zstd.CompressionParameter.window_log: 27,
        zstd.CompressionParameter.enable_long_distance_matching: 1,
    }
    packer = zstd.ZstdCompressor(options=options)
    return packer.compress(plain(token)) + packer.flush()


def zstd_dictless_checksum(token: str) -> bytes:
    return zstd_of(plain(token), checksum_flag=1, compression_level=19)


def lz4_linked(token: str) -> bytes:
    """Blocks that refer to earlier ones: the stand-in is in the first, the token in the second."""
    placeholder = plain(PREFIX + "...")
    filler = b"".join(b"%05d\n" % n for n in range(10_900))
    raw = placeholder + filler[: 65_536 - 2 * len(placeholder)] + placeholder + plain(token)
    return lz4.frame.compress(
        raw, block_size=lz4.frame.BLOCKSIZE_MAX64KB, block_linked=True, content_checksum=True
    )


def lz4_frames(token: str) -> bytes:
    return b"".join(map(lz4.frame.compress, around(token)))


def lz4_read(raw: bytes) -> bytes:
    with lz4.frame.open(io.BytesIO(raw)) as file:
        return file.read()


def snappy_framed(token: str) -> bytes:
    return snappy.StreamCompressor().compress(plain(token))


def snappy_read(raw: bytes) -> bytes:
    return snappy.StreamDecompressor().decompress(raw)


def thrice(token: str) -> bytes:
    return xz_of(gzip_of(bz2.compress(plain(token))))


def thrice_read(raw: bytes) -> bytes:
    return bz2.decompress(gzip.decompress(lzma.decompress(raw)))


def name_read(raw: bytes) -> bytes:
    """The name in a gzip header, which follows its ten bytes and ends with a zero."""
    return raw[10:].split(b"\0")[0]


CASES = (
    ("gzip", "settings.env.gz", lambda t: gzip_of(plain(t)), gzip.decompress),
    ("gzip-fast", "settings.env.gz", lambda t: gzip_of(plain(t), level=1), gzip.decompress),
    ("gzip-members", "app.log.gz", gzip_members, gzip.decompress),
    ("gzip-cut", "app.log.gz", gzip_cut, cut_reader),
    ("gzip-late", "train.log.gz", gzip_late, gzip.decompress),
    ("bzip2", "settings.env.bz2", lambda t: bz2.compress(plain(t)), bz2.decompress),
    (
        "bzip2-streams",
        "app.log.bz2",
        lambda t: b"".join(map(bz2.compress, around(t))),
        bz2.decompress,
    ),
    ("xz", "settings.env.xz", lambda t: xz_of(plain(t)), lzma.decompress),
    ("xz-filters", "settings.env.xz", xz_filters, lzma.decompress),
    ("xz-big-dictionary", "settings.env.xz", xz_big_dictionary, lzma.decompress),
    ("xz-streams", "app.log.xz", xz_streams, lzma.decompress),
    ("lzma-alone", "settings.env.lzma", lzma_alone, lzma.decompress),
    ("zlib", "settings.env.zz", lambda t: zlib.compress(plain(t), 9), zlib.decompress),
    ("zlib-fast", "object", lambda t: zlib.compress(plain(t), 1), zlib.decompress),
    ("zstd", "settings.env.zst", lambda t: zstd_of(plain(t)), zstd.decompress),
    ("zstd-frames", "app.log.zst", zstd_frames, zstd.decompress),
    ("zstd-skippable-first", "settings.env.zst", zstd_skippable, zstd.decompress),
    ("zstd-long-window", "settings.env.zst", zstd_long, zstd.decompress),
    ("zstd-checksum", "settings.env.zst", zstd_dictless_checksum, zstd.decompress),
    ("lz4", "settings.env.lz4", lambda t: lz4.frame.compress(plain(t)), lz4.frame.decompress),
    ("lz4-linked", "settings.env.lz4", lz4_linked, lz4.frame.decompress),
    ("lz4-frames", "app.log.lz4", lz4_frames, lz4_read),
    ("brotli", "bundle.js.br", lambda t: brotli.compress(plain(t)), brotli.decompress),
    ("snappy-framed", "settings.env.sz", snappy_framed, snappy_read),
    ("thrice", "settings.env.bz2.gz.xz", thrice, thrice_read),
    ("lie-gzip-as-text", "notes.txt", lambda t: gzip_of(plain(t)), gzip.decompress),
    ("lie-xz-as-json", "data.json", lambda t: xz_of(plain(t)), lzma.decompress),
    ("lie-zstd-without-name", "layer", lambda t: zstd_of(plain(t)), zstd.decompress),
)


def plant(bed: Bed, forge: Forge) -> None:
    shelf = Shelf(bed, forge, "packed")
    for name, file, write, read in CASES:
        shelf.put(name, file, write, read, hidden=True)
    shelf.put("gzip-name", "app.log.gz", gzip_named, name_read)
    shelf.put("gzip-padded", "settings.env.gz", gzip_padded, cut_reader)
