"""A real cluster: a master and two workers, each a process of its own on this machine."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eligex import batch
from eligex.batch.frames import extract_table

if shutil.which("java") is None:
    pytest.skip("Java is not installed", allow_module_level=True)
pyspark = pytest.importorskip("pyspark", reason="PySpark is not installed")

pytestmark = [
    pytest.mark.slow,
    # PySpark's own: pandas and pyarrow that are newer than it knows, sockets that it leaves to the collector
    pytest.mark.filterwarnings("default"),
]
COUNT = 80
SECTION = "Inclusion Criteria:\n- Age ≥ {n} years\n- ALT ≤ {n} x ULN\nExclusion Criteria:\n- Asthma\n"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Cluster:
    """The processes of a standalone cluster."""

    def __init__(self, folder: Path) -> None:
        self.home = Path(pyspark.__file__).parent
        self.folder = folder
        self.port, self.page = free_port(), free_port()
        self.url = f"spark://127.0.0.1:{self.port}"
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, kind: str, *arguments: str) -> subprocess.Popen[bytes]:
        name = f"org.apache.spark.deploy.{kind.lower()}.{kind}"
        log = (self.folder / f"{kind}{len(self.processes)}.log").open("wb")
        paths = os.pathsep.join(path for path in sys.path if path)
        environment = os.environ | {
            "PYTHONPATH": paths,
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_LOCAL_IP": "127.0.0.1",
        }
        command = [str(self.home / "bin" / "spark-class"), name, *arguments]
        with log:
            found = subprocess.Popen(
                command, stdout=log, stderr=log, env=environment, cwd=self.folder, start_new_session=True
            )
        self.processes.append(found)
        return found

    def workers(self) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.page}/json/", timeout=5) as answer:
                return int(answer.read().decode().count('"ALIVE"')) - 1
        except OSError:
            return 0


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the folder of a pipeline without a recogniser, which loads in no time."""
    import spacy

    folder = tmp_path_factory.mktemp("model") / "blank"
    spacy.blank("en").to_disk(folder)
    return str(folder)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    found = Cluster(tmp_path_factory.mktemp("cluster"))
    host = ("--host", "127.0.0.1")
    found.start("Master", *host, "--port", str(found.port), "--webui-port", str(found.page))
    for number in (1, 2):
        work = found.folder / f"work{number}"
        found.start("Worker", *host, "--cores", "1", "--memory", "1g", "--work-dir", str(work), found.url)
    end = time.monotonic() + 120
    while found.workers() < 2 and time.monotonic() < end:
        time.sleep(0.5)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    yield found
    active = pyspark.sql.SparkSession.getActiveSession()
    if active is not None:
        active.stop()
    for process in found.processes:
        with contextlib.suppress(ProcessLookupError):  # the test has killed one
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def table() -> Any:
    import pyarrow as pa

    texts: list[str | None] = [SECTION.format(n=n) for n in range(COUNT)]
    texts[7] = None
    return pa.table({"nct_id": [f"T{n}" for n in range(COUNT)], "criteria": texts})


def plain_rows(found: Any) -> list[str]:
    return sorted(repr({k: v for k, v in row.items() if k != "record"}) for row in found.to_pylist())


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_cluster_gives_what_this_machine_gives(cluster: Cluster, model: str, tmp_path: Path) -> None:
    """One test, so that tests that run side by side start one cluster."""
    a_data_frame_gives_the_same(cluster, model)
    a_dataset_is_the_same_although_a_worker_is_killed(cluster, model, tmp_path)


def a_data_frame_gives_the_same(cluster: Cluster, model: str) -> None:
    from eligex.batch import spark

    session = spark.session(cluster.url)
    assert session.sparkContext.master == cluster.url
    df = session.createDataFrame([tuple(row.values()) for row in table().to_pylist()], ["nct_id", "criteria"])
    found = spark.extract(df.repartition(4), model=model).toArrow()
    expected = extract_table(table(), model=model)
    assert found.schema.equals(expected.schema)
    assert plain_rows(found) == plain_rows(expected)
    assert [row["error_code"] for row in found.to_pylist() if row["error"]] == ["E200"]


def a_dataset_is_the_same_although_a_worker_is_killed(cluster: Cluster, model: str, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(table(), tmp_path / "in.parquet")
    given: dict[str, Any] = {"model": model, "part_trials": 16, "notify": lambda _: None}

    def kill() -> None:
        """Kill a worker with its executor."""
        os.killpg(cluster.processes[1].pid, signal.SIGKILL)
        cluster.processes[1].wait()

    # The first part has a record that fails; when it comes back, the others are still to be done.
    timer = threading.Timer(0.3, kill)

    from eligex.batch import spark

    spark.session(cluster.url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spark, "_ROUND", 1)
        report = batch.extract(
            tmp_path / "in.parquet",
            tmp_path / "there",
            engine="spark",
            master=cluster.url,
            failure=lambda *_: timer.start(),
            **given,
        )
    timer.join()
    assert cluster.processes[1].poll() is not None
    assert (report.trials, report.failed) == (COUNT, 1)
    batch.extract(tmp_path / "in.parquet", tmp_path / "here", **given)
    assert content(tmp_path / "there") == content(tmp_path / "here")
