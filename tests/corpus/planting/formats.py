"""Tokens where files of everyday formats hold them."""

import configparser
import difflib
import io
import json
import plistlib
import shlex
import xml.sax.saxutils as sax
from collections.abc import Callable

from planting.bed import Bed
from planting.forge import Forge

# name, the path within the case's folder, text in which {T} is the token
ROWS = (
    ("xml-attribute", "app.xml", '<?xml version="1.0"?>\n<hub token="{T}" user="bear"/>\n'),
    ("xml-cdata", "app.xml", "<hub><token><![CDATA[{T}]]></token></hub>\n"),
    ("toml", "config.toml", '[hub]\ntoken = "{T}" # read\n'),
    ("ini", "config.ini", "[hub]\ntoken = {T}\nuser = bear\n"),
    ("properties", "app.properties", "hub.user=bear\nhub.token={T}\n"),
    ("netrc", ".netrc", "machine huggingface.co login bear password {T}\n"),
    ("git-credentials", ".git-credentials", "https://hf_user:{T}@huggingface.co\n"),
    (
        "gitconfig-instead-of",
        ".gitconfig",
        '[url "https://bear:{T}@huggingface.co/"]\n\tinsteadOf = https://huggingface.co/\n',
    ),
    (
        "gitconfig-extra-header",
        ".gitconfig",
        '[http "https://huggingface.co"]\n\textraHeader = Authorization: Bearer {T}\n',
    ),
    (
        "docker-compose",
        "docker-compose.yml",
        "services:\n  tgi:\n    image: tgi:latest\n    environment:\n      - HF_TOKEN={T}\n",
    ),
    ("dockerfile", "Dockerfile", "FROM python:3.12\nENV HF_TOKEN={T} HF_HOME=/data\nRUN true\n"),
    (
        "github-workflow",
        ".github/workflows/train.yml",
        "jobs:\n  train:\n    steps:\n      - run: hf login --token {T}\n        shell: bash\n",
    ),
    ("gitlab-ci", ".gitlab-ci.yml", "variables:\n  HF_TOKEN: '{T}'\n"),
    ("curl-header", "run.sh", 'curl -H "Authorization: Bearer {T}" https://hub.example/api\n'),
    ("curl-user", "run.sh", "curl -u bear:{T} https://hub.example/api\n"),
    ("dot-env", ".env", "# secrets\nHF_TOKEN={T}\nOTHER=1\n"),
    ("dot-env-quoted", ".env.local", 'HF_TOKEN="{T}"\n'),
    ("export", ".bashrc", "export HF_TOKEN={T}\nexport PATH=$PATH:~/bin\n"),
    ("fish-set", "config.fish", "set -gx HF_TOKEN {T}\n"),
    ("inline-environment", "run.sh", "HF_TOKEN={T} python train.py --epochs 3\n"),
    ("powershell-env", "run.ps1", '$env:HF_TOKEN="{T}"\r\n'),
    ("shell-history", ".zsh_history", ": 1700000000:0;hf auth login --token {T}\n"),
    (
        "poetry-lock-url",
        "poetry.lock",
        '[package.source]\ntype = "git"\nurl = "https://bear:{T}@huggingface.co/bear/den.git"\n',
    ),
    (
        "package-lock-url",
        "package-lock.json",
        '{"packages":{"d":{"resolved":"git+https://{T}@huggingface.co/d.git#ab12"}}}\n',
    ),
    ("requirements", "requirements.txt", "den @ git+https://u:{T}@huggingface.co/u/den@main\n"),
    ("in-node-modules", "node_modules/den/index.js", 'module.exports="{T}"\n'),
    ("css", "style.css", '.a{background:url("https://h.example/i.png?token={T}")}\n'),
    ("css-comment", "style.css", "/*{T}*/.a{color:red}\n"),
    ("svg", "logo.svg", '<svg xmlns="http://www.w3.org/2000/svg"><desc>{T}</desc></svg>\n'),
    ("svg-text", "plot.svg", '<svg><text x="1">token={T}</text></svg>\n'),
    (
        "log-line",
        "app.log",
        "2026-01-02T03:04:05Z ERROR [hub] 401 for token={T} path=/api/whoami-v2\n",
    ),
    ("log-brackets", "app.log", "[03:04:05][{T}][WARN] slow\n"),
    ("sql-dump", "dump.sql", "INSERT INTO `users` VALUES (1,'bear','{T}',NULL),(2,'fox','',1);\n"),
    ("sql-copy", "dump.sql", "COPY users (id, token) FROM stdin;\n1\t{T}\n\\.\n"),
    ("duckdb-secret", "query.sql", "CREATE SECRET (TYPE HUGGINGFACE, TOKEN '{T}');\n"),
    ("terraform", "main.tf", 'variable "hf" {\n  default = "{T}"\n}\n'),
    ("systemd", "tgi.service", '[Service]\nEnvironment="HF_TOKEN={T}"\n'),
    ("makefile", "Makefile", "run:\n\tHF_TOKEN={T} ./serve\n"),
    ("latex", "paper.tex", "\\texttt{hub}\\footnote{{T}}\n"),
    ("rst", "index.rst", "Use ``{T}`` to log in.\n"),
    ("lisp", "init.el", '(setq hf-token "{T}")\n'),
    ("c-define", "token.h", '#define HF_TOKEN "{T}"\n'),
    ("graphql", "q.graphql", 'query{me(token:"{T}"){name}}\n'),
    ("reg-file", "hub.reg", '[HKEY_CURRENT_USER\\Environment]\r\n"HF_TOKEN"="{T}"\r\n'),
    (
        "http-dump",
        "trace.http",
        "GET /api HTTP/1.1\r\nAuthorization: Bearer {T}\r\nHost: h\r\n\r\n",
    ),
    ("mcp-json", ".mcp.json", '{"headers":{"Authorization":"Bearer {T}"}}\n'),
    (
        "merge-conflict",
        "den.py",
        "<<<<<<< HEAD\nT='{T}'\n=======\nT=os.environ['T']\n>>>>>>> main\n",
    ),
)


def minified(forge: Forge, size: int) -> str:
    """One line of JavaScript as a minifier leaves it."""
    names = [forge.some("abcdefghijklmnopqrstuvwxyz", n) for n in (1, 1, 1, 2, 2)]
    shapes = (
        "function {a}({b}){{return {b}?{a}({b}-1):{n}}}",
        "var {a}={n},{b}=[{n},{n}];",
        'if({a}.{b}("{w}"))throw new Error("{w} {w}");',
        "{a}.prototype.{w}=function(){{return this.{b}}};",
        "const {a}=e=>{{for(const {b} of e)yield {b}.{w}}};",
    )
    parts, length = [], 0
    while length < size:
        shape = forge.random.choice(shapes)
        a, b = forge.random.choices(names, k=2)
        part = shape.format(a=a, b=b, n=forge.random.randrange(9999), w=forge.words(1))
        parts.append(part)
        length += len(part)
    return "".join(parts)


def repr_of_object(token: str) -> str:
    return f"Client(settings={{'token': {token!r}, 'retries': 3}}, path={'/tmp'!r})\n"


def repr_of_header(token: str) -> str:
    return repr({b"Authorization": b"Bearer " + token.encode() + b"\r\n"}) + "\n"


def repr_of_text(token: str) -> str:
    return repr(f"\x1b[32m{token}\x1b[0m\n'quoted' \"text\"\n") + "\n"


def repr_in_repr(token: str) -> str:
    return repr(repr({"note": f'it\'s "{token}"\n'})) + "\n"


def diff(before: str, after: str) -> str:
    lines = (text.splitlines(keepends=True) for text in (before, after))
    return "".join(difflib.unified_diff(*lines, "a/.env", "b/.env"))


def plus_line(token: str) -> str:
    return diff("A=1\n", f"A=1\n{token}\n")


def minus_line(token: str) -> str:
    return diff(f"{token}\nA=1\n", "A=1\n")


def context_line(token: str) -> str:
    return diff(f"{token}\nA=1\n", f"{token}\nA=2\n")


def stored_tokens(token: str) -> str:
    config = configparser.ConfigParser()
    config["laptop"] = {"hf_token": token}
    text = io.StringIO()
    config.write(text)
    return text.getvalue()


def property_list(token: str) -> bytes:
    return plistlib.dumps({"token": token, "user": "bear"})


def xml_attribute(token: str) -> str:
    return f"<call args={sax.quoteattr(json.dumps({'t': token, 'q': chr(39)}))}/>\n"


def shell_quoted(token: str) -> str:
    return shlex.join(["bash", "-c", f"curl -H 'Authorization: Bearer {token}' h.example"]) + "\n"


def notebook(source: list[str], output: list[str]) -> str:
    cell = {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {},
        "source": source,
        "outputs": [{"name": "stdout", "output_type": "stream", "text": output}],
    }
    return json.dumps(
        {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1
    )


def notebook_source(token: str) -> str:
    return notebook(["from hub import login\n", f'login(token="{token}")'], [])


def notebook_output(token: str) -> str:
    return notebook(["print(os.environ)"], [f"environ({{'HF_TOKEN': '{token}'}})\n", "done\n"])


def notebook_html(token: str) -> str:
    return notebook(["df"], [f"<td>{token}</td>\n"])


MADE: tuple[tuple[str, str, Callable[[str], str | bytes]], ...] = (
    ("python-repr", "txt", repr_of_object),
    ("python-repr-bytes", "txt", repr_of_header),
    ("python-repr-ansi", "txt", repr_of_text),
    ("python-repr-in-repr", "txt", repr_in_repr),
    ("diff-plus", "patch", plus_line),
    ("diff-minus", "patch", minus_line),
    ("diff-context", "patch", context_line),
    ("stored-tokens", "ini", stored_tokens),
    ("plist-xml", "plist", property_list),
    ("xml-attribute-json", "xml", xml_attribute),
    ("shell-quoted", "sh", shell_quoted),
    ("notebook-source", "ipynb", notebook_source),
    ("notebook-output", "ipynb", notebook_output),
    ("notebook-output-html", "ipynb", notebook_html),
)


def plant_long_lines(bed: Bed, forge: Forge) -> None:
    for name, size in (("minified-js-middle", 200_000), ("minified-js-small", 4_000)):
        value = forge.user()
        call = f'fetch(u,{{headers:{{Authorization:"Bearer {value.text}"}}}});'
        half = size // 2
        body = minified(forge, half) + call + minified(forge, half)
        bed.found("boundary", name, body, value, ext="min.js")
    places = (("long-line-start", 0), ("long-line-middle", 80_000), ("long-line-end", 160_000))
    for name, at in places:
        value = forge.user()
        words = forge.words(160_000).split(" ")
        words.insert(at, value.text)
        bed.found("boundary", name, " ".join(words), value)
    for cut in (1, 2, 3, 20, 36):
        # A reader that takes 64 KiB at a time sees `cut` bytes of the token at its block's end.
        value = forge.user()
        text = (forge.words(13_000) * 2)[: 65_536 - cut - 1]
        body = f"{text} {value.text} {forge.words(2_000)}\n"
        bed.found("boundary", f"across-64k-block-{cut}", body, value)


def plant(bed: Bed, forge: Forge) -> None:
    for name, inside, template in ROWS:
        value = forge.user()
        body = template.replace("{T}", value.text)
        bed.found("boundary", name, body, value, inside=inside)
    for name, ext, make in MADE:
        value = forge.user()
        bed.found("boundary", name, make(value.text), value, ext=ext)
    plant_long_lines(bed, forge)
