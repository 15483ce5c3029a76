"""`flask chiefs …`: who answers for which section of the railway on either side."""

from datetime import date
from pathlib import Path

import click

from tracker.cli.house.master import echo_loaded
from tracker.cli.house.reading import day
from tracker.cli.house.refusing import RefusingGroup
from tracker.domain.territory.shapes.sections import SIDE_WORDS, TIER_WORDS
from tracker.services.house.master import loading, rows
from tracker.services.house.master.loading import BadSheet
from tracker.services.house.work import reading, wiring
from tracker.services.people import access
from tracker.services.territory.shapes import chiefs
from tracker.storage.territory.chiefs import posts_on

group = RefusingGroup("chiefs", help="双段长：铁路沿线各段落地方、铁路两边三级段长的登记、换任和检查。")
by = click.option("--as", "login", help="经手人登录名；不给则是本机操作员")


@group.command("list")
@click.option("--on", callback=day, help="哪一天；不给则今天")
@click.option("--section", default="", help="只列一个段落")
def list_posts(on: date | None, section: str) -> None:
    """列出段长：段落、级别、哪一方、单位、姓名、职务、任职日。"""
    for post in posts_on(reading(), on or wiring().clock.today(), section):
        click.echo("\t".join((post.section, TIER_WORDS[post.tier], SIDE_WORDS[post.side], post.unit, post.person, post.title,
                              str(post.valid_from))))


@group.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只看改动，不写入")
@by
def load(file: Path, dry_run: bool, login: str | None) -> None:
    """导入段长表（.xlsx；空表用 flask master export chiefs --to 得到）；要么全部写入，要么一行不写。"""
    try:
        found = loading.load_table(access.at_command_line(login) if login else None, chiefs.NAME, file, is_dry=dry_run)
    except BadSheet as bad:
        echo_loaded(bad.loaded, None)
        raise
    echo_loaded(found, None)
    if found.troubles:
        raise BadSheet(found)


@group.command("set")
@click.argument("section")
@click.argument("side", type=click.Choice([*SIDE_WORDS]))
@click.argument("tier", type=click.Choice([str(tier) for tier in TIER_WORDS]))
@click.option("--unit", required=True, help="单位代码")
@click.option("--person", default="", help="段长登录名；没有账号的可不给")
@click.option("--title", default="", help="职务")
@click.option("--from", "first_day", required=True, callback=day, help="从哪天起；原任的前一天为最后一天")
@by
def set_post(section: str, side: str, tier: str, unit: str, person: str, title: str, first_day: date, login: str | None) -> None:
    """登记段长，或从某天起换任。"""
    given = {"section": section, "side": side, "tier": tier, "unit": unit, "person": person, "title": title,
             "valid_from": first_day}
    rows.save_row(access.at_command_line(login) if login else None, chiefs.NAME, None, given)
    click.echo(f"{section} {TIER_WORDS[int(tier)]}{SIDE_WORDS[side]}段长自 {first_day} 起：{unit} {person}".rstrip())


@group.command("check")
@click.option("--on", callback=day, help="哪一天；不给则今天")
def check(on: date | None) -> None:
    """列出段落的重叠和空缺（米数）、缺的段长和已不在岗的段长。"""
    found = chiefs.faults_on(reading(), on or wiring().clock.today())
    for said in found:
        click.echo(said)
    if not found:
        click.echo("没有问题")
