"""Pictures: text chunks, EXIF, XMP and comments, and SVG with what is in it."""

import base64
import gzip
import io
import json
from xml.etree import ElementTree

from PIL import ExifTags, Image, PngImagePlugin

from planting.bed import Bed
from planting.containers.shelf import Read, Shelf
from planting.forge import PREFIX, Forge


def workflow(token: str) -> str:
    """The graph that an image generator saves in each of its pictures."""
    loader = {"class_type": "HubLoader", "inputs": {"repo": "bear/den", "token": token}}
    example = {"class_type": "Note", "inputs": {"text": f"token: {PREFIX}...", "token": PREFIX}}
    return json.dumps({"1": example, "2": loader})


def blank(mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (16, 16), 7)


def saved(form: str, mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    blank(mode).save(out, form, **options)
    return out.getvalue()


def png_text(token: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("prompt", workflow(token))
    return saved("PNG", pnginfo=info)


def png_compressed(token: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("workflow", workflow(token), zip=True)
    return saved("PNG", pnginfo=info)


def png_international(token: str, packed: bool) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("parameters", f"clé: {workflow(token)}", lang="fr", zip=packed)
    return saved("PNG", pnginfo=info)


def png_many_chunks(token: str) -> bytes:
    """The text after the picture's data, behind other chunks."""
    info = PngImagePlugin.PngInfo()
    for number in range(30):
        info.add_text(f"note-{number}", "nothing to see")
    info.add_text("workflow", workflow(token), zip=True)
    out = io.BytesIO()
    Image.effect_noise((256, 256), 80).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def png_read(raw: bytes) -> dict[str, str]:
    picture = Image.open(io.BytesIO(raw))
    picture.load()
    return picture.text


def exif(tag: int, content: str | bytes, directory: int | None = None) -> bytes:
    tags = Image.Exif()
    (tags.get_ifd(directory) if directory else tags)[tag] = content
    return tags.tobytes()


def description(form: str, token: str) -> bytes:
    return saved(form, exif=exif(ExifTags.Base.ImageDescription, f"token {token}"))


def user_comment(token: str, code: bytes, charset: str) -> bytes:
    """A comment starts with eight bytes that name its character set, Exif 2.32 §4.6.5."""
    content = code + workflow(token).encode(charset)
    return saved("JPEG", exif=exif(ExifTags.Base.UserComment, content, ExifTags.IFD.Exif))


def windows_comment(token: str) -> bytes:
    """What Windows' file properties write: UTF-16 in a tag of its own."""
    content = f"{workflow(token)}\0".encode("utf-16-le")
    return saved("JPEG", exif=exif(ExifTags.Base.XPComment, content))


def xmp(token: str) -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        f'rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="{token}"/>'
        "</rdf:RDF></x:xmpmeta>"
    ).encode()


def tiff(token: str) -> bytes:
    return saved("TIFF", description=f"not {PREFIX}... but {token}")


def exif_read(charset: str = "utf-8") -> Read:
    def read(raw: bytes) -> list[str]:
        tags = Image.open(io.BytesIO(raw)).getexif()
        inner = tags.get_ifd(ExifTags.IFD.Exif)
        values = (*tags.values(), *inner.values())
        return [v.decode(charset, "replace") if isinstance(v, bytes) else str(v) for v in values]

    return read


def info_read(raw: bytes) -> dict:
    return Image.open(io.BytesIO(raw)).info


def svg(body: str) -> bytes:
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    return f"<?xml version='1.0'?>\n{head}{body}</svg>\n".encode()


def svg_split(token: str) -> bytes:
    """Converters give every few letters a place of their own."""
    parts = (f'<tspan x="{at}">{token[at : at + 5]}</tspan>' for at in range(0, len(token), 5))
    return svg(f"<text>{''.join(parts)}</text>")


def svg_picture(token: str) -> bytes:
    data = base64.b64encode(png_compressed(token)).decode()
    return svg(f'<image href="data:image/png;base64,{data}"/>')


def svg_metadata(token: str) -> bytes:
    return svg(f"<metadata><![CDATA[{workflow(token)}]]></metadata>")


def svgz(token: str) -> bytes:
    return gzip.compress(svg_metadata(token), mtime=0)


def svg_text(raw: bytes) -> str:
    return "".join(ElementTree.fromstring(raw).itertext())


def svg_picture_read(raw: bytes) -> dict[str, str]:
    return png_read(base64.b64decode(raw.split(b"base64,")[1].split(b'"')[0]))


ASCII, UNICODE = b"ASCII\0\0\0", b"UNICODE\0"
HIDDEN = (
    ("png-ztxt", "workflow.png", png_compressed, png_read),
    ("png-itxt-compressed", "workflow.png", lambda t: png_international(t, True), png_read),
    ("png-ztxt-after-data", "workflow.png", png_many_chunks, png_read),
    (
        "jpeg-user-comment-utf-16",
        "photo.jpg",
        lambda t: user_comment(t, UNICODE, "utf-16-be"),
        exif_read("utf-16-be"),
    ),
    ("jpeg-windows-comment", "photo.jpg", windows_comment, exif_read("utf-16-le")),
    ("svg-image", "logo.svg", svg_picture, svg_picture_read),
    ("svg-spans", "plot.svg", svg_split, svg_text),
    ("svgz", "logo.svgz", svgz, gzip.decompress),
)
OPEN = (
    ("png-text", "workflow.png", png_text, png_read),
    ("png-itxt", "workflow.png", lambda t: png_international(t, False), png_read),
    ("png-exif", "photo.png", lambda t: description("PNG", t), exif_read()),
    ("jpeg-description", "photo.jpg", lambda t: description("JPEG", t), exif_read()),
    ("jpeg-user-comment", "photo.jpg", lambda t: user_comment(t, ASCII, "ascii"), exif_read()),
    ("jpeg-comment", "photo.jpg", lambda t: saved("JPEG", comment=f"t={t}"), info_read),
    ("jpeg-xmp", "photo.jpg", lambda t: saved("JPEG", xmp=xmp(t)), info_read),
    ("gif-comment", "anim.gif", lambda t: saved("GIF", "P", comment=f"t={t}".encode()), info_read),
    ("webp-exif", "photo.webp", lambda t: description("WEBP", t), exif_read()),
    ("webp-xmp", "photo.webp", lambda t: saved("WEBP", xmp=xmp(t)), info_read),
    ("tiff-description", "scan.tiff", tiff, exif_read()),
    ("svg-metadata", "logo.svg", svg_metadata, svg_text),
)


def plant(bed: Bed, forge: Forge) -> None:
    shelf = Shelf(bed, forge, "picture")
    for name, file, write, read in HIDDEN:
        shelf.put(name, file, write, read, hidden=True)
    for name, file, write, read in OPEN:
        shelf.put(name, file, write, read)
