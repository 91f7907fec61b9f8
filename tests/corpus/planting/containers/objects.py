"""Serialised objects: MessagePack, CBOR, protocol buffers, property lists and compiled Python."""

import base64
import gzip
import importlib.util
import marshal
import plistlib
import py_compile
import types
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import cbor2
import msgpack
from google.protobuf import struct_pb2

from planting.bed import Bed
from planting.containers.compressed import gzip_of, plain
from planting.containers.shelf import Shelf, settings
from planting.forge import PREFIX, Forge


def state(value: object) -> dict[str, object]:
    return {"example": f"{PREFIX}...", "auth": value, "role": "readonly", "n": 7}


def packed_blob(token: str) -> bytes:
    """A cache's entry, whose body is compressed."""
    return msgpack.packb(state(zlib.compress(settings(token).encode(), 9)))


def cbor_base64(token: str) -> bytes:
    """Tag 34 marks text as base64, RFC 8949 §3.4.5.3."""
    text = base64.b64encode(f"HF_TOKEN={token}".encode()).decode()
    return cbor2.dumps(state(cbor2.CBORTag(34, text)))


def protobuf(token: str) -> bytes:
    message = struct_pb2.Struct()
    message.update(state({"token": token}))
    return message.SerializeToString(deterministic=True)


def protobuf_gzip(token: str) -> bytes:
    """A message of an RPC in a message's string, base64 as JSON has it."""
    message = struct_pb2.Struct()
    message.update(state(base64.b64encode(gzip_of(plain(token))).decode()))
    return message.SerializeToString(deterministic=True)


def property_list(token: str) -> bytes:
    """Browsers and desktops keep settings in property lists within property lists."""
    inner = plistlib.dumps({"token": token, "role": "readonly"}, fmt=plistlib.FMT_BINARY)
    return plistlib.dumps({"state": inner, "version": 1}, fmt=plistlib.FMT_XML)


def compiled(token: str) -> bytes:
    """A module whose constant is the token, which its code shares with its defaults."""
    login = f"def login(token='{token}'):\n    return token, 'after'\n"
    return compiled_source(f"EXAMPLE = '{PREFIX}...'\n\n{login}")


def compiled_source(source: str) -> bytes:
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    with TemporaryDirectory() as folder:
        path, target = Path(folder, "den.py"), Path(folder, "den.pyc")
        path.write_text(source)
        py_compile.compile(path, target, dfile="den.py", doraise=True, invalidation_mode=mode)
        return target.read_bytes()


def constants(raw: bytes) -> list[object]:
    """The constants of a compiled module and of all the code in it."""
    assert raw.startswith(importlib.util.MAGIC_NUMBER)
    found, rest = [], [marshal.loads(raw[16:])]
    while rest:
        for constant in rest.pop().co_consts:
            (rest if isinstance(constant, types.CodeType) else found).append(constant)
    return found


def blob_read(raw: bytes) -> bytes:
    return zlib.decompress(msgpack.unpackb(raw)["auth"])


def cbor_read(raw: bytes) -> object:
    return cbor2.loads(raw)


def base64_read(raw: bytes) -> bytes:
    tag = cbor2.loads(raw)["auth"]
    return base64.b64decode(getattr(tag, "value", tag))


def protobuf_read(raw: bytes) -> str:
    return str(struct_pb2.Struct.FromString(raw))


def message_read(raw: bytes) -> bytes:
    return gzip.decompress(base64.b64decode(struct_pb2.Struct.FromString(raw)["auth"]))


def plist_read(raw: bytes) -> object:
    return plistlib.loads(plistlib.loads(raw)["state"])


OPEN = (
    ("msgpack", "state.msgpack", lambda t: msgpack.packb(state(t)), msgpack.unpackb),
    ("cbor", "state.cbor", lambda t: cbor2.dumps(state(t)), cbor_read),
    ("protobuf", "state.pb", protobuf, protobuf_read),
    ("pyc", "__pycache__/den.cpython-313.pyc", compiled, constants),
)
HIDDEN = (
    ("msgpack-zlib", "cache.msgpack", packed_blob, blob_read),
    ("cbor-base64", "state.cbor", cbor_base64, base64_read),
    ("protobuf-gzip", "state.pb", protobuf_gzip, message_read),
    ("plist-in-plist", "state.plist", property_list, plist_read),
)


def plant(bed: Bed, forge: Forge) -> None:
    shelf = Shelf(bed, forge, "store")
    for name, file, write, read in OPEN:
        shelf.put(name, file, write, read)
    for name, file, write, read in HIDDEN:
        shelf.put(name, file, write, read, hidden=True)
