"""What goes on inside the web role is shown to those who watch it, and to nobody else."""

from __future__ import annotations

import pytest
from django.test import Client

WORLD = "198.51.100.7"


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
@pytest.mark.parametrize(
    "asks", [{"REMOTE_ADDR": WORLD}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"HTTP_VIA": "1.1 x"}]
)
def test_to_the_world_there_is_no_such_page(path: str, asks: dict[str, str]) -> None:
    assert Client().get(path, **asks).status_code == 404  # type: ignore[arg-type]


def test_a_host_name_that_equals_ones_own_address_opens_nothing() -> None:
    asks = {"REMOTE_ADDR": WORLD, "SERVER_NAME": WORLD, "HTTP_HOST": WORLD}
    assert Client().get("/metrics", **asks).status_code == 404  # type: ignore[arg-type]


@pytest.mark.parametrize("client", ["127.0.0.1", "10.1.2.3", "::1"])
def test_the_machine_and_its_networks_may_read_the_figures(client: str) -> None:
    assert Client().get("/metrics", REMOTE_ADDR=client).status_code == 200


def test_everybody_may_know_that_it_lives() -> None:
    assert Client().get("/healthz", REMOTE_ADDR=WORLD).status_code == 200
