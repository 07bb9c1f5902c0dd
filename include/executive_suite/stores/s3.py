"""The object store on S3, or on an endpoint compatible with it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from botocore.exceptions import BotoCoreError, ClientError

from executive_suite.identity import without_addresses
from executive_suite.stores.store import ObjectMissingError, StoredObject, StoreError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.paginator import ListObjectsV2Paginator
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef

CONFLICT_TRIES = 5
"""How often a create is repeated when S3 answers 409: two conditional writes collided, and neither has lost yet."""


class S3Store:
    """One bucket.

    Writes are idempotent, so the client's own retries may stay on: a create repeated after a lost answer finds its own
    first write and returns False, and the caller reads the object back.

    Args:
        client: A boto3 S3 client.
        bucket: The bucket's name.
    """

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def __repr__(self) -> str:
        return f"S3Store({self._bucket!r})"

    @property
    def name(self) -> str:
        """The bucket's name."""
        return self._bucket

    def create(self, item: StoredObject) -> bool:
        """Write unless the key exists; whether this call wrote it."""
        for _ in range(CONFLICT_TRIES):
            try:
                self._write(item, only_if_absent=True)
            except ClientError as error:
                status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
                if status == HTTPStatus.PRECONDITION_FAILED:
                    return False
                if status == HTTPStatus.CONFLICT:
                    continue
                raise self._failed(error, "create", item.key) from None
            except BotoCoreError as error:
                raise self._failed(error, "create", item.key) from None
            else:
                return True
        msg = (
            f"create s3://{self._bucket}/{item.key}: still in conflict with another write after {CONFLICT_TRIES} tries"
        )
        raise StoreError(msg)

    def put(self, item: StoredObject) -> None:
        """Write, replacing any earlier object."""
        try:
            self._write(item, only_if_absent=False)
        except (ClientError, BotoCoreError) as error:
            raise self._failed(error, "put", item.key) from None

    def remove(self, key: str) -> None:
        """Delete the object, if there is one; a versioned bucket keeps it behind a delete marker."""
        try:
            self._client.delete_object(Bucket=self._bucket, Key=key)
        except (ClientError, BotoCoreError) as error:
            raise self._failed(error, "remove", key) from None

    def get(self, key: str) -> StoredObject:
        """The object, with its tags when it has any.

        Raises:
            ObjectMissingError: there is no object at the key.
            StoreError: the bucket did not answer or refused.
        """
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
            body = answer["Body"].read()
            tags = {}
            if answer.get("TagCount"):
                found = self._client.get_object_tagging(Bucket=self._bucket, Key=key)
                tags = {tag["Key"]: tag["Value"] for tag in found["TagSet"]}
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in {"NoSuchKey", "404"}:
                msg = f"s3://{self._bucket}/{key}: no such object"
                raise ObjectMissingError(msg) from None
            raise self._failed(error, "get", key) from None
        except BotoCoreError as error:
            raise self._failed(error, "get", key) from None
        return StoredObject(key, body, answer.get("ContentType", ""), answer.get("Metadata", {}), tags)

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys that begin with ``prefix``, in lexical order."""
        for page in self._pages(prefix):
            for entry in page.get("Contents", []):
                yield entry["Key"]

    def folders(self, prefix: str) -> Iterator[str]:
        """The names of the folders right below ``prefix``, in lexical order; nothing else is listed."""
        for page in self._pages(prefix, "/"):
            for entry in page.get("CommonPrefixes", []):
                yield entry["Prefix"].removeprefix(prefix).removesuffix("/")

    @cached_property
    def _listing(self) -> ListObjectsV2Paginator:
        return self._client.get_paginator("list_objects_v2")  # botocore makes a class for each

    def _pages(self, prefix: str, delimiter: str = "") -> Iterator[ListObjectsV2OutputTypeDef]:
        try:
            yield from self._listing.paginate(Bucket=self._bucket, Prefix=prefix, Delimiter=delimiter)
        except (ClientError, BotoCoreError) as error:
            raise self._failed(error, "list", prefix) from None

    def _write(self, item: StoredObject, *, only_if_absent: bool) -> None:
        condition = {"IfNoneMatch": "*"} if only_if_absent else {}
        self._client.put_object(
            Bucket=self._bucket,
            Key=item.key,
            Body=item.body,
            ContentType=item.content_type,
            Metadata=dict(item.metadata),
            Tagging=urlencode(dict(item.tags)),
            ChecksumAlgorithm="SHA256",
            **condition,  # type: ignore[arg-type]  # the stubs type a spread dict by its widest parameter
        )

    def _failed(self, error: Exception, operation: str, key: str) -> StoreError:
        """The error without addresses.

        AWS names the caller it refuses, and sessions of assumed roles are often named after a mail address.
        """
        return StoreError(without_addresses(f"{operation} s3://{self._bucket}/{key}: {error}"))
