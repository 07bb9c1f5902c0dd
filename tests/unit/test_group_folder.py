"""A group is a folder: what it leaves out is the shipped one, except what is the sample's alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_deployment import WHOLE

from csv_tables import folder
from executive_suite import __main__ as command_line
from executive_suite import config
from executive_suite.config import ConfigError
from executive_suite.folders import GROUP, SHIPPED, group_of
from executive_suite.run import deployment
from executive_suite.sources import reading

ENTITIES = "entity_id,kind,name,base_currency,timezone\nacme,business,Acme,USD,America/Los_Angeles\n"


def group(path: Path, **files: str) -> Path:
    """A group's folder with a ledger of one sale, and its own files."""
    folder(
        path / "data",
        entity=ENTITIES + "group,group,Acme Group,USD,America/Los_Angeles\n",
        account="account,name,type,normal_side,is_cash\n1000,Bank,asset,debit,true\n4000,Sales,revenue,credit,false\n",
        ledger="txn_id,line,date,entity_id,account,amount_cents,currency\n"
        "t1,1,2026-04-02,acme,1000,12345,USD\nt1,2,2026-04-02,acme,4000,-12345,USD\n",
    )
    for name, text in files.items():
        (path / f"{name}.yaml").write_text(text)
    return path


def test_a_group_with_data_alone_has_the_shipped_reports_and_none_of_the_samples_data(tmp_path: Path) -> None:
    own = group(tmp_path)
    found, shipped = config.load(own), config.load(SHIPPED)
    assert found.reports == shipped.reports
    assert found.limits == shipped.limits
    assert shipped.schedule.sample_report_date is not None
    assert found.schedule == config.Schedule()
    assert config.brand(own).name == ""
    raw = reading.of(None, own)
    assert raw.tables["ledger"].num_rows == 2
    assert not raw.sample


def test_what_the_group_states_is_its_own(tmp_path: Path) -> None:
    said = "- recipient_id: primary\n  address_from: ACME_EMAIL\n  role: all\n"
    owner = "- recipient_id: owner\n  address_from: ACME_OWNER\n  role: hears of faults\n"
    found = config.load(group(tmp_path, recipients=said + owner, group="name: Acme Group\n"))
    assert found.recipient("primary").address_from == "ACME_EMAIL"
    assert config.brand(tmp_path).name == "Acme Group"


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("recipient.yaml", "rename it to recipients.yaml"),
        ("reports.yml", "rename it to reports.yaml"),
        ("delivry.yaml", "rename it to delivery.yaml"),
        ("zzz.yaml", "a group has reports.yaml"),
    ],
)
def test_a_misspelled_file_is_refused_because_others_would_get_the_mail(tmp_path: Path, name: str, advice: str) -> None:
    (group(tmp_path) / name).write_text("[]")
    with pytest.raises(ConfigError, match=rf"{name}: is not a file of a group; {advice}"):
        config.load(tmp_path)


def test_a_fault_names_the_file_that_was_read(tmp_path: Path) -> None:
    own = "- recipient_id: other\n  address_from: ACME_EMAIL\n  role: all\n"
    with pytest.raises(ConfigError, match="primary"):
        config.load(group(tmp_path, recipients=own))
    with pytest.raises(ConfigError, match=r"recipients\.yaml: 0\.role"):
        config.load(group(tmp_path, recipients="- recipient_id: primary\n  address_from: X\n"))


def test_a_process_that_goes_on_sees_each_change(tmp_path: Path) -> None:
    """Of the same length and in the same moment, which neither size nor time of a file would tell."""
    found = [config.load(group(tmp_path, delivery=f"retries: {retries}\n")).limits.retries for retries in (3, 5, 3)]
    found.append(config.load(group(tmp_path, group="language: en\n", schedule='cron: "0 7 * * *"\n')).limits.retries)
    assert found == [3, 5, 3, 3]
    assert config.load(tmp_path).schedule.cron == "0 7 * * *"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere: is not a folder.*--group"):
        config.load(tmp_path / "nowhere")


def test_the_environment_names_the_group_of_a_process(tmp_path: Path) -> None:
    own = group(tmp_path)
    opened = deployment.from_environment({**WHOLE, GROUP: str(own)})
    assert opened.config_folder == own
    step = {**WHOLE, GROUP: str(own)}
    assert deployment.for_step("extract", step).config_folder == own
    assert step[GROUP] == str(own)
    assert group_of({GROUP: "  "}) == SHIPPED


@pytest.mark.parametrize("by", ["option", "variable"])
def test_a_command_reads_the_group_it_is_told(
    tmp_path: Path, by: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = group(tmp_path)
    option = ["--group", str(own)] if by == "option" else []
    if by == "variable":
        monkeypatch.setenv(GROUP, str(own))
    assert command_line.main(["metrics", "--as-of", "2026-05-01", *option]) == 0
    facts = json.loads(capsys.readouterr().out)
    cash = [fact["value"] for fact in facts if fact["metric_id"] == "cash_balance" and fact["entity_id"] == "group"]
    assert 12_345 in cash
