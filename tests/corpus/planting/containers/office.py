"""Office documents: text that is split over runs, and what stands outside of the text."""

import io
from collections.abc import Callable

import docx
import odfdo
import openpyxl
import pptx
import xlsxwriter
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from openpyxl.cell.rich_text import CellRichText
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from planting.bed import Bed
from planting.containers.shelf import Read, Shelf, Write
from planting.containers.zips import unzip
from planting.forge import PREFIX, Forge


def pieces(token: str) -> tuple[str, str, str]:
    """As a spelling checker or an edit cuts it."""
    return token[:3], token[3:19], token[19:]


def document(fill: Callable[[object, str], None]) -> Write:
    def write(token: str) -> bytes:
        word = docx.Document()
        word.add_heading("The den", 1)
        word.add_paragraph(f"A token looks like {PREFIX}... and is secret.")
        fill(word, token)
        out = io.BytesIO()
        word.save(out)
        return out.getvalue()

    return write


def one_run(word: object, token: str) -> None:
    word.add_paragraph(f"The token is {token}, keep it.")


def many_runs(word: object, token: str) -> None:
    """Every editing session marks its runs with an id of its own."""
    paragraph = word.add_paragraph("The token is ")
    for at, piece in enumerate(pieces(token)):
        run = paragraph.add_run(piece)
        run.bold = at == 1
        run._r.set(qn("w:rsidR"), f"00A1B2C{at}")


def marks_between(word: object, token: str) -> None:
    paragraph = word.add_paragraph()
    for kind, piece in zip(("spellStart", "spellEnd", "gramStart"), pieces(token), strict=True):
        error = OxmlElement("w:proofErr")
        error.set(qn("w:type"), kind)
        paragraph._p.append(error)
        paragraph.add_run(piece)


def header_of(word: object, token: str) -> None:
    word.sections[0].header.paragraphs[0].text = f"token {token}"


def footer_of(word: object, token: str) -> None:
    for piece in pieces(token):
        word.sections[0].footer.paragraphs[0].add_run(piece)


def comment_on(word: object, token: str) -> None:
    run = word.add_paragraph("Ask me.").runs[0]
    word.add_comment(run, text=f"{PREFIX}... is now {token}", author="Ada", initials="A")


def properties_of(word: object, token: str) -> None:
    word.core_properties.keywords = f"{PREFIX}... {token}"


def table_of(word: object, token: str) -> None:
    cells = word.add_table(1, 2).rows[0].cells
    cells[0].text, cells[1].text = "token", token


def link_of(word: object, token: str) -> None:
    url = f"https://bear:{token}@huggingface.co/bear/den"
    word.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)


def deletion(word: object, token: str) -> None:
    """A tracked deletion keeps what was deleted."""
    paragraph = word.add_paragraph("It was ")
    deleted, run, text = map(OxmlElement, ("w:del", "w:r", "w:delText"))
    text.text = token
    run.append(text)
    deleted.append(run)
    paragraph._p.append(deleted)


def document_read(raw: bytes) -> list[str]:
    word = docx.Document(io.BytesIO(raw))
    texts = [paragraph.text for paragraph in word.paragraphs]
    texts += [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    section = word.sections[0]
    texts += [p.text for part in (section.header, section.footer) for p in part.paragraphs]
    texts += [comment.text for comment in word.comments]
    texts += [part.target_ref for part in word.part.rels.values() if part.is_external]
    return [*texts, word.core_properties.keywords]


def workbook(fill: Callable[[object, object, str], None]) -> Write:
    def write(token: str) -> bytes:
        book = openpyxl.Workbook()
        book.active["A1"], book.active["A2"] = "token", f"such as {PREFIX}..."
        fill(book, book.active, token)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return write


def shared_string(book: object, sheet: object, token: str) -> None:
    sheet["B2"] = token


def rich_text(book: object, sheet: object, token: str) -> None:
    sheet["B2"] = CellRichText(*pieces(token))


def cell_comment(book: object, sheet: object, token: str) -> None:
    sheet["B2"] = "see the note"
    sheet["B2"].comment = Comment(f"not {PREFIX}... but {token}", "Ada")


def defined_name(book: object, sheet: object, token: str) -> None:
    book.defined_names["hub_token"] = DefinedName("hub_token", attr_text=f'"{token}"')
    book.defined_names["example"] = DefinedName("example", attr_text=f'"{PREFIX}..."')


def formula(book: object, sheet: object, token: str) -> None:
    sheet["B2"] = f'=HYPERLINK("https://u:{token}@huggingface.co","the den")'


def hidden_sheet(book: object, sheet: object, token: str) -> None:
    hidden = book.create_sheet("settings")
    hidden.sheet_state = "veryHidden"
    hidden["Z99"] = token


def workbook_read(raw: bytes) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(raw), rich_text=True)
    texts = [name.attr_text for name in book.defined_names.values()]
    for row in (row for sheet in book for row in sheet.iter_rows()):
        texts += [str(cell.value) for cell in row]
        texts += [cell.comment.text for cell in row if cell.comment]
    return texts


def inline_string(token: str) -> bytes:
    """A workbook written row by row keeps its strings in the sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["token", f"such as {PREFIX}..."])
        sheet.write_row(1, 0, ["bear", token])
    return out.getvalue()


def rich_string(token: str) -> bytes:
    """Runs with formats, the shared string split in the middle of the token."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "red"})
        first, second, third = pieces(token)
        book.add_worksheet().write_rich_string(0, 0, bold, first, red, second, bold, third)
    return out.getvalue()


def slides(token: str) -> bytes:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = f"{PREFIX}..."
    paragraph = slide.placeholders[1].text_frame.paragraphs[0]
    for piece in pieces(token):
        paragraph.add_run().text = piece
    return saved(show)


def speaker_notes(token: str) -> bytes:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.notes_slide.notes_text_frame.text = f"not {PREFIX}... but {token}"
    return saved(show)


def saved(show: object) -> bytes:
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def slides_read(raw: bytes) -> list[str]:
    texts = []
    for slide in pptx.Presentation(io.BytesIO(raw)).slides:
        texts += [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        if slide.has_notes_slide:
            texts.append(slide.notes_slide.notes_text_frame.text)
    return texts


def open_document(token: str) -> bytes:
    """A paragraph whose spans cut the token."""
    text = odfdo.Document("text")
    paragraph = odfdo.Paragraph(f"The token is not {PREFIX}... but {token}, keep it.")
    _, second, _ = pieces(token)
    paragraph.set_span("bold", regex=second)
    text.body.append(paragraph)
    out = io.BytesIO()
    text.save(out)
    return out.getvalue()


def open_document_read(raw: bytes) -> str:
    return odfdo.Document(io.BytesIO(raw)).get_formatted_text()


DOCUMENTS: tuple[tuple[str, Callable[[object, str], None], Read], ...] = (
    ("one-run", one_run, document_read),
    ("many-runs", many_runs, document_read),
    ("marks-between-runs", marks_between, document_read),
    ("header", header_of, document_read),
    ("footer-runs", footer_of, document_read),
    ("comment", comment_on, document_read),
    ("properties", properties_of, document_read),
    ("table", table_of, document_read),
    ("link", link_of, document_read),
    ("deletion", deletion, unzip),
)
WORKBOOKS = (
    ("shared-string", shared_string),
    ("rich-text", rich_text),
    ("comment", cell_comment),
    ("defined-name", defined_name),
    ("formula", formula),
    ("hidden-sheet", hidden_sheet),
)
OTHERS = (
    ("xlsx-inline-string", "den.xlsx", inline_string, workbook_read),
    ("xlsx-rich-string", "den.xlsx", rich_string, workbook_read),
    ("pptx-runs", "den.pptx", slides, slides_read),
    ("pptx-notes", "den.pptx", speaker_notes, slides_read),
    ("odt-spans", "den.odt", open_document, open_document_read),
)


def plant(bed: Bed, forge: Forge) -> None:
    shelf = Shelf(bed, forge, "document")
    for name, fill, read in DOCUMENTS:
        shelf.put(f"docx-{name}", "den.docx", document(fill), read, hidden=True)
    for name, fill in WORKBOOKS:
        shelf.put(f"xlsx-{name}", "den.xlsx", workbook(fill), workbook_read, hidden=True)
    for name, file, write, read in OTHERS:
        shelf.put(name, file, write, read, hidden=True)
