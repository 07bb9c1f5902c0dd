"""Sessions share what botocore has parsed, and nothing else."""

from __future__ import annotations

import pytest

from executive_suite.stores import aws


def test_each_session_has_credentials_and_a_region_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for key, region in (("first", "us-east-1"), ("second", "eu-west-1")):
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
        session = aws.session(region)
        credentials = session.get_credentials()
        assert credentials
        found.append((credentials.access_key, session.client("s3").meta.region_name))
    assert found == [("first", "us-east-1"), ("second", "eu-west-1")]


def test_descriptions_are_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from botocore.loaders import JSONFileLoader

    parsed: list[str] = []
    real = JSONFileLoader.load_file

    def load(loader: JSONFileLoader, place: str) -> object:
        parsed.append(place)
        return real(loader, place)

    aws.session("us-east-1").client("logs")
    monkeypatch.setattr(JSONFileLoader, "load_file", load)
    aws.session("eu-west-1").client("logs")
    assert not [place for place in parsed if "logs" in place or "endpoints" in place]
