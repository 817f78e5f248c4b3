"""Small csv files for the tests; the examples of `bdnnlang.data.errors` name some of them."""

from __future__ import annotations

from pathlib import Path

PLAIN = "a,b,colour,y\n" + "".join(f"{i},{i * 0.1:.1f},{('red', 'green', 'blue')[i % 3]},{i % 2}\n" for i in range(12))

FILES: dict[str, str] = {
    "plain.csv": PLAIN,
    "gaps.csv": PLAIN.replace("3,0.3", ",0.3").replace("5,0.5", "NA,0.5"),
    "ragged.csv": PLAIN.replace("4,0.4,", "4,"),
    "headless.csv": "".join(f"{i};{i}.5;{i % 2}\n" for i in range(12)).replace(";", ","),
    "digits.csv": PLAIN.replace(",0.4,", ",0.400000000000000001,"),
    "trailing.csv": PLAIN.replace("\n", ",\n"),
    "unclear.csv": "2019,2020,kind\n" + "".join(f"{i},{i}.5,{'no' if i % 2 else 'yes'}\n" for i in range(12)),
    "names.csv": "a,name,y\n" + "".join(f"{i},n{i}x,{i % 2}\n" for i in range(1100)),
    "semicolons.csv": PLAIN.replace(",", ";"),
}


def write_files(folder: Path) -> None:
    for name, text in FILES.items():
        (folder / name).write_text(text)
