"""Facts of who may see and do what, and of what people did. Topics `access`, `reviews` and `audit`.

Users and cameras belong to groups; what a user may do with a camera is the union of the rights of the groups that they
share.
Secrets never stand here: of passwords the argon2 hash, of tokens, links and sessions the SHA-256 digest.
"""

from typing import Annotated, ClassVar, Literal, TypeAlias

from msgspec import Meta, Struct

from schemas import ids
from schemas import media as media_names
from schemas.checksums import Sha256, is_sha256
from schemas.fact import Id, Length, Ms, Text

Login = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._@+-]{0,127}\Z")]
"""What a user signs in with; lower case, so that nobody has two by accident. E-mail addresses are fine."""
GroupName = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}\Z")]
"""What a group is called by machines; its title is for people."""
Right = Literal["live", "archive", "export", "protect", "configure"]
"""Watch now; watch what was recorded; take footage away; lock, mark and restore; change the camera."""
TokenScope = Literal["live", "archive", "export", "protect", "configure", "admin"]
Title = Annotated[str, Meta(max_length=256)]
Who = Annotated[str, Meta(max_length=256)]
"""A login, ``token-`` or ``share-`` and an id beside it where one was used, or ``admin-token``."""
Action = Literal[
    "signed-in", "sign-in-refused", "signed-out", "viewed", "exported", "protected", "released", "restored", "shared",
    "marked", "deleted", "changed", "queried",
]  # fmt: skip
"""``marked``: saved an episode. ``released``: gave a lock back. ``changed``: a setting, a user, a group, a token."""

_ANY = "0" * 64


class _Entry(Struct, frozen=True, kw_only=True, tag_field="type"):
    """What every fact on `access` carries. The last fact of an entry wins."""

    identity: ClassVar[tuple[str, ...]] = ("entry", "observed_ms")
    id_fields: ClassVar[tuple[str, ...]] = ()
    keyed_by: ClassVar[str] = "entry"

    observed_ms: Ms
    changed_by: Who = ""
    v: Literal[1] = 1

    def __post_init__(self) -> None:
        for name in self.id_fields:
            ids.parse(getattr(self, name), name)
        if not is_sha256(getattr(self, "digest", _ANY)):
            raise ValueError("digest must be 64 lower-case hexadecimal digits")


class _User(_Entry, frozen=True, kw_only=True):
    user: Login

    @property
    def entry(self) -> str:
        """The record's key."""
        return f"user/{self.user}"


class UserConfigured(_User, frozen=True, kw_only=True, tag="user-configured"):
    """A person, as an admin set them. The whole of it, every time."""

    title: Title = ""
    """The name that others see."""
    password_hash: Annotated[str, Meta(max_length=512)] = ""
    """Argon2id, in its own text form; empty: no password signs in. Never answered, never logged."""
    password_changed_ms: Ms = 0
    """Sessions opened before this are over."""
    groups: tuple[GroupName, ...] = ()
    admin: bool = False
    """May configure everything, and watch everything unless ``watches`` says no."""
    watches: bool = True
    """False: an admin who is barred from pictures and footage."""
    enabled: bool = True
    """False: neither passwords, sessions, tokens nor links of this user work."""
    language: Annotated[str, Meta(max_length=16)] = ""
    """BCP 47; empty: what the browser asks for."""
    subject: Annotated[str, Meta(max_length=1024)] = ""
    """``issuer|sub`` of an OpenID Connect identity that signs in as this user."""


class UserRemoved(_User, frozen=True, kw_only=True, tag="user-removed"):
    """The user is gone, and with them their sessions, tokens and links."""


class _Group(_Entry, frozen=True, kw_only=True):
    group: GroupName

    @property
    def entry(self) -> str:
        """The record's key."""
        return f"group/{self.group}"


class GroupConfigured(_Group, frozen=True, kw_only=True, tag="group-configured"):
    """What members of a group may do with its cameras."""

    title: Title = ""
    live: bool = True
    archive: bool = True
    archive_depth_ms: Length | None = None
    """How far back; older footage is as if it were not there. None: all of it."""
    export: bool = False
    protect: bool = False
    configure: bool = False


class GroupRemoved(_Group, frozen=True, kw_only=True, tag="group-removed"):
    """Nobody has rights by this group any more."""


class _Token(_Entry, frozen=True, kw_only=True):
    id_fields: ClassVar[tuple[str, ...]] = ("token_id",)

    token_id: Id

    @property
    def entry(self) -> str:
        """The record's key."""
        return f"token/{self.token_id}"


class TokenIssued(_Token, frozen=True, kw_only=True, tag="token-issued"):
    """A program may act for a user, within ``scopes``, from now on."""

    user: Login
    title: Title = ""
    digest: Sha256
    """Of the token; the token itself was shown once."""
    scopes: tuple[TokenScope, ...]
    """It may do what the user may and what stands here."""
    media: tuple[media_names.MediaName, ...] | None = None
    """Only these cameras; None: all that the user has."""
    expires_ms: Ms | None = None
    parent_id: Id | None = None
    """The token that it was issued with, and ends with; None: somebody who signed in, or the admin token."""

    def __post_init__(self) -> None:
        _Token.__post_init__(self)
        for name in self.media or ():
            media_names.require(name)


class TokenRevoked(_Token, frozen=True, kw_only=True, tag="token-revoked"):
    """The token no longer works."""


class _Share(_Entry, frozen=True, kw_only=True):
    id_fields: ClassVar[tuple[str, ...]] = ("share_id",)

    share_id: Id

    @property
    def entry(self) -> str:
        """The record's key."""
        return f"share/{self.share_id}"


class ShareIssued(_Share, frozen=True, kw_only=True, tag="share-issued"):
    """Whoever has the link may watch one stretch of one camera, as long as its maker may."""

    user: Annotated[str, Meta(max_length=128)]
    """Login of the maker; empty: made with the admin token."""
    token_id: Id | None = None
    """The token that it was made with: the link shows no more than it may, and ends with it."""
    title: Title = ""
    digest: Sha256
    media: media_names.MediaName
    from_ms: Ms
    to_ms: Ms
    export: bool = False
    """It may be saved as a file, too."""
    expires_ms: Ms

    def __post_init__(self) -> None:
        _Share.__post_init__(self)
        media_names.require(self.media)
        if self.to_ms <= self.from_ms:
            raise ValueError(f"to_ms {self.to_ms} must be after from_ms {self.from_ms}")


class ShareRevoked(_Share, frozen=True, kw_only=True, tag="share-revoked"):
    """The link no longer works."""


class _Session(_Entry, frozen=True, kw_only=True):
    id_fields: ClassVar[tuple[str, ...]] = ("session_id",)

    session_id: Id

    @property
    def entry(self) -> str:
        """The record's key."""
        return f"session/{self.session_id}"


class SessionOpened(_Session, frozen=True, kw_only=True, tag="session-opened"):
    """Somebody signed in with a browser."""

    user: Annotated[str, Meta(max_length=128)]
    """Login; empty: with the admin token."""
    token_id: Id | None = None
    """The token that was shown instead of a password: the session may no more than it, and ends with it."""
    digest: Sha256
    """Of what the cookie holds."""
    expires_ms: Ms
    agent: Annotated[str, Meta(max_length=512)] = ""
    """The browser, as it calls itself."""
    peer: Annotated[str, Meta(max_length=64)] = ""


class SessionEnded(_Session, frozen=True, kw_only=True, tag="session-ended"):
    """Signed out, or ended by its user or an admin."""


class BrandingConfigured(_Entry, frozen=True, kw_only=True, tag="branding-configured"):
    """How the page looks to everybody."""

    title: Annotated[str, Meta(max_length=64)] = ""
    """Instead of the product's name."""
    colour: Annotated[str, Meta(pattern=r"^(#[0-9a-f]{6})?\Z")] = ""
    logo_key: Annotated[str, Meta(max_length=1024)] = ""
    """Object key; empty: none."""

    @property
    def entry(self) -> str:
        """The record's key."""
        return "branding"


class EpisodeReviewed(Struct, frozen=True, kw_only=True, tag_field="type", tag="episode-reviewed"):
    """A user said of an episode that they have seen it, or want to find it again. Topic `reviews`; the last wins."""

    identity: ClassVar[tuple[str, ...]] = ("review", "observed_ms")
    keyed_by: ClassVar[str] = "review"
    id_fields: ClassVar[tuple[str, ...]] = ("episode_id",)

    user: Annotated[str, Meta(max_length=128)]
    """Login; empty: with the admin token."""
    media: media_names.MediaName
    episode_id: Id
    reviewed: bool
    favourite: bool
    observed_ms: Ms
    v: Literal[1] = 1

    @property
    def review(self) -> str:
        """The record's key."""
        return f"{self.user}/{self.media}/{self.episode_id}"

    def __post_init__(self) -> None:
        media_names.require(self.media)
        ids.parse(self.episode_id, "episode_id")


class ActionAudited(Struct, frozen=True, kw_only=True, tag_field="type", tag="action-audited"):
    """Somebody did something that others may have to account for. Topic `audit`."""

    identity: ClassVar[tuple[str, ...]] = ("action_id",)
    keyed_by: ClassVar[str] = "who"
    id_fields: ClassVar[tuple[str, ...]] = ("action_id",)

    action_id: Id
    observed_ms: Ms
    who: Who
    via: Literal["session", "token", "share", "admin-token", "none"]
    """How they showed who they are; ``none``: they did not, such as a sign-in that was refused."""
    action: Action
    media: Annotated[str, Meta(max_length=512)] = ""
    """The camera; empty: it is about none."""
    from_ms: Ms | None = None
    to_ms: Ms | None = None
    """The stretch of footage, where it is about one."""
    subject: Annotated[str, Meta(max_length=512)] = ""
    """What it was done to: ``user/anna``, ``lock/123``, ``episode/9``."""
    detail: Text = ""
    """In words, never a secret."""
    peer: Annotated[str, Meta(max_length=64)] = ""
    """Address that it came from."""
    v: Literal[1] = 1

    def __post_init__(self) -> None:
        ids.parse(self.action_id, "action_id")


AccessFact: TypeAlias = (
    UserConfigured | UserRemoved | GroupConfigured | GroupRemoved | TokenIssued | TokenRevoked | ShareIssued
    | ShareRevoked | SessionOpened | SessionEnded | BrandingConfigured
)  # fmt: skip
ACCESS: tuple[type, ...] = (
    UserConfigured, UserRemoved, GroupConfigured, GroupRemoved, TokenIssued, TokenRevoked, ShareIssued, ShareRevoked,
    SessionOpened, SessionEnded, BrandingConfigured,
)  # fmt: skip
"""What is on topic `access`."""
