"""`flask office …`: the offices, each for an area."""

import click

from tracker.cli.house.reading import pairs
from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.house.errors import Invalid
from tracker.domain.territory.offices import FIELDS
from tracker.services.territory import offices

group = RefusingGroup("office", help="机关：名称、代字、主送和版记。")


@group.command("list")
def list_offices() -> None:
    """列出机关；本系统的那个带星号。"""
    known = offices.all_offices()
    for each in known.rows:
        mark = "*" if each.area_code == known.home_area else " "
        click.echo(f"{mark} {each.area_code}\t{each.name}\t{each.document_short}\t{each.filing_short}")


@group.command("open")
@click.argument("area_code")
@click.argument("given", nargs=-1, required=True, callback=pairs)
def open_office(area_code: str, given: dict[str, object]) -> None:
    """为一个区划增设机关，例如 office open 360104 name=某局 document_short=青环督 filing_short=青环销；从今天起单独编号、出报告。"""
    opened = offices.open_office(None, area_code, _known_fields(given))
    click.echo(f"{opened.area_code} {opened.name}：{opened.document_short}、{opened.filing_short}")


@group.command("set")
@click.argument("area_code")
@click.argument("given", nargs=-1, required=True, callback=pairs)
def set_office(area_code: str, given: dict[str, object]) -> None:
    """改一个机关，例如 office set 330106 filing_short=东环销 addressees=各街道办事处。"""
    new = offices.change(None, area_code, _known_fields(given))
    click.echo("已改：" + "、".join(FIELDS[name] for name in new) if new else "没有改动。")


def _known_fields(given: dict[str, object]) -> dict[str, object]:
    unknown = [name for name in given if name not in FIELDS]
    if unknown:
        known = "、".join(f"{name}({word})" for name, word in FIELDS.items())
        raise Invalid(f"没有“{unknown[0]}”这一项；可改：{known}。", field=unknown[0])
    return given | ({"has_imprint": _is_yes(given["has_imprint"])} if "has_imprint" in given else {})


def _is_yes(said: object) -> bool:
    if str(said) not in ("0", "1"):
        raise Invalid("版记写 1（印）或 0（不印）。", field="has_imprint")
    return str(said) == "1"
