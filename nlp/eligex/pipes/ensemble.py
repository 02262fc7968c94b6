"""Pipe: what other models say of every token → :func:`mean_scores`, for recognisers and taggers.

Networks that learned apart are wrong in different places: the mean of their scores is right more often than
each (an ensemble; Dietterich, 2000). All members are asked about the same words in the same sentences.  What
they say is averaged before decoding, so entities, tags and probabilities all come from the mean.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from eligex.errors import EligexError, ModelNotFoundError
from eligex.pipes.installed import installed_models, models
from eligex.pipes.products import with_fast_products

Array = np.ndarray[Any, Any]

ENCODER = "tok2vec"
ASKED = ("ner", "ner_chia", "eligex_tags")
"""The pipes of a member whose scores are asked for."""


class Said(NamedTuple):
    """What a pipe of a member says of a Doc: its scores, and those of the steps from state to state."""

    scores: Array
    follows: Array | None


_SAID: WeakKeyDictionary[Doc, dict[str, list[Said]]] = WeakKeyDictionary()
"""Kept beside the Docs, whose own attributes are plain values; the pipes that ask run right after."""


def mean_scores(doc: Doc, name: str, scores: Array) -> Array:
    """Return the mean of ``scores`` and those that the members' pipes of this name gave to ``doc``."""
    found = [scores, *(said.scores for said in _SAID.get(doc, {}).get(name, ()))]
    if len({each.shape for each in found}) > 1:
        raise EligexError(
            f"the members of the ensemble do not agree on the states of {name!r}",
            remedy="Combine models that were trained for the same labels.",
        )
    return _mean(found)


def mean_follows(docs: Sequence[Doc], name: str, follows: Array) -> Array:
    """Return the same for the scores of steps, which all ``docs`` have in common."""
    said = [each.follows for each in _SAID.get(docs[0], {}).get(name, ())] if docs else []
    return _mean([follows, *(each for each in said if each is not None)])


def _mean(arrays: Sequence[Array]) -> Array:
    return arrays[0] if len(arrays) == 1 else np.mean(arrays, axis=0)


class Member:
    """A model that is asked for its scores.

    Raises
    ------
    ModelNotFoundError
        If no such model is installed.
    """

    def __init__(self, name: str) -> None:
        points = models()
        if name not in points:
            known = ", ".join(sorted(installed_models())) or "none"
            raise ModelNotFoundError(
                f"the model asks another one, {name!r}, which is not installed",
                remedy=f"Install it, or take it out of the members of 'eligex_ensemble'. Installed: {known}",
            )
        self._nlp: Language = with_fast_products(points[name].load().load())
        self._encoder: Any = self._nlp.get_pipe(ENCODER)
        self._pipes: dict[str, Any] = {
            each: self._nlp.get_pipe(each) for each in ASKED if each in self._nlp.component_names
        }

    def said(self, docs: Sequence[Doc]) -> Iterator[dict[str, Said]]:
        """Yield for each Doc what the pipes say of it."""
        own = [_copy(doc, self._nlp.vocab) for doc in docs]
        self._encoder.set_annotations(own, self._encoder.predict(own))
        found: dict[str, list[Said]] = {}
        for name, pipe in self._pipes.items():
            follows = np.asarray(pipe.model.get_param("follows")) if pipe.model.has_param("follows") else None
            found[name] = [Said(np.asarray(scores), follows) for scores in pipe.predict(own)]
        for place in range(len(own)):
            yield {name: said[place] for name, said in found.items()}


def _copy(doc: Doc, vocab: Any) -> Doc:
    """Return the words of ``doc`` as a Doc of another vocabulary."""
    words = [doc.vocab.strings[key] for key in doc.to_array("ORTH").tolist()]
    found = Doc(vocab, words=words, spaces=doc.to_array("SPACY").astype(bool).tolist())
    for place in np.flatnonzero(found.to_array("NORM") != doc.to_array("NORM")).tolist():
        found[place].norm_ = doc[place].norm_
    return found


class Ensemble:
    """Asks the members.

    Parameters
    ----------
    name
        The name of the pipe.
    members
        The names of installed models.
    """

    def __init__(self, name: str, members: Sequence[str]) -> None:
        self.name, self._members = name, [Member(each) for each in members]

    def __call__(self, doc: Doc) -> Doc:
        """Ask about one Doc."""
        return next(iter(self.pipe([doc])))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Ask about Docs, a batch at a time."""
        rest = iter(stream)
        while docs := list(islice(rest, batch_size)):
            if any(len(doc) for doc in docs):
                said = zip(*(member.said(docs) for member in self._members), strict=True)
                for doc, of_members in zip(docs, said, strict=False):
                    names = dict.fromkeys(name for each in of_members for name in each)
                    _SAID[doc] = {name: [each[name] for each in of_members if name in each] for name in names}
            yield from docs


@Language.factory("eligex_ensemble", requires=["token.is_sent_start"], default_config={"members": []})
def make_ensemble(nlp: Language, name: str, members: list[str]) -> Ensemble:
    """Create the pipe; it must run before the recogniser and the tagger.

    Parameters
    ----------
    members
        The names of installed models, asked beside the one that this pipe belongs to; their encoder must be
        called "tok2vec", and their recognisers and tagger as in the models of eligex.
    """
    return Ensemble(name, members)
