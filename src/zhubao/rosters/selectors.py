"""What screens read of rosters and screenings: always for somebody, never more than their post may see."""

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.roles import Role
from zhubao.language import Text

from .models import FileState, RosterFile, RosterFileQuerySet, Screening, ScreeningQuerySet


def files_for(actor: Actor) -> RosterFileQuerySet:
    """Return the files a post sees, newest first: its region's, for a certifying clerk only those of the own department."""
    files = RosterFile.objects.within(actor).select_related("organisation")
    return files.filter(organisation=actor.organisation_id) if actor.role == Role.CERTIFIER else files


def file_for(actor: Actor, file_id: int) -> RosterFile:
    """Return one file; raise DoesNotExist, or OutOfScope for another region's or another department's."""
    file = RosterFile.objects.select_related("organisation").get_for(actor, pk=file_id)
    if actor.role == Role.CERTIFIER and file.organisation_id != actor.organisation_id:
        raise OutOfScope(f"roster:{file_id}", Text("这是其他部门的文件", "this file belongs to another department"))
    return file


def usable_files(actor: Actor, region_code: str) -> RosterFileQuerySet:
    """Return the files of a region that have been read and may be screened, newest first."""
    return RosterFile.objects.in_region(actor, region_code).filter(state=FileState.READ).select_related("organisation")


def refused_files(actor: Actor) -> int:
    """Return how many files wait for somebody because they cannot be read."""
    return files_for(actor).filter(state=FileState.REFUSED).count()


def screenings_for(actor: Actor) -> ScreeningQuerySet:
    """Return the screenings of a post's region, newest first."""
    return Screening.objects.within(actor).select_related("asked_by")


def screening_for(actor: Actor, screening_id: int) -> Screening:
    """Return one screening; raise DoesNotExist, or OutOfScope for another region's."""
    return Screening.objects.select_related("asked_by").get_for(actor, pk=screening_id)
