"""PDF: text in filtered streams, shown in pieces, and all that stands outside of the pages."""

import io
import os
import re
from collections.abc import Callable, Iterable

import pikepdf
import reportlab
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Operator, String
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from planting.bed import Bed
from planting.containers.compressed import plain
from planting.containers.shelf import Shelf, Write, text_of
from planting.forge import PREFIX, Forge

Draw = Callable[[Canvas, str], None]
Change = Callable[[pikepdf.Pdf, str], None]


def drawn(draw: Draw, *, ascii85: bool = False, packed: bool = True) -> Write:
    """A page by reportlab."""

    def write(token: str) -> bytes:
        out = io.BytesIO()
        canvas = Canvas(out, pageCompression=int(packed), invariant=1)
        canvas.drawString(72, 760, f"A token looks like {PREFIX}... and is secret.")
        draw(canvas, token)
        canvas.showPage()
        canvas.save()
        return out.getvalue()

    def with_filter(token: str) -> bytes:
        before = reportlab.rl_config.useA85
        reportlab.rl_config.useA85 = int(ascii85)
        try:
            return write(token)
        finally:
            reportlab.rl_config.useA85 = before

    return with_filter


def line(canvas: Canvas, token: str) -> None:
    canvas.drawString(72, 720, f"The token is {token}, keep it.")


def title(canvas: Canvas, token: str) -> None:
    canvas.setTitle(f"The den of {token}")


def title_utf16(canvas: Canvas, token: str) -> None:
    """Text outside of PDFDocEncoding is UTF-16 with a byte-order mark."""
    canvas.setTitle(f"\u718a\u306e\u5de3 {token}")


def link(canvas: Canvas, token: str) -> None:
    canvas.linkURL(f"https://u:{token}@huggingface.co/bear/den", (72, 700, 300, 715))


def field(canvas: Canvas, token: str) -> None:
    canvas.acroForm.textfield(name="token", value=token, x=72, y=650, width=300)


def bookmark(canvas: Canvas, token: str) -> None:
    canvas.bookmarkPage("here")
    canvas.addOutlineEntry(f"\u718a {token}", "here")


def subset_font(canvas: Canvas, token: str) -> None:
    """An embedded font whose letters are numbered as they come up; a map leads back to text."""
    path = os.path.join(os.path.dirname(reportlab.__file__), "fonts", "Vera.ttf")
    pdfmetrics.registerFont(TTFont("Vera", path, asciiReadable=0))
    canvas.setFont("Vera", 10)
    canvas.drawString(72, 720, token)


def changed(change: Change, **options: object) -> Write:
    """A page of reportlab's, changed and written again by qpdf."""

    def write(token: str) -> bytes:
        with pikepdf.open(io.BytesIO(drawn(line)("..."))) as pdf:
            change(pdf, token)
            out = io.BytesIO()
            pdf.save(out, static_id=True, **options)
            return out.getvalue()

    return write


def page_stream(pdf: pikepdf.Pdf, *shown: tuple) -> None:
    """Instructions that show text, added to the first page."""
    first = [([Name("/F1"), 12], Operator("Tf"))]
    program = [([], Operator("BT")), *first, *shown, ([], Operator("ET"))]
    pdf.pages[0].contents_add(pikepdf.unparse_content_stream(program))


def kerned(pdf: pikepdf.Pdf, token: str) -> None:
    """TeX and browsers show a line in pieces, with a correction between each two."""
    parts: list[object] = []
    for at in range(0, len(token), 4):
        parts += [String(token[at : at + 4]), -18 + at]
    page_stream(pdf, ([Array(parts[:-1])], Operator("TJ")))


def shown_in_turn(pdf: pikepdf.Pdf, token: str) -> None:
    page_stream(pdf, *(([String(token[at : at + 9])], Operator("Tj")) for at in range(0, 37, 9)))


def hexadecimal(pdf: pikepdf.Pdf, token: str) -> None:
    content = f"BT /F1 12 Tf <{token.encode().hex()}> Tj ET".encode()
    pdf.pages[0].contents_add(content)


def escaped(pdf: pikepdf.Pdf, token: str) -> None:
    """A string that a backslash continues in the next line, and octal for the underscore."""
    text = token.replace("_", "\\137")
    content = f"BT /F1 12 Tf ({text[:20]}\\\n{text[20:]}) Tj ET".encode()
    pdf.pages[0].contents_add(content)


def document_info(pdf: pikepdf.Pdf, token: str) -> None:
    pdf.docinfo["/Keywords"] = f"not {PREFIX}... but {token}"


def metadata(pdf: pikepdf.Pdf, token: str) -> None:
    with pdf.open_metadata() as xmp:
        xmp["dc:description"] = f"not {PREFIX}... but {token}"


def attachment(pdf: pikepdf.Pdf, token: str) -> None:
    pdf.attachments["settings.env"] = AttachedFileSpec(pdf, plain(token))


def note(pdf: pikepdf.Pdf, token: str) -> None:
    shape = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9], Contents=token)
    pdf.pages[0].Annots = Array([pdf.make_indirect(shape)])


def script(pdf: pikepdf.Pdf, token: str) -> None:
    code = pdf.make_stream(f"// {PREFIX}...\nlogin('{token}');\n".encode())
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=code)


def page_removed(pdf: pikepdf.Pdf, token: str) -> None:
    """A stream that no page refers to any more."""
    pdf.Root.Old = pdf.make_stream(f"BT ({PREFIX}...) Tj ({token}) Tj ET".encode())


def strings_of(pdf: pikepdf.Pdf) -> list[str]:
    """Every string and stream, and the text that the pages' operators show, joined."""
    texts: list[str] = []

    def walk(node: object, depth: int = 0) -> None:
        if isinstance(node, pikepdf.Stream):
            texts.append(text_of(bytes(node.read_bytes())))
        if isinstance(node, pikepdf.String):
            texts.append(str(node))
        elif isinstance(node, pikepdf.Dictionary | pikepdf.Stream) and depth < 20:
            walk_all(dict(node.items()).values(), depth)
        elif isinstance(node, pikepdf.Array) and depth < 20:
            walk_all(list(node), depth)

    def walk_all(nodes: Iterable[object], depth: int) -> None:
        for node in nodes:
            if not is_shared(node):
                walk(node, depth + 1)

    for each in (*pdf.objects, pdf.trailer):
        walk(each)
    for page in pdf.pages:
        shown = []
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) in {"Tj", "TJ"}:
                parts = operands[0] if str(operator) == "TJ" else operands
                shown += [str(part) for part in parts if isinstance(part, pikepdf.String)]
        texts.append("".join(shown))
    return texts


def is_shared(node: object) -> bool:
    """Whether it is an object of its own, which is walked by itself."""
    return isinstance(node, pikepdf.Object) and node.is_indirect


def read(raw: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        return strings_of(pdf)


def subset_read(raw: bytes) -> str:
    """What the numbered letters mean, by the font's map to Unicode."""
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        page = pdf.pages[0]
        fonts = page.Resources.Font.values()
        table = next(font for font in fonts if "/ToUnicode" in font).ToUnicode.read_bytes()
        pairs = re.findall(rb"^<(\w\w)> <(\w{4})>$", table.partition(b"beginbfchar")[2], re.M)
        letters = {int(code, 16): chr(int(letter, 16)) for code, letter in pairs}
        program = pikepdf.parse_content_stream(page)
        shown = (bytes(operands[0]) for operands, operator in program if str(operator) == "Tj")
        return "\n".join("".join(letters.get(code, "?") for code in codes) for codes in shown)


GENERATE = pikepdf.ObjectStreamMode.generate
OWNER = pikepdf.Encryption(user="", owner="bear", R=6)
HIDDEN = (
    ("page", drawn(line)),
    ("page-ascii85", drawn(line, ascii85=True)),
    ("title-utf-16", drawn(title_utf16)),
    ("bookmark-utf-16", drawn(bookmark)),
    ("info-object-stream", changed(document_info, object_stream_mode=GENERATE)),
    ("note-object-stream", changed(note, object_stream_mode=GENERATE)),
    ("kerned", changed(kerned)),
    ("shown-in-turn", changed(shown_in_turn)),
    ("hexadecimal", changed(hexadecimal)),
    ("escaped", changed(escaped)),
    ("attachment", changed(attachment)),
    ("script", changed(script)),
    ("unreferenced-stream", changed(page_removed)),
    ("owner-password", changed(document_info, encryption=OWNER)),
)
OPEN = (
    ("page-unfiltered", drawn(line, packed=False)),
    ("title", drawn(title)),
    ("link", drawn(link)),
    ("form-field", drawn(field)),
    ("info", changed(document_info)),
    ("metadata", changed(metadata)),
)


def plant(bed: Bed, forge: Forge) -> None:
    shelf = Shelf(bed, forge, "document")
    for name, write in HIDDEN:
        shelf.put(f"pdf-{name}", "paper.pdf", write, read, hidden=True)
    shelf.put("pdf-subset-font", "paper.pdf", drawn(subset_font), subset_read, hidden=True)
    for name, write in OPEN:
        shelf.put(f"pdf-{name}", "paper.pdf", write, read)
