"""The settings check themselves."""

from pathlib import Path

import pytest

from archive.catalogue.catalogue import Catalogue
from archive.errors import SettingError
from archive.settings import SETTINGS, read


def test_nothing_need_be_set() -> None:
    settings = read({"PATH": "/usr/bin"})
    assert settings.data == Path("var").absolute()
    assert settings.database_url == f"sqlite:///{Path('var').absolute()}/catalogue.sqlite"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert (settings.memory_limit, settings.time_limit) == (2048 * 1024 * 1024, 600)
    assert settings.private_addresses is False


def test_every_setting_has_a_place_a_default_that_can_be_used_and_a_help() -> None:
    settings = read({})
    for setting in SETTINGS:
        assert setting.name == f"TERUGBLIK_{setting.field.upper()}"
        assert hasattr(settings, setting.field)
        assert setting.help.endswith(".")
        assert read({setting.name: setting.default}) == settings


def test_settings_are_read(tmp_path: Path) -> None:
    settings = read(
        {
            "TERUGBLIK_DATA": str(tmp_path),
            "TERUGBLIK_DATABASE_URL": "postgresql+psycopg://a@b/c",
            "TERUGBLIK_PORT": "0",
            "TERUGBLIK_BASE_URL": "https://terugblik.example/",
            "TERUGBLIK_MAX_FILE_SIZE": "1",
            "TERUGBLIK_PRIVATE_ADDRESSES": "Yes",
        }
    )
    assert settings.data == tmp_path
    assert settings.database_url == "postgresql+psycopg://a@b/c"
    assert (settings.port, settings.max_file_size) == (0, 1024 * 1024)
    assert settings.base_url == "https://terugblik.example"
    assert settings.private_addresses is True


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TERUGBLIK_PORT", "eighty"),
        ("TERUGBLIK_PORT", "65536"),
        ("TERUGBLIK_PORT", ""),
        ("TERUGBLIK_TIME_LIMIT", "0"),
        ("TERUGBLIK_MEMORY_LIMIT", "-1"),
        ("TERUGBLIK_MAX_PAGES", "1e3"),
        ("TERUGBLIK_BASE_URL", "terugblik.example"),
        ("TERUGBLIK_SOURCE_PAGE", "file:///etc/passwd"),
        ("TERUGBLIK_PRIVATE_ADDRESSES", "maybe"),
        ("TERUGBLIK_NO_SUCH_SETTING", "1"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name) as caught:
        read({name: value})
    assert caught.value.exit_code == 2


def test_catalogue_lies_in_the_data_folder_whatever_the_name_of_that(tmp_path: Path) -> None:
    folder = tmp_path / "plans %41? été"
    with Catalogue.open(read({"TERUGBLIK_DATA": str(folder)}).database_url):
        assert (folder / "catalogue.sqlite").is_file()
