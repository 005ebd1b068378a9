"""The sample: seven written relationships, rendered to real mail archives (README.md beside this file)."""

from datetime import date
from pathlib import Path

# "We" are seven companies here, one in each story.
OWN_DOMAINS = (
    "kettlewickmarine.co.uk",
    "brackwellpackaging.co.uk",
    "tuulikas.fi",
    "vesaniemensaha.fi",
    "hohtavakp.fi",
    "ruotuohjelmistot.fi",
    "kaarnapuu.fi",
)
AS_OF = date(2024, 11, 25)  # the day of the last story's truth
ARCHIVES = tuple(sorted(p for p in Path(__file__).parent.iterdir() if p.is_dir() and p.name[0].isalpha()))
