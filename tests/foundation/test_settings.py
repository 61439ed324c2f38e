from __future__ import annotations

from pathlib import Path

import pytest

from daxiang.domains.conversation.facts import Feature
from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.environment import Environment, SettingWrong
from daxiang.foundation.settings import DEFAULT_FEATURES, FEATURES, read_features, read_settings


@pytest.fixture
def values(tmp_path: Path) -> dict[str, str]:
    return with_demo_values({"DAXIANG_HOME": str(tmp_path / "home")})


def test_a_laptop_needs_no_variable_and_finds_the_same_values_again(values: dict[str, str]) -> None:
    assert with_demo_values({"DAXIANG_HOME": values["DAXIANG_HOME"]}) == values
    settings = read_settings(values)
    assert settings.ports.web == 8000
    assert set(settings.accounts) == {"service", "subscription"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DAXIANG_WEB_PORT", "http"),
        ("DAXIANG_GATEWAY_PORT", "70000"),
        ("DAXIANG_WORKER_PORT", "8000"),
        ("DAXIANG_PUBLIC_URL", "wuhan.example"),
        ("DATABASE_URL", "mysql://x/y"),
        ("DAXIANG_NOW", "tomorrow"),
        ("DAXIANG_CITY", "../../etc"),
        ("DAXIANG_GATEWAY_PROCESSES", "0"),
        ("DAXIANG_DATA_KEYS", "k:dG9vc2hvcnQ="),
        ("DAXIANG_SERVICE_AES_KEY", "tooshort"),
        ("DAXIANG_LOG", "xml"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_variable_and_no_value(
    values: dict[str, str], name: str, value: str
) -> None:
    with pytest.raises(SettingWrong, match=name) as told:
        read_settings({**values, name: value})
    assert "\n" not in str(told.value)
    assert value == "8000" or value not in str(told.value)


def test_a_secret_may_come_from_a_file(values: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    given = {name: value for name, value in values.items() if name != "DAXIANG_SECRET_KEY"}
    assert read_settings({**given, "DAXIANG_SECRET_KEY_FILE": str(tmp_path / "secret")}).secret_key == (
        "from a file"
    )


def test_production_invents_nothing(values: dict[str, str]) -> None:
    given = {"DAXIANG_DATA_KEYS": values["DAXIANG_DATA_KEYS"], "DAXIANG_HOME": values["DAXIANG_HOME"]}
    with pytest.raises(SettingWrong, match="DAXIANG_SECRET_KEY: not set"):
        read_settings(with_demo_values(given))


def test_secrets_are_not_in_the_printed_form(values: dict[str, str]) -> None:
    printed = repr(read_settings(values))
    secret = [v for name, v in values.items() if name.endswith(("SECRET", "TOKEN", "KEY", "KEYS"))]
    assert secret
    assert not [value for value in secret if value in printed]


def test_the_features_of_the_settings_are_those_of_the_conversation() -> None:
    assert set(FEATURES) == {feature.value for feature in Feature}
    assert read_features(Environment({})) == DEFAULT_FEATURES
    assert read_features(Environment({"DAXIANG_FEATURES": "none"})) == frozenset()
    with pytest.raises(SettingWrong, match="DAXIANG_FEATURES"):
        read_features(Environment({"DAXIANG_FEATURES": "remember,payment"}))
