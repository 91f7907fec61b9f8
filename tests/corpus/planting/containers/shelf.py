"""Puts containers on the bed, each once the library of its format has shown the value in it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from planting.bed import Bed
from planting.forge import PREFIX, Forge, Value

# A file's content, or that of the files of a folder by their names.
Body = bytes | Mapping[str, bytes]
Write = Callable[[str], Body]
Read = Callable[[Body], object]


def text_of(node: object) -> str:
    """Every text in a structure, one a line."""
    if isinstance(node, str):
        return node
    if isinstance(node, bytes | bytearray):
        return node.decode("utf-8", "replace")
    if isinstance(node, Mapping):
        return "\n".join(map(text_of, (*node.keys(), *node.values())))
    if isinstance(node, Iterable):
        return "\n".join(map(text_of, node))
    return str(node)


def settings(token: str) -> str:
    """A file of settings, whose stand-ins make the token's prefix a repetition.

    Codecs that keep literals as they are would else leave the whole token in the open.
    """
    line = f"\n# HF_TOKEN={PREFIX}... goes here, as in HF_TOKEN={PREFIX}..."
    return f"{line * 4}\nHF_HOME=/data\nHF_TOKEN={token}\nDEBUG=1\n"


def by_file(write: Callable[[Path], object], name: str = "den") -> bytes:
    """What a library that wants a path wrote."""
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        write(path)
        return path.read_bytes()


def from_file(read: Callable[[Path], object], name: str = "den") -> Read:
    """A reader of bytes made of one that wants a path."""

    def read_bytes(raw: bytes) -> str:
        with TemporaryDirectory() as folder:
            path = Path(folder, name)
            path.write_bytes(raw)
            return text_of(read(path))

    return read_bytes


def tried(read: Read) -> Read:
    """A reader that gives back what is not in its format, for parts of which only one is."""

    def read_or_keep(raw: Body) -> object:
        try:
            return read(raw)
        except Exception:
            return raw

    return read_or_keep


class Shelf:
    """The cases of one family."""

    def __init__(self, bed: Bed, forge: Forge, group: str) -> None:
        self.bed = bed
        self.forge = forge
        self.group = group

    def put(
        self,
        case: str,
        file: str,
        write: Write,
        read: Read,
        *,
        origin: Sequence[str] = (),
        hidden: bool = False,
        value: Value | None = None,
    ) -> None:
        """Writes a container that holds a token and reads it back.

        A hidden value must not stand in the container as it is, or the case would be won without
        opening it.
        """
        value = value or self.forge.user()
        body = write(value.text)
        if value.text not in text_of(read(body)):
            raise ValueError(f"{case}: the value cannot be read back")
        parts = body.values() if isinstance(body, Mapping) else [body]
        if hidden and any(value.text.encode() in part for part in parts):
            raise ValueError(f"{case}: the value stands in the open")
        inside = None if isinstance(body, Mapping) else file
        self.bed.found(self.group, case, body, value, inside=inside, origin=origin)
