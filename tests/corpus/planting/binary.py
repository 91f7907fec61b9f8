"""Serialised strings, where nothing or anything may stand next to a token."""

import array
import collections
import contextlib
import marshal
import pickle
import plistlib
import py_compile
import sqlite3
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path

from planting.bed import Bed
from planting.forge import Forge, Value


def pickled(token: str, protocol: int) -> bytes:
    arguments = {"output_dir": "out", "hub_token": token, "seed": 42, "report_to": ["none"]}
    return pickle.dumps(arguments, protocol)


def pickled_list(token: str, protocol: int) -> bytes:
    return pickle.dumps([token, "next", collections.OrderedDict(a=token)], protocol)


def marshalled(token: str) -> bytes:
    return marshal.dumps(["before", token, "after"])


def compiled(token: str) -> bytes:
    """A `.pyc` of a module whose constant is the token."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "den.py"), Path(folder, "den.pyc")
        source.write_text(f"TOKEN = {token!r}\n\ndef login():\n    return 'bear', TOKEN\n")
        mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
        py_compile.compile(source, target, dfile="den.py", doraise=True, invalidation_mode=mode)
        return target.read_bytes()


def database(schema: str, rows: list[tuple]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "den.db")
        marks = ",".join("?" * len(rows[0]))
        with contextlib.closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(f"CREATE TABLE t ({schema})")
            connection.executemany(f"INSERT INTO t VALUES ({marks})", rows)
        return path.read_bytes()


def sqlite_single(token: str) -> bytes:
    return database("token TEXT", [(token,)])


def sqlite_before_text(token: str) -> bytes:
    """A record's values touch: the name of the next column follows the token."""
    return database("id INTEGER, token TEXT, role TEXT", [(1, token, "readonly")])


def sqlite_between_texts(token: str) -> bytes:
    return database("name TEXT, token TEXT, role TEXT", [("laptop", token, "readonly")])


def sqlite_in_json(token: str) -> bytes:
    return database("k TEXT, v TEXT", [("settings", f'{{"hub_token":"{token}","n":1}}')])


def prefixed(texts: list[str], form: str) -> bytes:
    parts = (struct.pack(form, len(text)) + text.encode() for text in texts)
    return b"".join(parts)


def length_u32(token: str) -> bytes:
    return prefixed(["name", "bear", "token", token, "role", "read"], "<I")


def length_u32_big(token: str) -> bytes:
    return prefixed(["name", "bear", token, "role", "read"], ">I")


def length_u64(token: str) -> bytes:
    return b"GGUF" + prefixed(["general.name", "bear", "auth", token, "role"], "<Q")


def length_u8(token: str) -> bytes:
    return prefixed(["bear", token, "readonly"], "B")


def protobuf(token: str) -> bytes:
    """Field tags and lengths: the next tag, 0x1a, follows the token."""
    return b"\x0a\x04bear\x12" + prefixed([token], "B") + b"\x1a\x04read\x20\x01"


def one_length_then_glued(token: str) -> bytes:
    """The lengths come first, so the next string touches the token."""
    texts = [token, "bear", "readonly"]
    return struct.pack("<III", *map(len, texts)) + "".join(texts).encode()


def offsets_then_glued(token: str) -> bytes:
    """As Arrow lays a string column out: offsets, then the text of all rows end to end."""
    texts = ["alice", token, "bob"]
    ends = [sum(len(text) for text in texts[:at]) for at in range(len(texts) + 1)]
    return array.array("i", ends).tobytes() + bytes(8) + "".join(texts).encode() + bytes(8)


def string_table(token: str) -> bytes:
    symbols = ("main", "login", token, "libc.so.6", "_start")
    return b"\x7fELF\0\0" + b"".join(s.encode() + b"\0" for s in symbols) + bytes(16)


def string_table_glued(token: str) -> bytes:
    """Literals with known lengths need no end: a compiler lays them side by side."""
    return b"\x7fELF\0\0" + bytes(32) + f"{token}src/main.rsBearer panicked".encode() + bytes(32)


def between_control_bytes(token: str) -> bytes:
    return b"\x89\x01" + token.encode() + b"\x8a\xff\xfe\x00\x10"


def high_bytes(token: str) -> bytes:
    return bytes(range(128, 256)) + token.encode() + bytes(range(128, 256))


def nul_padded(token: str) -> bytes:
    return b"".join(text.encode().ljust(64, b"\0") for text in ("bear", token, "read"))


def binary_plist(token: str) -> bytes:
    return plistlib.dumps({"a": [token, "readonly", 7]}, fmt=plistlib.FMT_BINARY)


MADE: tuple[tuple[str, str, Callable[[str], bytes]], ...] = (
    ("marshal", "bin", marshalled),
    ("pyc", "pyc", compiled),
    ("sqlite", "db", sqlite_single),
    ("sqlite-before-text", "db", sqlite_before_text),
    ("sqlite-between-texts", "db", sqlite_between_texts),
    ("sqlite-in-json", "db", sqlite_in_json),
    ("length-u32", "bin", length_u32),
    ("length-u32-big-endian", "bin", length_u32_big),
    ("length-u64", "bin", length_u64),
    ("length-u8", "bin", length_u8),
    ("protobuf", "bin", protobuf),
    ("lengths-then-glued", "bin", one_length_then_glued),
    ("offsets-then-glued", "bin", offsets_then_glued),
    ("string-table", "bin", string_table),
    ("string-table-glued", "bin", string_table_glued),
    ("control-bytes", "bin", between_control_bytes),
    ("high-bytes", "bin", high_bytes),
    ("nul-padded", "bin", nul_padded),
    ("plist", "plist", binary_plist),
)


def plant_glued_column(bed: Bed, forge: Forge) -> None:
    """Three tokens end to end, between names that end with a zero."""
    values = [forge.user() for _ in range(3)]
    names = b"".join(forge.words(1).encode() + b"\0" for _ in range(6))
    body = names + "".join(value.text for value in values).encode() + b"\0" + names
    bed.found("boundary", "bin-three-glued", body, *values, ext="bin")
    offsets = array.array("i", [0, 37, 74, 111]).tobytes()
    values = [forge.user(), forge.user_with_digits(), forge.user()]
    body = bytes(16) + offsets + "".join(value.text for value in values).encode() + bytes(17)
    bed.found("boundary", "bin-three-glued-offsets", body, *values, ext="arrow")


def plant_other_kinds(bed: Bed, forge: Forge) -> None:
    makers = (Forge.org, Forge.refresh, Forge.app, Forge.app_secret, Forge.lease, Forge.oauth)
    for make in makers:
        value: Value = make(forge)
        bed.found("boundary", f"bin-pickle-{value.kind}", pickled(value.text, 2), value, ext="pkl")


def plant(bed: Bed, forge: Forge) -> None:
    for protocol in range(6):
        for name, make in (("dict", pickled), ("list", pickled_list)):
            value = forge.user()
            case = f"bin-pickle-{protocol}-{name}"
            bed.found("boundary", case, make(value.text, protocol), value, ext="pkl")
    for name, ext, make in MADE:
        value = forge.user()
        bed.found("boundary", f"bin-{name}", make(value.text), value, ext=ext)
    plant_glued_column(bed, forge)
    plant_other_kinds(bed, forge)
