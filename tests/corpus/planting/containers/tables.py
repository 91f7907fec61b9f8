"""Parquet: every codec, encoding and page version, and what stands in the footer."""

import io

import pyarrow
from pyarrow import parquet

from planting.bed import Bed
from planting.containers.shelf import Shelf, Write
from planting.forge import PREFIX, Forge

Rows = list[str | None]


def lines(token: str) -> Rows:
    """Lines of settings, whose stand-ins make the token's prefix a repetition for every codec."""
    stand_ins: Rows = [f"HF_TOKEN={PREFIX}... of user {n}" for n in range(40)]
    # The token is neither the least nor the greatest, which statistics would repeat.
    return [*stand_ins, None, f"HF_TOKEN={token}", "DEBUG=1", "ZONE=7"]


def words(token: str) -> Rows:
    """Values that touch in a page without lengths between them."""
    return ["alice", f"{PREFIX}...", token, "bob", "carol"]


def shared_start(token: str) -> Rows:
    """Each value repeats the start of the one before, which delta encoding leaves out."""
    url = f"https://bear:{PREFIX}"
    return [f"{url}...@huggingface.co", f"https://bear:{token}@huggingface.co", f"{url}end"]


def cut_before(token: str) -> Rows:
    """A value that was cut off stands before the whole one, which then is half a repetition."""
    return ["alice", f"{token[:21]}...", token, "zoe"]


def column(rows: Rows, **options: object) -> bytes:
    table = pyarrow.table({"id": range(len(rows)), "text": rows})
    return file_of(table, **options)


def file_of(table: pyarrow.Table, **options: object) -> bytes:
    out = io.BytesIO()
    parquet.write_table(table, out, **({"write_statistics": False} | options))
    return out.getvalue()


def codec(name: str, **options: object) -> Write:
    return lambda token: column(lines(token), compression=name, **options)


def encoded(encoding: str, rows: object, **options: object) -> Write:
    chosen = {"use_dictionary": False, "column_encoding": {"text": encoding}, **options}
    return lambda token: column(rows(token), **({"compression": "none"} | chosen))


def nested(token: str) -> bytes:
    """Conversations, as data sets for training have them."""
    turns = [
        [{"role": "user", "content": f"HF_TOKEN={PREFIX}... is not it"}],
        [{"role": "user", "content": "log in"}, {"role": "tool", "content": f"HF_TOKEN={token}"}],
    ]
    return file_of(pyarrow.table({"messages": turns}), compression="zstd")


def mapped(token: str) -> bytes:
    kind = pyarrow.map_(pyarrow.string(), pyarrow.string())
    rows = [[("example", f"HF_TOKEN={PREFIX}...")], [("env", f"HF_TOKEN={token}")]]
    return file_of(pyarrow.table({"env": pyarrow.array(rows, kind)}), compression="gzip")


def row_groups(token: str) -> bytes:
    """The token is in the second of two groups of rows."""
    rows = [f"HF_TOKEN={PREFIX}... {n}" for n in range(3_000)] + lines(token)
    return column(rows, compression="zstd", row_group_size=2_000)


def many_pages(token: str) -> bytes:
    """A column chunk of many pages, the token near its end."""
    rows = [f"row {n} of the den" for n in range(30_000)] + lines(token)
    return column(rows, compression="snappy", data_page_size=4_096, use_dictionary=False)


def full_dictionary(token: str) -> bytes:
    """When a dictionary grows too large, the writer goes on with plain pages."""
    rows = [f"row {n} of the den" for n in range(20_000)] + lines(token)
    return column(rows, compression="zstd", dictionary_pagesize_limit=16_384)


def binary(token: str) -> bytes:
    rows = [line.encode() if line else None for line in lines(token)]
    table = pyarrow.table({"raw": pyarrow.array(rows, pyarrow.binary())})
    return file_of(table, compression="brotli")


def fixed_width(token: str) -> bytes:
    """Cells of a token's length, side by side."""
    rows = [token.encode(), b"x" * 37, b"y" * 37]
    table = pyarrow.table({"raw": pyarrow.array(rows, pyarrow.binary(37))})
    return file_of(table, compression="none", use_dictionary=False)


def file_metadata(token: str) -> bytes:
    table = pyarrow.table({"text": ["a", "b"]})
    return file_of(table.replace_schema_metadata({"source": f"https://u:{token}@h.example/"}))


def column_metadata(token: str) -> bytes:
    """Notes on a column, which are kept in the footer in base64."""
    field = pyarrow.field("text", pyarrow.string(), metadata={"note": f"{PREFIX}... {token}"})
    return file_of(pyarrow.table({"text": ["a", "b"]}, schema=pyarrow.schema([field])))


def statistics(token: str) -> bytes:
    return column([token] * 9, compression="zstd", write_statistics=True)


def column_name(token: str) -> bytes:
    return file_of(pyarrow.table({"id": [1], f"token={token}": [True]}))


def parquet_read(raw: bytes) -> list[object]:
    """The cells, and what the footer says of the file and its columns."""
    table = parquet.read_table(io.BytesIO(raw))
    notes = [field.metadata or {} for field in table.schema]
    names = table.schema.names
    return [table.to_pydict(), notes, names, parquet.read_metadata(io.BytesIO(raw)).metadata or {}]


CODECS = ("snappy", "gzip", "brotli", "lz4", "zstd")
HIDDEN = (
    ("zstd-page-v2", codec("zstd", data_page_version="2.0", use_dictionary=False)),
    ("snappy-page-v2", codec("snappy", data_page_version="2.0", use_dictionary=False)),
    ("delta-shared-start", encoded("DELTA_BYTE_ARRAY", shared_start)),
    ("delta-cut-before", encoded("DELTA_BYTE_ARRAY", cut_before)),
    ("delta-zstd", encoded("DELTA_BYTE_ARRAY", shared_start, compression="zstd")),
    ("delta-length-zstd", encoded("DELTA_LENGTH_BYTE_ARRAY", lines, compression="zstd")),
    ("nested", nested),
    ("map", mapped),
    ("second-row-group", row_groups),
    ("many-pages", many_pages),
    ("full-dictionary", full_dictionary),
    ("binary", binary),
    ("column-metadata", column_metadata),
)
OPEN = (
    ("plain", encoded("PLAIN", words)),
    ("plain-page-v2", encoded("PLAIN", words, data_page_version="2.0")),
    ("dictionary", lambda token: column(words(token), compression="none")),
    ("delta-length", encoded("DELTA_LENGTH_BYTE_ARRAY", words)),
    ("fixed-width", fixed_width),
    ("file-metadata", file_metadata),
    ("statistics", statistics),
    ("column-name", column_name),
)


def plant(bed: Bed, forge: Forge) -> None:
    shelf = Shelf(bed, forge, "table")
    file = "train-00000-of-00001.parquet"
    for name in CODECS:
        for form, has_dictionary in (("dictionary", True), ("plain", False)):
            write = codec(name, use_dictionary=has_dictionary)
            shelf.put(f"parquet-{name}-{form}", file, write, parquet_read, hidden=True)
    for name, write in HIDDEN:
        shelf.put(f"parquet-{name}", file, write, parquet_read, hidden=True)
    for name, write in OPEN:
        shelf.put(f"parquet-{name}", file, write, parquet_read)
