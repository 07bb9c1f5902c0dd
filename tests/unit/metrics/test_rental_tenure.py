from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact, Why
from typed_tables import Rows, computed, context, typed

HOUSE = {"asset_id": "H1", "entity_id": "homes", "asset_class": "property", "name": "House", "status": "in_use"}


def dataset(**tables: Rows) -> Context:
    return context(
        "2026-04-01", asset=typed("asset", [HOUSE]), **{name: typed(name, rows) for name, rows in tables.items()}
    )


def lease(start: str, end: str | None, **more: object) -> dict[str, object]:
    base = {"lease_id": start, "asset_id": "H1", "unit": "A", "kind": "long_term", "start_on": start, "end_on": end}
    return {**base, "rent_cents": 1, "status": "active", **more}


def facts(data: Context, metric_id: str) -> list[Fact]:
    return [f for f in computed(data, "rental") if f.metric_id == metric_id and f.entity_id == "homes"]


# Empty from 1 to 10 February (10 days) and not at all between the second and third tenant: mean 5.
def test_turnover_is_the_mean_of_the_empty_days_between_tenants() -> None:
    leases = [lease("2024-01-01", "2025-01-31"), lease("2025-02-11", "2025-12-31"), lease("2026-01-01", None)]
    assert [f.value for f in facts(dataset(lease=leases), "turnover_days")] == [5]


def test_one_tenant_has_no_turnover() -> None:
    (found,) = facts(dataset(lease=[lease("2024-01-01", None)]), "turnover_days")
    assert (found.value, found.status) == (None, "not_applicable")


def test_days_until_a_license_expires_and_one_that_is_not_on_file() -> None:
    paper = {"doc_id": "D1", "entity_id": "homes", "kind": "str_licence", "effective": "2025-05-01"}
    found = facts(dataset(compliance_doc=[{**paper, "expires": "2026-04-30"}]), "licence_days_left")
    by_kind = {f.dimensions["kind"]: (f.value, f.status) for f in found}
    assert by_kind == {"str_licence": (29, "ok"), "tot_registration": (None, "not_applicable")}
    assert [f.dimensions["kind"] for f in found if f.qualified(Why.NOT_ON_FILE)] == ["tot_registration"]
