"""Other kinds than the user token, where containers pack or cut them: long ones and pairs."""

import gzip
from collections.abc import Callable

from planting.bed import Bed
from planting.containers import (
    compressed,
    configs,
    databases,
    images,
    messages,
    notebooks,
    office,
    pdfs,
    pickles,
    pictures,
    runs,
    tables,
    tars,
    weights,
    zips,
)
from planting.containers.shelf import Read, Shelf, Write, from_file
from planting.forge import Forge, Value

Draw = Callable[[Forge], Value]

# group, name, file, kind, writer, reader
CASES: tuple[tuple[str, str, str, Draw, Write, Read], ...] = (
    (
        "packed",
        "gzip-refresh",
        "stored_tokens.gz",
        Forge.refresh,
        lambda t: compressed.gzip_of(compressed.plain(t)),
        gzip.decompress,
    ),
    ("archive", "zip-oauth", "den.zip", Forge.oauth, zips.by_method(zips.DEFLATED), zips.unzip),
    (
        "archive",
        "tar-zst-digits",
        "backup.tar.zst",
        Forge.user_with_digits,
        tars.packed(compressed.zstd_of),
        tars.unpacked(compressed.zstd.decompress),
    ),
    (
        "document",
        "docx-runs-oauth",
        "den.docx",
        Forge.oauth,
        office.document(office.many_runs),
        office.document_read,
    ),
    (
        "document",
        "pdf-kerned-publisher",
        "paper.pdf",
        Forge.publisher,
        pdfs.changed(pdfs.kerned),
        pdfs.read,
    ),
    (
        "document",
        "mail-zip-app-secret",
        "mail.eml",
        Forge.app_secret,
        messages.attached_zip,
        messages.mail_read(zips.unzip),
    ),
    (
        "image",
        "oci-folder-app",
        "",
        Forge.app,
        images.layout_with(images.gzipped, "+gzip"),
        images.in_folder,
    ),
    (
        "notebook",
        "ipynb-joined-oauth",
        "den.ipynb",
        Forge.oauth,
        notebooks.notebook(notebooks.source_joined),
        notebooks.joined,
    ),
    (
        "picture",
        "png-ztxt-lease",
        "workflow.png",
        Forge.lease,
        pictures.png_compressed,
        pictures.png_read,
    ),
    (
        "model",
        "npz-org",
        "data.npz",
        Forge.org,
        weights.archive(True),
        weights.npy_read,
    ),
    (
        "model",
        "joblib-refresh",
        "model.joblib",
        Forge.refresh,
        pickles.dumped(3),
        from_file(pickles.joblib.load),
    ),
    (
        "table",
        "parquet-gzip-app-secret",
        "train.parquet",
        Forge.app_secret,
        tables.codec("gzip"),
        tables.parquet_read,
    ),
    (
        "table",
        "parquet-delta-digits",
        "train.parquet",
        Forge.user_with_digits,
        tables.encoded("DELTA_BYTE_ARRAY", tables.shared_start),
        tables.parquet_read,
    ),
    (
        "run",
        "wandb-straddling-oauth",
        "run-den.wandb",
        Forge.oauth,
        runs.run_straddling(200),
        runs.run_read,
    ),
    (
        "store",
        "sqlite-across-pages-session",
        "den.db",
        Forge.s3_session,
        databases.across_pages(60),
        databases.ROWS,
    ),
    ("config", "helm-refresh", "release.yaml", Forge.refresh, configs.helm_yaml, configs.YAML),
)


def key_pair(key: str, secret: str) -> bytes:
    lines = ("[hub]", f"aws_access_key_id = {key}", f"aws_secret_access_key = {secret}", "")
    return "\n".join(lines).encode()


def plant_pairs(bed: Bed, forge: Forge) -> None:
    """A secret key is known by the id beside it, so that they have to be read together."""
    name = "home/.aws/credentials"
    shelf = Shelf(bed, forge, "archive")
    pair = forge.pair()
    content = key_pair(pair.id, pair.secret.text)
    packed = compressed.gzip_of(tars.tar_of({name: content}))
    shelf.put("tar-gz-pair", "b.tar.gz", lambda _: packed, tars.untar, value=pair.secret)
    pair = forge.pair()
    packed = zips.zip_of({name: key_pair(pair.id, pair.secret.text)})
    shelf.put("zip-pair", "b.zip", lambda _: packed, zips.unzip, value=pair.secret, hidden=True)


def plant(bed: Bed, forge: Forge) -> None:
    for group, name, file, draw, write, read in CASES:
        shelf = Shelf(bed, forge, group)
        shelf.put(name, file, write, read, hidden=True, value=draw(forge))
    plant_pairs(bed, forge)
