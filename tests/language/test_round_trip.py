"""Random specs that reach every row of the schema: printed, spaced out, formatted, parted into files and read again."""

import re

import pytest
from examples import examples
from hypothesis import Phase, given, seed, settings
from loading import reader
from strategies import BLOCKS, specs, swept

from bdnnlang import cli
from bdnnlang.diagnostics import has_errors
from bdnnlang.language.analyse import analyse
from bdnnlang.language.effective import effective
from bdnnlang.language.load import load
from bdnnlang.language.printing import block, call_text, scalar, setting_lines, step_text
from bdnnlang.language.schema import ROWS
from bdnnlang.language.spec import Csv, Spec
from bdnnlang.language.syntax.parser import lex
from bdnnlang.source import Source

FRAGMENT = "data.bdnn"


def read_again(text: str) -> Spec:
    """The spec of a text without errors; a stage without a limit may have a warning."""
    spec, warnings = load(Source("x.bdnn", text), read=reader({}))
    assert not has_errors(warnings)
    return spec


@given(specs())
@settings(max_examples=examples(45))
def test_what_is_printed_is_read(spec):
    text = effective(spec)
    again = read_again(text)
    assert again == spec
    assert effective(again) == text  # types of numbers, too, which compare as equal


# ---- other ways to write the same


def spaced_out(text: str) -> str:
    """Every token on its own, as far as blanks go, and no line indented."""
    source = Source("x.bdnn", text)
    return "".join(token.text if token.text.startswith("\n") else f"\t{token.text} " for token in lex(source))


def parted(spec: Spec, text: str) -> dict[str, str]:
    """The same in two files: one with the data, how to read them as settings; one that uses it, with params and the sweep."""
    head, _, *blocks = text.split("\n\n")
    source, reading = spec.data.source, []
    if isinstance(source, Csv):
        source, reading = f"csv({scalar(source.path)})", setting_lines(source)
    else:
        source = call_text(source)
    lines = [*reading, *setting_lines(spec.data), *map(step_text, spec.data.steps)]
    data = ["bdnn 1 fragment", *block(f"data {source}", lines), ""]
    used = re.sub("^# ", "", head, flags=re.MULTILINE)  # params and the sweep
    return {"main.bdnn": "\n\n".join([f'{used}\nuse "{FRAGMENT}"', *blocks]), FRAGMENT: "\n".join(data)}


@given(specs())
@settings(max_examples=examples(20))
def test_what_is_formatted_is_read(tmp_path_factory, spec):
    """The canonical layout depends on nothing but lines, so the blanks between tokens do not change it."""
    path = tmp_path_factory.getbasetemp() / "spaced.bdnn"
    text = effective(spec)
    path.write_bytes(spaced_out(text).encode())
    assert cli.main(["fmt", str(path)]) == 0
    formatted = path.read_bytes().decode()
    assert read_again(formatted) == spec
    assert formatted == text


@given(swept())
@settings(max_examples=examples(20))
def test_params_a_sweep_and_a_used_file_say_the_same(spec):
    text = effective(spec)
    files = parted(spec, text)
    found = analyse(Source("main.bdnn", files["main.bdnn"]), read=reader(files))
    assert not has_errors(found.diagnostics)
    assert found.spec == spec
    assert (found.spec.params, found.spec.sweep) == (spec.params, spec.sweep)
    assert effective(found.spec) == text


# ---- what the specs reach

HEADS = {"bdnn", "bdnn.fragment", "param"}  # lines that are no symbols
BATCH = 12  # specs
BATCHES = 30  # of a block, until all of its rows have been reached


def rows_of(block: str) -> set[str]:
    return {name for name in ROWS if name.split(".")[0] == block}


def reach(spec: Spec) -> set[str]:
    """The rows that a spec reaches where it is one text, or two files with params; both are read as what they are."""
    text = effective(spec)
    files = parted(spec, text)
    whole = analyse(Source("x.bdnn", text))
    several = analyse(Source("main.bdnn", files["main.bdnn"]), read=reader(files))
    assert whole.spec == several.spec == spec
    heads = {name for name in HEADS if re.search(f"^{name.replace('.', ' 1 ')}\\b", "\n".join(files.values()), re.MULTILINE)}
    return heads | {symbol.name for symbol in (*whole.symbols, *several.symbols) if symbol.row}


@pytest.mark.parametrize("block", BLOCKS)
def test_every_row_of_a_block_is_reached(block):
    reached: set[str] = set()
    missing = rows_of(block)
    for number in range(BATCHES):

        @seed(number)
        @given(specs((block,)))
        @settings(max_examples=BATCH, phases=[Phase.generate], database=None)
        def read(spec):
            reached.update(reach(spec))

        if missing <= reached:
            return
        read()
    assert missing - reached == set()


def test_every_row_outside_of_blocks_is_reached():
    reached: set[str] = set()

    @given(swept(()))
    @settings(max_examples=BATCH, phases=[Phase.generate], derandomize=True, database=None)
    def read(spec):
        reached.update(reach(spec))

    read()
    outside = ROWS.keys() - set().union(*map(rows_of, BLOCKS))
    assert outside - reached == set()
