"""`--output sarif`: the same as one log in SARIF 2.1.0, which code scanning and editors read.

One run, which is of one verb. A rule is a code, with its page of `bdnnc explain`. Columns are in units of UTF-16.
https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import bdnnlang
from bdnnlang.cli.document import Document
from bdnnlang.diagnostics import Diagnostic, Fix
from bdnnlang.language.explain import explain, headline
from bdnnlang.render import position
from bdnnlang.source import Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
CARRIED_OUT = (0, 1)  # the exit codes of a verb that did what it was asked for, whatever it found

Json = dict[str, Any]


def sarif_text(document: Document, command: str, code: int) -> str:
    """The log of a verb that ends with this exit code."""
    found = [(file.path, diagnostic) for file in document.files for diagnostic in file.diagnostics]
    rules = sorted({type(diagnostic) for _, diagnostic in found}, key=lambda rule: rule.code)
    unread = [file.error for file in document.files if file.error]
    run = {
        "tool": {
            "driver": {
                "name": "bdnnc",
                "semanticVersion": bdnnlang.__version__,
                "rules": list(map(_rule, rules)),
            }
        },
        "invocations": [
            {
                "commandLine": command,
                "executionSuccessful": code in CARRIED_OUT,
                "exitCode": int(code),
                "toolExecutionNotifications": [
                    *({"level": "error", "message": {"text": text}} for text in unread),
                    *({"level": "note", "message": {"text": text}} for text in document.messages),
                ],
            }
        ],
        "columnKind": "utf16CodeUnits",
        "results": [_result(path, diagnostic, rules) for path, diagnostic in found],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(rule: type[Diagnostic]) -> Json:
    page = explain(rule.code, (rule,)) or ""
    examples = f"Not like this:\n\n```\n{rule.bad.rstrip()}\n```\n\nBut like this:\n\n```\n{rule.good.rstrip()}\n```\n"
    return {
        "id": rule.code,
        "shortDescription": {"text": headline(rule)},
        "fullDescription": {"text": rule.why},
        "help": {"text": page, "markdown": f"{rule.why}\n\n{examples}"},
        "defaultConfiguration": {"level": "warning" if rule.code.startswith("W") else "error"},
    }


def _result(path: str, diagnostic: Diagnostic, rules: Sequence[type[Diagnostic]]) -> Json:
    """`path`: of the file that it is about where it has no place."""
    second, repair = diagnostic.second, diagnostic.repair
    result: Json = {
        "ruleId": diagnostic.code,
        "ruleIndex": rules.index(type(diagnostic)),
        "level": diagnostic.severity,
        "message": {"text": f"{diagnostic.message} ({diagnostic.hint})"},
        "locations": [_location(diagnostic.span, diagnostic.primary) if diagnostic.span else _whole(path)],
    }
    if second:
        result["relatedLocations"] = [{"id": 0, **_location(second, diagnostic.secondary)}]
    if repair:
        result["fixes"] = [_fix(repair, diagnostic.hint)]
    return result


def _location(span: Span, label: str) -> Json:
    physical = {**_artifact(span.source.path), "region": _region(span)}
    return {"physicalLocation": physical, **({"message": {"text": label}} if label else {})}


def _whole(path: str) -> Json:
    return {"physicalLocation": _artifact(path)}


def _artifact(path: str) -> Json:
    return {"artifactLocation": {"uri": _uri(path)}}


def _uri(path: str) -> str:
    """Relative as it was written, which readers take to be below the root of the repository."""
    place = Path(path)
    return place.as_uri() if place.is_absolute() else quote(place.as_posix())


def _region(span: Span) -> Json:
    (line, column), (end_line, end_column) = _place(span, span.start), _place(span, span.stop)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _place(span: Span, offset: int) -> tuple[int, int]:
    """Line and column from 1; a character beyond U+FFFF takes two columns."""
    line, column = position(span, offset)
    before = span.source.text[offset - column + 1 : offset]
    return line, column + sum(char > "\uffff" for char in before)


def _fix(fix: Fix, hint: str) -> Json:
    replacement = {"deletedRegion": _region(fix.span), "insertedContent": {"text": fix.text}}
    change = {**_artifact(fix.span.source.path), "replacements": [replacement]}
    return {"description": {"text": hint}, "artifactChanges": [change]}
