"""What a reader of HTML mail may rely on."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from corpus.html import Hint, HintKind, to_text


def marked(html: str, kind: HintKind) -> list[str]:
    text, hints = to_text(html)
    return [text[hint.start : hint.end] for hint in hints if hint.kind is kind]


def test_paragraphs_are_parted_by_a_blank_line_and_breaks_are_kept() -> None:
    assert to_text("<p>Hei Anna,</p><p>toimitus<br>tulee <b>maanan</b>taina.</p>")[0] == (
        "Hei Anna,\n\ntoimitus\ntulee maanantaina."
    )


def test_lists_become_dashes_and_table_rows_become_lines() -> None:
    assert to_text("<ul><li><p>one</p></li><li>two</li></ul>")[0] == "- one\n- two"
    assert to_text("<table><tr><td><p>Lot</p></td><td>1</td></tr><tr><td>Price<td>74</table>")[0] == "Lot\t1\nPrice\t74"


def test_word_paragraphs_have_no_blank_line_between_them() -> None:
    assert to_text('<p class="MsoNormal">Ruth</p>\n<p class="MsoNormal">Buyer</p>')[0] == "Ruth\nBuyer"


def test_preformatted_text_keeps_its_lines() -> None:
    assert to_text("<pre>a  b\n  c</pre>")[0] == "a  b\n  c"


def test_links_show_their_text_only_and_entities_are_read() -> None:
    assert to_text('see <a href="https://x.example/track?id=1">the offer</a> &amp; reply')[0] == "see the offer & reply"


def test_scripts_styles_comments_and_hidden_text_are_dropped() -> None:
    html = (
        "<head><title>t</title><style>p{}</style></head><script>x()</script><!-- c -->"
        '<div style="color:red; display: none">preheader</div><span hidden>h</span><p>seen</p>'
    )
    assert to_text(html)[0] == "seen"


def test_gmail_marks_its_header_its_quote_and_its_signature() -> None:
    html = (
        '<div dir="ltr">Sure.</div><div class="gmail_signature">Tom</div>'
        '<div class="gmail_quote"><div class="gmail_attr">On Monday Anna wrote:<br></div>'
        '<blockquote class="gmail_quote">Can you?<blockquote>Older.</blockquote></blockquote>Between.</div>'
    )
    assert marked(html, HintKind.HEADER) == ["On Monday Anna wrote:"]
    assert marked(html, HintKind.QUOTE) == ["Can you?\n\nOlder.", "Older."]
    assert marked(html, HintKind.SIGNATURE) == ["Tom"]


def test_a_gmail_forward_is_quoted_as_a_whole() -> None:
    html = 'See below.<div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message</div>Text</div>'
    assert marked(html, HintKind.QUOTE) == ["---------- Forwarded message\nText"]


def test_outlooks_header_block_is_marked_and_its_rule_is_kept() -> None:
    html = '<p>Ok</p><hr><div id="divRplyFwdMsg"><b>From:</b> Anna<br><b>Sent:</b> Monday</div><p>Old</p>'
    text, _ = to_text(html)
    assert "_" * 32 in text
    assert marked(html, HintKind.HEADER) == ["From: Anna\nSent: Monday"]


def test_depth_and_length_cost_linear_time() -> None:
    start = time.process_time()
    for html in ("<div>" * 100_000, "<blockquote>a" * 20_000, "<ul><li>a" * 50_000, "<" * 300_000):
        to_text(html)
    assert time.process_time() - start < 10


@given(st.lists(st.sampled_from([*"<>/ab &;\n\"'= ", "<p>", "</p>", "<br>", "<blockquote>", "<td>", "<pre>"])))
def test_any_input_gives_text_and_hints_within_it(pieces: list[str]) -> None:
    text, hints = to_text("".join(pieces))
    assert "\r" not in text
    assert all(isinstance(hint, Hint) and 0 <= hint.start <= hint.end <= len(text) for hint in hints)
