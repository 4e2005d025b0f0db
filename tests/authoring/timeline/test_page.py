"""The page: whole in itself, harmless whatever others wrote, the same bytes again, bounded."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from revlex.cli import main
from revlex.engine.authoring.timeline.as_json import as_json
from revlex.engine.authoring.timeline.as_text import as_text
from revlex.engine.authoring.timeline.model import Calendar, History
from revlex.engine.authoring.timeline.opening import history_of
from revlex.engine.authoring.timeline.page import as_page
from revlex.engine.authoring.timeline.survey import Asked

VOID = {"meta", "input", "br", "hr", "link", "img"}
SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)
STYLE = Path(__file__).parents[3] / "engine" / "authoring" / "timeline" / "page.css"


class Reading(HTMLParser):
    """Reads a page, and complains where an element is not closed where it should be."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(page: str) -> Reading:
    reading = Reading()
    reading.feed(page)
    reading.close()
    assert reading.open == []
    return reading


def page_of(source: str, shop: str, most: int = 1_000) -> str:
    return as_page(history_of(source, shop, Asked(most=most), progress=False))


@pytest.fixture(scope="session")
def page(demo_ledger: str) -> str:
    return page_of(demo_ledger, "boa-moda")


def test_a_page_is_whole_in_itself(page: str) -> None:
    reading = read(page)
    assert reading.tags["html"] == reading.tags["main"] == reading.tags["h1"] == 1
    assert not reading.tags.keys() & {"script", "link", "img", "iframe", "object", "form", "base"}
    names = {name for name, _ in reading.attributes}
    assert not {name for name in names if name.startswith("on") or name in {"src", "style"}}
    led = [value or "" for name, value in reading.attributes if name == "href"]
    assert led
    assert all(value.startswith("#") for value in led)
    assert "url(" not in page
    assert "@import" not in page


@pytest.mark.parametrize("most", [0, 5, 1_000])
def test_what_it_leads_to_is_there_once(demo_ledger: str, shop: str, most: int) -> None:
    reading = read(page_of(demo_ledger, shop, most))
    ids = [value for name, value in reading.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    led = {(value or "").removeprefix("#") for name, value in reading.attributes if name == "href"}
    assert led <= {name or "" for name in ids}


def test_charts_are_drawn_and_described(page: str) -> None:
    charts = [ET.fromstring(found) for found in SVG.findall(page)]  # noqa: S314  # our own page
    names = [chart.findtext("{*}title") for chart in charts]
    assert names[:2] == ["reviews", "negative_rate"]
    assert names[-2:] == ["actions", "appeals"]
    for chart in charts:
        assert chart.findtext("{*}desc")
        ids = {one.get("id") for one in chart.iter()}
        assert set((chart.get("aria-labelledby") or "").split()) <= ids


def test_nothing_is_drawn_outside(page: str) -> None:
    for found in SVG.findall(page):
        chart = ET.fromstring(found)  # noqa: S314  # our own page
        _, _, width, height = map(int, (chart.get("viewBox") or "").split())
        for one in chart.iter():
            for name, most in (("x", width), ("x2", width), ("cx", width), ("y", height)):
                place = float(one.get(name, "0"))
                assert 0 <= place <= most, (one.tag, name)
            assert float(one.get("x", "0")) + float(one.get("width", "0")) <= width


def test_the_same_history_is_the_same_bytes(demo_ledger: str, page: str) -> None:
    assert page_of(demo_ledger, "boa-moda") == page


def test_a_folder_makes_a_page_without_reviews(demo_results: str) -> None:
    reading = read(page_of(demo_results, "boa-moda"))
    text = " ".join(reading.text)
    assert "Not shown: reviews" in text
    assert "Not shown: values" not in text


def test_what_is_not_listed_is_counted(demo_ledger: str) -> None:
    page = page_of(demo_ledger, "turbo-gadgets", most=10)
    reading = read(page)
    assert page.count('<tr class="k-') == 10
    assert any("Not listed: 170 decisions" in text for text in reading.text)


# ------------------------------------------------------------------------------- hostile

SCRIPT = "<script>alert('1')</script>\"'>&\x00\x1b[2J\u202e{{7*7}}"
SAFE_SHOP = SCRIPT.replace("\x00", "").replace("\x1b", "")
POLICY = """\
policy: hostile
version: "1<script>"
review_rules:
  - {rule: rude, when: review.text contains "script", verdict: flag, because: "{review.text}"}
"""


@pytest.fixture
def hostile(tmp_path: Path) -> str:
    """A ledger in which everybody wrote what they should not."""
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    event = {
        "event_id": "1",
        "type": "review.posted",
        "occurred_at": "2025-06-01T10:00:00Z",
        "shop_id": SAFE_SHOP,
        "review_id": SAFE_SHOP,
        "stars": 1,
        "text": SCRIPT * 500,
    }
    (tmp_path / "events.jsonl").write_text(json.dumps(event), encoding="utf-8")
    name = str(tmp_path / "<i>.db")
    options = ["--events", str(tmp_path / "events.jsonl"), "--ledger", name]
    done = CliRunner().invoke(main, ["run", str(tmp_path / "policy.yaml"), *options])
    assert done.exit_code == 0, done.output
    return name


def test_what_others_wrote_is_text(hostile: str) -> None:
    page = page_of(hostile, SAFE_SHOP)
    reading = read(page)
    assert reading.tags["script"] == 0
    assert reading.tags["b"] == reading.tags["i"] == 0
    assert reading.tags["tr"] >= 2
    assert any("<script>" in text for text in reading.text)
    assert not {"\x00", "\x1b", "\u202e"} & set(page)
    assert "{{7*7}}" in "".join(reading.text)


def test_a_huge_text_does_not_make_a_huge_page(hostile: str) -> None:
    assert len(page_of(hostile, SAFE_SHOP)) < 40_000


def test_a_shop_of_which_nothing_is_known_has_a_page() -> None:
    calendar = Calendar("day", (), has_reviews=True)
    history = History(shop="s1", region="", source="x", policy=None, calendar=calendar)
    assert "nothing has happened yet" in " ".join(read(as_page(history)).text)
    assert as_text(history).endswith("nothing has happened yet\n")
    assert json.loads(as_json(history))["shop"] == "s1"


def test_a_time_in_which_nothing_happened_has_a_page(hostile: str, tmp_path: Path) -> None:
    shown = CliRunner().invoke(
        main,
        ["history", hostile, SAFE_SHOP, "--to", "2025-06-01", "--html", str(tmp_path / "x.html")],
    )
    assert shown.exit_code == 0, shown.output
    reading = read((tmp_path / "x.html").read_text(encoding="utf-8"))
    assert reading.tags["h1"] == 1


@pytest.mark.parametrize("target", ["missing/x.html", "."])
def test_a_page_that_cannot_be_written_is_told(hostile: str, tmp_path: Path, target: str) -> None:
    shown = CliRunner().invoke(
        main, ["history", hostile, SAFE_SHOP, "--html", str(tmp_path / target)]
    )
    assert shown.exit_code == 2
    assert shown.output.startswith("revlex: ")


# ------------------------------------------------------------------------------- readable


def colours() -> list[dict[str, str]]:
    """The colours by their names, of the light page and of the dark one."""
    blocks = re.findall(r":root \{(.*?)\}", STYLE.read_text(encoding="utf-8"), re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks]


def brightness(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((brightness(one), brightness(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", [0, 1])
@pytest.mark.parametrize("text", ["ink", "soft", "accent"])
@pytest.mark.parametrize("ground", ["ground", "raised"])
def test_texts_stand_out(mode: int, text: str, ground: str) -> None:
    known = colours()[mode]
    assert contrast(known[text], known[ground]) >= 4.5


@pytest.mark.parametrize("mode", [0, 1])
@pytest.mark.parametrize("drawn", ["accent", "warm", "violet", "star1", "star5"])
def test_what_is_drawn_stands_out(mode: int, drawn: str) -> None:
    known = colours()[mode]
    assert contrast(known[drawn], known["ground"]) >= 3


@pytest.mark.parametrize("mode", [0, 1])
@pytest.mark.parametrize("pale", ["accent-pale", "warm-pale"])
def test_texts_stand_out_on_pale_colours(mode: int, pale: str) -> None:
    known = colours()[mode]
    assert contrast(known["ink"], known[pale]) >= 4.5


def test_a_page_is_never_written_over_what_it_is_made_of(hostile: str) -> None:
    before = Path(hostile).read_bytes()
    shown = CliRunner().invoke(main, ["history", hostile, SAFE_SHOP, "--html", hostile])
    assert shown.exit_code == 2
    assert "would be written over" in shown.output
    assert Path(hostile).read_bytes() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_told(hostile: str) -> None:
    shown = CliRunner().invoke(main, ["history", hostile, SAFE_SHOP, "--html", "/dev/full"])
    assert shown.exit_code == 2
    assert "no space left" in shown.output
