"""Many groups in one deployment: what each has, and what none of them gets of another."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import pytest

from executive_suite.config import ConfigError
from executive_suite.run import many
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.prefixed import Prefixed
from executive_suite.stores.store import ObjectMissingError, StoredObject

KEY = "k" * 40


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    for name in ("acme", "acme-west", "deli"):
        (tmp_path / name).mkdir()
    return {
        "EXECUTIVE_SUITE_GROUPS": str(tmp_path),
        "REPORTS_BUCKET": "reports",
        "RECORDS_BUCKET": "records",
        "RECIPIENT_HASH_KEY": KEY,
        "EXECUTIVE_SUITE_REPORTS_URL": "https://reports.example.com/",
        "AWS_RECIPIENT_EMAIL": "firm@example.com",
        "AWS_RECIPIENT_EMAIL__ACME": "owner@example.com",
        "AWS_RECIPIENT_EMAIL__ACME_WEST": "west@example.com",
        "BOOKS_URL": "postgresql://everybody",
        "BOOKS_URL__DELI": "postgresql://deli",
        "EXECUTIVE_SUITE_SCHEDULE__DELI": "0 7 1 * *",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql://airflow",
    }


def test_a_group_has_what_is_its_own_and_what_may_be_shared(environment: dict[str, str]) -> None:
    found = many.of_group("acme", environment)
    assert found["AWS_RECIPIENT_EMAIL"] == "owner@example.com"
    assert found["EXECUTIVE_SUITE_PREFIX"] == "groups/acme/"
    assert found["EXECUTIVE_SUITE_REPORTS_URL"] == "https://reports.example.com/groups/acme"
    assert Path(found["EXECUTIVE_SUITE_GROUP"]).name == "acme"
    assert "EXECUTIVE_SUITE_SCHEDULE" not in found


def test_no_group_has_anything_of_another_nor_an_address_or_a_database_of_all(environment: dict[str, str]) -> None:
    every = {name: many.of_group(name, environment) for name in many.names(environment)}
    assert set(every) == {"acme", "acme-west", "deli"}
    assert every["deli"]["BOOKS_URL"] == "postgresql://deli"
    secrets = {"firm@example.com", "postgresql://everybody", "postgresql://airflow"}
    assert not any(secrets & set(found.values()) for found in every.values())
    assert "west@example.com" not in every["acme"].values()
    assert "AWS_RECIPIENT_EMAIL" not in every["deli"]
    assert len({found["RECIPIENT_HASH_KEY"] for found in every.values()} | {KEY}) == 4


def test_the_hash_key_of_a_group_is_an_hmac_that_anybody_with_the_key_can_compute(environment: dict[str, str]) -> None:
    """RFC 2104, by the standard library."""
    wanted = hmac.new(KEY.encode(), b"group deli", hashlib.sha256).hexdigest()
    assert many.of_group("deli", environment)["RECIPIENT_HASH_KEY"] == wanted


@pytest.mark.parametrize("name", ["Acme", "a_b", "a--b", "-a", "a-", "../a", "9a", "a" * 41, ""])
def test_a_name_that_cannot_be_one_everywhere_is_refused(environment: dict[str, str], name: str) -> None:
    with pytest.raises(ConfigError, match="small letters and digits"):
        many.of_group(name, environment)


def test_a_command_must_name_one_of_the_groups(environment: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"is missing; name one of .*: acme, acme-west, deli"):
        many.scoped(environment)
    with pytest.raises(ConfigError, match="name one of"):
        many.scoped({**environment, "EXECUTIVE_SUITE_GROUP": str(tmp_path.parent)})
    one = many.scoped({**environment, "EXECUTIVE_SUITE_GROUP": str(tmp_path / "deli")})
    assert one["EXECUTIVE_SUITE_PREFIX"] == "groups/deli/"
    assert many.scoped(one) is one  # a step has its group already


def test_two_parts_of_a_bucket_see_nothing_of_each_other() -> None:
    bucket = MemoryStore()
    one, other = Prefixed(bucket, "groups/a/"), Prefixed(bucket, "groups/ab/")
    assert one.create(StoredObject("audit/1", b"one"))
    assert other.create(StoredObject("audit/1", b"other"))
    assert not one.create(StoredObject("audit/1", b"again"))
    assert (one.get("audit/1").body, one.get("audit/1").key) == (b"one", "audit/1")
    assert list(one.keys("")) == ["audit/1"]
    one.remove("audit/1")
    with pytest.raises(ObjectMissingError):
        one.get("audit/1")
    assert list(bucket.keys("")) == ["groups/ab/audit/1"]


def test_the_fingerprint_of_a_group_is_that_of_its_own_configuration(environment: dict[str, str]) -> None:
    place = Path(environment["EXECUTIVE_SUITE_GROUPS"])
    before = {name: many.fingerprint(name, environment) for name in ("acme", "deli")}
    (place / "acme" / "reports.yaml").write_text("[]\n", encoding="utf-8")
    (place / "deli" / "data").mkdir()  # tables are read at run time
    assert many.fingerprint("acme", environment) != before["acme"]
    assert many.fingerprint("deli", environment) == before["deli"]
    assert many.fingerprint("acme", environment) == many.fingerprint("acme", environment)
