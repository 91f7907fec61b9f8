"""Pickles of every protocol, and what torch and joblib make of them."""

import bz2
import collections
import gzip
import io
import pickle
import pickletools
import types
import zipfile

import cloudpickle
import joblib
import numpy

from planting.bed import Bed
from planting.containers.shelf import Read, Shelf, Write, by_file, from_file
from planting.containers.zips import info
from planting.forge import PREFIX, Forge


class Arguments:
    """What a trainer keeps of its settings."""

    def __init__(self, token: str) -> None:
        self.output_dir = "out"
        self.example = f"{PREFIX}..."
        self.hub_token = token
        self.seed = 42

    def __reduce__(self) -> tuple:
        return (Arguments, ("...",), self.__dict__)


class Storage:
    """Stands for a tensor's bytes, which torch keeps outside of the pickle."""


def state(value: object) -> dict[str, object]:
    return {"lr": 0.1, "example": f"{PREFIX}...", "auth": value, "seed": 42, "names": ["a"] * 9}


def as_text(protocol: int) -> Write:
    return lambda token: pickle.dumps(state(token), protocol)


def as_bytes(protocol: int) -> Write:
    return lambda token: pickle.dumps(state(token.encode()), protocol)


def as_key(protocol: int) -> Write:
    return lambda token: pickle.dumps(state({token: "readonly"}), protocol)


def as_state(protocol: int) -> Write:
    return lambda token: pickle.dumps([Arguments(token), 7], protocol)


def memoised(token: str) -> bytes:
    """A table of accounts, in which the token is stored once and referred to after."""
    rows = [collections.OrderedDict(user=name, token=token) for name in ("bear", "fox")]
    return pickletools.optimize(pickle.dumps(rows, 2))


def framed(token: str) -> bytes:
    """More than a frame of 64 KiB, of which the token is in a later one."""
    return pickle.dumps([f"row {n}" for n in range(20_000)] + [token, "end"], 4)


def two_pickles(token: str) -> bytes:
    return pickle.dumps(["first"], 4) + pickle.dumps(state(token), 4)


def function(token: str) -> bytes:
    """A function that is pickled by its code, whose constants hold the token."""
    module = types.ModuleType("__main__")
    exec(f"def login():\n    return ('{PREFIX}...', '{token}')\n", module.__dict__)
    return cloudpickle.dumps(module.login)


class TorchPickler(pickle.Pickler):
    """Saves storages by a persistent id, as `torch.save` does."""

    def persistent_id(self, node: object) -> object:
        return ("storage", "FloatStorage", "0", "cpu", 16) if isinstance(node, Storage) else None


class TorchUnpickler(pickle.Unpickler):
    def persistent_load(self, reference: object) -> object:
        return reference


def torch_pickle(node: object) -> bytes:
    out = io.BytesIO()
    TorchPickler(out, 2).dump(node)
    return out.getvalue()


def torch_zip(node: object) -> bytes:
    """The layout of torch 1.6 and later: members are stored, their data on 64 byte boundaries."""
    out = io.BytesIO()
    members = {
        "data.pkl": torch_pickle(node),
        "byteorder": b"little",
        "data/0": bytes(64),
        "version": b"3\n",
    }
    with zipfile.ZipFile(out, "w") as archive:
        for name, raw in members.items():
            entry = info(f"archive/{name}", zipfile.ZIP_STORED)
            # A field of filler with the id "FB" moves the data to the next boundary.
            room = -(out.tell() + 30 + len(entry.filename) + 4) % 64
            entry.extra = b"FB" + room.to_bytes(2, "little") + b"Z" * room
            archive.writestr(entry, raw)
    return out.getvalue()


def torch_checkpoint(token: str) -> bytes:
    return torch_zip({"model": {"weight": Storage()}, "args": state(token)})


def torch_arguments(token: str) -> bytes:
    return torch_zip(Arguments(token))


def torch_legacy(token: str) -> bytes:
    """Before torch 1.6: a magic number, a version, the system, the object, the storages."""
    system = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"int": 4}}
    head = (0x1950_A86A_20F9_469C_FC6C, 1001, system)
    parts = [pickle.dumps(part, 2) for part in head]
    parts.append(torch_pickle({"weight": Storage(), "args": state(token)}))
    return b"".join(parts) + pickle.dumps(["0"], 2) + (16).to_bytes(8, "little") + bytes(64)


def dumped(compress: object) -> Write:
    return lambda token: by_file(lambda path: joblib.dump(state(token), path, compress=compress))


def objects(token: str) -> bytes:
    """joblib's own pickler, which leaves the array's head in the pickle."""
    array = numpy.array([f"{PREFIX}...", token, 7], dtype=object)
    return by_file(lambda path: joblib.dump({"grid": array, "best": numpy.arange(99)}, path))


def unpickle(raw: bytes) -> list[object]:
    """All pickles in a row, with what they hold of this module's classes."""
    source, nodes = io.BytesIO(raw), []
    while source.tell() < len(raw):
        try:
            nodes.append(vars_of(TorchUnpickler(source).load()))
        except pickle.UnpicklingError:
            break
    return nodes


def vars_of(node: object) -> object:
    if isinstance(node, Arguments):
        return vars(node)
    if isinstance(node, list):
        return [vars_of(item) for item in node]
    return node


def torch_read(raw: bytes) -> object:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return unpickle(archive.read("archive/data.pkl"))


def function_read(raw: bytes) -> object:
    return pickle.loads(raw)()


def packed(pack: object) -> Write:
    return lambda token: pack(as_text(4)(token))


def unpacked(unpack: object) -> Read:
    return lambda raw: unpickle(unpack(raw))


FORMS = (("text", as_text), ("bytes", as_bytes), ("key", as_key), ("state", as_state))
OTHERS = (
    ("pickle-memoised", "cache.pkl", memoised, unpickle),
    ("pickle-framed", "rows.pkl", framed, unpickle),
    ("pickle-two", "stream.pkl", two_pickles, unpickle),
    ("pickle-function", "login.pkl", function, function_read),
    ("torch-checkpoint", "model.pt", torch_checkpoint, torch_read),
    ("torch-arguments", "training_args.bin", torch_arguments, torch_read),
    ("torch-legacy", "pytorch_model.bin", torch_legacy, unpickle),
    ("joblib", "model.joblib", dumped(0), from_file(joblib.load)),
    ("joblib-lz4", "model.joblib", dumped(("lz4", 3)), from_file(joblib.load)),
    ("joblib-objects", "grid.joblib", objects, from_file(lambda path: joblib.load(path)["grid"])),
)
PACKED = (
    ("pickle-gzip", "state.pkl.gz", packed(gzip.compress), unpacked(gzip.decompress)),
    ("pickle-bz2", "state.pkl.bz2", packed(bz2.compress), unpacked(bz2.decompress)),
    ("joblib-zlib", "model.joblib", dumped(3), from_file(joblib.load)),
    ("joblib-gzip", "model.joblib.gz", dumped(("gzip", 3)), from_file(joblib.load)),
    ("joblib-xz", "model.joblib", dumped(("xz", 3)), from_file(joblib.load)),
)


def plant(bed: Bed, forge: Forge) -> None:
    shelf = Shelf(bed, forge, "model")
    for protocol in range(6):
        for form, make in FORMS:
            name = f"pickle-{protocol}-{form}"
            shelf.put(name, "training_args.pkl", make(protocol), unpickle)
    for name, file, write, read in OTHERS:
        shelf.put(name, file, write, read)
    for name, file, write, read in PACKED:
        shelf.put(name, file, write, read, hidden=True)
