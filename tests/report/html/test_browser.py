"""Pages in a real browser, Chromium, where there is one: in both themes, as wide as a phone, and on paper."""

from __future__ import annotations

import html
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import numpy as np
import pytest

from bdnnlang.arrays import Ints
from bdnnlang.folder.reported import reported
from bdnnlang.report.html.page import page

RUNS = Path(__file__).parents[2] / "folder" / "runs"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--allow-file-access-from-files")
PHONE = 390

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of two runs."""
    place = tmp_path_factory.mktemp("browser") / "page.html"
    place.write_text(page([reported(RUNS / "schema_2"), reported(RUNS / "schema_2_compare")]), encoding="utf-8")
    return place


def browse(*flags: str, url: str, folder: Path) -> str:
    """Standard output of the browser."""
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={folder / 'profile'}", *flags, url]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True, cwd=folder).stdout


def pixels(png: bytes) -> Ints:
    """(height, width, channels) of a PNG file with 8 bits a channel, which is what a browser writes."""
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert depth == 8
    channels = {2: 3, 6: 4}[kind]
    data, at = b"", 8
    while at < len(png):
        size, name = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + size] if name == b"IDAT" else b""
        at += size + 12
    rows = np.frombuffer(zlib.decompress(data), dtype=np.uint8).reshape(height, 1 + channels * width)
    out, above = np.zeros((height, channels * width), dtype=np.int64), np.zeros(channels * width, dtype=np.int64)
    for n, row in enumerate(rows):
        above = out[n] = _unfiltered(int(row[0]), row[1:].astype(np.int64), above, channels)
    return out.reshape(height, width, channels)


def _unfiltered(kind: int, row: Ints, above: Ints, channels: int) -> Ints:
    """A line of a PNG file by its filter, as RFC 2083 has it."""
    if kind in (0, 2):
        return (row + (above if kind == 2 else 0)) % 256
    made = np.zeros_like(row)
    for j, value in enumerate(row.tolist()):
        left, corner = (made[j - channels], above[j - channels]) if j >= channels else (0, 0)
        made[j] = (value + {1: left, 3: (left + above[j]) // 2, 4: _paeth(left, above[j], corner)}[kind]) % 256
    return made


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda one: abs(guess - one))


def shot(file: Path, *flags: str, width: int = 900) -> Ints:
    place = file.parent / "shot.png"
    browse(f"--window-size={width},700", f"--screenshot={place}", *flags, url=file.as_uri(), folder=file.parent)
    return pixels(place.read_bytes())


def contrast(picture: Ints) -> tuple[float, float]:
    """The luminance of what is most on a page, its ground, and the ratio of it to that of what differs most from it."""
    channels = picture[..., :3] / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    light = linear @ [0.2126, 0.7152, 0.0722]
    ground = float(np.median(light))
    far = float(light.flat[np.abs(light - ground).argmax()])
    high, low = max(ground, far), min(ground, far)
    return ground, (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("scheme", "is_dark"), [("1", False), ("0", True)])
def test_both_themes_are_read_well(file: Path, scheme: str, is_dark: bool) -> None:
    ground, ratio = contrast(shot(file, f"--blink-settings=preferredColorScheme={scheme}"))
    assert (ground < 0.1) == is_dark
    assert ratio > 12  # of text to ground


def test_nothing_is_wider_than_a_phone(file: Path) -> None:
    """The page says how wide it is when it stands in a frame as wide as a phone."""
    probe = "parent.document.title=document.documentElement.scrollWidth+' '+document.querySelectorAll('svg').length"
    page = file.read_text(encoding="utf-8").replace("default-src &#x27;none", "default-src &#x27;unsafe-inline")
    probed = html.escape(page.replace("</body>", f"<script>{probe}</script></body>"))
    frame = file.parent / "frame.html"
    frame.write_text(f'<iframe srcdoc="{probed}" width="{PHONE}" height="900" style="border:0"></iframe>', encoding="utf-8")
    dom = browse("--dump-dom", url=frame.as_uri(), folder=file.parent)
    title = dom.split("<title>")[1].split("</title>")[0]
    assert title == f"{PHONE} 4"  # the network and the time of both runs


def test_on_paper(file: Path) -> None:
    place = file.parent / "page.pdf"
    browse("--no-pdf-header-footer", f"--print-to-pdf={place}", url=file.as_uri(), folder=file.parent)
    content = place.read_bytes()
    assert content.startswith(b"%PDF")
    assert 2 <= content.count(b"/Type /Page\n") <= 12


def test_a_script_would_not_run(file: Path) -> None:
    """What if a name got through as markup: the page itself forbids scripts."""
    page = file.read_text(encoding="utf-8").replace("</body>", "<script>document.title='ran'</script></body>")
    (file.parent / "attacked.html").write_text(page, encoding="utf-8")
    dom = browse("--dump-dom", url=(file.parent / "attacked.html").as_uri(), folder=file.parent)
    assert "<title>ran</title>" not in dom
    assert "2 runs side by side – bdnnc report" in dom
