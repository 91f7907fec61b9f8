"""Notebooks: sources and outputs, attachments and metadata, in today's format and the third."""

import base64
import io
import json
import zipfile
from collections.abc import Callable
from html import unescape

import nbformat
from nbformat import v3, v4

from planting.bed import Bed
from planting.containers.pictures import png_compressed, png_read
from planting.containers.shelf import Shelf, Write
from planting.containers.zips import zip_of
from planting.forge import PREFIX, Forge

Cell = Callable[[str], dict]


def notebook(cell: Cell, **metadata: object) -> Write:
    """Two cells, and a third that holds the token."""

    def write(token: str) -> bytes:
        book = v4.new_notebook(metadata=metadata)
        book.cells = [v4.new_markdown_cell("# The den"), v4.new_code_cell("import den\n")]
        book.cells.append(cell(token))
        for at, each in enumerate(book.cells):
            each["id"] = f"cell-{at}"
        nbformat.validate(book)
        return nbformat.writes(book).encode()

    return write


def source_joined(token: str) -> dict:
    """A string that a backslash continues in the next line, which nbformat keeps as two."""
    return v4.new_code_cell(f'token = "{token[:11]}\\\n{token[11:]}"\nlogin(token)')


def source_implicit(token: str) -> dict:
    return v4.new_code_cell(f'login(\n    "{token[:9]}"\n    "{token[9:]}"\n)')


def source(token: str) -> dict:
    return v4.new_code_cell(f"import os\nos.environ['HF_TOKEN'] = '{token}'")


def raw_cell(token: str) -> dict:
    return v4.new_raw_cell(f"---\ntoken: {token}\n---")


def markdown(token: str) -> dict:
    return v4.new_markdown_cell(f"Log in with `{token}`, then go on.")


def with_output(output: dict) -> dict:
    return v4.new_code_cell("den.show()", outputs=[output], execution_count=7)


def stream(token: str) -> dict:
    text = f"logging in\nHF_TOKEN={token}\ndone\n"
    return with_output(v4.new_output("stream", name="stderr", text=text))


def html(token: str) -> dict:
    data = {"text/html": f"<table><tr><td>{token}</td></tr></table>", "text/plain": "a table"}
    return with_output(v4.new_output("display_data", data))


def html_references(token: str) -> dict:
    text = "".join(f"&#{ord(letter)};" for letter in token)
    return with_output(v4.new_output("display_data", {"text/html": f"<b>{text}</b>"}))


def result(token: str) -> dict:
    data = {"text/plain": f"environ({{'HF_TOKEN': '{token}'}})"}
    return with_output(v4.new_output("execute_result", data, execution_count=7))


def as_json(token: str) -> dict:
    data = {"application/json": {"headers": {"Authorization": f"Bearer {token}"}}}
    return with_output(v4.new_output("display_data", data))


def traceback(token: str) -> dict:
    """IPython colours every part of a line, so that escapes touch the token on both sides."""
    line = f"login(\x1b[33m'\x1b[39m\x1b[33m{token}\x1b[39m\x1b[33m'\x1b[39m)"
    lines = ["\x1b[31mHTTPError\x1b[39m Traceback", f"\x1b[32m----> 1\x1b[39m {line}"]
    return with_output(v4.new_output("error", ename="HTTPError", evalue="401", traceback=lines))


def error_value(token: str) -> dict:
    return with_output(v4.new_output("error", ename="E", evalue=f"bad {token}", traceback=[]))


def picture(token: str) -> dict:
    data = {"image/png": base64.encodebytes(png_compressed(token)).decode()}
    return with_output(v4.new_output("display_data", data))


def attachment(token: str) -> dict:
    image = {"image/png": base64.b64encode(png_compressed(token)).decode()}
    return v4.new_markdown_cell("![](workflow.png)", attachments={"workflow.png": image})


def attached_zip(token: str) -> dict:
    raw = zip_of({"settings.env": f"# {PREFIX}...\nHF_TOKEN={token}\n".encode()})
    data = {"application/zip": base64.b64encode(raw).decode()}
    return v4.new_markdown_cell("[settings](settings.zip)", attachments={"settings.zip": data})


def cell_metadata(token: str) -> dict:
    return v4.new_code_cell("run()", metadata={"papermill": {"parameters": {"token": token}}})


def widgets(token: str) -> bytes:
    """A password field keeps its text in the notebook's saved widget state."""
    state = {"3f1c": {"model_name": "PasswordModel", "state": {"value": token}}}
    kind = "application/vnd.jupyter.widget-state+json"
    return notebook(source, widgets={kind: {"version_major": 2, "state": state}})("...")


def third(token: str) -> bytes:
    """The format before 2015: worksheets, and `input` for a cell's source."""
    output = v3.new_output("pyout", output_text=f"'{token}'", prompt_number=1)
    cells = [v3.new_text_cell("markdown", "# The den"), v3.new_code_cell("t", outputs=[output])]
    book = v3.new_notebook("den", worksheets=[v3.new_worksheet(cells=cells)])
    return v3.writes_json(book).encode()


def third_source(token: str) -> bytes:
    cells = [v3.new_code_cell(f'login("{token[:9]}"\n"{token[9:]}")')]
    book = v3.new_notebook("den", worksheets=[v3.new_worksheet(cells=cells)])
    return v3.writes_json(book).encode()


def joined(raw: bytes) -> str:
    """All text of the notebook, where string literals that Python joins are one."""
    book = nbformat.reads(raw.decode(), as_version=4)
    texts = [cell.source for cell in book.cells]
    text = "\n".join((*texts, json.dumps(book, ensure_ascii=False)))
    for between in ("\\\n", '"\n    "', '"\n"', "\x1b[33m"):
        text = text.replace(between, "")
    return text


def references(raw: bytes) -> str:
    return unescape(joined(raw))


def output_picture(raw: bytes) -> object:
    book = nbformat.reads(raw.decode(), as_version=4)
    return png_read(base64.b64decode(book.cells[2].outputs[0].data["image/png"]))


def attached(name: str, kind: str, read: Callable[[bytes], object]) -> Callable[[bytes], object]:
    def walk(raw: bytes) -> object:
        book = nbformat.reads(raw.decode(), as_version=4)
        return read(base64.b64decode(book.cells[2].attachments[name][kind]))

    return walk


def unzip(raw: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(raw)).read("settings.env")


OPEN = (
    ("source", source, ("cell 3",)),
    ("raw-cell", raw_cell, ("cell 3",)),
    ("markdown", markdown, ("cell 3",)),
    ("stream", stream, ("cell 3", "output")),
    ("html", html, ("cell 3", "output")),
    ("result", result, ("cell 3", "output")),
    ("json", as_json, ("cell 3", "output")),
    ("traceback", traceback, ("cell 3", "output")),
    ("error-value", error_value, ("cell 3", "output")),
    ("cell-metadata", cell_metadata, ("cell 3", "metadata")),
)


def plant(bed: Bed, forge: Forge) -> None:
    shelf = Shelf(bed, forge, "notebook")
    file = "den.ipynb"
    for name, cell, origin in OPEN:
        shelf.put(f"ipynb-{name}", file, notebook(cell), joined, origin=origin)
    shelf.put("ipynb-widgets", file, widgets, joined, origin=("metadata",))
    shelf.put("ipynb-v3", file, third, joined, origin=("output",))
    shelf.put("ipynb-checkpoint", ".ipynb_checkpoints/den.ipynb", notebook(source), joined)
    for name, cell, read in (
        ("source-joined", source_joined, joined),
        ("source-implicit", source_implicit, joined),
        ("html-references", html_references, references),
        ("picture", picture, output_picture),
        ("attachment", attachment, attached("workflow.png", "image/png", png_read)),
        ("attached-zip", attached_zip, attached("settings.zip", "application/zip", unzip)),
    ):
        shelf.put(f"ipynb-{name}", file, notebook(cell), read, origin=("cell 3",), hidden=True)
    shelf.put("ipynb-v3-source", file, third_source, joined, hidden=True)
