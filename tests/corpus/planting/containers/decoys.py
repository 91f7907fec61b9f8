"""Counter-examples in containers: stand-ins, names, hashes, noise, what is broken or locked."""

import base64
import bz2
import gzip
import io
import json
import lzma
import random
import string
from collections.abc import Mapping

import numpy
import pikepdf
import safetensors.numpy
from backports import zstd
from PIL import Image

from planting.bed import Bed
from planting.containers import (
    arrows,
    bundles,
    compressed,
    configs,
    databases,
    images,
    messages,
    notebooks,
    objects,
    office,
    packages,
    pdfs,
    pickles,
    pictures,
    runs,
    tables,
    tars,
    weights,
    zips,
)
from planting.containers.shelf import Write
from planting.counters import HEX, PLACEHOLDERS, camel
from planting.forge import BASE64, LETTERS, PREFIX, Forge

Made = bytes | Mapping[str, bytes]

# Writers that a stand-in is put into.
WITH_STAND_IN: tuple[tuple[str, str, Write], ...] = (
    ("gzip", "settings.env.gz", lambda t: compressed.gzip_of(compressed.plain(t))),
    ("zstd", "settings.env.zst", lambda t: zstd.compress(compressed.plain(t))),
    ("lz4", "settings.env.lz4", compressed.lz4_linked),
    ("zip", "den.zip", zips.by_method(zips.DEFLATED)),
    ("zip-nested", "backup.zip", zips.nested),
    ("zip-member-name", "den.zip", zips.member_name),
    ("tar", "backup.tar", tars.in_form(tars.tarfile.PAX_FORMAT)),
    ("wheel", "den-1.0-py3-none-any.whl", bundles.wheel),
    ("7z", "den.7z", packages.seven()),
    ("deb", "den_1.0_all.deb", packages.deb("xz")),
    ("docx", "den.docx", office.document(office.one_run)),
    ("docx-runs", "den.docx", office.document(office.many_runs)),
    ("xlsx", "den.xlsx", office.workbook(office.shared_string)),
    ("docker-env", "image.tar", images.saved(images.env)),
    ("docker-layer", "image.tar", images.saved(images.in_layer)),
    ("docker-history", "image.tar", images.saved(images.argument)),
    ("oci", "", images.layout_with(images.gzipped, "+gzip")),
    ("ipynb", "den.ipynb", notebooks.notebook(notebooks.source)),
    ("ipynb-joined", "den.ipynb", notebooks.notebook(notebooks.source_implicit)),
    ("ipynb-output", "den.ipynb", notebooks.notebook(notebooks.stream)),
    ("pdf", "paper.pdf", pdfs.drawn(pdfs.line)),
    ("pdf-kerned", "paper.pdf", pdfs.changed(pdfs.kerned)),
    ("mail", "mail.eml", messages.attached_zip),
    ("png", "workflow.png", pictures.png_compressed),
    ("jpeg", "photo.jpg", lambda t: pictures.description("JPEG", t)),
    ("pickle", "state.pkl", pickles.as_text(2)),
    ("torch", "training_args.bin", pickles.torch_arguments),
    ("safetensors", "model.safetensors", weights.tensors),
    ("gguf", "den.gguf", weights.gguf_of(weights.gguf_text)),
    ("npz", "data.npz", weights.archive(True)),
    ("parquet", "train.parquet", tables.codec("zstd")),
    ("parquet-delta", "train.parquet", tables.encoded("DELTA_BYTE_ARRAY", tables.shared_start)),
    ("arrow", "data.arrow", arrows.dictionary_zstd),
    ("events", "events.out.tfevents.1.den", runs.events(runs.hyperparameters)),
    ("wandb", "run-den.wandb", runs.run_straddling(18)),
    ("sqlite", "den.db", databases.database(databases.overflow)),
    ("pyc", "den.pyc", objects.compiled),
    ("helm", "release.yaml", configs.helm_yaml),
    ("har", "page.har", configs.har_gzip),
    ("mcp", ".mcp.json", configs.model_context),
)

# Writers that a name of a token's length is put into, where names of functions and tensors stand.
WITH_NAME: tuple[tuple[str, str, Write], ...] = (
    ("pickle", "names.pkl", lambda t: pickles.pickle.dumps(["loss", t, "forward"], 4)),
    ("npy", "names.npy", weights.npy_of(lambda t: numpy.array(["forward", t, "backward"]))),
    ("parquet", "names.parquet", lambda t: tables.column(["forward", f"{t}()", "loss"])),
    ("zip", "den.zip", lambda t: zips.zip_of({"den/run.py": f"def {t}(self):\n".encode()})),
    ("safetensors", "model.safetensors", lambda t: safetensors.numpy.save({t: weights.SOME})),
    ("pyc", "den.pyc", lambda t: objects.compiled_source(f"def {t}(self):\n    return 7\n")),
    (
        "ipynb",
        "den.ipynb",
        notebooks.notebook(lambda t: notebooks.v4.new_code_cell(f"model.{t}()")),
    ),
    ("sqlite", "den.db", databases.database(lambda c, t: databases.insert(c, f"{t}()", "loss"))),
)


def plant_stand_ins(bed: Bed) -> None:
    """Each container holds another stand-in."""
    for at, (name, file, write) in enumerate(WITH_STAND_IN):
        _, body = PLACEHOLDERS[at % len(PLACEHOLDERS)]
        put(bed, f"stand-in-{name}", file, write(PREFIX + body), PREFIX + body)


def plant_names(bed: Bed, forge: Forge) -> None:
    for name, file, write in WITH_NAME:
        token = PREFIX + camel(forge)
        put(bed, f"name-{name}", file, write(token), token)
    token = PREFIX + forge.some(HEX, 34)
    rows = [f"blobs/{PREFIX}{forge.some(HEX, 40)}" for _ in range(90)]
    put(bed, "hash-parquet", "files.parquet", tables.column([*rows, f"blobs/{token}"]), token)
    put(bed, "hash-tar", "files.tar", tars.tar_of({f"blobs/{token}": b""}), token)
    rows = [f"{PREFIX}{forge.some(LETTERS, length)}" for length in (20, 33, 35, 40, 64)]
    put(bed, "lengths-npy", "ids.npy", weights.npy_of(lambda _: numpy.array(rows))(""))
    put(bed, "lengths-parquet", "ids.parquet", tables.column(rows, compression="zstd"))


def put(bed: Bed, name: str, file: str, body: Made, token: str | None = None) -> None:
    inside = None if isinstance(body, Mapping) else file
    kind = "user_token" if token else ""
    bed.quiet(name, body, inside=inside, kind=kind, token=token)


def noise(forge: Forge, size: int) -> bytes:
    """Random bytes, in which the prefix stands here and there."""
    pieces = (forge.bytes(997) + PREFIX.encode() + forge.bytes(11) for _ in range(size // 1_011))
    return b"".join(pieces)


def picture(form: str) -> bytes:
    out = io.BytesIO()
    pixels = numpy.random.default_rng(7).integers(0, 255, (200, 200, 3), numpy.uint8)
    Image.fromarray(pixels).save(out, form)
    return out.getvalue()


def plant_noise(bed: Bed, forge: Forge) -> None:
    raw = noise(forge, 200_000)
    put(bed, "noise-zip", "den.zip", zips.zip_of({"model.bin": raw}))
    put(bed, "noise-tar-gz", "den.tar.gz", gzip.compress(tars.tar_of({"a.bin": raw}), mtime=0))
    put(bed, "noise-xz", "noise.xz", lzma.compress(raw))
    put(bed, "noise-bz2", "noise.bz2", bz2.compress(raw))
    put(
        bed, "noise-sqlite", "den.db", databases.database(lambda c, _: databases.insert(c, raw))("")
    )
    put(bed, "noise-torch", "model.pt", pickles.torch_zip({"weight": raw}))
    numbers = numpy.frombuffer(forge.bytes(400_000), numpy.float32)
    put(bed, "noise-safetensors", "model.safetensors", safetensors.numpy.save({"w": numbers}))
    for form in ("PNG", "JPEG", "WEBP", "TIFF"):
        put(bed, f"picture-{form.lower()}", f"photo.{form.lower()}", picture(form))
    attachment = messages.with_attachment(raw[:60_000], "model.bin")
    put(bed, "noise-mail", "mail.eml", messages.set_boundary(attachment))


def plant_words(bed: Bed, forge: Forge) -> None:
    rows = [forge.words(9) for _ in range(2_000)]
    put(bed, "words-parquet", "words.parquet", tables.column(rows, compression="zstd"))
    names = {f"docs/{forge.words(1)}-{n}.txt": row.encode() for n, row in enumerate(rows)}
    put(bed, "words-zip", "docs.zip", zips.zip_of(names))
    book = notebooks.notebook(lambda _: notebooks.v4.new_markdown_cell("\n".join(rows[:99])))
    put(bed, "words-ipynb", "den.ipynb", book(""))
    # As tiktoken keeps a vocabulary: the base64 of each word, and its rank.
    ranks = (f"{base64.b64encode(forge.bytes(n % 9 + 1)).decode()} {n}\n" for n in range(9_000))
    put(bed, "words-tiktoken", "den.tiktoken", "".join(ranks).encode())
    vocabulary = {
        PREFIX + word: n for n, word in enumerate(("tokenizer", "hub", "transfer", "xet"))
    }
    put(bed, "words-tokenizer", "tokenizer.json", json.dumps({"vocab": vocabulary}).encode())


def plant_neighbours(bed: Bed, forge: Forge) -> None:
    """The prefix ends one paragraph, cell or row, and letters begin the next."""
    body = forge.some(LETTERS, 34)

    def paragraphs(word: object, _: str) -> None:
        word.add_paragraph(PREFIX)
        word.add_paragraph(body)

    def cells(_: object, sheet: object, __: str) -> None:
        sheet["C1"], sheet["D1"], sheet["C2"] = PREFIX, body, body

    put(bed, "apart-docx", "den.docx", office.document(paragraphs)(""))
    put(bed, "apart-xlsx", "den.xlsx", office.workbook(cells)(""))
    rows = [PREFIX, body, PREFIX, body]
    put(bed, "apart-parquet", "den.parquet", tables.column(rows, compression="zstd"))
    lines = notebooks.notebook(lambda _: notebooks.v4.new_raw_cell(f"{PREFIX}\n{body}"))
    put(bed, "apart-ipynb", "den.ipynb", lines(""))


def plant_false_encodings(bed: Bed, forge: Forge) -> None:
    """Base64 with a codec's first letters, and nothing of the codec's after them."""
    for name, start in (("gzip", "H4sIAAAAAAAA"), ("zip", "UEsDBBQAAAAI"), ("zlib", "eJy")):
        text = "".join(f"{start}{forge.some(BASE64, 600)}\n" for _ in range(40))
        put(bed, f"looks-like-{name}", "data.txt", text.encode())
    packed = base64.b64encode(compressed.gzip_of(forge.words(400).encode())[:-99])
    put(bed, "looks-cut-gzip", "data.txt", packed + b"\n")
    put(
        bed,
        "looks-like-zip-inside",
        "data.bin",
        forge.bytes(500) + b"PK\x03\x04" + forge.bytes(900),
    )


def broken(raw: bytes, source: random.Random) -> bytes:
    """The bytes with every hundredth or so changed, but the first few, which tell the format."""
    out = bytearray(raw)
    for at in range(8, len(out)):
        if source.random() < 0.01:
            out[at] = source.randrange(256)
    return bytes(out)


def plant_broken(bed: Bed, forge: Forge) -> None:
    text = forge.words(3_000)
    stand_in = PREFIX + "x" * 34
    wholes = (
        ("zip", "den.zip", zips.zip_of({"words.txt": text.encode()})),
        ("gzip", "words.gz", compressed.gzip_of(text.encode())),
        ("zst", "words.zst", zstd.compress(text.encode())),
        ("xz", "words.xz", lzma.compress(text.encode())),
        ("7z", "den.7z", packages.seven_zip({"words.txt": text.encode()})),
        ("tar", "den.tar", tars.tar_of({"words.txt": text.encode()})),
        ("parquet", "den.parquet", tables.column(text.split(" "))),
        ("sqlite", "den.db", databases.database(lambda c, _: databases.insert(c, text))("")),
        ("pdf", "paper.pdf", pdfs.drawn(pdfs.line)(stand_in)),
        ("pickle", "state.pkl", pickles.as_text(4)(stand_in)),
        ("png", "workflow.png", pictures.png_compressed(stand_in)),
    )
    for name, file, raw in wholes:
        put(bed, f"broken-{name}", file, broken(raw, forge.random))
        put(bed, f"cut-{name}", file, raw[: len(raw) * 2 // 3])


def plant_locked(bed: Bed, forge: Forge) -> None:
    """Nobody reads what a password locks."""
    raw = compressed.plain(forge.user().text)
    locked = packages.seven_zip({"settings.env": raw}, password=forge.some(string.digits, 12))
    put(bed, "locked-7z", "den.7z", locked)
    lock = pikepdf.Encryption(user=forge.some(string.digits, 12), owner="bear", R=6)
    write = pdfs.changed(pdfs.document_info, encryption=lock)
    put(bed, "locked-pdf", "paper.pdf", write(forge.user().text))


def plant(bed: Bed, forge: Forge) -> None:
    plant_stand_ins(bed)
    plant_names(bed, forge)
    plant_noise(bed, forge)
    plant_words(bed, forge)
    plant_neighbours(bed, forge)
    plant_false_encodings(bed, forge)
    plant_broken(bed, forge)
    plant_locked(bed, forge)
