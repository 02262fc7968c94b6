"""What annotated texts teach a network: the loss of its scores against the states of all layers."""

from __future__ import annotations

import torch
from layers import CHAINED, MISSING, UNTAUGHT, Layers
from torch import Tensor
from torch.nn import functional

TOKEN_SHARE = 0.3
"""The weight of the token-by-token loss of a chained layer, which keeps single scores meaningful."""
WEIGHTS = {UNTAUGHT: 0.5}
IGNORED = -100


def chain_loss(scores: Tensor, states: Tensor, present: Tensor, follows: Tensor) -> Tensor:
    """Return the summed negative log-likelihood of ``states`` (rows, tokens) under linear chains.

    ``scores`` is (rows, tokens, states), ``follows`` (rows, states, states) or for all rows (states, states).
    """
    follows = follows.expand(len(states), -1, -1)
    here = present.to(scores.dtype)
    right = (scores.gather(2, states[..., None])[..., 0] * here).sum()
    rows = torch.arange(len(states), device=states.device)[:, None]
    steps = (follows[rows, states[:, :-1], states[:, 1:]] * here[:, 1:]).sum()
    return _all_paths(scores, present, follows).sum() - right - steps


def _all_paths(scores: Tensor, present: Tensor, follows: Tensor) -> Tensor:
    """Return the logarithm of the sum over all sequences of states, (rows,).

    The steps are matrices, and their product is taken pair by pair, as a tree: few large operations instead
    of one after each token.  Each matrix is divided by its greatest number, whose logarithm is kept; what is
    less than e⁻⁵⁰ of it counts as that, so that no product is zero.
    """
    first = scores[:, 0]
    most = first.detach().amax(1)
    start = torch.exp(first - most[:, None])[:, None]
    if scores.shape[1] == 1:
        return start.sum((1, 2)).log() + most
    steps = follows[:, None] + scores[:, 1:, None, :]
    scale = steps.detach().amax((2, 3))
    still = torch.eye(scores.shape[2], device=scores.device, dtype=scores.dtype)
    there = present[:, 1:]
    product = torch.where(
        there[..., None, None], torch.exp((steps - scale[..., None, None]).clamp(min=-50)), still
    )
    scale = torch.where(there, scale, 0).sum(1)
    while product.shape[1] > 1:
        odd = product[:, -1:] if product.shape[1] % 2 else None
        product = product[:, 0 : product.shape[1] // 2 * 2 : 2] @ product[:, 1::2]
        greatest = product.detach().amax((2, 3))
        scale = scale + greatest.log().sum(1)
        product = product / greatest[..., None, None]
        if odd is not None:
            product = torch.cat((product, odd), 1)
    return (start @ product[:, 0]).sum((1, 2)).log() + most + scale


def gold_loss(scores: Tensor, states: Tensor, follows: dict[str, Tensor], layers: Layers) -> Tensor:
    """Return the summed loss of sentences: (rows, tokens, states) against (rows, tokens, layers).

    A layer teaches the sentences that have it; the chains of all layers are added up in one go.
    """
    states, total, chains = states.long(), scores.new_zeros(()), []
    for number, (layer, columns) in enumerate(layers.columns().items()):
        gold, of_layer = states[..., number], scores[..., columns]
        known = gold != MISSING
        wanted = torch.where(known, gold, IGNORED).flatten()
        loss = functional.cross_entropy(of_layer.flatten(0, 1), wanted, reduction="sum", ignore_index=IGNORED)
        total = total + (TOKEN_SHARE if layer in CHAINED else WEIGHTS.get(layer, 1.0)) * loss
        rows = known[:, 0].nonzero()[:, 0]
        if layer in CHAINED and len(rows):
            gold = torch.where(known, gold, 0)
            steps = follows[layer].expand(len(rows), -1, -1)
            chains.append((of_layer[rows], gold[rows], known[rows], steps))
    if chains:
        total = total + chain_loss(*(torch.cat(parts) for parts in zip(*chains, strict=True)))
    return total
