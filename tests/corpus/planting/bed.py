"""The directory that the cases are written to, and the manifest of what they hold."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from planting.forge import Value, fingerprint

GROUPS = {
    # text
    "boundary",
    "encoding",
    "kind",
    "concat",
    "wide",
    "name",
    # containers
    "packed",
    "archive",
    "package",
    "image",
    "notebook",
    "document",
    "picture",
    "model",
    "table",
    "run",
    "store",
    "config",
    # both
    "counter",
}

# What a case's file holds, or the files of its folder by their paths.
Body = str | bytes | Mapping[str, bytes]


class Bed:
    """Numbers the cases, writes their files and keeps the manifest."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.entries: list[dict[str, str | list[str]]] = []
        self.values: list[str] = []
        self.number = 0
        (out / "cases").mkdir(parents=True, exist_ok=True)

    def found(
        self,
        group: str,
        name: str,
        body: Body,
        *values: Value,
        ext: str = "txt",
        inside: str | None = None,
        origin: Sequence[str] = (),
    ) -> None:
        """A case that holds these values.

        `inside` is a path within a folder of its own. `origin` is what the steps to the value must
        name, in this order.
        """
        path = self._write(name, body, ext, inside)
        for at, value in enumerate(values):
            case = name if len(values) == 1 else f"{name}-{at + 1}"
            self._enter(case, path, "found", value.kind, fingerprint(value.text), group, origin)
            self.values.append(value.text)

    def quiet(
        self,
        name: str,
        body: Body,
        *,
        ext: str = "txt",
        kind: str = "",
        token: str | None = None,
        inside: str | None = None,
    ) -> None:
        """A counter-example. `token` is the text in it that has a token's shape, if any has."""
        path = self._write(name, body, ext, inside)
        sha = fingerprint(token) if token else ""
        self._enter(name, path, "quiet", kind, sha, "counter")

    def tally(self) -> Counter[str]:
        return Counter(entry["expect"] for entry in self.entries)

    def close(self) -> None:
        manifest = json.dumps(self.entries, indent=1, ensure_ascii=False)
        (self.out / "manifest.json").write_text(manifest + "\n", encoding="utf-8")
        (self.out / "values.txt").write_text("".join(f"{v}\n" for v in self.values))

    def _write(self, name: str, body: Body, ext: str, inside: str | None) -> str:
        self.number += 1
        stem = f"cases/{self.number:03}-{name}"
        if isinstance(body, Mapping):
            for within, content in body.items():
                self._save(f"{stem}/{within}", content)
            return f"{stem}/"
        path = f"{stem}/{inside}" if inside else f"{stem}.{ext}"
        self._save(path, body.encode() if isinstance(body, str) else body)
        return path

    def _save(self, path: str, content: bytes) -> None:
        file = self.out / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def _enter(
        self,
        case: str,
        path: str,
        expect: str,
        kind: str,
        value_sha: str,
        group: str,
        origin: Sequence[str] = (),
    ) -> None:
        if group not in GROUPS:
            raise ValueError(f"no group {group}")
        if any(entry["case"] == case for entry in self.entries):
            raise ValueError(f"two cases named {case}")
        entry: dict[str, str | list[str]] = {
            "case": case,
            "path": path,
            "expect": expect,
            "kind": kind,
            "value_sha": value_sha,
            "group": group,
        }
        if origin:
            entry["origin"] = list(origin)
        self.entries.append(entry)
