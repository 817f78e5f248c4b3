"""Every claim of a run folder, recomputed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdnnlang import strict_json
from bdnnlang.compiler import CannotRead, read_data, reader_of
from bdnnlang.run_data import data_of_run, other_contents
from bdnnlang.run_folder import read_run
from bdnnlang.source import Source
from bdnnlang.spec.load import load

if TYPE_CHECKING:
    from bdnnlang.data.types import Dataset
    from bdnnlang.runtime.types import Claim


def verify_run(folder: Path) -> list[Claim]:
    """Every claim of a run folder beside what it comes to now. Raises CannotRead, Rejected."""
    from bdnnlang.report.as_json import sha256
    from bdnnlang.runtime.recheck import recheck
    from bdnnlang.runtime.types import Claim

    kept = read_run(folder)
    spec, _ = load(Source(str(folder / "spec.bdnn"), kept.spec_text), read=reader_of(folder))
    place = data_of_run(folder, spec, kept.run["data"], str(kept.run["spec"]["path"]))
    if place is None and (found := other_contents(folder, spec, str(kept.run["spec"]["path"]))):
        return [Claim(f"data.{name}", kept.run["data"].get(name), digest) for name, digest in found.items()]
    data = read_data(spec, place or folder)
    claims = [
        Claim("spec.sha256", kept.run["spec"]["sha256"], sha256(kept.spec_text)),
        Claim("result.network_sha256", kept.run["result"]["network_sha256"], sha256(kept.network_text)),
        Claim("network.preprocessing", kept.network.preprocessing, _preprocessing(data, kept.network.preprocessing)),
        Claim("network.classes", kept.network.classes, data.classes),
    ]
    try:
        return claims + recheck(kept.run, spec, data, kept.network.network)
    except KeyError as error:
        raise CannotRead(f"{folder / 'run.json'} is damaged: it has no {error}") from None


def _preprocessing(data: Dataset, stated: Any) -> Any:
    """The recipe as `network.json` states it; what numbers training has seen is not in files of version 0.1."""
    recipe = data.recipe.to_json()
    columns = stated.get("columns") if isinstance(stated, dict) else None
    if not any(isinstance(column, dict) and "seen" in column for column in columns or []):
        for column in recipe["columns"]:
            column.pop("seen", None)
    return strict_json.parse(json.dumps(recipe))
