"""What the manual says about the shipped regimes, counted."""

import re
from pathlib import Path

from app.paths import resource
from app.services.founding import SHIPPED_REGIMES
from app.services.shipped import read_shipped
from app.ui.slip_words import SIGNER_NAMES

TABLE = Path(__file__).resolve().parents[2] / "docs" / "regimes.md"
ROW = re.compile(r"^\| `(?P<code>[a-z-]+)` \|.*\| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)


def test_the_rules_of_every_shipped_regime_are_as_many_as_the_manual_says():
    told = {row["code"]: tuple(map(int, row.groups()[1:])) for row in ROW.finditer(TABLE.read_text(encoding="utf-8"))}
    counted = {
        each.regime.code: (each.rules, each.rules - each.unverified_rules, each.unverified_rules)
        for each in read_shipped()
    }
    assert told == counted
    assert tuple(told) == SHIPPED_REGIMES
    rules, unverified = (sum(row[at] for row in counted.values()) for at in (0, 2))
    assert f"{unverified} of {rules} rules" in (TABLE.parents[1] / "README.md").read_text(encoding="utf-8")


def test_a_search_of_the_file_finds_as_many():
    for each in read_shipped():
        text = resource(f"regimes/{each.regime.code}.toml").read_text(encoding="utf-8")
        rules = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
        assert rules.count("verified = false") == each.unverified_rules
        assert rules.count("verified = true") == each.rules - each.unverified_rules


def test_no_role_that_decides_bears_the_name_of_one_that_signs():
    """The supervisor of a handover was named by “supervisor”, who is the leader of a department."""
    signers = {*SIGNER_NAMES, *SIGNER_NAMES.values()} - {"archivist"}  # who signs for a filing is one
    for each in read_shipped():
        assert not signers & {role.name.en for role in each.regime.rules.roles}, each.regime.code
