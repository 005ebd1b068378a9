"""Which time a sentence that is known to promise or ask means. The anchor is Wednesday, 6 March 2024, ten o'clock."""

from __future__ import annotations

from datetime import datetime

import pytest

from nlp.dates import due

MORNING = datetime.fromisoformat("2024-03-06T10:00:00+02:00")
AFTERNOON = datetime.fromisoformat("2024-03-06T15:30:00+02:00")
NIGHT = datetime.fromisoformat("2024-03-06T22:30:00+02:00")


def meant(sentence: str, language: str, anchor: datetime = MORNING) -> str | None:
    """The ISO form of the due, None where there is none."""
    found = due(sentence, language, anchor, promised=True)
    return found.iso if found else None


@pytest.mark.parametrize(
    ("sentence", "iso"),
    [
        ("Saatte hinnaston huhtikuun kymppiin mennessä.", "2024-04-10"),
        ("Vastaus tulee huhtikuun 10:nteen.", "2024-04-10"),
        ("Maksu lähtee toukokuun viidenteen päivään mennessä.", "2024-05-05"),
        ("Palautan avaimet ennen 21. päivää.", "2024-03-21"),
        ("Tuomme loput ensi kuun viidenteen mennessä.", "2024-04-05"),
        ("Aloitan elokuu 3.", "2024-08-03"),
        ("Laskutamme 5.4.24.", "2024-04-05"),
    ],
)
def test_a_finnish_day_may_be_written_out_or_shortened(sentence: str, iso: str) -> None:
    assert meant(sentence, "fi") == iso


@pytest.mark.parametrize(
    ("sentence", "iso"),
    [
        ("Tulemme torstaina kahdeksaksi.", "2024-03-07T08:00"),
        ("Tulen kympiks illalla.", "2024-03-06T22:00"),
        ("Kuski on teillä huomenna puol neljä.", "2024-03-07T15:30"),
        ("Pesen hallin huomisaamuna kello kuudesta.", "2024-03-07T06:00"),
        ("Kontti on laivassa huomenna 21.30.", "2024-03-07T21:30"),
        ("Kolme miestä tulee 12.40, kortit ovat mukana.", "2024-03-06T12:40"),
        ("Soitan puolenpäivän aikaan.", "2024-03-06T12:00"),
        ("Huoltomies käy perjantaina 9–11 välillä.", "2024-03-08T09:00"),
        ("Tuo se huomenna kello neljä aamulla.", "2024-03-07T04:00"),
        ("Haen auton maanantaina viittä vaille kolme.", "2024-03-11T14:55"),
    ],
)
def test_a_finnish_hour_is_read_in_every_shape(sentence: str, iso: str) -> None:
    assert meant(sentence, "fi") == iso


@pytest.mark.parametrize(
    ("sentence", "iso"),
    [
        ("The pallets leave at 16h00.", "2024-03-06T16:00"),
        ("I need the plan NLT 1200 hrs Friday.", "2024-03-08T12:00"),
        ("We'll be on the dock by 0630 tomorrow.", "2024-03-07T06:30"),
        ("He'll be round at nine tonight.", "2024-03-06T21:00"),
        ("I'll ring at ten to four.", "2024-03-06T15:50"),
        ("We'll come by on Friday, 10 to 14.", "2024-03-08T10:00"),
        ("Our fitter comes this Friday between 1 and 3 as usual.", "2024-03-08T13:00"),
    ],
)
def test_an_english_hour_is_read_in_every_shape(sentence: str, iso: str) -> None:
    assert meant(sentence, "en") == iso


@pytest.mark.parametrize(
    ("sentence", "iso"),
    [
        ("Frames: all 40 on 23.10., that is certain.", "2024-10-23"),
        ("We hold the offer until 12.11. and not longer.", "2024-11-12"),
        ("Please send the papers by 5-Nov-2024.", "2024-11-05"),
        ("We'll be ready at 7.05.", "2024-03-06T19:05"),
    ],
)
def test_two_numbers_are_a_date_where_no_clock_would_say_them_so(sentence: str, iso: str) -> None:
    assert meant(sentence, "en") == iso


@pytest.mark.parametrize(
    ("language", "sentence", "iso"),
    [
        ("fi", "Panen ne maanantain ensimmäiseen kyytiin.", "2024-03-11"),
        ("fi", "Korjaus menee tuotantoon torstain julkaisussa.", "2024-03-07"),
        ("fi", "Maksu lähtee tämän päivän ajossa.", "2024-03-06"),
        ("fi", "Hyvitys näkyy huhtikuun laskulla.", "2024-04"),
        ("fi", "Pidämme hinnat vielä huhtikuun.", "2024-04"),
        ("en", "The credit will be on your April invoice.", "2024-04"),
        ("en", "The rest goes with the Friday boat.", "2024-03-08"),
    ],
)
def test_what_goes_with_a_days_run_or_a_months_bill_is_due_then(language: str, sentence: str, iso: str) -> None:
    assert meant(sentence, language) == iso


@pytest.mark.parametrize(
    ("sentence", "iso"),
    [
        ("Tarvitsen viikoille 50 ja 51 tuplamäärän.", "2024-W50"),
        ("Toimitus hoituu viikon 12 maanantaina.", "2024-03-18"),
        ("Kirjaamme tunnit tästä viikosta lähtien.", "2024-W10"),
        ("Sopimus palautuu ennen viikonvaihdetta.", "2024-03-09"),
        ("Käyn teillä pääsiäisen jälkeisellä viikolla.", "2024-W14"),
        ("Mainokset ajetaan pääsiäisviikolla.", "2024-W13"),
        ("Hoidan tilat huhtikuun ensimmäisenä maanantaina.", "2024-04-01"),
        ("Pidän toimiston auki tammikuun ajan.", "2025-01"),
        ("Vaihdamme kortin perjantain aamuun mennessä.", "2024-03-08"),
        ("Ne ajetaan telakalle maanantai aamu.", "2024-03-11"),
        ("Hoida tämä ennen perjantai.", "2024-03-08"),
    ],
)
def test_finnish_weeks_and_days_are_read_in_every_case(sentence: str, iso: str) -> None:
    assert meant(sentence, "fi") == iso


@pytest.mark.parametrize(
    ("sentence", "iso"),
    [
        ("Please reply by the Friday before Easter.", "2024-03-29"),
        ("We'll hand over on the Monday after Easter.", "2024-04-01"),
        ("The audit will be on the last Friday in April.", "2024-04-26"),
        ("The lorry will be there on the Friday before, 15 March.", "2024-03-15"),
        ("You'll have the proof by this time next week.", "2024-03-13"),
        ("I'll sign before the month is out.", "2024-03-31"),
        ("Give us three weeks and you can taste it.", "2024-03-27"),
        ("I'll need a day or two to find out.", "2024-03-07"),
        ("They will have it in about ten days.", "2024-03-16"),
    ],
)
def test_english_days_are_counted_from_what_is_beside_them(sentence: str, iso: str) -> None:
    assert meant(sentence, "en") == iso


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fi", "Käyn itse paikalla joka perjantai vuoden loppuun."),
        ("fi", "Portti on auki kello 6.45 joka arkiaamu."),
        ("fi", "Raportti annetaan kuukauden ensimmäisenä perjantaina."),
        ("fi", "Huolto tehdään kaksi kertaa vuodessa, huhtikuussa ja lokakuussa."),
        ("en", "I'll update you every third day until Friday."),
        ("en", "From June we will pay on the 25th of each month."),
        ("en", "The school will send the timetable by 31 January each year."),
        ("en", "We will call off the quantities by the 20th of the preceding month."),
        ("en", "The parties will meet four times a year."),
    ],
)
def test_what_recurs_is_due_on_no_one_day(language: str, sentence: str) -> None:
    assert meant(sentence, language) == "?"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fi", "6.3 Virheestä ilmoitetaan kahden päivän kuluessa."),
        ("fi", "8 § Yhteydenottoon vastataan viiden arkipäivän sisällä."),
        ("fi", "Palautamme aineiston 14 päivän kuluessa siitä, kun työ on hyväksytty."),
        ("fi", "Korjaan sen viidessä minuutissa sen saatuani."),
        ("en", "The contractor shall replace absent staff within two hours."),
        ("en", "C.2 Routine documents are returned within five business days."),
        ("en", "The charity shall lock up by 17:30."),
    ],
)
def test_a_clause_of_a_contract_counts_from_each_case(language: str, sentence: str) -> None:
    assert meant(sentence, language) == "?"


@pytest.mark.parametrize(
    ("language", "sentence", "words"),
    [
        ("fi", "Kun linja aukeaa, tilaamme toisen puolen.", "Kun linja aukeaa"),
        ("fi", "Vanha osa lähti tutkittavaksi, ja tulokset lähetän heti kun ne tulevat.", "heti kun ne tulevat"),
        ("fi", "Tiedot annetaan pyydettäessä.", "pyydettäessä"),
        ("fi", "Viesti lähtee tuntia ennen.", "tuntia ennen"),
        ("fi", "Ilmoittakaa muutoksista etukäteen.", "etukäteen"),
        ("en", "Until it's back, I'll sit here.", "Until it's back"),
        ("en", "I'll deal with your message on my return.", "on my return"),
        ("en", "You'll have my signature by return.", "by return"),
        ("en", "Tell me before we load.", "before we load"),
        ("en", "Switch off the gateway now, not at the next release.", "now"),
        ("en", "We will make the books available on ten days' notice.", "ten days' notice"),
    ],
)
def test_a_due_without_a_date_is_open_and_its_words_are_found(language: str, sentence: str, words: str) -> None:
    found = due(sentence, language, MORNING, promised=True)
    assert found is not None
    assert (found.words, found.iso) == (words, "?")


@pytest.mark.parametrize(
    ("language", "sentence", "iso"),
    [
        ("fi", "Kauppalaskun viimeinen päivä on 30.5., joten se pitäisi saada 20.5.", "2024-05-20"),
        ("fi", "Siirto on 1.4., ja Aatos ottaa yhteyttä ensi viikolla.", "2024-W11"),
        ("fi", "Katsokaa tätä pikaisesti, koska kampanja alkaa torstaina.", "?"),
        ("en", "Our contract is up in June, so come and see me in April.", "2024-04"),
        ("en", "I'm at a training through Friday so it'll be Monday before I can run it.", "2024-03-11"),
        ("en", "It needs our analyst, who's back tomorrow; you'll have it Thursday.", "2024-03-07"),
        ("en", "Payment instructed today, copy tomorrow.", "2024-03-07"),
        ("en", "The brief for the summer is due on 20 March.", "2024-03-20"),
    ],
)
def test_the_due_is_that_of_the_promise_and_not_of_the_fact_beside_it(language: str, sentence: str, iso: str) -> None:
    assert meant(sentence, language) == iso


@pytest.mark.parametrize(
    ("language", "sentence", "iso"),
    [
        ("fi", "Jos tilaat ennen torstaita, se tulee samassa laatikossa.", None),
        ("fi", "Jos korjausta ei ole aloitettu 19.3. mennessä, vähennämme sen vuokrasta.", "2024-03-19"),
        ("fi", "Olisimme kiitollisia, jos voisitte vastata tällä viikolla.", "2024-W10"),
        ("en", "In case the cards are received by Monday, they can still be used.", None),
        ("en", "If I don't have an answer by Friday, I'll go to the board.", "2024-03-08"),
        ("en", "If the money isn't in by Friday I'll have to pull the crew on Monday.", "2024-03-11"),
    ],
)
def test_the_day_of_a_condition_is_a_due_only_where_it_asks_or_threatens(
    language: str, sentence: str, iso: str | None
) -> None:
    assert meant(sentence, language) == iso


@pytest.mark.parametrize(
    ("language", "sentence", "anchor", "iso"),
    [
        ("fi", "Kerron siitä aamulla.", AFTERNOON, "2024-03-07"),
        ("fi", "Auto on kentällä klo 9.30.", AFTERNOON, "2024-03-07T09:30"),
        ("fi", "Sähkömies käy klo 8–12.", AFTERNOON, "2024-03-07T08:00"),
        ("en", "I'll have it for you in the morning.", AFTERNOON, "2024-03-07"),
        ("en", "Have someone at the dock at 11.", AFTERNOON, "2024-03-07T11:00"),
        ("en", "I'm ringing him at 8.", NIGHT, "2024-03-07T08:00"),
        ("en", "I'll be at your door by 11.", NIGHT, "2024-03-06T23:00"),
        ("en", "I'll ring you at 8.", MORNING, "2024-03-06T20:00"),
    ],
)
def test_an_hour_that_is_over_is_the_next_one_in_which_people_work(
    language: str, sentence: str, anchor: datetime, iso: str
) -> None:
    assert meant(sentence, language, anchor) == iso


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "May we have another?"),
        ("en", "If you could get that one in, I would be glad."),
        ("en", "I'll hold today's rate for you."),
        ("en", "Could you move Thursday's call?"),
        ("fi", "Kiitos etukäteen avusta."),
        ("fi", "Polttaisimme joulun savityöt."),
    ],
)
def test_words_that_look_like_times_are_no_dues(language: str, sentence: str) -> None:
    assert meant(sentence, language) is None
