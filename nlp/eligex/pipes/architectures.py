"""Neural layers of the shipped models, by the names under which their configurations ask for them.

``eligex.RememberedEmbed.v1``: Docs → for each an array (tokens, width), what an embedding gives.
An embedding looks at the word alone, and nearly every word of a text was in an earlier one, so in use its
vectors are computed once; training computes them afresh.

``eligex.WindowEncoder.v1``: for each Doc an array (tokens, width) → another, in which every token has seen
its neighbours: layers over a token and one on either side, some of them further away (dilated convolutions;
Yu and Koltun, 2016, arXiv:1511.07122).
"""

from collections.abc import Callable, Sequence
from operator import is_
from threading import Lock
from typing import Any

import numpy as np
from spacy.tokens import Doc
from thinc.api import Maxout, Model, chain, residual, with_array

Array = np.ndarray[Any, Any]

MAX_WORDS = 60_000
"""How many vectors are kept; with 96 numbers each they take 23 MB.  Then the memory begins anew."""

_ROWS = 1000
"""The tokens that go through all layers of the window encoder together."""
_EPSILON = 1e-8
"""What thinc adds to a variance."""


class Memory:
    """Vectors of words by (form, norm), as long as the weights that made them are in place."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.forget()

    def __deepcopy__(self, _: Any) -> "Memory":  # a copy of the model has weights of its own
        return Memory()

    def forget(self, weights: Sequence[Any] = (), width: int = 0) -> None:
        """Drop all vectors; those to come are made by ``weights``."""
        self.weights = weights
        self.rows: dict[tuple[int, int], int] = {}
        self.vectors: Array = np.zeros((0, width), dtype="f")

    def made_by(self, weights: list[Any]) -> bool:
        """Whether the vectors were made by these very arrays."""
        return len(weights) == len(self.weights) and all(map(is_, weights, self.weights))

    def add(self, words: list[tuple[int, int]], vectors: Array) -> None:
        """Keep the vectors of new words."""
        start = len(self.rows)
        if start + len(words) > len(self.vectors):
            grown = np.zeros((max(1024, 2 * (start + len(words))), vectors.shape[1]), dtype="f")
            grown[:start] = self.vectors[:start]
            self.vectors = grown
        self.vectors[start : start + len(words)] = vectors
        self.rows.update((word, start + place) for place, word in enumerate(words))


def build_remembered(embed: Model[list[Doc], list[Array]]) -> Model[list[Doc], list[Array]]:
    """Return a layer that gives what ``embed`` gives, and computes the vector of a word once.

    Parameters
    ----------
    embed
        Docs → for each an array (tokens, width), in which a row depends on its token's word alone.
    """
    return Model(
        "remembered",
        _forward,
        init=_initialize,
        layers=[embed],
        dims={"nO": embed.maybe_get_dim("nO")},
        attrs={"memory": Memory()},
    )


def _initialize(model: Model[Any, Any], X: Any = None, Y: Any = None) -> Model[Any, Any]:  # noqa: N803
    model.layers[0].initialize(X, Y)
    return model


def _forward(
    model: Model[Any, Any], docs: Sequence[Doc], is_train: bool
) -> tuple[list[Array], Callable[[Any], Any]]:
    embed, memory = model.layers[0], model.attrs["memory"]
    if is_train:
        memory.forget()
        return embed(docs, is_train)
    with memory.lock:
        weights = _weights(embed, docs)
        if not memory.made_by(weights) or len(memory.rows) > MAX_WORDS:
            memory.forget(weights, embed.get_dim("nO") if embed.has_dim("nO") else 0)
        words = [[*map(tuple, doc.to_array(["ORTH", "NORM"]).tolist())] for doc in docs]
        unseen = {word for line in words for word in line if word not in memory.rows}
        if unseen:
            pairs = (zip(line, doc, strict=True) for line, doc in zip(words, docs, strict=True))
            tokens = {word: token for pair in pairs for word, token in pair if word in unseen}
            memory.add(list(tokens), embed.predict([_alone(docs[0].vocab, list(tokens.values()))])[0])
        found = [memory.vectors[[memory.rows[word] for word in line]] for line in words]
    return found, _no_backward


def _weights(embed: Model[Any, Any], docs: Sequence[Doc]) -> list[Any]:
    """Return the arrays that the vectors depend on."""
    found = [
        node.get_param(name) for node in embed.walk() for name in node.param_names if node.has_param(name)
    ]
    return [*found, *(doc.vocab.vectors.data for doc in docs[:1])]


def _alone(vocab: Any, tokens: list[Any]) -> Doc:
    """Return a Doc of these words."""
    doc = Doc(vocab, words=[token.text for token in tokens])
    for token, source in zip(doc, tokens, strict=True):
        token.norm_ = source.norm_
    return doc


def _no_backward(_: Any) -> Any:
    raise NotImplementedError("vectors that are remembered are for prediction")


def build_window_encoder(width: int, steps: list[int], pieces: int) -> Model[list[Array], list[Array]]:
    """Return layers that each add to a token what they see of it and of two others.

    Parameters
    ----------
    width
        The width of the vectors, before and after.
    steps
        For each layer, how many tokens away the two others are.
    pieces
        The linear functions of which a unit takes the greatest (maxout; Goodfellow et al., 2013).
    """
    layers: list[Any] = []
    for step in steps:
        seen: Any = Maxout(nO=width, nI=3 * width, nP=pieces, normalize=True)
        layers.append(residual(chain(build_neighbours(step), seen)))
    stack: Model[Any, Any] = chain(*layers)
    dims = {name: stack.maybe_get_dim(name) for name in stack.dim_names}
    return Model("window_encoder", _encode, init=_initialize_encoder, layers=[stack], dims=dims)


def _initialize_encoder(model: Model[Any, Any], X: Any = None, Y: Any = None) -> Model[Any, Any]:  # noqa: N803
    _learning(model).initialize(X, Y)
    return model


def _learning(model: Model[Any, Any]) -> Model[Any, Any]:
    """Return the layers as thinc runs them, which can learn."""
    return with_array(model.layers[0], pad=sum(step for step, *_ in _parts(model)))


def _parts(model: Model[Any, Any]) -> list[tuple[int, Model[Any, Any], Model[Any, Any]]]:
    """Return the step, the maxout and the normalisation of each layer."""
    nodes = list(model.walk())
    steps = [node.attrs["step"] for node in nodes if node.name == "neighbours"]
    units = [node for node in nodes if node.name == "maxout"]
    norms = [node for node in nodes if node.name == "layernorm"]
    return list(zip(steps, units, norms, strict=True))


def _encode(
    model: Model[Any, Any], texts: list[Array], is_train: bool
) -> tuple[list[Array], Callable[[Any], Any]]:
    if is_train or model.ops.name != "numpy":
        found, backward = _learning(model)(texts, is_train)
        return found, backward
    layers = [_Layer(step, unit, norm) for step, unit, norm in _parts(model)]
    reach = sum(layer.step for layer in layers)
    gap = np.zeros((reach, texts[0].shape[1]), dtype="f")
    rows = np.concatenate([gap, *(part for text in texts for part in (text, gap))])
    encoded = np.empty_like(rows)
    for start in range(0, len(rows), _ROWS):
        low, high = max(0, start - reach), min(len(rows), start + _ROWS + reach)
        part = rows[low:high]
        for layer in layers:
            part = layer(part)
        encoded[start : start + _ROWS] = part[start - low :][:_ROWS]
    ends = reach + np.cumsum([len(text) + reach for text in texts]) - reach
    return [encoded[end - len(text) : end] for text, end in zip(texts, ends, strict=True)], _no_backward


class _Layer:
    """A layer of the window encoder in use, which gives what thinc's layers give in half the time.

    It goes through rows few enough to stay in the processor's cache, and takes the greatest of the pieces
    from whole columns, for which the weights are put in another order first.
    """

    def __init__(self, step: int, unit: Model[Any, Any], norm: Model[Any, Any]) -> None:
        weights: Array = np.asarray(unit.get_param("W"))  # (width, pieces, 3 * width)
        self.step = step
        self._ops: Any = unit.ops
        self._width, self._pieces, seen = weights.shape
        self._weights = np.ascontiguousarray(weights.transpose(1, 0, 2)).reshape(-1, seen)
        self._bias: Array = np.asarray(unit.get_param("b")).T.ravel()
        self._gain: Array = np.asarray(norm.get_param("G"))
        self._shift: Array = np.asarray(norm.get_param("b"))

    def __call__(self, rows: Array) -> Array:
        width = self._width
        units: Array = self._ops.gemm(with_neighbours(rows, self.step), self._weights, trans2=True)
        units += self._bias
        found: Array = units[:, :width]
        for piece in range(1, self._pieces):
            np.maximum(found, units[:, piece * width : (piece + 1) * width], out=found)
        found = found - found.mean(axis=1, keepdims=True)
        variance: Array = np.einsum("ij,ij->i", found, found) / width + _EPSILON
        found *= (1 / np.sqrt(variance))[:, None]
        found *= self._gain
        found += self._shift
        found += rows
        return found


def with_neighbours(rows: Array, step: int) -> Array:
    """Return (tokens, 3 × width): each row between those ``step`` before and behind it, or zeros."""
    width = rows.shape[1]
    found = np.zeros((len(rows), 3 * width), dtype=rows.dtype)
    found[step:, :width] = rows[:-step]
    found[:, width : 2 * width] = rows
    found[:-step, 2 * width :] = rows[step:]
    return found


def build_neighbours(step: int) -> Model[Any, Any]:
    """Return a layer from (tokens, width) to (tokens, 3 × width): the tokens ``step`` to the left and right.

    Beyond the ends are zeros.
    """
    return Model("neighbours", _neighbours, attrs={"step": step})


def _neighbours(
    model: Model[Any, Any], rows: Array, is_train: bool
) -> tuple[Array, Callable[[Array], Array]]:
    step, width = model.attrs["step"], rows.shape[1]

    def backward(gradient: Array) -> Array:
        of_rows = gradient[:, width : 2 * width].copy()
        of_rows[:-step] += gradient[step:, :width]
        of_rows[step:] += gradient[:-step, 2 * width :]
        return of_rows

    return with_neighbours(rows, step), backward
