"""Files of weights and arrays: safetensors, GGUF, npy and npz, HDF5."""

import io
import json
from collections.abc import Callable

import gguf
import h5py
import numpy
import safetensors
import safetensors.numpy

from planting.bed import Bed
from planting.containers.shelf import Shelf, Write, by_file, from_file
from planting.forge import PREFIX, Forge

SOME = numpy.arange(16, dtype=numpy.float32)
NAMES = ["alice", f"{PREFIX}...", "bob"]


def tensors(token: str) -> bytes:
    notes = {"format": "pt", "example": f"{PREFIX}...", "hub_token": token}
    return safetensors.numpy.save({"weight": SOME}, metadata=notes)


def tensors_json(token: str) -> bytes:
    """Trainers put their settings into the metadata as JSON in JSON."""
    notes = {"training_args": json.dumps({"push": {"token": token}}), "note": "clé"}
    return safetensors.numpy.save({"weight": SOME}, metadata=notes)


def tensors_read(path: object) -> dict[str, str]:
    with safetensors.safe_open(path, "numpy") as file:
        return file.metadata()


def gguf_of(fill: Callable[[gguf.GGUFWriter, str], None]) -> Write:
    def write_file(path: object, token: str) -> None:
        writer = gguf.GGUFWriter(path, "llama")
        writer.add_block_count(1)
        fill(writer, token)
        writer.add_tensor("weight", SOME)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()

    return lambda token: by_file(lambda path: write_file(path, token), "den.gguf")


def gguf_text(writer: gguf.GGUFWriter, token: str) -> None:
    writer.add_string("general.source", token)
    writer.add_string("general.name", "bear")


def gguf_template(writer: gguf.GGUFWriter, token: str) -> None:
    lines = "{{ message }}\n" * 400
    writer.add_chat_template(f"{lines}{{# login with {token} #}}\n{lines}")


def gguf_texts(writer: gguf.GGUFWriter, token: str) -> None:
    """The vocabulary, whose texts stand behind their lengths."""
    writer.add_token_list([f"word{n}" for n in range(999)] + [token, "the", "end"])


def gguf_read(path: object) -> list[object]:
    fields = gguf.GGUFReader(path).fields.values()
    return [bytes(field.parts[at]) for field in fields for at in field.data]


def npy_of(make: Callable[[str], numpy.ndarray]) -> Write:
    def write(token: str) -> bytes:
        out = io.BytesIO()
        numpy.save(out, make(token), allow_pickle=True)
        return out.getvalue()

    return write


def unicode(token: str) -> numpy.ndarray:
    return numpy.array([*NAMES, token, "carol"])


def unicode_big_endian(token: str) -> numpy.ndarray:
    return numpy.array([*NAMES, token], dtype=">U64")


def byte_strings(token: str) -> numpy.ndarray:
    """As wide as the longest, so that the token touches the next."""
    return numpy.array([token, "dave" * 9, "erin"], dtype="S37")


def python_objects(token: str) -> numpy.ndarray:
    return numpy.array([*NAMES, token, {"n": 1}], dtype=object)


def records(token: str) -> numpy.ndarray:
    rows = [(1, name, 0.5) for name in (*NAMES, token)]
    return numpy.array(rows, dtype=[("id", "<i4"), ("token", "<U40"), ("score", "<f8")])


def archive(packed: bool) -> Write:
    def write(token: str) -> bytes:
        out = io.BytesIO()
        save = numpy.savez_compressed if packed else numpy.savez
        save(out, weight=SOME, users=unicode(token))
        return out.getvalue()

    return write


def npy_read(raw: bytes) -> object:
    read = numpy.load(io.BytesIO(raw), allow_pickle=True)
    arrays = read.values() if hasattr(read, "files") else [read]
    return [array.tolist() for array in arrays]


def hdf5_of(fill: Callable[[h5py.File, str], None]) -> Write:
    def write_file(path: object, token: str) -> None:
        with h5py.File(path, "w") as file:
            file["weight"] = SOME
            fill(file, token)

    return lambda token: by_file(lambda path: write_file(path, token))


def attribute(file: h5py.File, token: str) -> None:
    file["weight"].attrs["config"] = f'{{"example": "{PREFIX}...", "token": "{token}"}}'


def fixed_strings(file: h5py.File, token: str) -> None:
    file.create_dataset("users", data=numpy.array([*NAMES, token, "bob"], dtype="S40"))


def filtered(file: h5py.File, token: str) -> None:
    texts = numpy.array([*NAMES * 50, token], dtype="S40")
    file.create_dataset("users", data=texts, compression="gzip", shuffle=False)


def shuffled(file: h5py.File, token: str) -> None:
    """The shuffle filter, which h5py users turn on for better compression of numbers."""
    texts = numpy.array([*NAMES * 50, token], dtype="S40")
    file.create_dataset("users", data=texts, compression="gzip", shuffle=True)


def hdf5_read(path: object) -> list[object]:
    with h5py.File(path) as file:
        values = [value[()] for value in file.values()]
        return [*file["weight"].attrs.values(), *(value.tolist() for value in values)]


TENSORS = from_file(tensors_read)
GGUF = from_file(gguf_read)
HDF5 = from_file(hdf5_read)
OPEN = (
    ("safetensors", "model.safetensors", tensors, TENSORS, ("metadata", "hub_token")),
    ("safetensors-json", "model.safetensors", tensors_json, TENSORS, ("metadata",)),
    ("gguf", "den.gguf", gguf_of(gguf_text), GGUF, ("general.source",)),
    ("gguf-template", "den.gguf", gguf_of(gguf_template), GGUF, ("tokenizer.chat_template",)),
    ("gguf-array", "den.gguf", gguf_of(gguf_texts), GGUF, ("tokenizer.ggml.tokens",)),
    ("npy-bytes", "users.npy", npy_of(byte_strings), npy_read, ()),
    ("npy-objects", "users.npy", npy_of(python_objects), npy_read, ()),
    ("hdf5-attribute", "model.h5", hdf5_of(attribute), HDF5, ()),
    ("hdf5-strings", "users.h5", hdf5_of(fixed_strings), HDF5, ()),
)
HIDDEN = (
    ("npy-unicode", "users.npy", npy_of(unicode), npy_read, ()),
    ("npy-unicode-big-endian", "users.npy", npy_of(unicode_big_endian), npy_read, ()),
    ("npy-records", "users.npy", npy_of(records), npy_read, ()),
    ("npz", "data.npz", archive(False), npy_read, ("users.npy",)),
    ("npz-compressed", "data.npz", archive(True), npy_read, ("users.npy",)),
    ("hdf5-gzip", "users.h5", hdf5_of(filtered), HDF5, ()),
    ("hdf5-shuffle", "users.h5", hdf5_of(shuffled), HDF5, ()),
)


def plant(bed: Bed, forge: Forge) -> None:
    shelf = Shelf(bed, forge, "model")
    for name, file, write, read, origin in OPEN:
        shelf.put(name, file, write, read, origin=origin)
    for name, file, write, read, origin in HIDDEN:
        shelf.put(name, file, write, read, origin=origin, hidden=True)
