"""What the Docker files promise, read as data: a container runtime is not needed to break or to keep it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.services import SERVICES
from infra.settings import Settings

ROOT = Path(__file__).parents[4]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
EVERY = sorted(COMPOSE["services"])
SERVICE_OF = {name.replace(":", "-"): name for name in SERVICES}
"""Our services by their name here, where a colon may not stand."""
OURS = [name for name in EVERY if "build" in COMPOSE["services"][name]]


@pytest.mark.parametrize("name", EVERY)
def test_every_port_is_on_loopback(name: str) -> None:
    for port in COMPOSE["services"][name].get("ports", []):
        assert port.startswith("127.0.0.1:")


@pytest.mark.parametrize("name", EVERY)
def test_every_service_has_a_health_check(name: str) -> None:
    assert COMPOSE["services"][name]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", EVERY)
def test_every_named_volume_is_declared(name: str) -> None:
    for volume in COMPOSE["services"][name].get("volumes", []):
        source = volume.split(":")[0]
        assert (ROOT / source).exists() if source.startswith(".") else source in COMPOSE["volumes"]


@pytest.mark.parametrize("name", EVERY)
def test_every_image_has_a_version(name: str) -> None:
    service = COMPOSE["services"][name]
    assert name in OURS or re.search(r":[vR]?[\w.-]*\d", service["image"])


def test_the_services_of_up_are_those_of_compose() -> None:
    assert set(OURS) == set(SERVICE_OF)


@pytest.mark.parametrize("name", OURS)
def test_every_command_of_ours_is_a_real_one(name: str) -> None:
    assert COMPOSE["services"][name]["command"] == f"sightlog run {SERVICE_OF[name]}"
    assert ("demo" in COMPOSE["services"][name].get("profiles", [])) is not SERVICES[SERVICE_OF[name]].in_up


@pytest.mark.parametrize("name", OURS)
def test_every_variable_of_ours_is_a_setting(name: str) -> None:
    for variable in COMPOSE["services"][name]["environment"]:
        assert variable.removeprefix("SIGHTLOG_").lower() in Settings.model_fields


def test_prometheus_asks_every_service_that_up_runs() -> None:
    config = yaml.safe_load((ROOT / "infra/compose/prometheus.yml").read_text())
    targets = config["scrape_configs"][0]["static_configs"][0]["targets"]
    asked = {SERVICE_OF[target.split(":")[0]] for target in targets}
    assert asked == {name for name, service in SERVICES.items() if service.in_up}


def test_the_dashboard_asks_only_for_figures_that_exist() -> None:
    panels = json.loads((ROOT / "infra/compose/grafana/dashboards/sightlog.json").read_text())["panels"]
    sources = "".join(
        path.read_text()
        for place in ("api", "producers", "processors", "projections")
        for path in (ROOT / place).rglob("metrics.py")
    )
    for panel in panels:
        for figure in re.findall(r"sightlog_(\w+)", panel["targets"][0]["expr"]):
            stem = re.sub(r"_(total|bucket)$", "", figure)
            stem = re.sub(r"^(projection|retention|effect)_", "", stem)
            assert stem in sources
