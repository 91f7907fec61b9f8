"""The directory that the cases are written to, and the manifest of what they hold."""

import json
from collections import Counter
from pathlib import Path

from planting.forge import Value, fingerprint

GROUPS = {"boundary", "encoding", "kind", "concat", "wide", "name", "counter"}


class Bed:
    """Numbers the cases, writes their files and keeps the manifest."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.entries: list[dict[str, str]] = []
        self.values: list[str] = []
        self.number = 0
        (out / "cases").mkdir(parents=True, exist_ok=True)

    def found(
        self,
        group: str,
        name: str,
        body: str | bytes,
        *values: Value,
        ext: str = "txt",
        inside: str | None = None,
    ) -> None:
        """A case that holds these values. `inside` is a path within a folder of its own."""
        path = self._write(name, body, ext, inside)
        for at, value in enumerate(values):
            case = name if len(values) == 1 else f"{name}-{at + 1}"
            self._enter(case, path, "found", value.kind, fingerprint(value.text), group)
            self.values.append(value.text)

    def quiet(
        self,
        name: str,
        body: str | bytes,
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

    def _write(self, name: str, body: str | bytes, ext: str, inside: str | None) -> str:
        self.number += 1
        stem = f"cases/{self.number:03}-{name}"
        path = f"{stem}/{inside}" if inside else f"{stem}.{ext}"
        file = self.out / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body.encode() if isinstance(body, str) else body)
        return path

    def _enter(
        self, case: str, path: str, expect: str, kind: str, value_sha: str, group: str
    ) -> None:
        if group not in GROUPS:
            raise ValueError(f"no group {group}")
        if any(entry["case"] == case for entry in self.entries):
            raise ValueError(f"two cases named {case}")
        self.entries.append(
            {
                "case": case,
                "path": path,
                "expect": expect,
                "kind": kind,
                "value_sha": value_sha,
                "group": group,
            }
        )
