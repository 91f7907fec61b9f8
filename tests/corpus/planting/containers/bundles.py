"""What is a zip by another name: Python and Java distributions, books, apps and extensions."""

import contextlib
import io
import json
import zipapp
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from flit_core import buildapi

from planting.bed import Bed
from planting.containers.shelf import Shelf, by_file
from planting.containers.zips import info, inside, untar, unzip, zip_of
from planting.forge import PREFIX, Forge

PROJECT = """[build-system]
requires = ["flit_core"]
build-backend = "flit_core.buildapi"

[project]
name = "den"
version = "1.0"
description = "A den"
"""


def call(token: str) -> str:
    return f'login("{PREFIX}...") or login("{token}")'


def python_app(token: str) -> bytes:
    with TemporaryDirectory() as folder:
        Path(folder, "__main__.py").write_text(f"{call(token)}\nprint('hello')\n")
        line = "/usr/bin/env python3"
        return by_file(lambda path: zipapp.create_archive(folder, path, line, compressed=True))


def project(folder: Path, token: str) -> None:
    (folder / "den").mkdir()
    (folder / "den/__init__.py").write_text(f'"""A den."""\n\n{call(token)}\n')
    (folder / "pyproject.toml").write_text(PROJECT)


def wheel(token: str) -> bytes:
    # Flit's builder looks for the project where it stands.
    with TemporaryDirectory() as folder, contextlib.chdir(folder):
        project(Path(folder), token)
        return Path(folder, buildapi.build_wheel(folder)).read_bytes()


def source_distribution(token: str) -> bytes:
    with TemporaryDirectory() as folder, contextlib.chdir(folder):
        project(Path(folder), token)
        return Path(folder, buildapi.build_sdist(folder)).read_bytes()


def jar(token: str) -> bytes:
    manifest = b"Manifest-Version: 1.0\r\nCreated-By: 21 (Debian)\r\n\r\n"
    config = f"hub.token={PREFIX}...\nhub.token={token}\n".encode()
    return zip_of({"META-INF/MANIFEST.MF": manifest, "application.properties": config})


def jar_in_jar(token: str) -> bytes:
    """Spring Boot stores its libraries so that they can be mapped."""
    return zip_of({"BOOT-INF/lib/den-1.0.jar": jar(token)}, zipfile.ZIP_STORED)


def epub(token: str) -> bytes:
    page = f"<html><body><p>login</p><pre>{call(token)}</pre></body></html>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info("mimetype", zipfile.ZIP_STORED), b"application/epub+zip")
        archive.writestr(info("META-INF/container.xml"), b"<container/>")
        archive.writestr(info("OEBPS/chapter-1.xhtml"), page.encode())
    return out.getvalue()


def apk(token: str) -> bytes:
    """A string pool as in `resources.arsc`: two lengths, the text and a zero."""
    texts = ("login", f"{PREFIX}...", token, "readonly")
    pool = b"".join(bytes([len(text)] * 2) + text.encode() + b"\0" for text in texts)
    return zip_of({"AndroidManifest.xml": b"\x03\0\x08\0", "resources.arsc": pool})


def extension(token: str) -> bytes:
    package = {"name": "den", "configuration": {"example": f"{PREFIX}...", "default": token}}
    return zip_of({"extension/package.json": json.dumps(package).encode()})


CASES = (
    ("zipapp", "den.pyz", python_app, unzip, ("__main__.py",)),
    ("wheel", "den-1.0-py3-none-any.whl", wheel, unzip, ("den/__init__.py",)),
    ("sdist", "den-1.0.tar.gz", source_distribution, untar, ("den-1.0/den/__init__.py",)),
    ("jar", "den.jar", jar, unzip, ("application.properties",)),
    ("jar-in-jar", "app.jar", jar_in_jar, inside(unzip, "BOOT-INF/lib/den-1.0.jar"), ("den-1.0",)),
    ("epub", "den.epub", epub, unzip, ("chapter-1.xhtml",)),
    ("apk", "den.apk", apk, unzip, ("resources.arsc",)),
    ("vsix", "den.vsix", extension, unzip, ("package.json",)),
)


def plant(bed: Bed, forge: Forge) -> None:
    shelf = Shelf(bed, forge, "archive")
    for name, file, write, read, origin in CASES:
        shelf.put(name, file, write, read, origin=origin, hidden=True)
