"""Files among mail: read, attached to it or not, and accounted for."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import forms
import pytest
from conftest import fresh_database
from sqlalchemy import Engine, text

import store.read
from corpus.document import DocumentKind, TimeSource
from corpus.message import digest
from nlp.analyze import MODELS, Analyzer
from pipeline.jobs import retry
from pipeline.run import ingest
from settings import Settings

MINUTES = (
    "# Palaveri 17.9.2024\n\nLäsnä: Aino Kallio, Veikko Salmi\n\n"
    "* Päätettiin, että hinta pysyy ennallaan.\n* Aino lähettää hinnaston 24.9. mennessä.\n"
).encode()
OFFER = forms.docx(forms.paragraph("Tarjous") + forms.paragraph("Hinta on 10 euroa kappaleelta."))
LOCKED = forms.pdf([forms.column(["Salaista."])], encrypt="x")


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", own_domains=("kettu.example",), database_url=None)


def mail(day: int, *files: tuple[str, bytes], sender: str = "aino@koski.example") -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = sender, "anna@kettu.example"
    message["Date"], message["Subject"] = f"{day} Sep 2024 09:00:00 +0300", "Tarjous"
    message["Message-ID"] = f"<{day}@koski.example>"
    message.set_content("Hei, tässä liite.\n")
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def put(folder: Path, **files: bytes) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def test_files_are_read_beside_mail_and_every_one_is_accounted_for(
    database: Engine, home: Settings, tmp_path: Path
) -> None:
    folder = put(
        tmp_path / "in",
        **{
            "1.eml": mail(18, ("muistio.md", MINUTES), ("logo.png", b"\x89PNG\r\n"), ("lukossa.pdf", LOCKED)),
            "2.zip": zipped(**{"a/tarjous.docx": OFFER}),
            "3.pdf": LOCKED,
            "4.csv": b"a;b\n1;2\n",
            "5.msg": forms.ole(forms.msg("Hei", "Tilaamme kymmenen.")),
        },
    )
    report = ingest(database, home, [folder], analyzer=None)
    assert (report.seen, report.stored, report.quarantined, report.skipped) == (5, 3, 1, 1)
    assert (report.enclosed, report.unread) == (1, 1)
    assert report.reasons["not read: text/plain"] == 1
    with database.connect() as connection:
        kinds = {d.file: d.kind for d in store.read.papers(connection)}
        places = [q.place for q in store.read.quarantined(connection)]
    assert kinds == {"muistio.md": DocumentKind.NOTES, "tarjous.docx": DocumentKind.OTHER}
    assert [place.removeprefix(str(folder)) for place in places] == ["/1.eml, lukossa.pdf"]


def test_a_file_read_before_costs_a_look_up(database: Engine, home: Settings, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", **{"1.eml": mail(18, ("muistio.md", MINUTES)), "muistio.md": MINUTES})
    first = ingest(database, home, [folder], analyzer=None)
    assert (first.stored, first.duplicate, first.enclosed) == (1, 1, 1)
    again = ingest(database, home, [folder], analyzer=None)
    assert (again.seen, again.duplicate, again.enclosed) == (2, 2, 0)


def test_a_file_is_in_the_thread_and_the_relationship_of_the_mail_that_brought_it(
    database: Engine, home: Settings, tmp_path: Path
) -> None:
    ingest(database, home, [put(tmp_path / "in", **{"1.eml": mail(18, ("muistio.md", MINUTES))})], analyzer=None)
    with database.connect() as connection:
        (members,) = store.read.members(connection, ["koski.example"]).values()
        row = connection.execute(text("SELECT confidence, reason FROM membership WHERE reason IS NOT NULL")).one()
    paper = next(m.filed for m in members if m.filed.document.layout)
    assert paper.document.id == digest(MINUTES)
    assert {m.filed.thread for m in members} == {paper.thread}
    assert (row.reason, row.confidence > 0.9) == ("mail", True)


def test_an_undated_file_has_the_day_of_the_first_mail_that_brought_it_in_whatever_order(
    engine: Engine, tmp_path: Path
) -> None:
    note = ("huomio.txt", b"Hinta nousee.\n")
    days = []
    for name, order in (("one", (11, 18)), ("two", (18, 11))):
        settings = Settings(home=tmp_path / name, own_domains=("kettu.example",), database_url=None)
        database = fresh_database(engine)
        for day in order:
            ingest(database, settings, [put(tmp_path / f"{name}{day}", **{"m.eml": mail(day, note)})], analyzer=None)
        with database.connect() as connection:
            days += [d.at.day for d in store.read.papers(connection) if d.at]
        database.dispose()
    assert days == [11, 11]


def test_a_locked_file_stays_in_quarantine_until_it_can_be_read(
    database: Engine, home: Settings, tmp_path: Path
) -> None:
    ingest(database, home, [put(tmp_path / "in", **{"lukossa.pdf": LOCKED})], analyzer=None)
    report = retry(database, home, None, None)
    assert (report.seen, report.quarantined) == (1, 1)


def test_what_was_refused_as_a_mail_is_no_file_when_it_is_tried_again(database: Engine, home: Settings) -> None:
    refused = ingest(database, home, [Path("-")], analyzer=None, stdin=io.BytesIO(b"Some words, and no header.\n"))
    assert refused.quarantined == 1
    report = retry(database, home, None, None)
    assert (report.stored, report.quarantined) == (0, 1)


CONTRACT = (
    "# Huoltosopimus\n\nTilaaja: Koski Oy\n\nToimittaja: Kettu Oy\n\n## 1. Palvelu\n\n"
    "1.1 Toimittaja huoltaa laitteet 3.6.2024 alkaen ja toimittaa suunnitelman 15.5.2024 mennessä.\n\n"
    "## 2. Voimassaolo\n\n2.1 Sopimus tulee voimaan 11.3.2024 ja on voimassa toistaiseksi.\n"
).encode()


def test_a_contract_is_of_the_day_from_which_it_holds_whether_read_at_once_or_later(
    engine: Engine, tmp_path: Path
) -> None:
    if not (MODELS / "reader" / "model.safetensors").is_file():
        pytest.skip("models/reader holds no weights")
    analyzer = Analyzer.load()
    folder = put(tmp_path / "in", **{"1.eml": mail(18, ("sopimus.md", CONTRACT))})
    states = []
    for name, runs in (("once", (analyzer,)), ("later", (None, analyzer))):
        settings = Settings(home=tmp_path / name, own_domains=("kettu.example",), database_url=None)
        database = fresh_database(engine)
        for models in runs:
            ingest(database, settings, [folder], analyzer=models)
        with database.connect() as connection:
            (found,) = store.read.papers(connection)
            states.append((found, store.read.document(connection, found.id)))
        database.dispose()
    assert states[0] == states[1]
    assert (found.at, found.time_source) == (datetime(2024, 3, 11, tzinfo=UTC), TimeSource.TEXT)


def test_a_contract_alone_opens_a_relationship_which_their_first_mail_takes_over(
    database: Engine, home: Settings, tmp_path: Path
) -> None:
    def houses() -> list[tuple[object, ...]]:
        query = "SELECT r.id, count(*) FROM relationship r JOIN membership ON r.id = relationship_id GROUP BY r.id"
        with database.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    ingest(
        database,
        home,
        [put(tmp_path / "first", **{"sopimus.md": CONTRACT.replace(b"Koski", b"Havukoski")})],
        analyzer=None,
    )
    assert houses() == [("havukoski", 1)]
    letter = mail(18, sender="aino@havukoski.example")
    ingest(database, home, [put(tmp_path / "then", **{"1.eml": letter})], analyzer=None)
    assert houses() == [("havukoski.example", 2)]
