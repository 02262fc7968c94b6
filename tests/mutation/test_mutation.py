"""The mutation run itself: what it mutates, what it chooses, and that a tested rule's mutant dies."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
try:
    from code_mutants import CodeMutants
    from data_mutants import data_mutants
    from mutants import Edit, Mutant, choose
finally:
    sys.path.remove(str(HERE))

LIBRARY = '''"""Two rules, of which only the first is tested."""

RULES = (
    ("tall", 180),
    ("small", 150),
)


def named(height: int) -> str:
    """Return what a height is called."""
    if height >= RULES[0][1]:
        return "tall"
    if height <= RULES[-1][1]:
        return "small"
    return "neither"


def is_tall(height: int) -> bool:
    """Whether a height is called tall."""
    return named(height) == "tall"
'''
TESTS = """
from tiny import rules

def test_tall():
    assert rules.named(190) == "tall"
"""
SETTINGS = """
copy = ["lib", "tests"]
lexicon = "lib/tiny/*.toml"
elsewhere = []
paths = ["lib"]
module = "tiny"
preload = ["pytest"]
invalid = ["ZeroDivisionError"]
ignore = []
timed = []
size = 10
seed = 1
at_least = 0.5
patience = 4.0

[packages.rules]
code = ["lib/tiny/*.py"]
tests = [["tests"]]
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a library of one module, its test and the settings of its mutation run."""
    files = {
        "lib/tiny/__init__.py": "",
        "lib/tiny/rules.py": LIBRARY,
        "tests/test_rules.py": TESTS,
        "tests/mutation/settings.toml": SETTINGS,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def mutate(checkout: Path, *options: str) -> tuple[int, str]:
    """Run the command over the checkout and return its exit code and output."""
    command = [sys.executable, str(HERE / "run.py"), "--root", str(checkout), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def test_mutant_of_tested_rule_dies_and_of_untested_rule_survives(checkout: Path) -> None:
    code, said = mutate(checkout, "--kind", "guard", "-j", "2")
    assert code == 0, said  # half of them die, as the settings ask
    verdicts = {
        line.split("never: ")[1][:11]: line.split()[0] for line in said.splitlines() if " s  " in line
    }
    assert verdicts == {"if height >": "killed", "if height <": "survived"}
    assert "tests/test_rules.py::test_tall" in said
    assert (checkout / "lib/tiny/rules.py").read_text() == LIBRARY


def test_too_many_survivors_fail_the_run(checkout: Path) -> None:
    code, said = mutate(checkout, "--only", "lib/tiny/rules.py:13")
    assert code == 1, said
    assert "Survivors:\n  guard    rules      lib/tiny/rules.py:13" in said


def test_mutant_that_never_ends_is_killed(checkout: Path) -> None:
    looping = LIBRARY + "\n\nfor _ in iter(lambda: is_tall(190), True):\n    pass\n"
    (checkout / "lib/tiny/rules.py").write_text(looping)
    code, said = mutate(checkout, "--only", "lib/tiny/rules.py:18")
    assert code == 0, said
    killed = next(line for line in said.splitlines() if line.startswith("killed"))
    assert "is_tall() returns False" in killed
    assert "more than" in killed


def test_mutant_that_a_loader_refuses_is_not_counted(checkout: Path) -> None:
    text = LIBRARY + "\nSHARE = 1\nassert 1 / SHARE\n"
    (checkout / "lib/tiny/rules.py").write_text(text)
    code, said = mutate(checkout, "--only", f"lib/tiny/rules.py:{text.count(chr(10)) - 1}")
    assert "1 more were refused" in said
    assert said.split()[-6:] == ["all", "-", "-", "0/1", "-", "0/1"]
    assert code == 1


def test_failing_tests_are_not_taken_for_dead_mutants(checkout: Path) -> None:
    (checkout / "tests/test_rules.py").write_text(TESTS.replace('"tall"', '"small"'))
    code, said = mutate(checkout)
    assert code == 2
    assert "without a mutant tests/test_rules.py::test_tall fails" in said


def test_library_outside_of_the_copy_is_an_error(checkout: Path) -> None:
    settings = SETTINGS.replace('preload = ["pytest"]', 'preload = ["json"]').replace('"tiny"', '"json"')
    (checkout / "tests/mutation/settings.toml").write_text(settings)
    code, said = mutate(checkout)
    assert code == 2
    assert "json was imported before its copy" in said


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        pytest.param(
            SETTINGS + '[constants."lib/tiny/rules.py"]\nis_old = ["True"]',
            "no function is_old",
            id="function",
        ),
        pytest.param(
            SETTINGS + '[constants."lib/tiny/ages.py"]\nis_old = ["True"]', "no package has", id="file"
        ),
        pytest.param(SETTINGS.replace("tiny/*", "old/*"), "there is no", id="folder"),
        pytest.param(SETTINGS + '[[skip]]\nfile="a.py"\nchange="b"\nreason="c"', "drop this skip", id="skip"),
        pytest.param(SETTINGS.replace("size", "sizes"), "sizes", id="key"),
        pytest.param(SETTINGS.replace("*.toml", "rules.*"), "no package has the file", id="lexicon"),
    ],
)
def test_settings_that_name_nothing_are_refused(checkout: Path, settings: str, message: str) -> None:
    (checkout / "tests/mutation/settings.toml").write_text(settings)
    code, said = mutate(checkout, "--list")
    assert code == 2
    assert message in said


def test_lexicon_file_that_a_module_names_belongs_to_its_package(checkout: Path) -> None:
    (checkout / "lib/tiny/words.toml").write_text('[words]\ntall = ["high"]\n')
    code, said = mutate(checkout, "--list", "--sample", "99")
    assert code == 2
    assert "no package has the file lib/tiny/words.toml" in said
    (checkout / "lib/tiny/rules.py").write_text(LIBRARY + '\nFILE = "words.toml"\n')
    code, said = mutate(checkout, "--list", "--sample", "99")
    assert code == 0
    assert 'row      rules      lib/tiny/words.toml:2  [words] without tall = ["high"]' in said


def changes(found: object) -> list[str]:
    return [f"{mutant.kind}: {mutant.change}" for mutant in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            "def f() -> bool:\n    '''Doc.'''\n    return g()\n",
            {
                "f() returns True": "def f() -> bool:\n    '''Doc.'''\n    return True\n    return g()\n",
                "f() returns False": None,
            },
            id="decision",
        ),
        pytest.param(
            "def f() -> float:\n    return 1.0\n",
            {"f() returns 0.0": "def f() -> float:\n    return 0.0\n    return 1.0\n"},
            id="constant stays as it is",
        ),
        pytest.param("def f() -> str:\n    return 'ä'\n", {}, id="no decision"),
        pytest.param(
            "_T = (rule('≥'), b)\n",
            {"_T without rule('≥')": "_T = ( b,)\n", "_T without b": "_T = (rule('≥'), )\n"},
            id="rows of a pair",
        ),
        pytest.param(
            "T = (\n    R(1),  # one\n    R(2),\n)\n",
            {
                "T without R(1)": "T = (\n      # one\n    R(2),\n)\n",
                "T without R(2)": "T = (\n    R(1),  # one\n    \n)\n",
                "T[0](0): 1 becomes 0": None,
                "T[0](0): 1 becomes 100": None,
                "T[1](0): 2 becomes 0": None,
                "T[1](0): 2 becomes 200": "T = (\n    R(1),  # one\n    R(200),\n)\n",
            },
            id="rows with numbers",
        ),
        pytest.param(
            "T: dict[str, str] = {'a': f, 'b': g}\n",
            {
                "T without 'a': f": "T: dict[str, str] = { 'b': g,}\n",
                "T without 'b': g": "T: dict[str, str] = {'a': f, }\n",
            },
            id="entries",
        ),
        pytest.param(
            "T = {'a': (f(1), f(2)), 'b': ()}\n",
            {
                "T without 'a': (f(1), f(2))": None,
                "T without 'b': ()": None,
                "T without f(1)": "T = {'a': ( f(2),), 'b': ()}\n",
                "T without f(2)": "T = {'a': (f(1), ), 'b': ()}\n",
                "T['a'][0](0): 1 becomes 0": None,
                "T['a'][0](0): 1 becomes 100": None,
                "T['a'][1](0): 2 becomes 0": None,
                "T['a'][1](0): 2 becomes 200": None,
            },
            id="tables in a table",
        ),
        pytest.param(
            "_COST = {'Drug': 2.5, 'Visit': 0.0, 'Device': 1}\n",
            {
                "_COST['Drug']: 2.5 becomes 0": "_COST = {'Drug': 0, 'Visit': 0.0, 'Device': 1}\n",
                "_COST['Drug']: 2.5 becomes 250.0": None,
                "_COST['Visit']: 0.0 becomes 100": None,
                "_COST['Device']: 1 becomes 0": None,
                "_COST['Device']: 1 becomes 100": None,
                "all 3 numbers of _COST become 0": "_COST = {'Drug': 0, 'Visit': 0, 'Device': 0}\n",
            },
            id="costs",
        ),
        pytest.param("_WORDS = ('a', 'b')\n_P = re.compile('a', 2)\nsmall = 3\n", {}, id="no tables"),
        pytest.param(
            "for x in y:\n    if x == '≥' and (\n        z\n    ):\n        continue\n",
            {
                "never: if x == '≥' and ( z ): continue": "for x in y:\n    if False and (x == '≥' and (\n"
                "        z\n    )):\n        continue\n"
            },
            id="guard",
        ),
        pytest.param(
            "for x in y:\n    if x is None or x > 2 or z:\n        continue\n",
            {
                "never: if x is None or x > 2 or z: continue": (
                    "for x in y:\n    if x is None or False and (x > 2) or False and (z):\n        continue\n"
                )
            },
            id="guard that tests for absence too",
        ),
        pytest.param(
            "for x in y:\n    if x is None:\n        break\n    if not x.z:\n        break\n    if x:\n"
            "        z()\n",
            {},
            id="tests for absence are not guards",
        ),
    ],
)
def test_mutants_of_code(source: str, expected: dict[str, str | None]) -> None:
    found = {mutant.change: mutant for mutant in CodeMutants("p", "m.py", source.encode()).find()}
    assert set(found) == set(expected)
    for change, result in expected.items():
        mutated = found[change].apply(source.encode()).decode()
        compile(mutated, "m.py", "exec")
        assert mutated != source
        assert result in (None, mutated)


def test_rule_with_an_example_is_disabled() -> None:
    source = b"RULES = (\n    Rule('a', f, 'example'),\n    Rule('b', g, 'example'),\n)\n"
    found = list(CodeMutants("p", "m.py", source, disabled={"Rule": "when=never"}).find())
    assert changes(found)[1] == "row: RULES with Rule('b', g, 'example') disabled"
    changed = b"__import__('dataclasses').replace(Rule('b', g, 'example'), when=never)"
    assert found[1].apply(source) == source.replace(b"Rule('b', g, 'example')", changed)


def test_listed_functions_come_first() -> None:
    source = b"def f() -> bool:\n    return g()\n\ndef side() -> str:\n    return g()\n"
    found = list(CodeMutants("p", "m.py", source, {"side": ["'left'"]}).find())
    assert changes(choose(found, 1, seed=0)) == ["constant: side() returns 'left'"]
    assert found[-1].line == 4


TOML = """# Words.
[words]
many = [
  "≥", "two",  # a line of words
  "three",
]
one = "x"  # an entry
two = ["y"]
three = ["x", "≥", "z"]  # a short list
cost = 2.5

[[rules]]
name = "a"
cost = 1

# The second.
[[rules]]
name = "b"
"""


def test_mutants_of_toml() -> None:
    found = {mutant.change: mutant for mutant in data_mutants("p", "words.toml", TOML.encode())}
    assert list(found) == [
        '[words] without the words "≥", "two", # a line of words',
        '[words] without the words "three",',
        '[words] without one = "x" # an entry',
        '[words] without two = ["y"]',
        '[words] three without "x", "≥",',
        "[words] cost = 2.5 becomes 0",
        "[words] cost = 2.5 becomes 250.0",
        "[words] without cost = 2.5",
        'without [[rules]] name = "a" cost = 1',
        "[[rules]] cost = 1 becomes 0",
        "[[rules]] cost = 1 becomes 100",
        'without [[rules]] name = "b"',
    ]
    assert found['[words] without the words "three",'].apply(TOML.encode()).decode() == TOML.replace(
        '  "three",\n', ""
    )
    short = found['[words] three without "x", "≥",'].apply(TOML.encode()).decode()
    assert short == TOML.replace('"x", "≥", "z"', ' "z"')
    assert found["[words] cost = 2.5 becomes 0"].apply(TOML.encode()).decode() == TOML.replace("2.5", "0")
    first = '[[rules]]\nname = "a"\ncost = 1\n'
    assert found['without [[rules]] name = "a" cost = 1'].apply(TOML.encode()).decode() == TOML.replace(
        first, ""
    )


def test_mutants_of_a_table() -> None:
    table = "# Words.\nword\tvalue\nzwölf\t12\nhalf\t0.5\n"
    found = {mutant.change: mutant for mutant in data_mutants("p", "words.tsv", table.encode())}
    assert list(found) == [
        "without the line 'zwölf 12'",
        "'zwölf 12': 12 becomes 0",
        "'zwölf 12': 12 becomes 1200",
        "without the line 'half 0.5'",
        "'half 0.5': 0.5 becomes 0",
        "'half 0.5': 0.5 becomes 50.0",
    ]
    assert found["'half 0.5': 0.5 becomes 50.0"].apply(table.encode()).decode() == table.replace(
        "0.5", "50.0"
    )


def test_weights_of_a_model_change_together() -> None:
    table = "# the rows below are trained\n" + "".join(
        f"{'side' if number % 2 else 'kind'}\tword{number}\t{number + 0.5}\n" for number in range(500)
    )
    found = list(data_mutants("p", "weights.tsv", table.encode()))
    by_hand = list(data_mutants("p", "weights.tsv", f"limit\tword\t2\n{table}".encode()))
    assert changes(by_hand)[:3] == [
        "row: without the line 'limit word 2'",
        "cost: 'limit word 2': 2 becomes 0",
        "cost: 'limit word 2': 2 becomes 200",
    ]
    assert changes(found) == [
        "cost: all 250 weights of 'kind' become 0",
        "cost: all 250 weights of 'side' become 0",
    ]
    assert (
        found[0]
        .apply(table.encode())
        .decode()
        .startswith("# the rows below are trained\nkind\tword0\t0\nside\tword1\t1.5\nkind\tword2\t0\n")
    )


def test_choice_is_even_stable_and_a_beginning_of_a_larger_one() -> None:
    def mutant(kind: str, package: str, number: int, line: int) -> Mutant:
        return Mutant(kind, package, "m.py", line, f"{number}", (Edit(0, 0, b""),), f"{number}")

    cells = [(kind, package) for kind in ("row", "cost") for package in ("a", "b")]
    found = [mutant(kind, package, number, number) for kind, package in cells for number in range(9)]
    few, many = choose(found, 8, seed=3), choose(found, 20, seed=3)
    assert many[:8] == few
    assert {cell: sum((one.kind, one.package) == cell for one in few) for cell in cells} == dict.fromkeys(
        cells, 2
    )
    moved = [mutant(one.kind, one.package, int(one.change), one.line + 40) for one in reversed(found)]
    assert [one.change for one in choose(moved, 20, seed=3)] == [one.change for one in many]
    assert choose(found, 20, seed=4) != many
