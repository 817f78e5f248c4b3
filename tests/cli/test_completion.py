"""`bdnnc completion`: bash itself runs the script, and zsh reads it where it is installed."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

from bdnnlang import cli
from bdnnlang.cli.parser import parser
from bdnnlang.cli.verbs import VERBS
from bdnnlang.cli.verbs.tools.completion import INSTALL

needs_shtab = pytest.mark.skipif(importlib.util.find_spec("shtab") is None, reason="shtab is not installed")
TYPED = {  # what stands on the command line, the last word unfinished → what TAB offers
    ("co",): {"compile", "conflicts", "completion"},
    ("run", ""): {"a.bdnn", "my spec.bdnn", "runs", "sub"},
    ("run", "m"): {"my spec.bdnn"},
    ("run", "a.bdnn", "--json"): {"--json-stream"},
    ("run", "a.bdnn", "--out", ""): {"runs", "sub"},
    ("check", "a.bdnn", "su"): {"sub"},
    ("check", "a.bdnn", "--output", "s"): {"sarif"},
    ("compile", "a.bdnn", "--to", ""): {"mps", "lp", "opb", "cip"},
    ("verify", ""): {"runs", "sub"},
    ("diff", "a.bdnn", "my"): {"my spec.bdnn"},
    ("import", "a.bdnn", ""): {"a.bdnn", "my spec.bdnn", "rows.csv", "runs", "sub"},
    ("import", "a.bdnn", "x.sol", "--bound", ""): set(),
    ("predict", "runs", "ro"): {"rows.csv"},
    ("explain-row", "a.bdnn", "x", "--set"): {"--set"},
    ("completion", ""): {"bash", "zsh", "tcsh"},
}
ASK = """
ask() { COMP_WORDS=(bdnnc "$@"); COMP_CWORD=$#; _shtab_bdnnc; for word in "${COMPREPLY[@]}"; do echo "$word"; done; echo --; }
"""


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert cli.main(["completion", shell]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


@needs_shtab
@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_offers_verbs_flags_words_and_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.bdnn", "my spec.bdnn", "rows.csv"):
        (tmp_path / name).touch()
    for name in ("runs", "sub"):
        (tmp_path / name).mkdir()
    asked = "\n".join("ask " + " ".join(f"'{word}'" for word in words) for words in TYPED)
    text = script("bash", capsys) + ASK + asked
    done = subprocess.run(["bash", "--norc"], input=text, capture_output=True, text=True, cwd=tmp_path, check=True)
    answers = [set(answer.split("\n")) - {""} for answer in done.stdout.split("--\n")[:-1]]
    assert done.stderr == ""
    assert dict(zip(TYPED, answers, strict=True)) == TYPED


@needs_shtab
@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_takes_the_script(capsys: pytest.CaptureFixture[str]) -> None:
    load = 'autoload -Uz compinit; compinit -D -u; eval "$(cat)"; echo $_comps[bdnnc]'
    done = subprocess.run(["zsh", "-fc", load], input=script("zsh", capsys), capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("_shtab_bdnnc\n", "")


@needs_shtab
@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_every_verb_and_flag_is_in_the_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = script(shell, capsys)
    verbs = next(action for action in parser(list(VERBS))._actions if action.dest == "verb").choices
    assert verbs is not None
    assert [name for name in verbs if name not in text] == []
    flags = {flag.lstrip("-") for name in VERBS for flag in verbs[name]._option_string_actions}  # type: ignore[index]
    assert [flag for flag in sorted(flags) if flag not in text] == []


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert cli.main(["completion", "bash"]) == 5
    assert capsys.readouterr() == ("", f"bdnnc: error: {INSTALL}\n")
    assert "pip install shtab" in INSTALL


def test_another_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["completion", "fish"])
    assert "invalid choice: 'fish'" in capsys.readouterr().err
