from __future__ import annotations

from pathlib import Path

import pytest

from errors import SettingsError
from insights.attention import ReasonKind, Rules
from pipeline.attention import read_rules
from settings import Settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    found = Settings(home=tmp_path / "home", own_domains=(), database_url=None)
    found.home.mkdir()
    return found


def test_without_a_file_the_documented_rules_hold(home: Settings) -> None:
    assert read_rules(home) == Rules()
    text = (Path(__file__).parents[2] / "docs" / "attention.md").read_text(encoding="utf-8")
    for kind in ReasonKind:
        rule = Rules().of(kind)
        (row,) = [line for line in text.splitlines() if line.startswith(f"| `{kind.value}`")]
        assert [cell.strip() for cell in row.split("|")][3:6] == [
            str(rule.weight), str(rule.ahead or ""), str(rule.stale),
        ]  # fmt: skip


def test_a_file_changes_what_it_names_and_the_working_directory_counts_before_the_data_folder(home: Settings) -> None:
    (home.home / "attention.toml").write_text("[silence]\nweight = 0\n")
    assert read_rules(home).silence.weight == 0
    assert read_rules(home).threat == Rules().threat
    Path("attention.toml").write_text("[unanswered]\nweight = 12\nstale = 30\n")
    assert (read_rules(home).silence.weight, read_rules(home).unanswered.stale) == (Rules().silence.weight, 30)


@pytest.mark.parametrize("text", ["[nonsense]\nweight = 1\n", "[threat]\nweight = -1\n", "[threat]\nwaight = 1\n", "["])
def test_a_file_that_cannot_be_used_is_named(home: Settings, text: str) -> None:
    Path("attention.toml").write_text(text)
    with pytest.raises(SettingsError, match=r"attention\.toml"):
        read_rules(home)
