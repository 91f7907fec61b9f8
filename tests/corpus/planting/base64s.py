"""Base64 in the places and the wrappings that it comes in."""

import base64
import json
from collections.abc import Callable

from planting.bed import Bed
from planting.forge import Forge, Value

# Text whose encoding holds the two characters in which the alphabets differ.
SHOWS_ALPHABET = "\u00ff?>~\u00ff?>~"


def std(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def url(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


def mime(text: str) -> str:
    return base64.encodebytes(text.encode()).decode()


def wrapped(text: str, width: int, line_end: str = "\n", indent: str = "") -> str:
    """As `base64 -w`, `fold` and `openssl base64` wrap."""
    digits = std(text)
    lines = (digits[at : at + width] for at in range(0, len(digits), width))
    return "".join(f"{indent}{line}{line_end}" for line in lines)


def unpadded(text: str) -> str:
    return std(text).rstrip("=")


def powershell(text: str) -> str:
    return base64.b64encode(text.encode("utf-16-le")).decode()


def plant_alignments(bed: Bed, forge: Forge) -> None:
    for alphabet, encode in (("std", std), ("url", url)):
        for alignment in range(3):
            value = forge.user()
            before = f"{SHOWS_ALPHABET}{'x' * alignment}="
            while len(before.encode()) % 3 != alignment:
                before = "-" + before
            digits = encode(f"{before}{value.text};{SHOWS_ALPHABET}")
            assert set(digits) & set("+/" if alphabet == "std" else "-_")
            name = f"base64-{alphabet}-alignment-{alignment}"
            bed.found("encoding", name, f"data = {digits}\n", value)


def start_at(column: int, token: str) -> str:
    """Text with the token at this byte."""
    return (
        ("# settings of the den, do not share them\n" * 9)[: column - 1] + "=" + token + "\nA=1\n"
    )


def plant_wraps(bed: Bed, forge: Forge) -> None:
    # 57 bytes make a line of encodebytes, 48 one of 64 digits.
    for cut in (1, 2, 3, 4, 5, 19, 36):
        value = forge.user()
        body = mime(start_at(57 * 3 - cut, value.text))
        bed.found("encoding", f"base64-mime-wrap-{cut}", body, value, ext="b64")
    for cut in (1, 2, 18):
        value = forge.user()
        text = start_at(48 * 3 - cut, value.text)
        bed.found("encoding", f"base64-wrap-64-{cut}", wrapped(text, 64), value, ext="pem")
    rows = (
        ("crlf-76", 76, "\r\n", "", 57 * 2 - 2),
        ("crlf-64", 64, "\r\n", "", 48 * 2 - 20),
        ("61", 61, "\n", "", 80),
        ("70", 70, "\n", "", 104),
        ("16", 16, "\n", "", 20),
        ("yaml-block", 76, "\n", "    ", 57 * 2 - 9),
        ("tab-indented", 64, "\n", "\t", 48 * 2 - 2),
    )
    for name, width, line_end, indent, column in rows:
        value = forge.user()
        body = wrapped(start_at(column, value.text), width, line_end, indent)
        text = f"data: |{line_end}{body}" if indent else body
        bed.found("encoding", f"base64-wrap-{name}", text, value, ext="yaml" if indent else "txt")


def plant_json_wraps(bed: Bed, forge: Forge) -> None:
    for name, column, width in (("76", 57 * 2 - 2, 76), ("64", 48 * 2 - 17, 64)):
        value = forge.user()
        text = start_at(column, value.text)
        body = json.dumps({"name": ".env", "content": wrapped(text, width), "encoding": "base64"})
        bed.found("encoding", f"base64-json-wrap-{name}", body, value, ext="json")
    value = forge.user()
    digits = wrapped(start_at(57 * 2 - 30, value.text), 76, "\r\n")
    bed.found("encoding", "base64-json-wrap-crlf", json.dumps({"c": digits}), value, ext="json")


def plant_basic(bed: Bed, forge: Forge) -> None:
    for user in ("", "b", "hf", "fox", "bear", "hf_user", "x-access-token", "__token__"):
        value = forge.user()
        header = f"Authorization: Basic {std(f'{user}:{value.text}')}\r\n\r\n"
        name = f"base64-basic-user-{len(user)}"
        bed.found("encoding", name, f"GET / HTTP/1.1\r\n{header}", value, ext="http")
    value = forge.user()
    header = f"AUTHORIZATION: basic {std('x:' + value.text)}"
    body = f'[http "https://huggingface.co/"]\n\textraheader = {header}\n'
    bed.found("encoding", "base64-git-extraheader", body, value, inside=".gitconfig")


def secret_yaml(token: str) -> str:
    return (
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: hf\ntype: Opaque\ndata:\n"
        f"  HF_TOKEN: {std(token)}\n  user: {std('bear')}\n"
    )


def secret_yaml_newline(token: str) -> str:
    return f'kind: Secret\ndata:\n  token: "{std(token + chr(10))}"\n'


def docker_config(token: str) -> str:
    auths = {"registry.hf.example": {"auth": std(f"hf_user:{token}")}}
    return json.dumps({"auths": auths, "credsStore": ""}, indent="\t")


def pull_secret(token: str) -> str:
    config = {"auths": {"registry.hf.example": {"username": "bear", "password": token}}}
    return f"data:\n  .dockerconfigjson: {std(json.dumps(config))}\n"


def next_yaml_line(token: str) -> str:
    return f"token:\n{unpadded(token)}\nname: bear\nrole: read\n"


def next_yaml_line_padded(token: str) -> str:
    return f"- {std(token)}\n- bearden\n- readonly\n"


def next_line_word(token: str) -> str:
    return f"{unpadded(f'T={token}')}\nreadme\nlicense\n"


def next_line_glues(token: str) -> str:
    """Read as one run of base64, the next line puts a letter right after the token."""
    digits = unpadded(f"T={token}")
    assert base64.b64decode(digits + "bear").startswith(f"T={token}m".encode())
    return f"{digits}\nbear\n"


def of_json(token: str) -> str:
    return std(json.dumps({"user": "bear", "scopes": ["read"], "token": token, "exp": 1})) + "\n"


def twice_wrapped(token: str) -> str:
    return mime(mime(f"HF_TOKEN={token}\nDEBUG=1\nPORT=8080\n"))


def powershell_line(token: str) -> str:
    script = f"$env:HF_TOKEN='{token}'; hf download bear/den"
    return f"powershell -NoProfile -EncodedCommand {powershell(script)}\r\n"


def data_url(token: str) -> str:
    return f'<a href="data:text/plain;base64,{std(f"token={token}")}">x</a>\n'


def in_query(token: str) -> str:
    return f"https://h.example/?state={url(json.dumps({'t': token})).rstrip('=')}&x=1\n"


def percent_padded(token: str) -> str:
    return f"https://h.example/?auth={std(f'hf:{token}!').replace('=', '%3D')}&x=1\n"


def escaped_slashes(token: str) -> str:
    digits = std(f"{SHOWS_ALPHABET}{token}{SHOWS_ALPHABET}").replace("/", r"\/")
    assert r"\/" in digits
    return f'{{"data":"{digits}"}}\n'


def in_python(token: str) -> str:
    return f"token = b64decode('{std(token)}')\n"


def escaped_within(token: str) -> str:
    return std(json.dumps({"t": token}).replace("_", "\\u005f")) + "\n"


def hex_within(token: str) -> str:
    return std(f"HF_TOKEN={token}").encode().hex() + "\n"


def utf_16_file(token: str) -> bytes:
    return f"\ufeffdata: {std(f'token={token}')}\r\n".encode("utf-16-le")


def thrice(token: str) -> str:
    return std(std(std(f"HF_TOKEN={token}"))) + "\n"


PLACES: tuple[tuple[str, str, Callable[[str], str | bytes]], ...] = (
    ("plain", "txt", lambda t: std(t) + "\n"),
    ("unpadded", "txt", lambda t: unpadded(t) + "\n"),
    ("twice", "txt", lambda t: std(std(t)) + "\n"),
    ("twice-alignment-1", "txt", lambda t: std("x" + std("ab" + t)) + "\n"),
    ("twice-wrapped", "txt", twice_wrapped),
    ("thrice", "txt", thrice),
    ("k8s-secret", "yaml", secret_yaml),
    ("k8s-secret-newline", "yaml", secret_yaml_newline),
    ("k8s-pull-secret", "yaml", pull_secret),
    ("docker-config", "json", docker_config),
    ("next-yaml-line", "yaml", next_yaml_line),
    ("next-yaml-line-padded", "yaml", next_yaml_line_padded),
    ("next-line-word", "txt", next_line_word),
    ("next-line-glues", "txt", next_line_glues),
    ("of-json", "txt", of_json),
    ("powershell", "cmd", powershell_line),
    ("data-url", "html", data_url),
    ("in-query", "txt", in_query),
    ("percent-padded", "txt", percent_padded),
    ("escaped-slashes", "json", escaped_slashes),
    ("in-python", "py", in_python),
    ("of-escaped-json", "txt", escaped_within),
    ("in-hex", "txt", hex_within),
    ("in-utf-16", "txt", utf_16_file),
)


def of_kind(make: Callable[[Forge], Value], forge: Forge) -> tuple[str, Value]:
    value = make(forge)
    return f"secret: {std(f'token={value.text}')}\n", value


def plant_kinds(bed: Bed, forge: Forge) -> None:
    makers = (
        Forge.user_with_digits,
        Forge.org,
        Forge.oauth,
        Forge.refresh,
        Forge.publisher,
        Forge.s3_session,
        Forge.app,
        Forge.app_secret,
        Forge.lease,
    )
    for make in makers:
        body, value = of_kind(make, forge)
        bed.found("encoding", f"base64-of-{make.__name__}", body, value, ext="yaml")
    key = forge.pair()
    text = json.dumps({"access_key_id": key.id, "secret_access_key": key.secret.text})
    bed.found("encoding", "base64-of-s3-pair", f"data: {std(text)}\n", key.secret, ext="yaml")


def plant(bed: Bed, forge: Forge) -> None:
    for name, ext, write in PLACES:
        value = forge.user()
        bed.found("encoding", f"base64-{name}", write(value.text), value, ext=ext)
    plant_alignments(bed, forge)
    plant_wraps(bed, forge)
    plant_json_wraps(bed, forge)
    plant_basic(bed, forge)
    plant_kinds(bed, forge)
