"""The contract of an object store, over S3 (a real moto server) and over memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.passed_on import PassedOn
from executive_suite.stores.remembered import Remembered
from executive_suite.stores.s3 import S3Store
from executive_suite.stores.store import ObjectMissingError, ObjectStore, StoredObject, StoreError, create_all


@pytest.fixture(params=["s3", "memory"])
def store(request: pytest.FixtureRequest) -> ObjectStore:
    if request.param == "memory":
        return MemoryStore()
    return S3Store(request.getfixturevalue("s3_client"), request.getfixturevalue("bucket"))


def test_an_object_comes_back_with_everything_beside_it(store: ObjectStore) -> None:
    tags = {"report-type": "cfo", "entity": "group", "generated-date": "2026-05-01T13:00:00.000000Z"}
    item = StoredObject("2026-05-01/cfo-report.txt", b"caf\xc3\xa9\r\n", "text/plain; charset=utf-8", tags, tags)
    store.put(item)
    assert store.get(item.key) == item


def test_a_second_create_says_no_and_changes_nothing(store: ObjectStore) -> None:
    assert store.create(StoredObject("a", b"first"))
    assert not store.create(StoredObject("a", b"second"))
    assert store.get("a").body == b"first"


def test_a_put_replaces(store: ObjectStore) -> None:
    store.put(StoredObject("a", b"first", tags={"x": "1"}))
    store.put(StoredObject("a", b"second"))
    assert (store.get("a").body, dict(store.get("a").tags)) == (b"second", {})


def test_what_is_removed_is_missing_and_removing_again_changes_nothing(store: ObjectStore) -> None:
    store.put(StoredObject("a", b"1"))
    for _ in range(2):
        store.remove("a")
    assert list(store.keys("")) == []
    assert store.create(StoredObject("a", b"2"))


def test_a_missing_object_is_named(store: ObjectStore) -> None:
    with pytest.raises(ObjectMissingError, match="no/such"):
        store.get("no/such")


def test_keys_come_in_lexical_order_and_only_below_the_prefix(store: ObjectStore) -> None:
    for key in ("b/2", "b/10", "a/1", "b-/1"):
        store.create(StoredObject(key, b""))
    assert list(store.keys("b/")) == ["b/10", "b/2"]
    assert list(store.keys("nothing/")) == []


def test_folders_are_those_right_below(store: ObjectStore) -> None:
    for key in ("runs/2026-05-01/a/one", "runs/2026-05-01/b", "runs/2026-04-01/a", "runs/note", "other/x/y"):
        store.create(StoredObject(key, b""))
    assert list(store.folders("runs/")) == ["2026-04-01", "2026-05-01"]
    assert list(store.folders("nothing/")) == []


def test_what_never_changes_is_asked_for_once(store: ObjectStore) -> None:
    asked: list[str] = []

    class Counted(PassedOn):
        def get(self, key: str) -> StoredObject:
            asked.append(key)
            return super().get(key)

    remembered = Remembered(Counted(store), ("ledger/",))
    for key in ("ledger/1", "runs/1"):
        remembered.put(StoredObject(key, b"first"))
        assert [remembered.get(key).body for _ in range(2)] == [b"first"] * 2
    assert asked == ["ledger/1", "runs/1", "runs/1"]


def test_of_racing_creates_one_wins(store: ObjectStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda n: store.create(StoredObject("claim", str(n).encode())), range(8)))
    assert won.count(True) == 1
    assert store.get("claim").body == str(won.index(True)).encode()


def test_more_keys_than_one_page_holds(s3_client: Any, bucket: str) -> None:
    store = S3Store(s3_client, bucket)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: store.create(StoredObject(f"k/{n:05d}", b"")), range(1001)))
    assert list(store.keys("k/")) == [f"k/{n:05d}" for n in range(1001)]


def test_a_bucket_that_is_not_there_is_an_error_not_a_missing_object(s3_client: Any) -> None:
    store = S3Store(s3_client, "no-such-bucket-anywhere")
    for operation in (
        lambda: store.get("a"),
        lambda: store.create(StoredObject("a", b"")),
        lambda: store.put(StoredObject("a", b"")),
        lambda: list(store.keys("")),
    ):
        with pytest.raises(StoreError, match="no-such-bucket-anywhere") as caught:
            operation()
        assert not isinstance(caught.value, ObjectMissingError)


def test_objects_created_side_by_side_all_stand_there(store: ObjectStore) -> None:
    store.put(StoredObject("many/3", b"first"))
    create_all(store, [StoredObject(f"many/{number}", str(number).encode()) for number in range(20)])
    assert {key: store.get(key).body for key in store.keys("many/")} == {
        f"many/{number}": b"first" if number == 3 else str(number).encode() for number in range(20)
    }


def test_one_that_cannot_be_created_is_told(store: ObjectStore) -> None:
    class Full:
        """A bucket that takes no more than one object."""

        def create(self, item: StoredObject) -> bool:
            if item.key != "a":
                msg = f"create {item.key}: full"
                raise StoreError(msg)
            return store.create(item)

        put, get, keys = store.put, store.get, store.keys

    with pytest.raises(StoreError, match="create b: full"):
        create_all(Full(), [StoredObject("a", b""), StoredObject("b", b"")])
