from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from errors import SettingsError
from insights.practices.policy import Policy
from pipeline.house import read_policy
from pipeline.practices import practices
from pipeline.run import ingest
from settings import Settings

_DAY = date(2025, 1, 1)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("[answers]\nworking_day = 2\n", "working_day"),
        ("[answers]\nshare = 90\n", r"\$.answers.share"),
        ("[contracts]\npayment_days = '30 days'\n", "Expected `int"),
        ("answers = \n", "Invalid value"),
        ("[answers]\nholidays = 'sv'\n", "'sv' is no language"),
    ],
)
def test_a_policy_that_cannot_be_used_says_which_key_is_wrong(tmp_path: Path, said: str, why: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(said)
    with pytest.raises(SettingsError, match=why) as error:
        read_policy(path)
    assert str(path) in str(error.value)


def test_a_policy_that_is_not_there_is_an_error_and_none_demands_nothing(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        read_policy(tmp_path / "nowhere.toml")
    assert read_policy(None) == Policy()


def test_a_study_follows_the_policy_and_the_insights(database: Engine, sample: Path, tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("[contracts]\npayment_days = 1\n")
    settings = Settings(home=tmp_path / "home", own_domains=("tuulikas.fi", "hohtavakp.fi"), database_url=None)
    strict = settings.model_copy(update={"policy": path})
    ingest(database, settings, [sample / "fi-paivakoti" / "mail.mbox"], analyzer=None)
    with database.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM study")) == 1
    first = practices(database, settings, _DAY)
    assert practices(database, settings, _DAY) == first
    with database.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM study")) == 2
    practices(database, strict, _DAY)
    with database.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM study")) == 1
    ingest(database, strict, [sample / "fi-torikori" / "mail.mbox"], analyzer=None)
    assert practices(database, strict, _DAY).counted.relationships > first.counted.relationships


def test_a_wrong_policy_stops_an_ingest_before_insights_are_derived(
    database: Engine, sample: Path, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path / "home", database_url=None, policy=tmp_path / "nowhere.toml")
    with pytest.raises(SettingsError, match="policy"):
        ingest(database, settings, [sample / "fi-paivakoti" / "mail.mbox"], analyzer=None)
