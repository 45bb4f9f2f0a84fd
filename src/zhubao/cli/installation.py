"""Switching a county on: setting an empty database up for real, and bringing in its regions."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from zhubao.errors import ZhubaoError
from zhubao.language import Language, Text

from .operations import installation
from .output import output_options, print_json

if TYPE_CHECKING:
    from zhubao.access.regions import RegionFile

FAULTS_SHOWN = 50


@click.command()
@output_options
@click.option("--region", required=True, help="Code of the county (6 digits), or of a prefecture (4) or province (2).")
@click.option("--name", required=True, help="Name of the social insurance agency.")
@click.option(
    "--user", "username", default="administrator", show_default=True, help="Name the first administrator signs in with."
)
@click.option("--person", default="系统管理员", show_default=True, help="Name of the first administrator.")
@click.option("--ask-password", is_flag=True, help="Ask for the password instead of making one.")
@click.option("--regions", type=click.Path(path_type=Path), help="CSV file (code,name) of townships, villages and missing names.")
def install(
    region: str, name: str, username: str, person: str, ask_password: bool, regions: Path | None, as_json: bool, lang: Language
) -> int:
    """Set an empty database up for real work: its regions, the agency and the first administrator."""
    with installation():
        from django.utils import timezone

        from zhubao.access import installation as access
        from zhubao.access.accounts import new_password

        access.require_empty()
        access.region_chain(region, timezone.localdate())
        file = _read(regions) if regions else None
        question = Text("管理员口令", "Password of the administrator").in_(lang)
        again = Text("再输一次", "Once more").in_(lang)
        password = (
            click.prompt(question, hide_input=True, confirmation_prompt=again, err=True) if ask_password else new_password()
        )
        if file and file.faults:
            _show(file.faults, lang)
        done = access.install(
            region,
            name,
            username=username,
            person=person,
            password=password,
            must_change=not ask_password,
            regions=file,
            place=str(regions or ""),
            now=timezone.now(),
        )
    shown = None if ask_password else password
    if as_json:
        print_json({"region": region, "regions": done.regions, "agency": done.agency, "user": username, "password": shown})
        return 0
    places = " ".join(list(done.regions.values())[:3])
    lines = [
        Text(f"已启用：{done.agency}（{places}）", f"Set up: {done.agency} ({places})"),
        Text(f"区划 {len(done.regions)} 个", f"{len(done.regions)} regions"),
        Text(f"管理员用户名：{username}", f"The administrator signs in as: {username}"),
    ]
    if shown:
        lines.append(Text(f"首次口令（只显示这一次）：{shown}", f"First password (shown only now): {shown}"))
        lines.append(Text("首次登录时必须修改口令。", "It must be changed at the first sign-in."))
    for line in lines:
        click.echo(line.in_(lang))
    return 0


@click.group()
def regions() -> None:
    """The regions of this installation."""


@regions.command("import")
@output_options
@click.argument("file", type=click.Path(path_type=Path))
def import_file(file: Path, as_json: bool, lang: Language) -> int:
    """Bring in the townships and villages of a CSV file (code,name); all of it or nothing."""
    with installation():
        from django.utils import timezone

        from zhubao.access.actors import Actor
        from zhubao.access.models import Installation
        from zhubao.access.regions import check_places, import_regions

        if not Installation.objects.exists():
            raise ZhubaoError(
                "E-NOT-INSTALLED",
                Text("数据库还没有启用", "the database is not set up"),
                remedy=Text("先运行 zhubao install", "run zhubao install first"),
            )
        actor = Actor.system("regions import")
        read = _read(file)
        _show([*read.faults, *check_places(read.lines, actor, str(file))], lang)
        done = import_regions(read, place=str(file), actor=actor, now=timezone.now())
    if as_json:
        print_json({"file": str(file), "added": done.added, "renamed": done.renamed, "unchanged": done.unchanged})
    else:
        zh = f"新增 {done.added} 个，改名 {done.renamed} 个，未变 {done.unchanged} 个"
        click.echo(Text(zh, f"{done.added} added, {done.renamed} renamed, {done.unchanged} unchanged").in_(lang))
    return 0


def _read(file: Path) -> "RegionFile":
    from zhubao.access.regions import read_regions

    try:
        content = file.read_bytes()
    except OSError as error:
        raise ZhubaoError(
            "E-FILE-MISSING",
            Text("读不到这个文件", "the file cannot be read"),
            place=str(file),
            remedy=Text("检查路径和权限", "check the path and its permissions"),
        ) from error
    return read_regions(content, str(file))


def _show(faults: list[ZhubaoError], lang: Language) -> None:
    """Print faults by line; the refusal that follows is the last line and counts them all."""
    for fault in faults[:FAULTS_SHOWN]:
        click.echo(fault.message(lang), err=True)
