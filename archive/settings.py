"""The settings: one row each of (name, default, help, check).

Only `terugblik.py` and `search_app.create_app` call :func:`read`; everything else takes arguments.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from archive.errors import SettingError

_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the settings table: environment variable, field, default, check and help."""

    name: str
    field: str
    default: str
    parse: Callable[[str], object]
    help: str


def _whole_number(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise ValueError(f"must lie between {low} and {high}")
        return value

    return parse


def _address(text: str) -> str:
    if text and (urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).netloc):
        raise ValueError("must start with http:// or https:// and name a host")
    return text.rstrip("/")


def _store(text: str) -> str:
    if text and not text.startswith(("redis://", "rediss://", "redis+unix://")):
        raise ValueError("must start with redis://, rediss:// or redis+unix://")
    return text


def _yes_or_no(text: str) -> bool:
    if text.lower() not in {"yes", "no"}:
        raise ValueError("must be yes or no")
    return text.lower() == "yes"


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "TERUGBLIK_DATA",
        "data",
        "./var",
        Path,
        "Folder of the archive: originals, renditions, index and, by default, the catalogue.",
    ),
    Setting(
        "TERUGBLIK_DATABASE_URL",
        "database_url",
        "",
        str,
        "SQLAlchemy address of the catalogue, such as postgresql+psycopg://user@host/name; "
        "empty: SQLite in the data folder.",
    ),
    Setting("TERUGBLIK_HOST", "host", "127.0.0.1", str, "Address that the web server listens on."),
    Setting("TERUGBLIK_PORT", "port", "8000", _whole_number(0, 65535), "Port of the web server."),
    Setting(
        "TERUGBLIK_WEB_PROCESSES",
        "web_processes",
        "0",
        _whole_number(0, 64),
        "Processes that answer readers; 0: one for each processor, up to 4.",
    ),
    Setting(
        "TERUGBLIK_BASE_URL",
        "base_url",
        "",
        _address,
        "Public address of the site, for permanent links; empty: http://HOST:PORT.",
    ),
    Setting(
        "TERUGBLIK_SOURCE_PAGE",
        "source_page",
        "https://go4.brussels/nl/terugblik/",
        _address,
        "Official page that lists the plans, shown to readers and harvested.",
    ),
    Setting(
        "TERUGBLIK_MEMORY_LIMIT",
        "memory_limit",
        "2048",
        _whole_number(128, 65536),
        "Memory that reading one document may take, in MiB.",
    ),
    Setting(
        "TERUGBLIK_TIME_LIMIT",
        "time_limit",
        "600",
        _whole_number(1, 86400),
        "Time that reading one document may take, in seconds.",
    ),
    Setting(
        "TERUGBLIK_MAX_FILE_SIZE",
        "max_file_size",
        "512",
        _whole_number(1, 65536),
        "Largest file that is taken in, in MiB.",
    ),
    Setting(
        "TERUGBLIK_MAX_PAGES",
        "max_pages",
        "5000",
        _whole_number(1, 100000),
        "Most pages that a document may have.",
    ),
    Setting(
        "TERUGBLIK_IMAGE_ROOM",
        "image_room",
        "512",
        _whole_number(16, 1048576),
        "Room for images of pages that readers enlarged, in MiB; those looked at longest ago go first.",
    ),
    Setting(
        "TERUGBLIK_PRIVATE_ADDRESSES",
        "private_addresses",
        "no",
        _yes_or_no,
        "Whether documents may be fetched from private addresses, such as those of an intranet.",
    ),
    Setting(
        "TERUGBLIK_TRUSTED_PROXIES",
        "trusted_proxies",
        "0",
        _whole_number(0, 10),
        "Reverse proxies in front of the site, whose X-Forwarded-For tells the address of a client.",
    ),
    Setting(
        "TERUGBLIK_LIMITS_STORE",
        "limits_store",
        "",
        _store,
        "Where processes count together how often clients ask, such as redis://host; "
        "empty: each counts for itself.",
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings, checked. Sizes in bytes, times in seconds."""

    data: Path
    database_url: str
    host: str
    port: int
    web_processes: int
    base_url: str
    source_page: str
    memory_limit: int
    time_limit: int
    max_file_size: int
    max_pages: int
    image_room: int
    private_addresses: bool
    trusted_proxies: int
    limits_store: str


def read(environment: Mapping[str, str]) -> Settings:
    """Read and check the settings in `environment`.

    Raises:
        SettingError: a value cannot be used, or a TERUGBLIK_ name is not a setting.
    """
    known = {setting.name for setting in SETTINGS}
    for name in environment:
        if name.startswith("TERUGBLIK_") and name not in known:
            raise SettingError(f"{name} is not a setting.")
    values: dict[str, object] = {}
    for setting in SETTINGS:
        text = environment.get(setting.name, setting.default)
        try:
            values[setting.field] = setting.parse(text)
        except ValueError as error:
            raise SettingError(f"{setting.name} is {text!r}, which cannot be used: {error}.") from error
    for field in ("memory_limit", "max_file_size", "image_room"):
        values[field] = int(str(values[field])) * _MEBIBYTE
    data = Path(str(values["data"])).absolute()
    values["data"] = data
    values["database_url"] = values["database_url"] or f"sqlite:///{quote(str(data / 'catalogue.sqlite'))}"
    values["base_url"] = values["base_url"] or f"http://{values['host']}:{values['port']}"
    return Settings(**values)  # type: ignore[arg-type]
