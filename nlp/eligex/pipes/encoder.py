"""A transformer encoder as a layer of a pipeline: Docs → for each an array (tokens, width), by ONNX Runtime.

Every sentence goes through the encoder alone, on one thread, so that the vectors of a text depend neither on
the texts beside it nor on the machine's cores; a token has the vector of its first word piece, a blank zeros.
The encoder and its vocabulary lie in the model's own file: nothing is downloaded.  ``onnxruntime`` and
``tokenizers`` come with the extra ``lg``.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from spacy.tokens import Doc
from thinc.api import Linear, Model, chain, with_array

from eligex.errors import ModelNotFoundError
from eligex.pipes.doc import sentence_bounds

Array = np.ndarray[Any, Any]

MAX_PIECES = 250
"""Longer sentences are cut into parts of so many word pieces."""
_PIECES_OF_WORD = 12
"""The pieces of one word beyond these tell nothing more."""
_MAX_WORDS = 200_000


class Encoder:
    """The encoder at work: sessions and vocabularies are made when the first text comes.

    Parameters
    ----------
    onnx
        A network from ``ids`` (1, pieces) to (1, pieces, width).
    vocabulary
        The JSON of a tokenizer of the library ``tokenizers``.
    """

    def __init__(self, onnx: bytes, vocabulary: bytes) -> None:
        self._onnx, self._vocabulary = onnx, vocabulary
        self._pieces: dict[str, list[int]] = {}

    @cached_property
    def _session(self) -> Any:
        runtime, _ = _libraries()
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        return runtime.InferenceSession(self._onnx, options, providers=["CPUExecutionProvider"])

    @cached_property
    def _tokenizer(self) -> Any:
        _, tokenizers = _libraries()
        tokenizer = tokenizers.Tokenizer.from_str(self._vocabulary.decode("utf-8"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    def vectors(self, doc: Doc, width: int) -> Array:
        """Return the vectors of the tokens."""
        found = np.zeros((len(doc), width), dtype="f")
        for tokens, ids, places in self.sequences(doc):
            if places:
                (output,) = self._session.run(None, {"ids": np.asarray([ids], dtype=np.int64)})
                found[tokens] = output[0, places]
        return found

    def sequences(self, doc: Doc) -> Iterator[tuple[list[int], list[int], list[int]]]:
        """Yield what is read together: tokens, their pieces, and the place of each token's first piece."""
        first, last = self._mark("[CLS]"), self._mark("[SEP]")
        words = [token.text for token in doc]
        bounds = sentence_bounds(doc)
        for start, end in pairwise(bounds):
            tokens: list[int] = []
            ids, places = [first], list[int]()
            for place in range(start, end):
                pieces = self.pieces(words[place])
                if tokens and len(ids) + len(pieces) > MAX_PIECES:
                    yield tokens, [*ids, last], places
                    tokens, ids, places = [], [first], []
                if pieces:
                    tokens.append(place)
                    places.append(len(ids))
                    ids += pieces
            yield tokens, [*ids, last], places

    def pieces(self, word: str) -> list[int]:
        """Return the pieces of a word: none for blanks, the unknown piece for what has none."""
        found = self._pieces.get(word)
        if found is None:
            if len(self._pieces) > _MAX_WORDS:
                self._pieces = {}
            ids = self._tokenizer.encode(word, add_special_tokens=False).ids[:_PIECES_OF_WORD]
            found = [] if word.isspace() else ids or [self._mark("[UNK]")]
            self._pieces[word] = found
        return found

    def _mark(self, name: str) -> int:
        number: int = self._tokenizer.token_to_id(name)
        return number


def _libraries() -> tuple[Any, Any]:
    try:
        import onnxruntime
        import tokenizers
    except ImportError as error:
        raise ModelNotFoundError(
            f"this model needs the package {error.name!r}, which is not installed",
            remedy='Install it with: pip install "eligex[lg]"',
        ) from error
    return onnxruntime, tokenizers


def build_encoder(width: int) -> Model[list[Doc], list[Array]]:
    """Return the layer; its weights come from the model's file.

    Parameters
    ----------
    width
        The width of the vectors.
    """
    _libraries()  # say now what is missing, not at the first text
    return Model(
        "onnx_encoder",
        _forward,
        dims={"nO": width},
        attrs={"onnx": b"", "vocabulary": b"", "at work": _Work()},
    )


class _Work:
    """Holds the encoder of a layer; never written to a file, and not shared between copies."""

    def __init__(self) -> None:
        self.encoder: Encoder | None = None
        self.onnx: bytes | None = None

    def __deepcopy__(self, _: Any) -> "_Work":
        return _Work()

    def of(self, onnx: bytes, vocabulary: bytes) -> Encoder:
        """Return the encoder of these weights."""
        if self.encoder is None or self.onnx is not onnx:
            self.encoder, self.onnx = Encoder(onnx, vocabulary), onnx
        return self.encoder


def _forward(
    model: Model[Any, Any], docs: Sequence[Doc], is_train: bool
) -> tuple[list[Array], Callable[[Any], Any]]:
    width = model.get_dim("nO")
    if not model.attrs["onnx"]:  # before the weights are read, to find out sizes
        return [np.zeros((len(doc), width), dtype="f") for doc in docs], _no_backward
    encoder = model.attrs["at work"].of(model.attrs["onnx"], model.attrs["vocabulary"])
    return [encoder.vectors(doc, width) for doc in docs], _no_backward


def _no_backward(_: Any) -> list[Doc]:
    return []  # the encoder is trained elsewhere (models/training)


def build_linear_scores(tok2vec: Model[Any, Any], states: int) -> Model[Any, Any]:
    """Return the scores of ``states`` states for each token, from its vector alone."""
    return chain(tok2vec, with_array(Linear(nO=states)))
