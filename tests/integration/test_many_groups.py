"""Groups side by side in one Airflow, one of them broken: each has its own mail and objects, and nothing of another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from integration.many import Side, cash_of, dag_of, started

COUNT = 3


@pytest.fixture(scope="module")
def side(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Side]:
    with started(tmp_path_factory.mktemp("many"), COUNT) as running:
        yield running


def test_each_group_gets_its_own_and_nothing_of_another(side: Side) -> None:
    states = side.run_all(seconds=900)
    assert states == dict.fromkeys(side.names, "success")
    mails = side.mails()
    copies = {f"copy-{name}@example.com" for name in side.names}
    assert set(mails) == {f"{name}@example.com" for name in side.names} | copies
    for number, name in enumerate(side.names):
        (text,) = mails[f"{name}@example.com"]
        assert cash_of(number) in text
        assert not [other for other in range(COUNT) if other != number and cash_of(other) in text]
        assert not [other for other in side.names if other != name and other in text]
    for bucket in ("REPORTS_BUCKET", "RECORDS_BUCKET"):
        assert {tuple(key.split("/")[:2]) for key in side.keys(bucket)} == {("groups", name) for name in side.names}


def test_the_broken_group_is_an_import_error_of_its_own(side: Side) -> None:
    errors = side.client.get("/importErrors")["import_errors"]
    assert [error["filename"].rpartition("/")[2] for error in errors] == ["torn.py"]
    assert "reports.yaml" in errors[0]["stack_trace"]
    assert side.client.get(f"/dags/{dag_of(side.names[0])}")["is_paused"] is False
