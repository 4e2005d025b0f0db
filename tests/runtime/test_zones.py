"""Time zones come from one database, under their own names."""

from __future__ import annotations

import pickle
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from revlex.engine.runtime.zones import UnknownZone, zone, zone_names


@pytest.fixture
def other_database(tmp_path: Path) -> Iterator[None]:
    """A host on which Bangkok has the time of New York."""
    fake = tmp_path / "Asia" / "Bangkok"
    fake.parent.mkdir()
    fake.write_bytes(files("tzdata").joinpath("zoneinfo", "America", "New_York").read_bytes())
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=[tmp_path])
    zoneinfo.ZoneInfo.clear_cache()
    zone.cache_clear()
    yield
    zoneinfo.reset_tzpath(to=before)
    zoneinfo.ZoneInfo.clear_cache()
    zone.cache_clear()


@pytest.mark.usefixtures("other_database")
def test_the_host_is_not_asked() -> None:
    moment = datetime(2025, 6, 17, tzinfo=UTC)
    assert moment.astimezone(zoneinfo.ZoneInfo("Asia/Bangkok")).utcoffset() == timedelta(hours=-4)
    assert moment.astimezone(zone("Asia/Bangkok")).utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize("name", sorted(zone_names()))
def test_every_zone_can_be_read(name: str) -> None:
    assert zone(name).key == name


def test_a_zone_is_read_once() -> None:
    assert zone("Asia/Bangkok") is zone("Asia/Bangkok")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Asia/Bankok", "Asia/Bangkok"),
        ("asia/bangkok", "Asia/Bangkok"),
        ("Bangkok", "Asia/Bangkok"),
        ("ho chi minh", "Asia/Ho_Chi_Minh"),
        ("Asia/New York", "America/New_York"),
        ("America/SaoPaulo", "America/Sao_Paulo"),
    ],
)
def test_an_unknown_zone_is_refused_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(UnknownZone, match=f"there is no time zone `{name}`: did you mean") as e:
        zone(name)
    assert e.value.name == name
    assert e.value.near[0] == near
    assert len(e.value.near) <= 3


@pytest.mark.parametrize(
    "name", ["", "localtime", "posixrules", "/etc/passwd", "../zones", "Asia", "Asia/", "zzzzzz"]
)
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone, match=f"there is no time zone `{name}`"):
        zone(name)


def test_nothing_like_it_is_not_suggested() -> None:
    with pytest.raises(UnknownZone, match=r"^there is no time zone `zzzzzz`$"):
        zone("zzzzzz")


def test_the_refusal_travels_between_processes() -> None:
    error = UnknownZone("Asia/Bankok", ("Asia/Bangkok",))
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 -- made on this line
    assert (copy.name, copy.near, str(copy)) == (error.name, error.near, str(error))
