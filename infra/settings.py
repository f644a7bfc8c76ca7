"""One frozen, typed object; the only reader of the environment.

Order of authority: environment ``SIGHTLOG_*`` > the TOML file in ``SIGHTLOG_CONFIG`` > the running stack's
own addresses in ``<data>/stack.json`` > the defaults below.
"""

import json
import os
import re
import tomllib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from infra import lock
from schemas.fact import MOST

STACK_FILE = "stack.json"


class BadSettings(ValueError):
    """A setting is impossible; the message names it, its value and the rule."""


class Settings(BaseSettings):
    """Every setting of every service. Documented in ``docs/ref/settings.md`` (a test compares)."""

    model_config = SettingsConfigDict(env_prefix="SIGHTLOG_", env_ignore_empty=True, frozen=True, extra="forbid")

    data: Path = Field(Path("data"), description="Folder of the embedded stack, the spool and the admin token")
    cache: Path = Field(
        Path("~/.cache/sightlog"), description="Downloads shared by every data folder (the broker's jars)"
    )
    api_host: str = Field("127.0.0.1", description="Address the API listens on")
    api_port: int = Field(8080, ge=0, le=65535, description="Port of the API and the page; 0 picks a free one")
    api_url: str = Field("", description="Address other processes use for the API; empty: http://api_host:api_port")
    api_key: SecretStr = Field(
        SecretStr(""), description="Admin token of the API; empty: the one in <data>/admin.token"
    )
    smtp_host: str = Field("127.0.0.1", description="Address the mail listener listens on; 0.0.0.0: for cameras")
    smtp_port: int = Field(
        2525, ge=0, le=65535, description="Port of the mail listener, plain and STARTTLS; 0 picks a free one"
    )
    smtp_tls_port: int = Field(0, ge=0, le=65535, description="Port for TLS from the first byte (often 465); 0: none")
    smtp_legacy_port: int = Field(0, ge=0, le=65535, description="Port for STARTTLS down to TLS 1.0; 0: none")
    smtp_legacy_tls_port: int = Field(
        0, ge=0, le=65535, description="Port for TLS from the first byte down to TLS 1.0; 0: none"
    )
    smtp_cert: str = Field("", description="Certificate chain (PEM file); empty: one is made, signed by itself")
    smtp_key: str = Field("", description="Its private key (PEM file)")
    smtp_reach: str = Field(
        "", description="Where the API reaches the mail listener for test mails; empty: smtp_host, or this machine"
    )
    smtp_login: str = Field("", max_length=256, description="Login that every camera may use; empty: none is needed")
    smtp_password: SecretStr = Field(SecretStr(""), description="Its password")
    smtp_domains: str = Field("", description="Recipient domains that are taken, with commas; empty: any")
    smtp_mail_bytes: int = Field(10 << 20, ge=1024, le=64 << 20, description="Largest mail that is taken")
    smtp_held_bytes: int = Field(128 << 20, ge=1 << 20, description="Most bytes of mails being received at once")
    smtp_connections: int = Field(1500, ge=1, description="Connections at once, of all peers")
    smtp_peer_connections: int = Field(1200, ge=1, description="Connections at once of one peer (a router, often)")
    smtp_recipients: int = Field(100, ge=1, le=1000, description="Recipients of one mail")
    smtp_rate: int = Field(30_000, ge=1, description="Mails a minute of one camera; more are put off with 451")
    smtp_idle_s: float = Field(60, gt=0, le=3600, description="Longest silence of a peer, seconds")
    smtp_session_s: float = Field(600, gt=0, le=86_400, description="Longest connection, seconds")
    smtp_ack_s: float = Field(
        5, gt=0, le=60, description="A broker that has not acknowledged a mail for so long is away"
    )
    smtp_spool_s: float = Field(
        3600, ge=0, description="The spool takes mails while the broker is away for so long, seconds; then 451"
    )
    smtp_spool_bytes: int = Field(1 << 30, ge=0, description="Most bytes of mails in the spool; then 452")
    time_zone: str = Field("UTC", description="Zone of clocks of cameras that name none in their mails (IANA)")
    alarm_before_ms: int = Field(10_000, ge=0, le=3_600_000, description="An alarm marks so much before its mail ...")
    alarm_after_ms: int = Field(30_000, ge=1, le=3_600_000, description="... and so much after it")
    alarm_join_ms: int = Field(30_000, ge=0, le=3_600_000, description="Marks no further apart are one episode")
    alert_urls: str = Field(
        "", repr=False, description="Where alerts go, Apprise addresses with blanks; empty: journal only"
    )
    health_host: str = Field("127.0.0.1", description="Address that health_port listens on")
    health_port: int = Field(0, ge=0, le=65535, description="Port of a service's own /healthz and /metrics; 0: none")

    oidc_issuer: str = Field("", description="Issuer of single sign-on, https://id.example.com; empty: none")
    oidc_client_id: str = Field("", description="What the provider knows us as")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="The secret that goes with it; empty: none")
    oidc_title: str = Field("Single sign-on", max_length=64, description="What the page calls it")
    oidc_scopes: str = Field("openid profile email", description="What is asked of the provider, with blanks")
    oidc_redirect_url: str = Field("", description="Where the provider sends people back to; empty: as they came")
    oidc_by_email: bool = Field(False, description="A verified e-mail address that is a login signs in as that user")
    oidc_create: bool = Field(False, description="Who is not known and is in a group of oidc_groups becomes a user")
    oidc_groups_claim: str = Field("groups", max_length=128, description="Claim that names the groups of a person")
    oidc_groups: str = Field("", description="Their groups and ours, THEIRS=OURS, with commas")

    kafka: str = Field("", description="Bootstrap servers; empty: the embedded broker")
    kafka_port: int = Field(0, ge=0, le=65535, description="Port of the embedded broker; 0 picks a free one")
    partitions: int = Field(48, ge=1, le=1024, description="Partitions of every media-keyed topic")
    replication: int = Field(1, ge=1, le=7, description="Replicas of every topic")
    topic_prefix: str = Field("", pattern=r"^[a-z0-9.-]{0,64}$", description="Put before every topic and group name")

    clickhouse: str = Field(
        "", repr=False, description="URL, http://user:password@host:8123; empty: the embedded engine"
    )
    clickhouse_port: int = Field(0, ge=0, le=65535, description="Port of the embedded engine; 0 picks a free one")
    database: str = Field("sightlog", pattern=r"^[a-z][a-z0-9_]{0,40}$", description="Database of the public views")

    s3: str = Field("", description="Endpoint URL, http://host:9000; empty: the embedded object server")
    s3_port: int = Field(0, ge=0, le=65535, description="Port of the embedded object server; 0 picks a free one")
    s3_public: str = Field("", description="Endpoint that players reach; empty: the same as s3")
    s3_bucket: str = Field("sightlog", pattern=r"^[a-z0-9][a-z0-9.-]{2,62}$", description="Bucket of every object")
    s3_key: str = Field("", description="Access key; empty: made at first start of the embedded stack")
    s3_secret: SecretStr = Field(SecretStr(""), description="Secret key")
    s3_region: str = Field("us-east-1", description="Region that signatures name")
    presign_s: int = Field(3600, ge=60, le=604800, description="Life of a presigned URL, seconds")

    segment_ms: int = Field(6000, ge=500, le=600_000, description="Length of a recorded segment (cut at key frames)")
    spool_bytes: int = Field(20 << 30, ge=1 << 20, description="Most the recorder's spool may hold, bytes")
    spool_free_bytes: int = Field(1 << 30, ge=0, description="Free disk the spool always leaves, bytes")
    recorder_shard: str = Field("0/1", pattern=r"^\d+/\d+$", description="This recorder's share of cameras: N/COUNT")
    rtsp_transport: Literal["tcp", "udp"] = Field("tcp", description="How RTSP media travels")
    source_timeout_s: float = Field(10.0, gt=0, le=600, description="A silent source is reopened after this long")

    flush_rows: int = Field(50_000, ge=1, description="A projection inserts at this many rows ...")
    flush_bytes: int = Field(16 << 20, ge=1024, description="... or this many bytes ...")
    flush_ms: int = Field(1000, ge=10, le=60_000, description="... or this long after the first row")
    episode_timeout_ms: int = Field(
        300_000, ge=1000, description="An episode of our own without news for this long is closed"
    )
    tick_ms: int = Field(
        10_000, ge=100, le=600_000, description="Where such an episode may be open, time is told so often"
    )
    motion_workers: int = Field(0, ge=0, le=256, description="Processes that look at footage; 0: one per core")
    motion_wait_ms: int = Field(
        30_000, ge=0, le=3_600_000, description="Footage whose predecessor is missing waits for it so long"
    )
    motion_cpu_s: float = Field(
        60, gt=0, le=3600, description="Processor time that one segment may take; then it is unreadable"
    )
    motion_memory_bytes: int = Field(
        512 << 20, ge=64 << 20, description="Memory of each such process for what it remembers of cameras"
    )
    motion_pixels: int = Field(36_000_000, ge=4096, le=1 << 28, description="Largest picture that is looked at")
    protect_open_ms: int = Field(
        86_400_000, ge=0, le=31_536_000_000, description="An open episode keeps so much footage beyond its last news"
    )
    storage_high: float = Field(0.90, gt=0, le=1, description="A store fuller than this share makes room ...")
    storage_low: float = Field(0.85, gt=0, le=1, description="... down to this share; at most storage_high")
    storage_hard_cap: float = Field(
        0, ge=0, le=1, description="Beyond this share footage goes though it is not known what protects it; 0: never"
    )
    storage_bytes: int = Field(
        0, ge=0, le=MOST, description="Room for footage in the object store; 0: the disk that holds the embedded store"
    )
    storage_ms: int = Field(10_000, ge=100, le=600_000, description="The level of the store is measured so often")
    grace_ms: int = Field(
        600_000, ge=0, le=604_800_000, description="From the decision to delete footage to its deletion; restorable"
    )
    settle_ms: int = Field(
        60_000, ge=0, le=86_400_000, description="Marks may come so long after what they mark was judged"
    )
    expire_ms: int = Field(
        300_000, ge=0, le=86_400_000, description="Footage past its depth goes in batches of this length"
    )
    delete_per_s: int = Field(500, ge=1, le=100_000, description="Most objects deleted in a second, by each process")
    object_lock: Literal["none", "legal-hold"] = Field(
        "none", description="What a manual lock does in the object store; legal-hold wants a bucket with object lock"
    )
    preview_bytes: int = Field(4 << 20, ge=1024, le=6 << 20, description="Largest picture of an episode that is kept")
    preview_pixels: int = Field(9_000_000, ge=4096, le=1 << 28, description="Most pixels of a picture that is kept")
    brake_letters: int = Field(100, ge=1, description="Dead letters in a row after which a consumer stops")
    leave_out: str = Field(
        "", max_length=4096,
        description="Unusable records about what keeps footage to do without: topic/partition/offset, with commas",
    )  # fmt: skip

    stall_s: float = Field(30.0, gt=0, le=3600, description="A part of the stack silent for this long is restarted")
    sql_clickhouse: str = Field(
        "", repr=False,
        description="URL for POST /sql, best with a user who may only read; empty: the same as clickhouse",
    )  # fmt: skip
    sql_rows: int = Field(1_000_000, ge=1, description="Most rows an answer of POST /sql holds; more are cut off")
    sql_bytes: int = Field(256 << 20, ge=1024, description="Most bytes an answer of POST /sql holds")
    sql_seconds: float = Field(3.5, gt=0, le=3600, description="Longest a query of POST /sql may run")
    sql_memory_bytes: int = Field(160 << 20, ge=1 << 20, description="Most memory a query of POST /sql may take")
    sql_concurrency: int = Field(4, ge=1, le=64, description="Queries of POST /sql at once, per process of the API")

    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is printed")
    log_json: bool = Field(False, description="Journal lines as JSON instead of text")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then environment, then the TOML file; no dotenv, no secrets folder."""
        sources: tuple[PydanticBaseSettingsSource, ...] = (init_settings, env_settings)
        if path := os.environ.get("SIGHTLOG_CONFIG"):
            if not Path(path).is_file():
                raise BadSettings(f"SIGHTLOG_CONFIG names {path}, which is not a file")
            sources += (TomlConfigSettingsSource(settings_cls, Path(path)),)
        return sources

    @field_validator("data", "cache")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("clickhouse", "sql_clickhouse", "s3", "s3_public", "api_url")
    @classmethod
    def _http_url(cls, value: str) -> str:
        url = urlsplit(value)
        if value and (url.scheme not in ("http", "https") or not url.hostname):
            raise ValueError("must be a URL, for example http://127.0.0.1:8123")
        return value

    @field_validator("kafka")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        one = r"(\[[0-9a-fA-F:]+\]|[^\s:/,\[\]]+):\d{1,5}"
        if value and not re.fullmatch(f"{one}(,{one})*", value):
            raise ValueError("must be host:port, or several of them with commas, for example 127.0.0.1:9092")
        return value

    @model_validator(mode="after")
    def _marks_in_order(self) -> "Settings":
        if self.storage_low > self.storage_high:
            raise ValueError(f"storage_low {self.storage_low} must not be above storage_high {self.storage_high}")
        if self.storage_hard_cap and self.storage_hard_cap < self.storage_high:
            raise ValueError(f"storage_hard_cap {self.storage_hard_cap} must not be below storage_high or 0")
        return self

    @field_validator("recorder_shard")
    @classmethod
    def _shard_in_range(cls, value: str) -> str:
        index, count = map(int, value.split("/"))
        if count < 1 or index >= count:
            raise ValueError("must be N/COUNT with N < COUNT, for example 0/4")
        return value

    @cached_property
    def shard(self) -> tuple[int, int]:
        """(index, count) of ``recorder_shard``."""
        index, count = self.recorder_shard.split("/")
        return int(index), int(count)

    @cached_property
    def is_embedded(self) -> bool:
        """True when any of the three servers must be started by us."""
        return not (self.kafka and self.clickhouse and self.s3)

    @cached_property
    def base_url(self) -> str:
        """Address of the API, without a trailing slash."""
        return (self.api_url or f"http://{self.api_host}:{self.api_port}").rstrip("/")

    def require_servers(self) -> None:
        """Raises BadSettings when an address is missing, naming it and what to do."""
        missing = [f"SIGHTLOG_{name.upper()}" for name in ("kafka", "clickhouse", "s3") if not getattr(self, name)]
        if missing:
            raise BadSettings(
                f"no address for {', '.join(missing)}: no stack runs on {self.data}; "
                "start `sightlog up`, name its folder with --data, or set the variables"
            )

    def given(self) -> dict[str, str | int | float | bool]:
        """Every value that is not a default, by name, plain enough for JSON; secrets included."""
        return {name: _plain(getattr(self, name)) for name in self.model_fields_set}

    def as_environment(self) -> dict[str, str]:
        """Variables that make another process load these very settings, secrets included."""
        return {f"SIGHTLOG_{name.upper()}": str(value) for name, value in self.given().items()}

    def token(self) -> str:
        """The admin token: from the environment, else from ``<data>/admin.token``, else empty."""
        if key := self.api_key.get_secret_value():
            return key
        path = self.data / "admin.token"
        return path.read_text().strip() if path.is_file() else ""


def load(**overrides: Any) -> Settings:
    """Settings for this process; addresses missing everywhere else come from a running stack on the same data.

    Raises BadSettings with one line per wrong value.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        settings = Settings(**given)
        stack = _stack_addresses(settings)
        missing = {name: value for name, value in stack.items() if not _is_given(settings, name)}
        return Settings(**(missing | given)) if missing else settings
    except ValidationError as error:
        raise BadSettings("\n".join(_explain(item) for item in error.errors())) from None
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"SIGHTLOG_CONFIG names {os.environ['SIGHTLOG_CONFIG']}, not TOML: {error}") from None


def _plain(value: Any) -> str | int | float | bool:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return value if isinstance(value, int | float) else str(value)


def _is_given(settings: Settings, name: str) -> bool:
    """True for a value that was set and is not "pick one for me" (0 or empty)."""
    return name in settings.model_fields_set and bool(getattr(settings, name))


def child_environment(more: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with ``more`` on top, for a child process."""
    return {**os.environ, **more}


def _stack_addresses(settings: Settings) -> dict[str, Any]:
    path = settings.data / STACK_FILE
    if not path.is_file() or not lock.is_held(settings.data):
        return {}
    try:
        addresses: dict[str, Any] = json.loads(path.read_text())["settings"]
    except (ValueError, KeyError) as error:
        raise BadSettings(f"{path} cannot be read ({error}); stop the stack, delete the file and start again") from None
    return addresses


def _explain(item: Any) -> str:
    name = "SIGHTLOG_" + "_".join(str(part) for part in item["loc"]).upper()
    value = repr(item["input"])
    is_secret = any(word in name for word in ("SECRET", "KEY")) or "@" in value
    return f"{name}: {item['msg']}{'' if is_secret else f' (got {value})'}; see docs/ref/settings.md"
