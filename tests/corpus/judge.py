#!/usr/bin/env python3
"""Compares a scan of the planted corpus with its manifest.

Missed: a planted value that no finding with its fingerprint saw in its case's file.
False: a counter-example in whose file something was found with a confidence above low.
Lost on the way: a value that was found, in none of whose sightings the steps to it name what the
manifest's `origin` asks for. These count with `--origins` and are notes without it.
Notes are for people to read and decide nothing.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FINDING, SUMMARY = "bearhug.finding/1", "bearhug.scan/1"
# The number that starts a case's file or folder names it: reports redact the rest of a path
# that holds a token.
NUMBER = re.compile(r"(?:^|.*/)cases/(\d{3,})-|^(?:\./)?(\d{3,})-")


class Seen(NamedTuple):
    """A finding in one case."""

    fingerprint: str
    confidence: str
    kind: str
    placeholder: bool
    # The steps to each place in the case where it was seen.
    ways: list[list[str]]


class Scan(NamedTuple):
    """What a scan reported, by the number of the case it was seen in."""

    seen: dict[str, list[Seen]]
    finished: bool
    text: str


def number_of(path: str) -> str | None:
    match = NUMBER.match(path.replace("\\", "/"))
    return (match[1] or match[2]) if match else None


def records(text: str) -> Iterator[dict]:
    for line in text.splitlines():
        if line.strip():
            yield json.loads(line)


def read_scan(text: str) -> Scan:
    seen: dict[str, list[Seen]] = {}
    finished = False
    for record in records(text):
        finished = finished or record.get("schema") == SUMMARY
        if record.get("schema") != FINDING:
            continue
        ways: dict[str, list[list[str]]] = {}
        for sighting in record["sightings"]:
            if number := number_of(sighting["path"]):
                ways.setdefault(number, []).append(sighting.get("origin", []))
        for number, steps in ways.items():
            finding = Seen(
                record["fingerprint"],
                record["confidence"],
                record.get("kind", ""),
                record.get("placeholder", False),
                steps,
            )
            seen.setdefault(number, []).append(finding)
    return Scan(seen, finished, text)


def describe(verdict: str, entry: dict, finding: Seen | None = None) -> str:
    what = f"{entry['group']:8} {entry['case']} ({entry['path'].split('/')[1][:3]})"
    if finding:
        return f"{verdict}  {what}: {finding.confidence} {finding.kind} {finding.fingerprint}"
    return f"{verdict}  {what}: {entry['kind']} {entry['value_sha']}"


def missed(entries: list[dict], scan: Scan) -> Iterator[str]:
    for entry in entries:
        there = scan.seen.get(number_of(entry["path"]), [])
        if all(finding.fingerprint != entry["value_sha"] for finding in there):
            yield describe("missed", entry)


def names(steps: list[str], number: str, wanted: list[str]) -> bool:
    """Whether the steps name what is wanted, in its order. The case's own name proves nothing."""
    own_name = rf"[^\n]*\b{number}-[^/\n]*"
    way, at = re.sub(own_name, "", "\n".join(steps), count=1).casefold(), 0
    for part in wanted:
        at = way.find(part.casefold(), at)
        if at < 0:
            return False
        at += len(part)
    return True


def astray(entries: list[dict], scan: Scan) -> Iterator[str]:
    """Values that were found, without word of where in the container they are."""
    for entry in entries:
        number, wanted = number_of(entry["path"]), entry.get("origin", [])
        there = scan.seen.get(number, [])
        ways = [way for f in there if f.fingerprint == entry["value_sha"] for way in f.ways]
        if ways and not any(names(way, number, wanted) for way in ways):
            yield f"{describe('astray', entry)} wants {wanted}, has {ways[0]}"


def false(entries: list[dict], scan: Scan) -> Iterator[str]:
    for entry in entries:
        loud = [f for f in scan.seen.get(number_of(entry["path"]), []) if f.confidence != "low"]
        if loud:
            yield "\n".join(describe("false ", entry, finding) for finding in loud)


def notes(entries: list[dict], scan: Scan) -> Iterator[str]:
    """Found cases with the wrong kind, in doubt, or beside something that was not planted."""
    planted = {entry["value_sha"] for entry in entries}
    for entry in entries:
        for finding in scan.seen.get(number_of(entry["path"]), []):
            own = finding.fingerprint == entry["value_sha"]
            if own and finding.kind != entry["kind"]:
                yield describe("note  kind is not " + entry["kind"], entry, finding)
            elif own and (finding.placeholder or finding.confidence == "low"):
                yield describe("note  found in doubt", entry, finding)
            elif finding.fingerprint not in planted and finding.confidence != "low":
                yield describe("note  not planted", entry, finding)


def leaks(values: list[str], scan: Scan) -> int:
    """How many raw values the report prints."""
    return sum(value in scan.text for value in values)


def table(entries: list[dict], failed: list[str]) -> Iterator[str]:
    totals = Counter(entry["group"] for entry in entries)
    losses = Counter(line.split()[1] for line in failed)
    for group, total in totals.items():
        yield f"{group:8} {total - losses[group]:4} of {total}"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, metavar="OUT_DIR", help="what plant.py wrote")
    parser.add_argument("findings", metavar="FINDINGS_JSONL", help="the scan's report, - for stdin")
    parser.add_argument("--allow-missed", type=int, default=0, metavar="N")
    parser.add_argument("--allow-false", type=int, default=0, metavar="N")
    parser.add_argument("--origins", action="store_true", help="count what is lost on the way")
    parser.add_argument("--notes", action="store_true", help="print the notes one by one")
    return parser.parse_args()


def main() -> int:
    args = arguments()
    entries = json.loads((args.out / "manifest.json").read_text(encoding="utf-8"))
    values = (args.out / "values.txt").read_text().split()
    raw = sys.stdin.read() if args.findings == "-" else Path(args.findings).read_text("utf-8")
    scan = read_scan(raw)

    found = [entry for entry in entries if entry["expect"] == "found"]
    quiet = [entry for entry in entries if entry["expect"] == "quiet"]
    lost, loud = list(missed(found, scan)), list(false(quiet, scan))
    remarks, leaked = list(notes(found, scan)), leaks(values, scan)
    strayed = list(astray(found, scan))
    if args.origins:
        lost += strayed
    else:
        remarks += strayed

    lines = [*lost, *loud, *(remarks if args.notes else ()), *table(entries, lost + loud)]
    counts = f"{len(lost)} missed, {len(loud)} false, {len(remarks)} notes"
    lines.append(f"{counts}, {len(strayed)} astray")
    if leaked:
        lines.append(f"{leaked} raw values stand in the report")
    if not scan.finished:
        lines.append(f"no {SUMMARY} line: the scan did not finish")
    failed = len(lost) + len(loud)
    lines.append(f"{len(entries) - failed} passed, {failed} failed")
    print("\n".join(lines))

    within = len(lost) <= args.allow_missed and len(loud) <= args.allow_false
    return 0 if within and scan.finished and not leaked else 1


if __name__ == "__main__":
    sys.exit(main())
