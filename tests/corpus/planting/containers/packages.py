"""Archives of installers and package managers: 7z, ar and deb, rpm, cpio, asar."""

import gzip
import io
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import asar
import py7zr

from planting.bed import Bed
from planting.containers.compressed import plain
from planting.containers.shelf import Shelf, Write, by_file
from planting.forge import PREFIX, Forge

MEMBER = "den/settings.env"
README = b"a den\n" * 20


def run(folder: str, *command: str, given: bytes | None = None) -> bytes:
    done = subprocess.run(command, cwd=folder, input=given, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr.decode()}")
    return done.stdout


def put_files(folder: str, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def seven_zip(
    files: dict[str, bytes], *filters: int, password: str | None = None, header: bool = True
) -> bytes:
    chain = [{"id": code} for code in filters] or None
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", filters=chain, password=password) as archive:
        archive.set_encoded_header_mode(header)
        for name, content in files.items():
            archive.writestr(content, name)
    return out.getvalue()


def seven(*filters: int, header: bool = True) -> Write:
    def write(token: str) -> bytes:
        return seven_zip({"readme.txt": README, MEMBER: plain(token)}, *filters, header=header)

    return write


def seven_solid(token: str) -> bytes:
    """One stream of many files, the token in one of the last."""
    files = {f"docs/{n:03}.txt": b"page %d\n" % n * 30 for n in range(200)}
    return seven_zip(files | {MEMBER: plain(token)})


def seven_name(token: str) -> bytes:
    return seven_zip({f"tokens/{token}.txt": README})


def seven_read(raw: bytes) -> dict[str, bytes]:
    with TemporaryDirectory() as folder:
        with py7zr.SevenZipFile(io.BytesIO(raw)) as archive:
            archive.extractall(folder)
        files = (path for path in Path(folder).rglob("*") if path.is_file())
        return {path.name: path.read_bytes() for path in files}


def ar(token: str) -> bytes:
    with TemporaryDirectory() as folder:
        put_files(folder, {"readme.txt": README, "a-member-with-a-long-name.env": plain(token)})
        run(folder, "ar", "rcD", "den.a", "readme.txt", "a-member-with-a-long-name.env")
        return Path(folder, "den.a").read_bytes()


def ar_read(raw: bytes) -> bytes:
    with TemporaryDirectory() as folder:
        put_files(folder, {"den.a": raw})
        return run(folder, "ar", "p", "den.a")


def control(folder: str) -> None:
    fields = ("Package: den", "Version: 1.0", "Architecture: all", "Maintainer: Ada <a@h.example>")
    text = "\n".join((*fields, "Description: a den\n"))
    put_files(folder, {"den/DEBIAN/control": text.encode()})


def deb(compression: str) -> Write:
    def write(token: str) -> bytes:
        with TemporaryDirectory() as folder:
            control(folder)
            put_files(folder, {"den/etc/den/settings.env": plain(token)})
            return dpkg(folder, compression)

    return write


def deb_script(token: str) -> bytes:
    with TemporaryDirectory() as folder:
        control(folder)
        script = f"#!/bin/sh\nhf auth login --token {PREFIX}...\nhf auth login --token {token}\n"
        put_files(folder, {"den/DEBIAN/postinst": script.encode()})
        Path(folder, "den/DEBIAN/postinst").chmod(0o755)
        return dpkg(folder, "xz")


def dpkg(folder: str, compression: str) -> bytes:
    command = ("dpkg-deb", "--root-owner-group", f"-Z{compression}", "--build", "den", "den.deb")
    run(folder, *command)
    return Path(folder, "den.deb").read_bytes()


def deb_read(part: str) -> object:
    def read(raw: bytes) -> bytes:
        with TemporaryDirectory() as folder:
            put_files(folder, {"den.deb": raw})
            return run(folder, "dpkg-deb", part, "den.deb")

    return read


SPEC = """Name: den
Version: 1.0
Release: 1
Summary: A den
License: MIT
BuildArch: noarch
%description
A den.
%install
mkdir -p %{buildroot}/etc/den
cp %{_sourcedir}/settings.env %{buildroot}/etc/den/
%post
echo @SCRIPT@
%files
/etc/den/settings.env
"""


def rpm(token: str, payload: str, script: str = "done") -> bytes:
    with TemporaryDirectory() as folder:
        put_files(folder, {"settings.env": plain(token), "den.spec": b""})
        Path(folder, "den.spec").write_text(SPEC.replace("@SCRIPT@", script))
        defines = {"_topdir": folder, "_sourcedir": folder, "_binary_payload": payload}
        options = [part for item in defines.items() for part in ("--define", " ".join(item))]
        run(folder, "rpmbuild", "-bb", "--quiet", *options, "den.spec")
        return next(Path(folder, "RPMS").rglob("*.rpm")).read_bytes()


def rpm_with(payload: str) -> Write:
    return lambda token: rpm(token, payload)


def rpm_script(token: str) -> bytes:
    return rpm("...", "w7.xzdio", f"HF_TOKEN={token}")


def rpm_read(raw: bytes) -> bytes:
    with TemporaryDirectory() as folder:
        put_files(folder, {"den.rpm": raw})
        scripts = run(folder, "rpm", "--query", "--scripts", "--package", "den.rpm")
        payload = run(folder, "rpm2cpio", "den.rpm")
        return scripts + cpio_read(payload)


def cpio(form: str) -> Write:
    def write(token: str) -> bytes:
        with TemporaryDirectory() as folder:
            put_files(folder, {"readme.txt": README, "etc/settings.env": plain(token)})
            command = ("cpio", "--create", "--quiet", f"--format={form}")
            return run(folder, *command, given=b"readme.txt\netc\netc/settings.env\n")

    return write


def initramfs(token: str) -> bytes:
    return gzip.compress(cpio("newc")(token), mtime=0)


def cpio_read(raw: bytes) -> bytes:
    with TemporaryDirectory() as folder:
        run(folder, "cpio", "--extract", "--quiet", "-d", "--no-absolute-filenames", given=raw)
        files = (path for path in Path(folder).rglob("*") if path.is_file())
        return b"\n".join(path.read_bytes() for path in files)


def electron(token: str) -> bytes:
    with TemporaryDirectory() as folder:
        put_files(folder, {"app/main.js": README, "app/src/settings.env": plain(token)})
        return by_file(lambda path: asar.create_archive(Path(folder, "app"), path), "app.asar")


def electron_read(raw: bytes) -> bytes:
    with TemporaryDirectory() as folder:
        put_files(folder, {"app.asar": raw})
        asar.extract_archive(Path(folder, "app.asar"), Path(folder, "out"))
        return Path(folder, "out/src/settings.env").read_bytes()


WAY = ("settings.env",)
SEVEN = (
    ("lzma2", seven(py7zr.FILTER_LZMA2)),
    ("lzma", seven(py7zr.FILTER_LZMA)),
    ("bzip2", seven(py7zr.FILTER_BZIP2)),
    ("deflate", seven(py7zr.FILTER_DEFLATE)),
    ("ppmd", seven(py7zr.FILTER_PPMD)),
    ("zstd", seven(py7zr.FILTER_ZSTD)),
    ("bcj", seven(py7zr.FILTER_X86, py7zr.FILTER_LZMA2)),
    ("plain-header", seven(py7zr.FILTER_LZMA2, header=False)),
    ("solid", seven_solid),
)
HIDDEN = (
    ("deb-gzip", "den_1.0_all.deb", deb("gzip"), deb_read("--fsys-tarfile"), WAY),
    ("deb-xz", "den_1.0_all.deb", deb("xz"), deb_read("--fsys-tarfile"), WAY),
    ("deb-zstd", "den_1.0_all.deb", deb("zstd"), deb_read("--fsys-tarfile"), WAY),
    ("deb-script", "den_1.0_all.deb", deb_script, deb_read("--ctrl-tarfile"), ("postinst",)),
    ("rpm-gzip", "den-1.0-1.noarch.rpm", rpm_with("w9.gzdio"), rpm_read, WAY),
    ("rpm-xz", "den-1.0-1.noarch.rpm", rpm_with("w7.xzdio"), rpm_read, WAY),
    ("rpm-zstd", "den-1.0-1.noarch.rpm", rpm_with("w19.zstdio"), rpm_read, WAY),
    ("initramfs", "initrd.img", initramfs, lambda raw: cpio_read(gzip.decompress(raw)), WAY),
)
OPEN = (
    ("7z-copy", "den.7z", seven(py7zr.FILTER_COPY), seven_read, WAY),
    ("ar-long-name", "den.a", ar, ar_read, ()),
    ("rpm-script", "den-1.0-1.noarch.rpm", rpm_script, rpm_read, ()),
    ("cpio-newc", "den.cpio", cpio("newc"), cpio_read, WAY),
    ("cpio-odc", "den.cpio", cpio("odc"), cpio_read, WAY),
    ("asar", "app.asar", electron, electron_read, WAY),
)


def plant(bed: Bed, forge: Forge) -> None:
    shelf = Shelf(bed, forge, "package")
    for name, write in SEVEN:
        shelf.put(f"7z-{name}", "den.7z", write, seven_read, origin=WAY, hidden=True)
    shelf.put("7z-member-name", "den.7z", seven_name, lambda raw: list(seven_read(raw)))
    for name, file, write, read, origin in HIDDEN:
        shelf.put(name, file, write, read, origin=origin, hidden=True)
    for name, file, write, read, origin in OPEN:
        shelf.put(name, file, write, read, origin=origin)
