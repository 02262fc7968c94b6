"""Who multiplies the matrices of a model: BLIS, as spaCy has it, or the library that NumPy brings along.

On processors that are newer than it, BLIS falls back to code that suits every processor, and takes up to
three times as long; on others both are alike.  Decides once a process, by trying both.  The sums are rounded
in another order, so that of some 100,000 entities one may differ between processors of two kinds.
"""

from __future__ import annotations

from functools import cache
from time import thread_time
from typing import Any

import numpy as np
from spacy.language import Language
from thinc.api import NumpyOps
from threadpoolctl import ThreadpoolController

_MUCH = 1.5
"""How many times as fast NumPy's library must be to be preferred: what no disturbance makes of equal ones."""
_TIMES = 9


class NumpyProducts(NumpyOps):  # type: ignore[misc]
    """Products by NumPy's library, on one thread: the rows of one batch are too few for more."""

    def __init__(self) -> None:
        super().__init__(use_blis=False)
        self._threads = ThreadpoolController()

    def gemm(self, x: Any, y: Any, **options: Any) -> Any:
        """Return the product of two matrices."""
        with self._threads.limit(limits=1, user_api="blas"):
            return super().gemm(x, y, **options)


def with_fast_products(nlp: Language) -> Language:
    """Have the models of ``nlp`` use NumPy's library if it is much faster here."""
    if is_much_faster():
        use(nlp, NumpyProducts())
    return nlp


def use(nlp: Language, ops: NumpyOps) -> None:
    """Have the models of ``nlp`` multiply with ``ops``."""
    for _, pipe in nlp.components:
        model = getattr(pipe, "model", None)
        for node in model.walk() if model is not None else ():
            if isinstance(node.ops, NumpyOps):  # not on a graphics card
                node.ops = ops


@cache
def is_much_faster() -> bool:
    """Whether NumPy's library is much faster than BLIS on this processor."""
    found = [NumpyOps(use_blis=True), NumpyProducts()]
    random = np.random.default_rng(0)
    x, y = (random.standard_normal((rows, 288)).astype("f") for rows in (512, 288))
    best = [float("inf")] * len(found)
    for _ in range(_TIMES):
        for place, ops in enumerate(found):
            before = thread_time()
            ops.gemm(x, y, trans2=True)
            best[place] = min(best[place], thread_time() - before)
    return best[0] > _MUCH * best[1]
