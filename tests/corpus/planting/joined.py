"""One token written as several literals, or broken over lines."""

import json
from itertools import pairwise

from planting.bed import Bed
from planting.forge import Forge
from planting.formats import notebook

# {A}, {B} and {C} are the token's parts. `cuts` are where it is cut.
TWO = (
    ("python-plus", "py", 't = "{A}" + "{B}"\n', (3,)),
    ("python-plus-tight", "py", "t='{A}'+'{B}'\n", (3,)),
    ("python-plus-inside-prefix", "py", 't = "{A}" + "{B}"\n', (2,)),
    ("python-plus-one-letter", "py", 't = "{A}" + "{B}"\n', (1,)),
    ("python-plus-inside-body", "py", 't = "{A}" + "{B}"\n', (20,)),
    ("python-plus-last-letter", "py", 't = "{A}" + "{B}"\n', (36,)),
    ("python-mixed-quotes", "py", "t = \"{A}\" + '{B}'\n", (3,)),
    ("python-adjacent", "py", 't = "{A}" "{B}"\n', (3,)),
    ("python-adjacent-no-space", "py", "t = '{A}''{B}'\n", (12,)),
    ("python-parentheses", "py", 't = (\n    "{A}"\n    "{B}"\n)\n', (18,)),
    ("python-parentheses-plus", "py", 't = (\n    "{A}"\n    + "{B}"\n)\n', (3,)),
    ("python-backslash", "py", 't = "{A}" \\\n    "{B}"\n', (17,)),
    ("python-prefixes", "py", 't = r"{A}" f"{B}"\n', (3,)),
    ("python-bytes", "py", 't = b"{A}" + b"{B}"\n', (3,)),
    ("python-comment-between", "py", 't = (\n    "{A}"  # the prefix\n    "{B}"\n)\n', (3,)),
    ("js-plus", "js", 'const t = "{A}" + "{B}";\n', (3,)),
    ("js-plus-lines", "js", "const t = '{A}' +\n  '{B}';\n", (25,)),
    ("js-template", "js", "const t = `{A}` + `{B}`;\n", (3,)),
    ("js-array-join", "js", 'const t = ["{A}", "{B}"].join("");\n', (3,)),
    ("js-concat", "js", 'const t = "{A}".concat("{B}");\n', (3,)),
    ("js-line-continuation", "js", 'const t = "{A}\\\n{B}";\n', (15,)),
    ("python-join", "py", 't = "".join(["{A}", "{B}"])\n', (3,)),
    ("php-dot", "php", "<?php $t = '{A}' . '{B}';\n", (3,)),
    ("php-dot-tight", "php", '<?php $t="{A}"."{B}";\n', (10,)),
    ("lua-dots", "lua", 'local t = "{A}" .. "{B}"\n', (3,)),
    ("c-adjacent-lines", "c", 'static const char t[] =\n    "{A}"\n    "{B}";\n', (3,)),
    ("java-plus", "java", 'String t = "{A}"\n    + "{B}";\n', (19,)),
    ("sql-pipes", "sql", "SELECT '{A}' || '{B}';\n", (3,)),
    ("basic-ampersand", "vb", 't = "{A}" & "{B}"\n', (3,)),
    ("haskell-plus-plus", "hs", 't = "{A}" ++ "{B}"\n', (3,)),
    ("r-paste0", "R", 't <- paste0("{A}", "{B}")\n', (3,)),
    ("shell-adjacent", "sh", 'HF_TOKEN="{A}""{B}"\n', (3,)),
    ("shell-adjacent-mixed", "sh", "HF_TOKEN={A}'{B}'\n", (3,)),
    ("shell-continuation", "sh", "export HF_TOKEN={A}\\\n{B}\n", (14,)),
    ("shell-continuation-prefix", "sh", "export HF_TOKEN={A}\\\n{B}\n", (2,)),
    ("shell-continuation-crlf", "sh", "export HF_TOKEN={A}\\\r\n{B}\r\n", (22,)),
    ("yaml-folded-quoted", "yaml", 'token: "{A}\\\n  {B}"\n', (16,)),
    ("terraform-join", "tf", 'token = join("", ["{A}", "{B}"])\n', (3,)),
    ("in-escaped-json", "json", r'{"code": "t = \"{A}\" + \"{B}\"\n"}' + "\n", (3,)),
)
THREE = (
    ("python-three", "py", 't = "{A}" + "{B}" + "{C}"\n', (3, 20)),
    ("python-three-adjacent", "py", 't = ("{A}"\n     "{B}"\n     "{C}")\n', (12, 24)),
    ("js-three", "js", "const t='{A}'+'{B}'+'{C}';\n", (1, 2)),
    ("php-three", "php", '<?php $t = "{A}" . "{B}" . "{C}";\n', (2, 3)),
    ("array-join-three", "js", 't = ["{A}", "{B}", "{C}"].join("")\n', (3, 19)),
)


def cut_up(token: str, cuts: tuple[int, ...]) -> list[str]:
    edges = (0, *cuts, len(token))
    return [token[a:b] for a, b in pairwise(edges)]


def notebook_adjacent(token: str) -> str:
    """The literal's halves are on two lines of the cell, so in two items of its source."""
    a, b = cut_up(token, (14,))
    return notebook([f't = ("{a}"\n', f'     "{b}")\n', "login(t)"], [])


def notebook_plus(token: str) -> str:
    a, b = cut_up(token, (3,))
    return notebook([f't = "{a}" + \\\n', f'    "{b}"\n', "login(t)"], [])


def notebook_item_boundary(token: str) -> str:
    """The source's items are joined as they are: a boundary may fall anywhere."""
    a, b = cut_up(token, (21,))
    return notebook([f't = "{a}', f'{b}"\n', "login(t)"], [])


def notebook_output_boundary(token: str) -> str:
    a, b = cut_up(token, (2,))
    return notebook(["print(t)"], [f"token: {a}", f"{b}\n"])


def notebook_one_line(token: str) -> str:
    a, b = cut_up(token, (21,))
    cell = {"cell_type": "code", "source": [f't = "{a}', f'{b}"'], "outputs": []}
    return json.dumps({"cells": [cell], "nbformat": 4}, separators=(",", ":"))


NOTEBOOKS = (
    ("notebook-adjacent", notebook_adjacent),
    ("notebook-plus", notebook_plus),
    ("notebook-item-boundary", notebook_item_boundary),
    ("notebook-output-boundary", notebook_output_boundary),
    ("notebook-one-line", notebook_one_line),
)


def plant(bed: Bed, forge: Forge) -> None:
    for name, ext, template, cuts in (*TWO, *THREE):
        value = forge.user()
        body = template
        for mark, part in zip("ABC", cut_up(value.text, cuts), strict=False):
            body = body.replace(f"{{{mark}}}", part)
        bed.found("concat", f"joined-{name}", body, value, ext=ext)
    for name, write in NOTEBOOKS:
        value = forge.user()
        bed.found("concat", f"joined-{name}", write(value.text), value, ext="ipynb")
    for make in (Forge.org, Forge.app_secret, Forge.oauth, Forge.lease):
        value = make(forge)
        a, b = cut_up(value.text, (9,))
        bed.found("concat", f"joined-{value.kind}", f't = "{a}" + "{b}"\n', value, ext="py")
