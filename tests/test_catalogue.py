"""A diagnostic is registered by being defined, and the catalogue has every one there is."""

import importlib
import pkgutil
import subprocess
import sys

import pytest

import bdnnlang
from bdnnlang.catalogue import catalogue
from bdnnlang.diagnostics import Diagnostic, registered


def test_the_catalogue_has_every_diagnostic_that_any_module_defines() -> None:
    for module in pkgutil.walk_packages(bdnnlang.__path__, "bdnnlang."):
        if "__main__" not in module.name:
            importlib.import_module(module.name)
    assert {error.code for error in catalogue()} == {error.code for error in registered("bdnnlang")}
    assert len(catalogue()) == len({error.code for error in catalogue()}) > 60


def test_a_package_is_not_another_one_whose_name_begins_with_its_own() -> None:
    assert registered("bdnnlang.data.diagnosis.err") == ()


def test_a_code_cannot_be_defined_twice() -> None:
    with pytest.raises(TypeError, match="Again and UnexpectedCharacter both have the code E001"):
        type("Again", (Diagnostic,), {"code": "E001"})
    assert next(error for error in catalogue() if error.code == "E001").__name__ == "UnexpectedCharacter"


def test_a_base_of_diagnostics_has_no_code() -> None:
    before = catalogue()
    type("Base", (Diagnostic,), {})
    assert catalogue() == before


def test_the_catalogue_needs_no_numpy() -> None:
    code = "import sys, bdnnlang.catalogue; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
