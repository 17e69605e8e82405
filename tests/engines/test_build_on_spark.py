"""Does a build give the same people the same need on Spark, on this machine and on a cluster?"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyspark
import pytest

from commonweal.core.store import current_store
from commonweal.demonstration import make_demonstration
from commonweal.people.synthesis.record import synthesise_record
from commonweal.place.inputs import place_inputs

pytestmark = [pytest.mark.java, pytest.mark.slow]

SPARK_CLASS = Path(pyspark.__file__).parent / "bin" / "spark-class"
COMMONWEAL = Path(sys.executable).with_name("commonweal")
ON_THIS_MACHINE = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration place with a few of its people."""
    made = make_demonstration(tmp_path_factory.mktemp("places") / "wherrydale", people=False)
    synthesise_record(place_inputs(made), people=2_000, years=2)
    return made.path


def needs(place: Path, *options: str) -> pa.Table:
    """What each person needs, as a build leaves it in the store, in order of person."""
    subprocess.run([COMMONWEAL, "build", place, *options], check=True, capture_output=True, env=ON_THIS_MACHINE)
    held = pq.read_table(current_store(place / "out").path / "person_need.parquet")
    # What is kept is the same table again, so each engine must work it out itself.
    shutil.rmtree(place / "out" / ".need")
    return held.sort_by("person")


@contextmanager
def cluster() -> Iterator[str]:
    """A standalone cluster of one master and one worker, on the loopback address alone."""
    master = _started("master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
    try:
        address = _said(master, r"(spark://127\.0\.0\.1:\d+)")
        worker = _started("worker.Worker", "--host", "127.0.0.1", "--cores", "2", "--memory", "2g", address)
        try:
            _said(worker, r"(Successfully registered)")
            yield address
        finally:
            _ended(worker)
    finally:
        _ended(master)


def _started(role: str, *options: str) -> subprocess.Popen[str]:
    words = [SPARK_CLASS, f"org.apache.spark.deploy.{role}", *options]
    return subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", env=ON_THIS_MACHINE
    )


def _said(process: subprocess.Popen[str], what: str, seconds: float = 60) -> str:
    assert process.stdout is not None
    until = time.monotonic() + seconds
    for line in process.stdout:
        if found := re.search(what, line):
            return found[1]
        assert time.monotonic() < until, f"{what} was not said"
    raise AssertionError(f"{what} was not said before the end")


def _ended(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.communicate(timeout=30)


def test_a_build_on_spark_gives_every_person_the_same_need(place: Path):
    here = needs(place)
    assert here.num_rows > 1_900
    assert needs(place, "--engine", "spark").to_pylist() == here.to_pylist()


def test_a_build_on_a_cluster_gives_every_person_the_same_need(place: Path):
    with cluster() as address:
        there = needs(place, "--engine", "spark", "--master", address)
    assert there.to_pylist() == needs(place).to_pylist()
