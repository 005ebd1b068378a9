from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from fastapi.testclient import TestClient
from served import DAY, SCRIPT


class _Links(HTMLParser):
    """What a page links to, loads and anchors."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.ids += [found["id"] or ""] if "id" in found else []
        if tag == "a" and found.get("href"):
            self.links.append(found["href"] or "")
        elif found.get("src") or tag == "link":
            self.loaded.append(found.get("src") or found.get("href") or "")
        assert not [name for name in found if name.startswith("on") or name == "style"]


def test_every_link_of_every_page_leads_somewhere_and_every_quote_to_its_sentence(client: TestClient) -> None:
    waiting, seen = [f"/?as_of={DAY}"], set[str]()
    while waiting:
        path = waiting.pop()
        answer = client.get(path)
        assert answer.status_code == 200, path
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        page = _Links(answer.text)
        assert "script" not in page.tags
        assert len(set(page.ids)) == len(page.ids), path
        assert all(load.startswith(("/static/", "/v1/")) for load in page.loaded)
        if (anchor := path.partition("#")[2]) and path.startswith("/documents/"):
            assert anchor in page.ids, path
        for link in page.links:
            target = urljoin(path, link)
            key = re.sub(r"as_of=[\d-]+|cursor=[^&#]+", "", target)
            if key not in seen and len(seen) < 400:
                seen.add(key)
                waiting.append(target)
    assert len(seen) > 60


@pytest.mark.parametrize(
    ("page", "twin"),
    [
        ("/", "/v1/attention"),
        ("/relationships/acme.example?kind=issue", "/v1/relationships/acme.example/timeline?kind=issue"),
        ("/documents/0@kettu.example", "/v1/documents/"),
        ("/attention", "/v1/attention"),
    ],
)
def test_every_page_links_to_its_json_twin(client: TestClient, page: str, twin: str) -> None:
    links = [link for link in _Links(client.get(page).text).links if link.startswith(twin)]
    assert links
    assert client.get(links[0]).headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/attention",
        "/relationships/evil.example",
        "/documents/901@kettu.example",
        f"/relationships/{SCRIPT}",
        f"/nothing/{SCRIPT}",
        f"/?as_of={SCRIPT}",
        f"/relationships/acme.example?since={SCRIPT}&kind={SCRIPT}",
    ],
)
def test_hostile_text_is_shown_as_text(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"accept": "text/html"})
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert "<b>pipes" not in answer.text
    _Links(answer.text)


def test_a_document_page_holds_the_whole_text_and_the_hostile_subject(client: TestClient) -> None:
    text = client.get("/documents/901@kettu.example").text
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&#34;&gt;&lt;img src=x onerror=alert(1)&gt;" in text
    assert "&lt;b&gt;pipes&lt;/b&gt;" in text


def test_the_timeline_shows_who_owes_what_until_when_with_its_quote(client: TestClient) -> None:
    text = client.get(f"/relationships/acme.example?kind=commitment&side=them&as_of={DAY}").text
    assert "overdue 85 days" in text
    assert "due 8 Mar 2024" in text
    assert "I will send the drawings of the pump house by 2024-03-08." in text
    assert re.search(r"\d+ % sure", text)


def test_a_form_may_be_sent_with_empty_fields(client: TestClient) -> None:
    answer = client.get("/relationships/acme.example?status=&side=&since=&until=&as_of=")
    assert answer.status_code == 200
    assert 'class="entry' in answer.text


def test_relationships_that_need_attention_come_first_on_the_page(client: TestClient) -> None:
    text = client.get(f"/?as_of={DAY}").text
    table = text[text.index("<tbody>") :]
    assert table.index("acme.example") < table.index("evil.example")


def test_a_row_of_the_portfolio_says_why_with_the_mood_in_words(client: TestClient) -> None:
    text = client.get(f"/?as_of={DAY}").text
    row = text[text.index("<tbody>") : text.index("evil.example")]
    assert "Overdue by them" in row
    assert 'aria-label="Mood by month: 2024-03 negative' in row
    only = client.get(f"/?as_of={DAY}&reason=overdue_by_them&q=acm&kind=").text
    assert "1 relationship," in only


def test_the_attention_page_shows_each_reason_with_its_quote(client: TestClient) -> None:
    text = client.get(f"/attention?as_of={DAY}&reason=severe_issue").text
    assert "The shipment for line" in text
    assert "Overdue by them</span>" not in text
    assert "more</a>" in text


def test_charts_have_the_same_figures_as_a_table(client: TestClient) -> None:
    text = client.get(f"/relationships/acme.example?as_of={DAY}").text
    pulse = text[text.index('id="pulse"') :]
    assert "90 % interval" in pulse
    assert "<td>2024-03</td>" in pulse


def test_an_empty_day_shows_empty_pages(client: TestClient) -> None:
    for path in ("/", "/attention", "/relationships/acme.example"):
        assert client.get(f"{path}?as_of=1990-01-01").status_code == 200
