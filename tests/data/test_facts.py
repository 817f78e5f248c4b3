"""What reports say about the columns of a source."""

from __future__ import annotations

from bdnnlang.data.facts import ColumnFacts, ColumnKind
from bdnnlang.language.spec import Impute

from .conftest import Loader


def test_facts_of_every_column(load_csv: Loader) -> None:
    text = "n,t,e,y\n" + "".join(f"{n},{t},{n},{'ab'[i % 2]}\n" for i, (n, t) in enumerate(zip("3?13", "uvu?", strict=True)))
    data = load_csv(text.replace("3,?,3", "3,?,1e2") + "5,w,4,a\n", test=0, steps=(Impute("median"),))
    assert data.columns == (
        ColumnFacts("n", ColumnKind.NUMBER, 1.0, 5.0, missing=1, distinct=3),
        ColumnFacts("t", ColumnKind.TEXT, None, None, missing=1, distinct=3),
        ColumnFacts("e", ColumnKind.NUMBER, 1.0, 100.0, missing=1, distinct=4),
        ColumnFacts("y", ColumnKind.TEXT, None, None, missing=0, distinct=2),
    )
