"""`bdnnlang/device/c/layouts/`: each folder is what its tool expects, and compiles as far as the tool is here."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from bdnnlang.device.c.choice import Optimise, Style
from bdnnlang.device.export import TooWide
from bdnnlang.device.formats import form_of
from bdnnlang.device.formats.form import Exported
from bdnnlang.device.whole import Neuron, WholeNetwork
from bdnnlang.network.export.network_json import NetworkFile
from bdnnlang.network.network import Layer, Network
from device.c.compilers import STRICT, compiler
from device.random_networks import counts

LAYOUTS = ("c", "arduino", "zephyr", "micropython")


def exported(lower: int = 0, upper: int = 60, weight: int = 1, style: Style = Style.AUTO) -> Exported:
    readings, signals = counts(3, lower, upper)
    first = (Neuron(((0, weight), (1, -1)), 5), Neuron(((1, 1), (2, 1)), 9))
    network = WholeNetwork(readings, signals, (first, (Neuron(((0, 1), (1, 1)), 2),)), ('say "no"', "@name@"))
    trained = NetworkFile(Network((Layer(np.ones((1, 3)), np.zeros(1)),)), ("a", "b", "c"), network.classes, [])
    return Exported("pear", network, trained, "", style=style, optimise=Optimise.BYTES)


def written(layout: str, folder: Path) -> Path:
    for name, content in form_of(layout).files(exported()).items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder


def compiles(command: tuple[str, ...], folder: Path) -> None:
    done = subprocess.run([*command, "-fsyntax-only"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_names_of_files() -> None:
    assert {layout: sorted(form_of(layout).files(exported())) for layout in LAYOUTS} == {
        "c": ["CMakeLists.txt", "pear.h", "pear_selftest.h"],
        "arduino": [
            "CMakeLists.txt",
            "examples/classify/classify.ino",
            "library.json",
            "library.properties",
            "src/pear.h",
            "src/pear_selftest.h",
        ],
        "zephyr": [
            "CMakeLists.txt",
            "Kconfig",
            "include/pear.h",
            "include/pear_selftest.h",
            "src/pear_boot.c",
            "zephyr/module.yml",
        ],
        "micropython": ["micropython.cmake", "micropython.mk", "pear.h", "pear_module.c", "pear_selftest.h"],
    }


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_main_file_is_the_header_and_no_word_is_left_open(layout: str) -> None:
    files = form_of(layout).files(exported())
    assert Path(next(iter(files))).name == "pear.h"
    texts = {name: text.decode() for name, text in files.items()}
    open_ = {name: re.findall(r"@\w+@", text) for name, text in texts.items() if re.search(r"@\w+@", text)}
    assert all(name.endswith(".h") or "module.c" in name for name in open_)  # where it is the name of a class
    assert {word for found in open_.values() for word in found} == {"@name@"}


def test_an_arduino_sketch_compiles(tmp_path: Path) -> None:
    folder = written("arduino", tmp_path)
    (folder / "Arduino.h").write_text(
        "struct Port { void begin(long) {} void setTimeout(long) {} long parseInt() { return 0; }\n"
        "  template <typename T> void print(T) {} template <typename T> void println(T) {} };\n"
        "static Port Serial;\n"
    )
    sketch = folder / "examples" / "classify" / "classify.ino"
    compiles((*compiler("g++"), *STRICT, "-Isrc", "-I.", "-include", "Arduino.h", str(sketch)), folder)
    assert json.loads((folder / "library.json").read_text())["headers"] == "pear.h"
    properties = dict(line.split("=", 1) for line in (folder / "library.properties").read_text().splitlines())
    assert (properties["name"], properties["includes"]) == ("pear", "pear.h")


def test_a_zephyr_module_compiles(tmp_path: Path) -> None:
    folder = written("zephyr", tmp_path)
    (folder / "include" / "zephyr").mkdir()
    (folder / "include" / "zephyr" / "init.h").write_text("#define SYS_INIT(f, level, priority) int (*started)(void) = f\n")
    (folder / "include" / "zephyr" / "kernel.h").write_text("void k_panic(void);\n")
    compiles((*compiler("gcc"), *STRICT, "-Iinclude", "src/pear_boot.c"), folder)
    assert "zephyr_library_sources(src/pear_boot.c)" in (folder / "CMakeLists.txt").read_text()


def test_a_micropython_module_compiles(tmp_path: Path) -> None:
    """Against the few declarations that it uses, as MicroPython 1.26 has them."""
    folder = written("micropython", tmp_path)
    (folder / "py").mkdir()
    for name in ("obj", "objstr", "objtuple"):
        (folder / "py" / f"{name}.h").write_text('#include "runtime.h"\n')
    shutil.copy(Path(__file__).with_name("micropython_runtime.h"), folder / "py" / "runtime.h")
    compiles((*compiler("gcc"), "-Wall", "-Wextra", "-Werror", "-I.", "pear_module.c"), folder)
    module = (folder / "pear_module.c").read_text()
    assert 'MP_DEFINE_STR_OBJ(pear_class0, "say \\"no\\"")' in module
    assert 'MP_DEFINE_STR_OBJ(pear_class1, "@name@")' in module


@pytest.mark.parametrize("layout", ["c", pytest.param("arduino", marks=pytest.mark.slow)])
def test_cmake_finds_the_header(layout: str, tmp_path: Path) -> None:
    if shutil.which("cmake") is None:
        pytest.skip("cmake is not installed")
    compiler("gcc")
    written(layout, tmp_path / "pear")
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.13)\nproject(t C)\nadd_subdirectory(pear)\n"
        "add_executable(t t.c)\ntarget_link_libraries(t PRIVATE pear)\n"
    )
    (tmp_path / "t.c").write_text('#include "pear_selftest.h"\nint main(void) { return (int)pear_selftest(); }\n')
    for command in (["cmake", "-S", ".", "-B", "b"], ["cmake", "--build", "b"], ["b/t"]):
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)


def test_a_style_is_that_of_the_header() -> None:
    listed = form_of("c").files(exported(style=Style.LIST))["pear.h"].decode()
    assert "pear_layer1" in listed
    assert "pear_layer1" not in form_of("c").files(exported())["pear.h"].decode()


def test_sums_that_do_not_fit_are_refused() -> None:
    with pytest.raises(TooWide, match="64 bits"):
        form_of("c").files(exported(upper=1 << 60, weight=99))
