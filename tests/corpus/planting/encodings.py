"""Escapes, percent encoding, character references, quoted-printable and hexadecimal."""

import ast
import binascii
import codecs
import html
import json
import quopri
import re
from collections.abc import Callable
from email import message_from_bytes, policy, quoprimime
from email.header import decode_header
from email.message import EmailMessage
from typing import NamedTuple
from urllib.parse import quote, quote_plus, unquote, urlencode

from planting.bed import Bed
from planting.forge import Forge, Value


class Row(NamedTuple):
    """A way of writing a token, and the standard decoder's way back, which checks the first."""

    name: str
    ext: str
    write: Callable[[str], str]
    read: Callable[[str], str]


def every(form: str) -> Callable[[str], str]:
    """Every character through a format, such as `\\x{:02x}`."""
    return lambda token: "".join(form.format(ord(c)) for c in token)


def underscore(form: str) -> Callable[[str], str]:
    """Only the underscores replaced."""
    return lambda token: token.replace("_", form)


def first_letter(form: str) -> Callable[[str], str]:
    return lambda token: form + token[1:]


def inside(before: str, write: Callable[[str], str], after: str) -> Callable[[str], str]:
    return lambda token: before + write(token) + after


def again(read: Callable[[str], str], times: int) -> Callable[[str], str]:
    def repeated(text: str) -> str:
        for _ in range(times):
            text = read(text)
        return text

    return repeated


def json_value(text: str) -> str:
    """The strings of a JSON document, opened as often as they are JSON themselves."""
    strings: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            walk(list(node.values()))
        elif isinstance(node, list):
            for item in node:
                walk(item)
        elif isinstance(node, str):
            strings.append(node)
            if node.startswith(("{", "[")):
                walk(json.loads(node))

    for line in text.splitlines():
        walk(json.loads(line))
    return "\n".join(strings)


def nested_json(levels: int, write: Callable[[str], str]) -> Callable[[str], str]:
    def nest(token: str) -> str:
        text = f'{{"token": "{write(token)}"}}'
        for level in range(levels):
            text = json.dumps({"level": level, "body": text})
        return text + "\n"

    return nest


def unescape(text: str) -> str:
    return codecs.decode(text, "unicode_escape")


def js_braces(text: str) -> str:
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda m: chr(int(m[1], 16)), text)


def escape_rows() -> tuple[Row, ...]:
    u4, x2, o3 = every("\\u{:04x}"), every("\\x{:02x}"), every("\\{:03o}")
    u4_upper = every("\\u{:04X}")
    in_json = ('{"token": "', '"}\n')
    in_code = ('token = "', '"\n')
    return (
        Row("json-u-every", "json", inside(in_json[0], u4, in_json[1]), json_value),
        Row("json-u-every-upper", "json", inside(in_json[0], u4_upper, in_json[1]), json_value),
        Row("json-u-underscore", "json", nested_json(0, underscore("\\u005f")), json_value),
        Row("json-u-underscore-upper", "json", nested_json(0, underscore("\\u005F")), json_value),
        Row("json-u-first-letter", "json", nested_json(0, first_letter("\\u0068")), json_value),
        Row("json-u-underscore-in-json", "json", nested_json(1, underscore("\\u005f")), json_value),
        Row("json-u-underscore-twice", "json", nested_json(2, underscore("\\u005f")), json_value),
        Row("json-u-every-in-json", "json", nested_json(1, u4), json_value),
        Row("json-in-json-in-json", "json", nested_json(2, str), json_value),
        Row("json-in-json-four", "json", nested_json(4, str), json_value),
        Row("python-x-every", "py", inside(*put(in_code, x2)), unescape),
        Row("python-x-underscore", "py", inside(*put(in_code, underscore("\\x5f"))), unescape),
        Row(
            "python-x-underscore-upper", "py", inside(*put(in_code, underscore("\\x5F"))), unescape
        ),
        Row("python-u-long", "py", inside(*put(in_code, every("\\U{:08x}"))), unescape),
        Row("python-name", "py", inside(*put(in_code, underscore("\\N{LOW LINE}"))), unescape),
        Row("octal-every", "c", inside(*put(in_code, o3)), unescape),
        Row("octal-underscore", "c", inside(*put(in_code, underscore("\\137"))), unescape),
        Row("shell-ansi-c", "sh", inside("T=$'", x2, "'\n"), unescape),
        Row("printf-octal", "sh", inside("printf '", o3, "'\n"), unescape),
        Row("js-u-braces", "js", inside("t='", every("\\u{{{:x}}}"), "';\n"), js_braces),
        Row(
            "js-u-braces-underscore", "js", inside("t='", underscore("\\u{5f}"), "';\n"), js_braces
        ),
        Row("properties-u", "properties", inside("hub.token=", u4, "\n"), unescape),
        Row("bytes-literal-x", "py", inside("t = b'", x2, "'\n"), unescape),
        Row("escaped-in-json", "json", lambda t: json.dumps({"c": f't = "{x2(t)}"'}), in_json_code),
    )


def put(frame: tuple[str, str], write: Callable[[str], str]) -> tuple:
    return frame[0], write, frame[1]


def in_json_code(text: str) -> str:
    return unescape(json.loads(text)["c"])


def json_ensure_ascii(token: str) -> str:
    return json.dumps({"note": f"clé “{token}”"}) + "\n"


def json_emoji(token: str) -> str:
    return json.dumps({"note": f"🤗{token}🤗"}) + "\n"


def json_ansi(token: str) -> str:
    return json.dumps({"stdout": f"\x1b[32m{token}\x1b[0m\r\n\tdone"}) + "\n"


def python_ascii(token: str) -> str:
    return ascii(f"é{token}é") + "\n"


def transcript(token: str, levels: int) -> str:
    """A session log: a tool's output within a message within an event, one JSON a line."""
    output = f"$ cat .env\n\x1b[1mHF_TOKEN\x1b[0m={token}\n# end"
    for level in range(levels):
        output = json.dumps({"level": level, "stdout": output, "exit": 0})
    content = [{"type": "tool_result", "tool_use_id": "toolu_7", "content": output}]
    events = (
        {"type": "user", "message": {"role": "user", "content": "show me the settings"}},
        {"type": "tool", "message": {"role": "user", "content": content}},
        {"type": "assistant", "message": {"role": "assistant", "content": "Done.\n"}},
    )
    return "".join(json.dumps(event) + "\n" for event in events)


def transcript_edit(token: str) -> str:
    patch = f'@@ -1 +1 @@\n-login()\n+login("{token}")\n'
    arguments = json.dumps({"path": "run.py", "patch": patch})
    call = {"type": "function_call", "name": "apply_patch", "arguments": arguments}
    return json.dumps({"timestamp": 1, "payload": call}) + "\n"


SERIALISED = (
    Row("json-ensure-ascii-quotes", "json", json_ensure_ascii, json_value),
    Row("json-ensure-ascii-emoji", "json", json_emoji, json_value),
    Row("json-ansi", "json", json_ansi, json_value),
    Row("python-ascii", "txt", python_ascii, ast.literal_eval),
    Row("transcript-output", "jsonl", lambda t: transcript(t, 0), json_value),
    Row("transcript-output-nested", "jsonl", lambda t: transcript(t, 1), json_value),
    Row("transcript-output-twice-nested", "jsonl", lambda t: transcript(t, 2), json_value),
    Row("transcript-edit", "jsonl", transcript_edit, json_value),
)


def lower_percent(text: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda m: m[0].lower(), text)


def percent_json(token: str) -> str:
    return quote(json.dumps({"token": token, "n": 1}), safe="")


def percent_form(token: str) -> str:
    return urlencode({"next": f"/api?{urlencode({'token': token})}", "state": "7"}) + "\n"


PERCENT_EVERY = every("%{:02X}")
UNDERSCORE_UPPER = underscore("%5F")

PERCENT = (
    Row("percent-underscore", "txt", inside("token=", UNDERSCORE_UPPER, "&x=1\n"), unquote),
    Row("percent-underscore-lower", "txt", inside("token=", underscore("%5f"), "\n"), unquote),
    Row("percent-every", "txt", inside("token=", PERCENT_EVERY, "&x=1\n"), unquote),
    Row("percent-every-lower", "txt", inside("t=", every("%{:02x}"), "\n"), unquote),
    Row("percent-prefix-only", "txt", lambda t: PERCENT_EVERY(t[:3]) + t[3:] + "\n", unquote),
    Row("percent-twice", "txt", lambda t: quote(UNDERSCORE_UPPER(t)) + "\n", again(unquote, 2)),
    Row("percent-every-twice", "txt", lambda t: quote(PERCENT_EVERY(t)), again(unquote, 2)),
    Row("percent-thrice", "txt", lambda t: quote(quote(UNDERSCORE_UPPER(t))), again(unquote, 3)),
    Row("percent-json", "txt", percent_json, unquote),
    Row("percent-json-lower", "txt", lambda t: lower_percent(percent_json(t)), unquote),
    Row("percent-json-twice", "txt", lambda t: quote(percent_json(t)), again(unquote, 2)),
    Row("percent-plus", "txt", lambda t: quote_plus(f"the token is {t} now"), unquote),
    Row("percent-form-nested", "txt", percent_form, again(unquote, 2)),
    Row("percent-equals-before", "txt", inside("q=a%3D", UNDERSCORE_UPPER, "%26b\n"), unquote),
    Row("percent-in-json", "json", lambda t: json.dumps({"u": f"?t={PERCENT_EVERY(t)}"}), unquote),
)

DECIMAL = every("&#{};")
HEX_REFERENCES = every("&#x{:x};")


def html_json_attribute(token: str) -> str:
    data = html.escape(json.dumps({"token": token, "s": "<'>"}), quote=True)
    return f'<div data-props="{data}"></div>\n'


HTML = (
    Row("html-decimal", "html", inside("<p>", DECIMAL, "</p>\n"), html.unescape),
    Row("html-decimal-padded", "html", inside("<p>", every("&#{:07};"), "</p>"), html.unescape),
    Row("html-hex", "html", inside("<p>", HEX_REFERENCES, "</p>\n"), html.unescape),
    Row("html-hex-upper", "html", inside("<p>", every("&#X{:X};"), "</p>\n"), html.unescape),
    Row("html-no-semicolon", "html", inside("<p>", every("&#{}"), "</p>\n"), html.unescape),
    Row("html-lowbar", "html", inside("<p>", underscore("&lowbar;"), "</p>\n"), html.unescape),
    Row("html-underbar", "html", inside("<p>", underscore("&UnderBar;"), "</p>"), html.unescape),
    Row(
        "html-underscore-decimal", "html", inside("<p>", underscore("&#95;"), "</p>"), html.unescape
    ),
    Row("html-underscore-hex", "xml", inside("<t>", underscore("&#x5F;"), "</t>"), html.unescape),
    Row(
        "html-twice-escaped",
        "html",
        lambda t: f"<p>{html.escape(DECIMAL(t))}</p>",
        again(html.unescape, 2),
    ),
    Row(
        "html-lowbar-twice-escaped",
        "html",
        lambda t: f"<p>{html.escape(underscore('&lowbar;')(t))}</p>",
        again(html.unescape, 2),
    ),
    Row("html-json-attribute", "html", html_json_attribute, html.unescape),
    Row(
        "html-in-json",
        "json",
        lambda t: json.dumps({"html": f"<p>{HEX_REFERENCES(t)}</p>"}),
        lambda text: html.unescape(json_value(text)),
    ),
)


def hex_of(text: str) -> str:
    return text.encode().hex()


def unhex(digits: str) -> str:
    return bytes.fromhex(digits.strip()).decode()


def hex_json(token: str) -> str:
    return hex_of(json.dumps({"user": "bear", "token": token, "role": "read"})) + "\n"


def hex_lines(token: str) -> str:
    """As `xxd -p` prints: 30 bytes a line."""
    digits = hex_of(f"# the settings\nHF_TOKEN={token}\nDEBUG=1\n")
    return "".join(f"{digits[at : at + 60]}\n" for at in range(0, len(digits), 60))


def hex_spaced(token: str) -> str:
    return binascii.hexlify(f"HF_TOKEN={token}".encode(), " ").decode() + "\n"


def after_mark(mark: str) -> Callable[[str], str]:
    return lambda text: unhex(text.split(mark)[1])


HEX = (
    Row("hex-lower", "txt", inside("", hex_of, "\n"), unhex),
    Row("hex-upper", "txt", lambda t: hex_of(t).upper() + "\n", unhex),
    Row("hex-0x", "txt", inside("secret: 0x", hex_of, "\n"), after_mark("0x")),
    Row(
        "hex-sql",
        "sql",
        lambda t: f"INSERT INTO t VALUES (X'{hex_of(t).upper()}');\n",
        after_mark("'"),
    ),
    Row("hex-quoted", "py", inside('t = bytes.fromhex("', hex_of, '")\n'), after_mark('"')),
    Row("hex-json", "txt", hex_json, unhex),
    Row("hex-lines", "txt", hex_lines, lambda text: unhex(text.replace("\n", ""))),
    Row("hex-spaced", "txt", hex_spaced, unhex),
)


def from_quoted_printable(text: str) -> str:
    return quopri.decodestring(text.encode()).decode()


QUOTED_PRINTABLE = (
    Row("qp-every", "eml", inside("t=3D", every("={:02X}"), "\n"), from_quoted_printable),
    Row("qp-underscore", "eml", inside("t=3D", underscore("=5F"), "\n"), from_quoted_printable),
    Row(
        "qp-underscore-lower", "eml", inside("t=3D", underscore("=5f"), "\n"), from_quoted_printable
    ),
)


def body_of_mail(raw: bytes) -> str:
    return message_from_bytes(raw, policy=policy.default).get_content()


def body_of_lines(raw: bytes) -> str:
    return quopri.decodestring(raw).decode()


def by_quopri(text: str) -> bytes:
    return quopri.encodestring(text.encode())


def mail(text: str, line_end: str) -> bytes:
    message = EmailMessage(policy=policy.default.clone(linesep=line_end))
    message["Subject"] = "the settings"
    message.set_content(text, cte="quoted-printable")
    return message.as_bytes()


def split_at(encode: Callable[[str], bytes], token: str, cut: int, line_end: bytes) -> bytes:
    """An encoding of the token whose soft line break falls `cut` characters into it."""
    halves = token[:cut].encode() + b"=" + line_end + token[cut:].encode()
    for filler in range(120):
        raw = encode(f"caf\u00e9 = {'.' * filler} HF_TOKEN={token} and more text follows it\n")
        if halves in raw:
            return raw
    raise ValueError(f"no filler breaks the line at {cut}")


BREAKS = (
    ("quopri", by_quopri, body_of_lines, b"\n", (1, 2, 3, 4, 11, 20, 36)),
    ("email", lambda text: mail(text, "\n"), body_of_mail, b"\n", (1, 2, 3, 18, 35)),
    ("email-crlf", lambda text: mail(text, "\r\n"), body_of_mail, b"\r\n", (2, 24)),
)


def plant_breaks(bed: Bed, forge: Forge) -> None:
    for maker, encode, decode, line_end, cuts in BREAKS:
        for cut in cuts:
            value = forge.user()
            raw = split_at(encode, value.text, cut, line_end)
            assert value.text in decode(raw), maker
            bed.found("encoding", f"qp-{maker}-break-{cut}", raw, value, ext="eml")


def plant_header(bed: Bed, forge: Forge) -> None:
    value = forge.user()
    word = quoprimime.header_encode(f"clé {value.text}".encode(), "utf-8")
    assert value.text in decode_header(word)[0][0].decode()
    bed.found("encoding", "qp-mail-header", f"Subject: {word}\n\nhello\n", value, ext="eml")


def plant_kinds(bed: Bed, forge: Forge) -> None:
    """Other kinds than the user token, under the commonest encodings."""
    makers = (Forge.org, Forge.oauth, Forge.refresh, Forge.app, Forge.app_secret, Forge.lease)
    for make in makers:
        for name, write in (("json-u", underscore("\\u005f")), ("percent", UNDERSCORE_UPPER)):
            value = make(forge)
            body = f'{{"token": "{write(value.text)}"}}\n'
            bed.found("encoding", f"{name}-{value.kind}", body, value, ext="json")
    key = forge.pair()
    query = urlencode({"id": key.id, "secret_access_key": key.secret.text, "z": 1})
    bed.found("encoding", "percent-s3-pair", query + "\n", key.secret)


def plant_row(bed: Bed, row: Row, value: Value) -> None:
    text = row.write(value.text)
    if value.text not in row.read(text):
        raise ValueError(f"{row.name} does not decode to its token")
    bed.found("encoding", row.name, text, value, ext=row.ext)


def plant(bed: Bed, forge: Forge) -> None:
    rows = (*escape_rows(), *SERIALISED, *PERCENT, *HTML, *HEX, *QUOTED_PRINTABLE)
    for row in rows:
        plant_row(bed, row, forge.user())
    plant_breaks(bed, forge)
    plant_header(bed, forge)
    plant_kinds(bed, forge)
