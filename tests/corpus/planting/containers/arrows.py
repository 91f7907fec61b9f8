"""Arrow files and streams, Feather, ORC and Avro."""

import io

import fastavro
import pyarrow
from pyarrow import feather, ipc, orc

from planting.bed import Bed
from planting.containers.shelf import Shelf, Write
from planting.containers.tables import lines, words
from planting.forge import PREFIX, Forge


def touching(token: str) -> pyarrow.Table:
    return pyarrow.table({"text": words(token)})


def settings_of(token: str) -> pyarrow.Table:
    rows = lines(token)
    return pyarrow.table({"id": range(len(rows)), "text": rows})


def arrow_file(table: pyarrow.Table, codec: str | None = None) -> bytes:
    out = io.BytesIO()
    with ipc.new_file(out, table.schema, options=ipc.IpcWriteOptions(compression=codec)) as writer:
        writer.write_table(table)
    return out.getvalue()


def arrow_stream(table: pyarrow.Table, codec: str | None = None) -> bytes:
    out = io.BytesIO()
    options = ipc.IpcWriteOptions(compression=codec)
    with ipc.new_stream(out, table.schema, options=options) as writer:
        writer.write_table(table)
    return out.getvalue()


def batches(token: str) -> bytes:
    """A data set's cache: batches of a thousand rows, the token in the last."""
    table = pyarrow.table({"text": [f"row {n}" for n in range(3_000)] + words(token)})
    out = io.BytesIO()
    with ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table, max_chunksize=1_000)
    return out.getvalue()


def dictionary(token: str) -> bytes:
    values = pyarrow.array(words(token) * 3).dictionary_encode()
    return arrow_file(pyarrow.table({"text": values}))


def dictionary_zstd(token: str) -> bytes:
    values = pyarrow.array(lines(token)).dictionary_encode()
    return arrow_file(pyarrow.table({"text": values}), "zstd")


def views(token: str) -> bytes:
    """A view keeps four bytes of a long text with its length, and all of it elsewhere."""
    return arrow_file(pyarrow.table({"text": pyarrow.array(words(token), pyarrow.string_view())}))


def schema_metadata(token: str) -> bytes:
    table = pyarrow.table({"text": ["a"]})
    return arrow_file(table.replace_schema_metadata({"info": f'{{"token":"{token}"}}'}))


def structs(token: str) -> bytes:
    rows = [{"role": "tool", "content": [f"HF_TOKEN={PREFIX}... {n}"]} for n in range(9)]
    rows.append({"role": "tool", "content": [f"HF_TOKEN={token}"]})
    return arrow_file(pyarrow.table({"message": rows}), "lz4")


def feather_of(version: int, codec: str | None) -> Write:
    def write(token: str) -> bytes:
        out = io.BytesIO()
        feather.write_feather(settings_of(token), out, compression=codec, version=version)
        return out.getvalue()

    return write


def orc_of(codec: str) -> Write:
    def write(token: str) -> bytes:
        out = io.BytesIO()
        orc.write_table(settings_of(token), out, compression=codec)
        return out.getvalue()

    return write


def avro_of(codec: str) -> Write:
    field = {"name": "text", "type": ["null", "string"]}
    schema = {"type": "record", "name": "Line", "fields": [field]}

    def write(token: str) -> bytes:
        out = io.BytesIO()
        rows = [{"text": line} for line in lines(token)]
        fastavro.writer(out, schema, rows, codec, sync_marker=bytes(range(16)))
        return out.getvalue()

    return write


def ipc_read(raw: bytes) -> list[object]:
    open_it = ipc.open_file if raw.startswith(b"ARROW1") else ipc.open_stream
    table = open_it(io.BytesIO(raw)).read_all()
    return [table.to_pydict(), table.schema.metadata or {}]


def feather_read(raw: bytes) -> object:
    return feather.read_table(io.BytesIO(raw)).to_pydict()


def orc_read(raw: bytes) -> object:
    return orc.read_table(io.BytesIO(raw)).to_pydict()


def avro_read(raw: bytes) -> object:
    return list(fastavro.reader(io.BytesIO(raw)))


OPEN = (
    ("arrow-file", "data.arrow", lambda t: arrow_file(touching(t)), ipc_read),
    ("arrow-stream", "cache.arrow", lambda t: arrow_stream(touching(t)), ipc_read),
    ("arrow-batches", "cache.arrow", batches, ipc_read),
    ("arrow-dictionary", "data.arrow", dictionary, ipc_read),
    ("arrow-views", "data.arrow", views, ipc_read),
    ("arrow-schema", "data.arrow", schema_metadata, ipc_read),
    ("feather-v1", "data.feather", feather_of(1, None), feather_read),
    ("avro", "rows.avro", avro_of("null"), avro_read),
)
HIDDEN = (
    ("arrow-file-zstd", "data.arrow", lambda t: arrow_file(settings_of(t), "zstd"), ipc_read),
    ("arrow-stream-lz4", "data.arrows", lambda t: arrow_stream(settings_of(t), "lz4"), ipc_read),
    ("arrow-dictionary-zstd", "data.arrow", dictionary_zstd, ipc_read),
    ("arrow-structs-lz4", "data.arrow", structs, ipc_read),
    ("feather-lz4", "data.feather", feather_of(2, "lz4"), feather_read),
    ("feather-zstd", "data.feather", feather_of(2, "zstd"), feather_read),
    ("orc-zlib", "rows.orc", orc_of("zlib"), orc_read),
    ("orc-snappy", "rows.orc", orc_of("snappy"), orc_read),
    ("orc-zstd", "rows.orc", orc_of("zstd"), orc_read),
    ("avro-deflate", "rows.avro", avro_of("deflate"), avro_read),
    ("avro-snappy", "rows.avro", avro_of("snappy"), avro_read),
    ("avro-zstd", "rows.avro", avro_of("zstandard"), avro_read),
)


def plant(bed: Bed, forge: Forge) -> None:
    shelf = Shelf(bed, forge, "table")
    for name, file, write, read in OPEN:
        shelf.put(name, file, write, read)
    for name, file, write, read in HIDDEN:
        shelf.put(name, file, write, read, hidden=True)
