"""What the networks learn from, and what of them comes into the pipelines."""

from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import spacy

torch = pytest.importorskip("torch", reason="the extra train (torch) is not installed")
pytest.importorskip("onnx", reason="the extra train (onnx) is not installed")
pytest.importorskip("safetensors", reason="the extra train (safetensors) is not installed")

import loop  # noqa: E402
from batches import Stream, Table  # noqa: E402
from export import small_pipeline, small_weights  # noqa: E402
from labels import labels, read_labels, taught_loss  # noqa: E402
from language_model import HIDDEN, LENGTH, Masker, drawn  # noqa: E402
from layers import MISSING, Layers  # noqa: E402
from loop import Pace, Run  # noqa: E402
from losses import chain_loss, gold_loss  # noqa: E402
from mean import mean  # noqa: E402
from network import Network  # noqa: E402
from small_network import Shape, SmallNetwork  # noqa: E402
from streams import LAYERS  # noqa: E402
from words import embedded, shape_of  # noqa: E402

from eligex.pipes.tag_decoding import LAYERS as TAG_LAYERS  # noqa: E402

SHIPPED = Path(__file__).parents[2] / "models" / "eligex_en_sm" / "pipeline"
SMALL = Layers({"own": ("Drug",), "chia": ("Drug",), "lct": ("Age",), "window": ("window",)})


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(5)


def test_the_chain_is_that_of_all_sequences() -> None:
    scores, follows = torch.randn(2, 4, 3), torch.randn(3, 3)
    states = torch.tensor([[0, 1, 2, 0], [1, 2, 0, 0]])
    present = torch.tensor([[True] * 4, [True, True, False, False]])
    expected = 0.0
    for row, length in enumerate((4, 2)):

        def total(path: tuple[int, ...], row: int = row) -> float:
            steps = sum(follows[a, b] for a, b in pairwise(path))
            return sum(scores[row, place, state] for place, state in enumerate(path)) + steps

        every = torch.stack([torch.as_tensor(total(path)) for path in product(range(3), repeat=length)])
        expected += torch.logsumexp(every, 0) - total(tuple(states[row, :length].tolist()))
    assert torch.isclose(chain_loss(scores, states, present, follows), expected, atol=1e-4)


def test_a_layer_that_is_missing_teaches_nothing() -> None:
    scores = torch.randn(3, 5, SMALL.states, requires_grad=True)
    states = torch.full((3, 5, 4), MISSING, dtype=torch.uint8)
    states[0, :3, 0], states[1, :, 3] = 0, 1
    follows = {layer: torch.zeros(3, 3) for layer in SMALL.chained}
    gold_loss(scores, states, follows, SMALL).backward()
    taught = scores.grad.abs().sum(-1) > 0
    assert taught.tolist() == [[True] * 3 + [False] * 2, [True] * 5, [False] * 5]
    columns = SMALL.columns()
    assert not scores.grad[..., columns["chia"]].any()
    assert not scores.grad[0, :, columns["window"]].any()


def test_what_teachers_say_are_probabilities() -> None:
    rows, vectors = np.zeros((3, 1, 4), dtype=np.uint16), np.zeros((3, 2), dtype=np.float16)
    table = Table(np.array([200, 201, 202]), np.array([0, 1, 2]), rows, vectors, (101, 102, 103))
    words = np.array([1, 0, 2, 2, 1])
    stream = Stream(words, np.array([True, False, False, True, False]), words < 0)
    teachers = [Network(SMALL.states, SMALL.chained).eval() for _ in range(2)]
    found = labels(table, stream, teachers, SMALL).float()
    assert found.shape == (5, 9)
    assert (found >= 0).all()
    for place in SMALL.columns(SMALL.taught).values():
        sums = found[:, place].sum(1)
        assert torch.allclose(sums, torch.tensor([1.0, 0.0, 1.0, 1.0, 1.0]), atol=2e-3)
    assert not torch.allclose(found, labels(table, stream, teachers[:1], SMALL).float(), atol=1e-3)


def test_labels_are_those_of_the_texts(tmp_path: Path) -> None:
    words = np.zeros(3, dtype=np.int64)
    stream, path = Stream(words, words == 0, words == 0), tmp_path / "labels.pt"
    loop.save({"labels": torch.ones(3, 2)}, path)
    assert torch.equal(read_labels(path, stream, torch.device("cpu")), torch.ones(3, 2))
    loop.save({"labels": torch.ones(4, 2)}, path)
    with pytest.raises(SystemExit, match="labels 4 tokens, the texts have 3"):
        read_labels(path, stream, torch.device("cpu"))


def test_a_mean_lies_between_networks() -> None:
    found = mean([{"weight": torch.tensor([0.0, 4.0])}, {"weight": torch.tensor([1.0, 2.0])}])
    assert torch.equal(found["weight"], torch.tensor([0.5, 3.0]))


def test_a_student_that_says_the_same_is_taught_nothing() -> None:
    scores = torch.randn(6, SMALL.states, requires_grad=True)
    columns = SMALL.columns()
    wanted = torch.cat([scores[:, columns[layer]].softmax(1) for layer in SMALL.taught], 1).detach()
    taught_loss(scores, wanted, SMALL).backward()
    assert scores.grad.abs().max() < 1e-6


def test_the_pipeline_scores_as_the_network_does() -> None:
    vocab = spacy.load(SHIPPED).vocab
    shape = Shape(**shape_of())
    network = SmallNetwork(shape, vocab.vectors.shape[1], LAYERS).eval()
    for weight in network.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    nlp = small_pipeline(network.state_dict(), vocab)
    doc = nlp.make_doc("No HbA1c > 8 %\n\n within 6 Months of AST/SGOT; see 2.1.3 (≥ 5 x ULN) if pregnant")
    rows, vectors = embedded(nlp, [(token.text, token.norm_) for token in doc])
    words = np.pad(np.arange(len(doc)), shape.reach, constant_values=-1)  # texts stand between gaps
    given = (rows.astype("int64")[words], vectors[words], (words >= 0).astype("f"))
    with torch.no_grad():
        scores = network(*(torch.from_numpy(each)[None] for each in given))[0].numpy()[words >= 0]
    columns, listened = LAYERS.columns(), nlp.get_pipe("tok2vec")
    listened.set_annotations([doc], listened.predict([doc]))
    own = slice(0, 1 + 2 * len(TAG_LAYERS["entity"]))
    tags = [scores[:, own], *(scores[:, columns[tag]] for tag in TAG_LAYERS if tag != "entity")]
    expected = {"ner": scores[:, columns["own"]], "ner_chia": scores[:, columns["chia"]]}
    for name, each in {**expected, "eligex_tags": np.concatenate(tags, axis=1)}.items():
        (found,) = nlp.get_pipe(name).predict([doc])
        assert np.abs(each).max() > 1
        np.testing.assert_allclose(found, each, atol=1e-3)


def test_the_weights_of_a_pipeline_are_those_it_was_made_of() -> None:
    nlp = spacy.load(SHIPPED)
    network = SmallNetwork(Shape(**shape_of()), nlp.vocab.vectors.shape[1], LAYERS)
    found = small_weights(small_pipeline(network.state_dict(), nlp.vocab))
    place = LAYERS.columns()["lct"]  # which no pipeline keeps
    for name, weight in network.state_dict().items():
        expected = weight.clone()
        if name.startswith("scores"):
            expected[place] = 0
        assert torch.equal(found[name], expected), name


def test_words_are_hidden_whole() -> None:
    table = SimpleNamespace(marks=(1, 2, 3), pieces=np.arange(10, 60))
    masker = Masker(table, torch.device("cpu"))
    ids = torch.randint(10, 60, (4, LENGTH - 1))
    ids[:, 9::10] = 2
    words = torch.arange(LENGTH - 1).expand(4, -1) // 5
    shown, places, numbers = masker.hide(ids, words)
    assert shown.shape == (4, LENGTH)
    assert places.shape == numbers.shape == (4, HIDDEN)
    assert (shown[:, 0] == 1).all()
    whole = torch.cat((torch.full((4, 1), 1), ids), 1)
    assert (masker.used[numbers] == whole.gather(1, places)).all()
    assert (whole.gather(1, places) != 2).all()
    changed = torch.zeros_like(whole, dtype=torch.bool).scatter(1, places, True)
    assert (shown[~changed] == whole[~changed]).all()
    of_row = [{int(w) for w in words[row][places[row] - 1]} for row in range(4)]
    assert max(map(len, of_row)) <= HIDDEN // 4 + 2  # five pieces a word, less the marks


def test_rows_come_once_before_any_comes_again() -> None:
    stream = drawn(10, 5, torch.device("cpu"))
    assert sorted(torch.cat((next(stream), next(stream))).tolist()) == list(range(10))
    assert len(next(drawn(3, 5, torch.device("cpu")))) == 3


@pytest.mark.parametrize(("step", "share"), [(50, 0.475), (100, 0.9), (1000, 0.01)])
def test_the_pace_of_a_rate(step: int, share: float) -> None:
    assert Pace(1000, 100, 0.01).share(step) == pytest.approx(share)


def test_a_run_goes_on_where_it_was_broken_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "KEPT_EVERY", 4)

    def new_run(steps: int = 20) -> Run:
        network = torch.nn.Linear(2, 1)
        optimizer = torch.optim.AdamW([{"params": list(network.parameters()), "peak": 0.1}])
        return Run(network, optimizer, Pace(steps, 2, 0.1), tmp_path / "x.pt")

    def go_on(run: Run, until: int) -> None:
        for step in run.steps():
            run.update({"loss": run.network(part).square().sum()} for part in torch.ones(2, 1, 2))
            if step == until:
                return

    first = new_run()
    go_on(first, 8)
    second = new_run()
    assert second.done == 8
    for name, weight in first.network.state_dict().items():
        assert torch.equal(weight, second.network.state_dict()[name])
    with pytest.raises(SystemExit, match="of a run of 20 steps"):
        new_run(30)
    go_on(second, 0)
    assert second.done == 20
    assert not (tmp_path / "x.part").exists()
