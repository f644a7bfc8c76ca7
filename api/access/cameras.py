"""Names of cameras in paths, once the caller may do with that camera what the route is about.

There is no other way for a route to a name in its path; tests/architecture/test_access.py says so.
"""

from typing import Annotated

from fastapi import Depends, Path

from api.access.scope import Scope
from api.auth import Asking
from api.errors import Problem, bad_field
from api.missing import no_such_media
from schemas import media as media_names
from schemas.access import Right


def media_name(media: Annotated[str, Path(description="Name of the camera, percent-encoded")]) -> str:
    """The NFC form of the name in the path; 400 with the rule it breaks. Nobody has asked yet whether they may."""
    try:
        return media_names.normalise(media)
    except media_names.BadMediaName as error:
        raise Problem(400, "bad-media-name", str(error), errors=[bad_field("media", str(error), "path")]) from None


class May:
    """The name in the path: 404 where the caller may not know of the camera, 403 where a right is missing.

    Both before anything is looked up, so that no answer, and no time it takes, tells what is there.
    """

    def __init__(self, *rights: Right) -> None:
        self.rights = rights
        """All of them; none: the caller has to know of the camera."""

    async def __call__(self, media: Annotated[str, Depends(media_name)], scope: Asking) -> str:
        """The name as it is stored."""
        if not scope.sees(media):
            raise no_such_media(media)
        for right in self.rights:
            scope.require(right, media)
        return media


class MayLook(May):
    """The same where watching live is enough: what is shown is then of now."""

    async def __call__(self, media: Annotated[str, Depends(media_name)], scope: Asking) -> str:
        """The name as it is stored."""
        if not scope.may("live", media):
            scope.require("archive", media)
        return media


async def only_admins(scope: Asking) -> Scope:
    """Who asks; 403 for everybody who is no admin."""
    scope.require_admin()
    return scope


async def not_for_links(scope: Asking) -> None:
    """403 for a link, whether what it asks for is there or not."""
    scope.require_no_link()


Known = Annotated[str, Depends(May())]
Watched = Annotated[str, Depends(May("live"))]
Looked = Annotated[str, Depends(MayLook("archive"))]
Archived = Annotated[str, Depends(May("archive"))]
Exported = Annotated[str, Depends(May("archive", "export"))]
Protected = Annotated[str, Depends(May("protect"))]
Configured = Annotated[str, Depends(May("configure"))]
AsAdmin = Annotated[Scope, Depends(only_admins)]
NotForLinks = Depends(not_for_links)
"""A dependency of routes about mails, settings, locks, verdicts and reasons."""
