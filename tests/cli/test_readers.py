from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from conftest import ROOT


def _suhde(command: str, *lines: str) -> tuple[int, list[dict[str, Any]]]:
    done = subprocess.run(
        [sys.executable, "-m", "cli", command, "--jsonl"],
        input="\n".join(lines).encode(), capture_output=True, cwd=ROOT,
    )  # fmt: skip
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def _line(**fields: object) -> str:
    return json.dumps(fields)


def test_a_promise_is_found_with_its_day_and_its_place_in_the_text() -> None:
    text = "Hei Anna,\n\nlähetän allekirjoitetun sopimuksen perjantaihin mennessä."
    code, (answer,) = _suhde("analyze", _line(id=1, text=text, date="2024-03-04T09:00:00+02:00", subject="Sopimus"))
    assert code == 0
    (promise,) = [s for s in answer["sentences"] if "commit" in s["acts"]]
    assert text[promise["start"] : promise["end"]] == "lähetän allekirjoitetun sopimuksen perjantaihin mennessä."
    assert (promise["debtor"], promise["due_date"]) == ("writer", "2024-03-08")
    assert 0 <= promise["confidence"]["commit"] <= 1


def test_quoted_text_is_split_but_carries_no_labels() -> None:
    text = "Sopii, hoidan sen huomenna.\n\n> Voitko lähettää tarjouksen perjantaiksi?\n"
    _, (answer,) = _suhde("analyze", _line(id="x", text=text))
    quoted = [s for s in answer["sentences"] if s["zone"] == "quote"]
    assert quoted
    assert all(not s["acts"] and s["issue"] is None for s in quoted)


def test_a_whole_message_comes_back_with_its_decoded_text() -> None:
    raw = (
        "From: a@example.fi\nTo: b@example.org\nSubject: =?utf-8?q?P=C3=A4iv=C3=A4?=\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nK=C3=A4y!\n"
    )
    _, (answer,) = _suhde("analyze", _line(id=7, raw=raw))
    assert answer["text"].strip() == "Käy!"


def test_bad_lines_give_errors_in_their_place_and_the_rest_goes_on() -> None:
    code, answers = _suhde("analyze", _line(id=1, text="Hei"), "{nonsense", _line(id=3, text=5), _line(id=4, text="Ok"))
    assert code == 3
    assert [("error" in a, a.get("id")) for a in answers] == [(False, 1), (True, None), (True, 3), (False, 4)]
    assert "text" in answers[2]["error"]["detail"]


def test_zones_say_whose_words_a_text_is() -> None:
    text = "Ok!\n\nOn Mon, 4 Mar 2024, Anna wrote:\n> Does Friday suit?\n"
    _, (answer,) = _suhde("zones", _line(id=1, text=text))
    kinds = {text[z["start"] : z["end"]].strip(): z["kind"] for z in answer["zones"]}
    assert kinds["Ok!"] == "own"
    assert answer["zones"][-1]["kind"] == "quote"
    assert answer["zones"][-1]["end"] == len(text)


def test_dates_find_due_words_and_their_day() -> None:
    sentence = "Tarvitsemme vastauksen viimeistään 15.3."
    code, answers = _suhde(
        "dates", _line(id=1, lang="fi", anchor="2024-03-04T09:00:00+02:00", sentence=sentence), _line(id=2, lang="fi")
    )
    assert code == 3
    assert (answers[0]["iso"], answers[0]["from"]) == ("2024-03-15", "2024-03-15")
    assert "error" in answers[1]
