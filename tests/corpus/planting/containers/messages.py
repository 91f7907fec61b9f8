"""Electronic mail and web pages."""

import base64
import gzip
import html
import mailbox
import zlib
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory

from planting.bed import Bed
from planting.containers.compressed import plain
from planting.containers.pdfs import drawn, line
from planting.containers.pdfs import read as pdf_read
from planting.containers.pictures import png_compressed, png_read
from planting.containers.shelf import Read, Shelf, settings, text_of, tried
from planting.containers.zips import unzip, zip_of
from planting.forge import PREFIX, Forge


def message(text: str = "See the attachment.\n", **options: object) -> EmailMessage:
    mail = EmailMessage(policy=policy.default.clone(linesep="\r\n"))
    mail["From"], mail["To"] = "ada@example.org", "bear@example.org"
    mail["Subject"] = "the settings"
    mail.set_content(text, **options)
    return mail


def with_attachment(raw: bytes, name: str, kind: str = "application/octet-stream") -> EmailMessage:
    mail = message()
    main, sub = kind.split("/")
    mail.add_attachment(raw, main, sub, filename=name)
    return mail


def set_boundary(mail: EmailMessage) -> bytes:
    """The message as bytes. Boundaries are drawn at random unless they are set."""
    parts = (part for part in mail.walk() if part.is_multipart())
    for number, part in enumerate(parts):
        if part.get_content_maintype() == "multipart":
            part.set_boundary(f"=====den{number}==")
    return mail.as_bytes()


def attached_zip(token: str) -> bytes:
    return set_boundary(with_attachment(zip_of({"settings.env": plain(token)}), "den.zip"))


def attached_pdf(token: str) -> bytes:
    return set_boundary(with_attachment(drawn(line)(token), "den.pdf", "application/pdf"))


def attached_picture(token: str) -> bytes:
    return set_boundary(with_attachment(png_compressed(token), "flow.png", "image/png"))


def quoted_printable(token: str) -> bytes:
    """A line whose soft break cuts the token."""
    text = f"{'.' * 40} clé: HF_TOKEN={token} and more text that follows after it\n"
    return message(text, cte="quoted-printable").as_bytes()


def base64_body(token: str) -> bytes:
    return message(settings(token), cte="base64").as_bytes()


def utf16_body(token: str) -> bytes:
    mail = message("")
    mail.set_payload(base64.encodebytes(settings(token).encode("utf-16")))
    mail.replace_header("Content-Transfer-Encoding", "base64")
    mail.set_param("charset", "utf-16")
    return mail.as_bytes()


def alternatives(token: str) -> bytes:
    """A forwarded message with a page for a body, within another."""
    inner = message("no page here\n")
    references = "".join(f"&#{ord(letter)};" for letter in token)
    inner.add_alternative(f"<p>{references}</p>", subtype="html", cte="base64")
    outer = message("forwarded\n")
    outer.add_attachment(inner)
    return set_boundary(outer)


def mbox(token: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "inbox")
        box = mailbox.mbox(path)
        for text in ("hello\n", settings(token), "bye\n"):
            box.add(message(text, cte="base64"))
        box.close()
        return path.read_bytes()


def mbox_read(raw: bytes) -> list[str]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "inbox")
        path.write_bytes(raw)
        return [text_of(part.get_payload(decode=True)) for part in mailbox.mbox(path)]


def mail_read(read: Read = text_of) -> Read:
    """The bodies of all parts."""

    def walk(raw: bytes) -> list[object]:
        mail = message_from_bytes(raw, policy=policy.default)
        leaves = (part for part in mail.walk() if not part.is_multipart())
        return [tried(read)(part.get_payload(decode=True)) for part in leaves]

    return walk


def utf16_read(raw: bytes) -> str:
    return message_from_bytes(raw).get_payload(decode=True).decode("utf-16")


def page(body: str) -> bytes:
    return f"<!doctype html>\n<html><head><title>den</title></head><body>{body}</body>".encode()


def data_url(token: str) -> bytes:
    data = base64.b64encode(gzip.compress(plain(token), mtime=0)).decode()
    return page(f'<a download href="data:application/gzip;base64,{data}">settings</a>')


def picture_url(token: str) -> bytes:
    data = base64.b64encode(png_compressed(token)).decode()
    return page(f'<img src="data:image/png;base64,{data}">')


def deflated_state(token: str) -> bytes:
    """A diagram keeps its source in the address, deflated."""
    data = base64.urlsafe_b64encode(zlib.compress(plain(token), 9)).decode()
    return page(f'<img src="https://diagrams.example/svg/pako:{data}">')


def highlighted(token: str) -> bytes:
    """As a highlighter marks up a string, with the token's parts in spans of their own."""
    spans = "".join(f'<span class="s1">{token[at : at + 12]}</span>' for at in range(0, 37, 12))
    return page(f"<pre>login({PREFIX}...) login({spans})</pre>")


def between(before: bytes, after: bytes) -> Read:
    return lambda raw: base64.b64decode(raw.split(before)[1].split(after)[0])


def unmarked(raw: bytes) -> str:
    for mark in (b'<span class="s1">', b"</span>"):
        raw = raw.replace(mark, b"")
    return html.unescape(raw.decode())


def unreferenced(raw: bytes) -> str:
    return html.unescape(text_of(raw))


CASES = (
    ("mail-attached-zip", "mail.eml", attached_zip, mail_read(unzip)),
    ("mail-attached-pdf", "mail.eml", attached_pdf, mail_read(pdf_read)),
    ("mail-attached-picture", "mail.eml", attached_picture, mail_read(png_read)),
    ("mail-quoted-printable", "mail.eml", quoted_printable, mail_read()),
    ("mail-base64-body", "mail.eml", base64_body, mail_read()),
    ("mail-utf-16-body", "mail.eml", utf16_body, utf16_read),
    ("mail-forwarded-page", "mail.eml", alternatives, mail_read(unreferenced)),
    ("mbox", "inbox", mbox, mbox_read),
    (
        "html-data-gzip",
        "den.html",
        data_url,
        lambda raw: gzip.decompress(between(b"base64,", b'"')(raw)),
    ),
    (
        "html-data-picture",
        "den.html",
        picture_url,
        lambda raw: png_read(between(b"base64,", b'"')(raw)),
    ),
    (
        "html-deflated-address",
        "den.html",
        deflated_state,
        lambda raw: zlib.decompress(
            base64.urlsafe_b64decode(raw.split(b"pako:")[1].split(b'"')[0])
        ),
    ),
    ("html-highlighted", "den.html", highlighted, unmarked),
)


def plant(bed: Bed, forge: Forge) -> None:
    shelf = Shelf(bed, forge, "document")
    for name, file, write, read in CASES:
        shelf.put(name, file, write, read, hidden=True)
