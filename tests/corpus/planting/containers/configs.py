"""Text files that wrap what they hold: cluster objects, recordings, transcripts, vocabularies."""

import base64
import gzip
import json
from collections.abc import Callable, Iterator

import yaml

from planting.bed import Bed
from planting.containers.compressed import gzip_of, plain
from planting.containers.pictures import png_compressed, png_read
from planting.containers.shelf import Read, Shelf, tried
from planting.containers.zips import unzip, zip_of
from planting.forge import PREFIX, Forge


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def dumped(node: object) -> bytes:
    return json.dumps(node).encode()


def secret(data: dict[str, str], **more: object) -> dict[str, object]:
    head = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "den"}}
    return {**head, **more, "data": data}


def release(token: str) -> str:
    """Helm's record of a release: gzip, in its base64, in the base64 of a Secret."""
    values = {"example": f"{PREFIX}...", "hub": {"token": token}}
    record = {"name": "den", "config": values, "manifest": "---\nkind: Deployment\n"}
    return b64(b64(gzip_of(dumped(record))).encode())


def helm_yaml(token: str) -> bytes:
    kind = {"type": "helm.sh/release.v1"}
    return yaml.safe_dump(secret({"release": release(token)}, **kind)).encode()


def helm_json(token: str) -> bytes:
    return dumped({"kind": "List", "items": [secret({"release": release(token)})]})


def secret_yaml(token: str) -> bytes:
    return yaml.safe_dump(secret({"HF_TOKEN": b64(token.encode())})).encode()


def secret_file(token: str) -> bytes:
    """A whole file in one key."""
    return yaml.safe_dump(secret({"settings.env": b64(plain(token))})).encode()


def config_map(token: str) -> bytes:
    """`binaryData` of a ConfigMap."""
    data = {"settings.env.gz": b64(gzip_of(plain(token)))}
    node = {"apiVersion": "v1", "kind": "ConfigMap", "binaryData": data}
    return yaml.safe_dump(node).encode()


def cloud_init(token: str) -> bytes:
    """User data with a file that is written at the first boot."""
    entry = {"path": "/etc/den.env", "encoding": "gz+b64", "content": b64(gzip_of(plain(token)))}
    return b"#cloud-config\n" + yaml.safe_dump({"write_files": [entry]}).encode()


def terraform_state(token: str) -> bytes:
    """A state keeps the data of the cluster's secrets, and user data in base64."""
    attributes = {"example": f"{PREFIX}...", "user_data_base64": b64(gzip_of(plain(token)))}
    resource = {"type": "aws_instance", "name": "den", "instances": [{"attributes": attributes}]}
    return json.dumps({"version": 4, "serial": 7, "resources": [resource]}, indent=2).encode()


def har(body: dict[str, object]) -> bytes:
    request = {"method": "GET", "url": "https://h.example/", "headers": []}
    entry = {"request": request, "response": {"status": 200, "content": body}}
    return dumped({"log": {"version": "1.2", "entries": [entry]}})


def har_base64(token: str) -> bytes:
    return har({"mimeType": "text/plain", "encoding": "base64", "text": b64(plain(token))})


def har_gzip(token: str) -> bytes:
    """A body as it went over the wire."""
    text = b64(gzip_of(plain(token)))
    return har({"mimeType": "application/gzip", "encoding": "base64", "text": text})


def har_escaped(token: str) -> bytes:
    body = json.dumps({"accessToken": token}).replace("_", "\\u005f")
    return har({"mimeType": "application/json", "text": json.dumps({"body": body})})


def docker_config(token: str) -> bytes:
    login = {"auth": b64(f"bear:{token}".encode())}
    return json.dumps({"auths": {"registry.hf.example": login}}, indent="\t").encode()


def pull_secret(token: str) -> bytes:
    """The configuration of docker in a Secret of a cluster: base64 in base64."""
    kind = {"type": "kubernetes.io/dockerconfigjson"}
    data = {".dockerconfigjson": b64(docker_config(token))}
    return yaml.safe_dump(secret(data, **kind)).encode()


def model_context(token: str) -> bytes:
    """The servers that an assistant starts, with what it hands to them."""
    headers = {"Authorization": f"Bearer {token}"}
    server = {"type": "http", "url": "https://huggingface.co/mcp", "headers": headers}
    return json.dumps({"mcpServers": {"hub": server}}, indent=2).encode()


def model_context_arguments(token: str) -> bytes:
    arguments = ["-y", "mcp-remote", "https://huggingface.co/mcp", f"--header=Bearer:{token}"]
    return dumped({"mcpServers": {"hub": {"command": "npx", "args": arguments}}})


def playbook(token: str) -> bytes:
    task = {"name": "log in", "shell": f"hf auth login --token {token}"}
    return yaml.safe_dump([{"hosts": "all", "tasks": [task]}]).encode()


def transcript(*outputs: str) -> bytes:
    lines = []
    for number, output in enumerate(outputs):
        content = [{"type": "tool_result", "tool_use_id": f"toolu_{number}", "content": output}]
        lines.append(json.dumps({"type": "user", "message": {"content": content}}) + "\n")
    return "".join(lines).encode()


def transcript_nested(token: str) -> bytes:
    """A tool that answers in JSON, which holds the JSON of another."""
    inner = json.dumps({"stdout": json.dumps({"env": f"{PREFIX}...", "auth": {"token": token}})})
    return transcript("ok", json.dumps({"exit": 0, "result": inner}))


def transcript_picture(token: str) -> bytes:
    """A picture that was read, in base64 within the content's blocks."""
    source = {"type": "base64", "media_type": "image/png", "data": b64(png_compressed(token))}
    return transcript("ok", json.dumps([{"type": "image", "source": source}]))


def transcript_archive(token: str) -> bytes:
    text = b64(zip_of({"settings.env": plain(token)}))
    return transcript("ok", f"$ base64 -w0 den.zip\n{text}\n")


def mime_lines(token: str) -> bytes:
    """`base64` breaks lines after 76 letters."""
    return b"begin\n" + base64.encodebytes(gzip_of(plain(token) + bytes(range(200)))) + b"end\n"


def tokenizer(token: str, count: int) -> bytes:
    """The file of a large vocabulary, in one line."""
    vocab = {f"\u0120word{number}": number for number in range(count)}
    merges = [f"w{number} ord{number}" for number in range(count)]
    half = json.dumps(vocab)[:-1]
    added = json.dumps({"id": count, "content": f"HF_TOKEN={token}", "special": True})
    body = f'{half}, "{token}": {count}}}'
    model = f'"model": {{"type": "BPE", "vocab": {body}, "merges": {json.dumps(merges)}}}'
    return f'{{"version": "1.0", "added_tokens": [{added}], {model}}}'.encode()


def vocabulary(token: str) -> bytes:
    """A word list with the token among its words, without a mark."""
    lines = [f"word{number}" for number in range(9_000)]
    lines.insert(4_321, token)
    return "\n".join(lines).encode()


def strings_of(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from strings_of(value)
    elif isinstance(node, list):
        for item in node:
            yield from strings_of(item)
    elif isinstance(node, str):
        yield node


def opened(text: str, read: Read, depth: int = 0) -> Iterator[object]:
    """A string, the strings of the JSON in it, and what its base64 is of."""
    yield text
    if text.startswith(("{", "[")):
        for inner in strings_of(json.loads(text)):
            yield from opened(inner, read, depth)
    elif depth < 3:
        for word in text.split():
            try:
                raw = base64.b64decode(word, validate=True)
                yield from opened(raw.decode(), read, depth + 1)
            except UnicodeDecodeError:
                yield tried(read)(raw)
            except ValueError:
                continue


def wrapped(load: Callable[[bytes], object], read: Read = gzip.decompress) -> Read:
    def walk(raw: bytes) -> list[object]:
        return [list(opened(text, read)) for text in strings_of(load(raw))]

    return walk


def lines_of(raw: bytes) -> list[object]:
    return [json.loads(line) for line in raw.splitlines()]


def mime_read(raw: bytes) -> bytes:
    return gzip.decompress(base64.decodebytes(raw.removeprefix(b"begin\n").removesuffix(b"end\n")))


JSON, YAML = wrapped(json.loads), wrapped(yaml.safe_load)
HIDDEN: tuple[tuple[str, str, Callable[[str], bytes], Read], ...] = (
    ("helm-yaml", "release.yaml", helm_yaml, YAML),
    ("helm-json", "secrets.json", helm_json, JSON),
    ("k8s-secret", "secret.yaml", secret_yaml, YAML),
    ("k8s-secret-file", "secret.yaml", secret_file, YAML),
    ("k8s-config-map", "config.yaml", config_map, YAML),
    ("k8s-pull-secret", "pull.yaml", pull_secret, YAML),
    ("cloud-init", "user-data", cloud_init, YAML),
    ("terraform-state", "terraform.tfstate", terraform_state, JSON),
    ("har-base64", "page.har", har_base64, JSON),
    ("har-gzip", "page.har", har_gzip, JSON),
    ("har-escaped", "page.har", har_escaped, JSON),
    ("docker-config", ".docker/config.json", docker_config, JSON),
    ("transcript-picture", "session.jsonl", transcript_picture, wrapped(lines_of, png_read)),
    ("transcript-zip", "session.jsonl", transcript_archive, wrapped(lines_of, unzip)),
    ("base64-lines-gzip", "den.b64", mime_lines, mime_read),
)
OPEN = (
    ("mcp-header", ".cursor/mcp.json", model_context, JSON),
    ("mcp-argument", "claude_desktop_config.json", model_context_arguments, JSON),
    ("playbook", "site.yml", playbook, YAML),
    ("transcript-nested", "session.jsonl", transcript_nested, wrapped(lines_of)),
    ("tokenizer", "tokenizer.json", lambda t: tokenizer(t, 2_000), bytes),
    ("tokenizer-60-mb", "tokenizer.json", lambda t: tokenizer(t, 1_250_000), bytes),
    ("vocabulary", "vocab.txt", vocabulary, bytes),
)


def plant(bed: Bed, forge: Forge) -> None:
    shelf = Shelf(bed, forge, "config")
    for name, file, write, read in HIDDEN:
        shelf.put(name, file, write, read, hidden=True)
    for name, file, write, read in OPEN:
        shelf.put(name, file, write, read)
