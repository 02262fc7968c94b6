"""The words of the clause grammar are read strictly and written out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eligex.clauses.words import WORDS, read_clause_words
from eligex.errors import LexiconError
from eligex.language.phrase_sets import Phrases, expand, written_out
from eligex.language.tokens import Tokens

CUES = "".join(
    f'{kind} = ["{kind} it"]\n'
    for kind in ("if", "when", "provided", "except", "other", "permission", "admission", "aside")
)
FILE = '[lists]\nbe = ["is", "are"]\n[cues]\n{cues}unless = ["{unless}"]\n[classes]\n{classes}\n'


@pytest.mark.parametrize(
    ("unless", "classes", "message"),
    [
        pytest.param("unless", 'x = ["a? b?"]', "may be left out", id="empty"),
        pytest.param("unless", 'x = ["<was>"]', "no list is called <was>", id="list"),
        pytest.param("if|so it", "", "cue of two kinds", id="two kinds"),
        pytest.param("Unless", "", "lower case", id="case"),
    ],
)
def test_mistakes(tmp_path: Path, unless: str, classes: str, message: str) -> None:
    path = tmp_path / "clauses.toml"
    path.write_text(FILE.format(cues=CUES, unless=unless, classes=classes), encoding="utf-8")
    with pytest.raises(LexiconError, match=message) as caught:
        read_clause_words(path)
    assert re.match(r"clauses\.toml:\d+", caught.value.where or "")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("a b", ["a b"], id="plain"),
        pytest.param("a|b c", ["a c", "b c"], id="choice"),
        pytest.param("a? b", ["a b", "b"], id="option"),
        pytest.param("<be> x|y?", ["is x", "is y", "is", "are x", "are y", "are"], id="list"),
    ],
)
def test_patterns(pattern: str, expected: list[str]) -> None:
    assert expand(pattern, {"be": ("is", "are")}, str) == expected


def test_the_longest_phrase_counts_from_either_end() -> None:
    phrases = Phrases((words, "x") for words in written_out(["other than", "other", "than"], {}, str))
    tokens = Tokens("any other than gout")
    assert (phrases.end(tokens, 1), phrases.end(tokens, 0)) == (3, 0)
    assert (phrases.start(tokens, 3), phrases.start(tokens, 1)) == (1, 1)
    assert phrases.among(["not", "other"])
    assert not phrases.among(["not", "another"])


def test_every_class_is_asked_for() -> None:
    source = "".join(
        Path(module.__file__ or "").read_text(encoding="utf-8")
        for module in map(
            __import__("importlib").import_module,
            (
                "eligex.clauses.words",
                "eligex.clauses.questions",
                "eligex.clauses.rules",
                "eligex.clauses.sentence",
                "eligex.clauses.find",
                "eligex.clauses.leads",
                "eligex.clauses.cases",
            ),
        )
    )
    assert [name for name in WORDS.classes if f'"{name}"' not in source] == []
