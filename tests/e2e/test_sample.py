from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from corpus.sample import ARCHIVES

TRUTHS = [json.loads(path.read_text()) for path in sorted((ROOT / "tests" / "e2e" / "truth").glob("*.json"))]


@pytest.fixture(scope="module")
def export(suhde: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(suhde("export", "--format", "json", "--as-of", "2024-11-25").stdout)
    return found


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _sources(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = [value] if {"document", "quote", "start", "end"} <= value.keys() else []
        return own + [s for v in value.values() for s in _sources(v)]
    return [s for v in value for s in _sources(v)] if isinstance(value, list) else []


def test_every_story_is_one_relationship_with_all_its_mail(export: dict[str, Any]) -> None:
    found = {r["id"]: r for r in export["relationships"]}
    for truth in TRUTHS:
        mails = sum(d["type"] == "email" for d in truth["documents"].values())
        them = found[truth["them"]["domains"][0]]
        assert mails * 0.75 <= them["documents"] <= mails + 3  # a few mails stay inside a house


def test_all_evidence_is_a_verbatim_slice_of_its_document(export: dict[str, Any], suhde: Any) -> None:
    sources = _sources(export)
    assert len(sources) > 200
    texts: dict[str, str] = {}
    for source in sources[::80]:
        document = source["document"]
        if document not in texts:
            texts[document] = json.loads(suhde("show", document, "--json").stdout)["document"]["text"]
        assert texts[document][source["start"] : source["end"]] == source["quote"]


def test_most_promises_of_the_stories_are_in_the_ledger(export: dict[str, Any]) -> None:
    quotes = [set(_words(c["made"]["quote"])) for r in export["relationships"] for c in r["commitments"]]
    true = [
        set(_words(c["evidence"]))
        for t in TRUTHS
        for c in t["commitments"]
        if t["documents"][c["made_in"]]["type"] == "email"
    ]
    found = sum(any(len(t & q) >= 0.6 * min(len(t), len(q)) for q in quotes) for t in true)
    assert found / len(true) > 0.5


def test_a_status_is_that_of_the_day_asked(suhde: Any) -> None:
    early = json.loads(suhde("commitments", "--as-of", "2024-05-01", "--json").stdout)
    late = json.loads(suhde("commitments", "--as-of", "2024-11-25", "--json").stdout)
    assert 0 < len(early) < len(late)
    assert all(c["at"] is None or c["at"][:10] <= "2024-05-01" for c in early)  # minutes without a day are old news
    for c in early:
        steps = [s["source"]["at"][:10] for s in c["detail"]["history"]]
        assert all(day <= "2024-05-01" for day in steps)


def test_sums_are_those_of_the_day_asked(suhde: Any) -> None:
    early = {r["id"]: r for r in json.loads(suhde("relationships", "--as-of", "2024-02-01", "--json").stdout)}
    assert "torikori.fi" not in early  # its first mail is of April
    gearbox = early["norrhamndrivlinje.se"]
    assert gearbox["last"][:10] <= "2024-02-01"
    later = {r["id"]: r for r in json.loads(suhde("relationships", "--as-of", "2024-10-15", "--json").stdout)}
    assert 0 < gearbox["documents"] < later["norrhamndrivlinje.se"]["documents"]


def test_hostile_names_neither_break_nor_steer_the_terminal(suhde: Any) -> None:
    raw = (
        b'From: "Foo [/b] \x1b]0;x" <foo@kuuskoski.fi>\nTo: a@tuulikas.fi\nSubject: [/red] \x1b[2J\n'
        b"Message-ID: <h@k>\n\n\x1b[2J Hei\n"
    )
    suhde("ingest", "-", stdin=raw)
    for command in (("relationships",), ("show", "h@k"), ("timeline", "kuuskoski.fi"), ("quarantine", "list")):
        assert b"\x1b]0" not in suhde(*command).stdout
        assert b"\x1b[2J" not in suhde(*command).stdout
    assert suhde("timeline", "[/x]", ok=False).returncode == 4
    assert json.loads(suhde("timeline", "foo@kuuskoski.fi", "--json").stdout)  # a person leads to the relationship


def test_mail_that_was_only_filed_is_read_by_the_next_run_with_models(suhde: Any, tmp_path: Path) -> None:
    path = tmp_path / "later.eml"
    path.write_text(
        "From: x@laterhouse.fi\nTo: a@tuulikas.fi\nSubject: Piirustukset\nMessage-ID: <later@l>\n"
        "Date: Mon, 4 Mar 2024 09:12:00 +0200\n\nLähetän piirustukset perjantaihin mennessä.\n"
    )
    suhde("ingest", "--no-models", str(path))
    assert not json.loads(suhde("commitments", "laterhouse.fi", "--json").stdout)
    report = json.loads(suhde("ingest", "--json", str(path)).stdout)
    assert (report["duplicate"], report["reread"]) == (1, 1)
    assert json.loads(suhde("commitments", "laterhouse.fi", "--json").stdout)


def test_mass_and_automatic_mail_stays_out_of_the_timeline(suhde: Any) -> None:
    timeline = suhde("timeline", "torikori.fi", "--as-of", "2024-11-25", "--json").stdout.decode()
    assert "kesälomalla" not in timeline
    assert "uutiskirje" not in timeline
    quiet = json.loads(suhde("mail", "--quiet", "--json").stdout)
    assert {m["sending"] for m in quiet} == {"bulk", "automatic"}
    shown = json.loads(suhde("mail", "torikori.fi", "--json").stdout)
    assert len(shown) >= 22
    assert not {m["id"] for m in quiet} & {m["id"] for m in shown}


def test_the_same_timeline_comes_as_a_table_json_lines_and_csv(suhde: Any) -> None:
    args = ("timeline", "kuuskoski.fi", "--as-of", "2024-11-25", "--kind", "issue")
    table = suhde(*args).stdout.decode()
    lines = suhde(*args, "--format", "jsonl").stdout.decode().splitlines()
    rows = list(csv.DictReader(io.StringIO(suhde(*args, "--format", "csv").stdout.decode())))
    assert len(lines) == len(rows) > 0
    assert {json.loads(line)["id"] for line in lines} == {row["id"] for row in rows}
    assert "kuuskoski.fi" in table


def test_an_account_of_the_crm_gives_its_name_and_kind(suhde: Any, tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("external_id,name,domains,kind,owner\nA-17,Torikorin Ruokakaupat Oy,torikori.fi,customer,Riikka\n")
    suhde("accounts", "import", str(path))
    found = json.loads(suhde("relationships", "--json").stdout)
    one = next(r for r in found if r["id"] == "torikori.fi")
    assert (one["name"], one["kind"], one["external_id"], one["owner"]) == (
        "Torikorin Ruokakaupat Oy", "customer", "A-17", "Riikka",
    )  # fmt: skip
    assert json.loads(suhde("timeline", "A-17", "--json").stdout)


def test_quarantine_keeps_what_could_not_be_read(suhde: Any) -> None:
    (row,) = json.loads(suhde("quarantine", "list", "--format", "json").stdout)
    shown = suhde("quarantine", "show", row["id"][:8])
    broken = next(path for path in ARCHIVES if path.name == "desk") / "too-many-parts.eml"
    assert shown.stdout == broken.read_bytes()
    assert b"SUHDE-113" in shown.stderr


def test_a_relationship_that_is_not_there_is_said_with_what_is_near(suhde: Any) -> None:
    done = suhde("timeline", "torikor", ok=False)
    assert done.returncode == 4
    assert b"Did you mean torikori.fi" in done.stderr
