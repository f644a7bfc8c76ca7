"""Single sign-on as the settings have it: from a code to a user."""

from collections.abc import Sequence
from typing import Any, Protocol

from api.oidc import people
from api.oidc.claims import Identity, identity
from api.oidc.errand import Errand
from infra.settings import BadSettings, Settings
from schemas.access import GroupConfigured, UserConfigured


class AsksProvider(Protocol):
    """``api.oidc.provider.Provider`` is one. Blocks. Raises ProviderAway."""

    def sign_in_url(self, errand: Errand) -> str:
        """Where the browser goes."""

    def claims(self, code: str, errand: Errand) -> dict[str, Any]:
        """What the ID token for a code says, its signature checked. Raises NotShown."""


class Signing:
    """One provider, and what the settings let its people be here."""

    def __init__(self, settings: Settings, provider: AsksProvider) -> None:
        """Raises BadSettings for a mapping of groups that cannot be read."""
        self.provider = provider
        self._settings = settings
        try:
            self._groups = people.groups_of(settings.oidc_groups)
        except ValueError as error:
            raise BadSettings(str(error)) from None

    def identity(self, code: str, errand: Errand, now_ms: int) -> Identity:
        """Who came back with a code. Raises NotShown, ProviderAway."""
        claims, settings = self.provider.claims(code, errand), self._settings
        return identity(
            claims, settings.oidc_issuer, settings.oidc_client_id, errand.nonce, now_ms // 1000,
            settings.oidc_groups_claim,
        )  # fmt: skip

    def user(
        self, who: Identity, users: Sequence[UserConfigured], groups: Sequence[GroupConfigured], now_ms: int
    ) -> tuple[UserConfigured, bool]:
        """The user, and whether they have to be written first. Raises Unknown."""
        wanted = self._settings
        new = people.new_groups(who, self._groups, {one.group for one in groups}) if wanted.oidc_create else None
        return people.user_of(who, users, by_email=wanted.oidc_by_email, new_groups=new, now_ms=now_ms)


def made(settings: Settings) -> Signing | None:
    """Single sign-on, where an issuer is set. Raises BadSettings when it cannot be."""
    if not settings.oidc_issuer:
        return None
    try:
        from api.oidc.provider import Provider  # its library comes with an extra
    except ImportError:
        raise BadSettings("single sign-on needs an extra: pip install 'sightlog[oidc]'") from None
    return Signing(settings, Provider(settings))
