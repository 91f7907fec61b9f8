"""Characters of two and of four bytes, in text files and in the midst of binary data."""

import codecs

from planting.bed import Bed
from planting.forge import Forge

CODECS = (
    ("utf-16-le", codecs.BOM_UTF16_LE),
    ("utf-16-be", codecs.BOM_UTF16_BE),
    ("utf-32-le", codecs.BOM_UTF32_LE),
    ("utf-32-be", codecs.BOM_UTF32_BE),
)

# name, text in which {T} is the token
TEXTS = (
    ("env", "DEBUG=1\r\nHF_TOKEN={T}\r\nPORT=80\r\n"),
    ("whole", "{T}"),
    ("quoted", 'Windows Registry\r\n"HF_TOKEN"="{T}"\r\n'),
    ("full-stop", "The token is {T}. Rotate it."),
    # In little or big endian the bytes of these look like ASCII letters: 0x6162, 0x5f68.
    ("cjk", "\u6162\u4ee4\u5f68{T}\u6261\u5df2\u6141"),
    ("accents", "cl\u00e9 \u00ab{T}\u00bb"),
)
NOISE = 5_000


def noise(forge: Forge, length: int) -> bytes:
    """Random bytes without a zero, so that the token's own zeros stand out."""
    return bytes(forge.random.choices(range(1, 256), k=length))


def fixed_width(texts: list[str], width: int, codec: str) -> bytes:
    """A column of strings padded with zeros to one width, as numpy's `U` type."""
    return b"".join(text.ljust(width, "\0").encode(codec) for text in texts)


def plant(bed: Bed, forge: Forge) -> None:
    for codec, mark in CODECS:
        for name, template in TEXTS:
            for marked in (True, False) if name in ("env", "cjk") else (True,):
                value = forge.user()
                raw = (mark if marked else b"") + template.replace("{T}", value.text).encode(codec)
                suffix = "" if marked else "-no-bom"
                bed.found("wide", f"{codec}-{name}{suffix}", raw, value)
        for offset in (0, 1):
            value = forge.user()
            raw = noise(forge, NOISE + offset) + value.text.encode(codec) + noise(forge, NOISE)
            bed.found("wide", f"{codec}-in-noise-{offset}", raw, value, ext="bin")
        value = forge.user()
        column = fixed_width(["bear", value.text, "fox"], 40, codec)
        bed.found("wide", f"{codec}-column", noise(forge, 64) + column, value, ext="bin")
    values = [forge.user() for _ in range(3)]
    full = fixed_width([value.text for value in values], 37, "utf-32-le")
    bed.found("wide", "utf-32-le-column-full", bytes(64) + full, *values, ext="bin")
    for make in (Forge.org, Forge.oauth, Forge.lease, Forge.user_with_digits):
        value = make(forge)
        raw = f"\ufeffHF_TOKEN={value.text}\r\n".encode("utf-16-le")
        bed.found("wide", f"utf-16-le-{make.__name__}", raw, value)
