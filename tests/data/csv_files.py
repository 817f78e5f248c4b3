"""Small csv files for the tests; the examples of `bdnnlang.data.diagnosis.errors` name some of them."""

from __future__ import annotations

from pathlib import Path

PLAIN = "a,b,colour,y\n" + "".join(f"{i},{i * 0.1:.1f},{('red', 'green', 'blue')[i % 3]},{i % 2}\n" for i in range(12))

FILES: dict[str, str] = {
    "plain.csv": PLAIN,
    "gaps.csv": PLAIN.replace("3,0.3", ",0.3").replace("5,0.5", "NA,0.5"),
    "ragged.csv": PLAIN.replace("4,0.4,", "4,"),
    "headless.csv": "".join(f"{i};{i}.5;{i % 2}\n" for i in range(12)).replace(";", ","),
    "ids.csv": "id,x,y\n" + "".join(f"{100 + i},{i % 5},{i % 2}\n" for i in range(20)),
    "constant.csv": "unit,x,y\n" + "".join(f"mg,{i % 5},{i % 2}\n" for i in range(20)),
    "copy.csv": "answer,x,y\n" + "".join(f"{('no', 'yes')[i % 2]},{i % 5},{i % 2}\n" for i in range(20)),
    "codes.csv": "x,y\n" + "".join(f"{-999 if i > 16 else i % 5},{i % 2}\n" for i in range(20)),
    "points.csv": "x,y\n" + "".join(f"{('350', '1.250', '950', '2.000')[i % 4]},{i // 4 % 2}\n" for i in range(20)),
    "dates.csv": "day,x,y\n" + "".join(f"2024-01-{1 + i % 9:02},{i % 5},{i % 2}\n" for i in range(20)),
    "units.csv": "dose,x,y\n" + "".join(f"{i % 7} mg,{i % 5},{i % 2}\n" for i in range(20)),
    "digits.csv": PLAIN.replace(",0.4,", ",0.400000000000000001,"),
    "trailing.csv": PLAIN.replace("\n", ",\n"),
    "unclear.csv": "2019,2020,kind\n" + "".join(f"{i},{i}.5,{'no' if i % 2 else 'yes'}\n" for i in range(12)),
    "names.csv": "a,name,y\n" + "".join(f"{i % 7},n{i}x,{i % 2}\n" for i in range(1100)),
    "semicolons.csv": PLAIN.replace(",", ";"),
}


def write_files(folder: Path) -> None:
    for name, text in FILES.items():
        (folder / name).write_text(text)
