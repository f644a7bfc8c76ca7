"""Some lines have one home: the environment, the clock, the side effects, the addresses of other people."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from projections import registry
from tests.architecture.source import ROOT, calls_and_names, modules, tracked

ENVIRONMENT = {"os.environ", "os.getenv", "os.putenv", "os.environb"}
CLOCK = {
    "time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.perf_counter", "time.sleep",
    "time.localtime", "time.gmtime", "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today",
    "datetime.date.today", "datetime.now", "datetime.utcnow",
}  # fmt: skip
REACHING = ("infra.objects.", "projections.effects.")


def users_of(names: set[str]) -> dict[str, list[int]]:
    """Module → lines that read one of ``names``."""
    found: dict[str, list[int]] = {}
    for module in modules():
        for name, line in calls_and_names(module.tree):
            if name in names:
                found.setdefault(module.name, []).append(line)
    return found


def test_only_settings_reads_the_environment() -> None:
    assert set(users_of(ENVIRONMENT)) == {"infra.settings"}


def test_only_clock_reads_the_clock() -> None:
    assert set(users_of(CLOCK)) == {"infra.clock"}


def test_only_cli_and_the_door_of_a_process_write_to_the_terminal() -> None:
    printing = users_of({"print", "sys.stdout", "sys.stderr"})
    allowed = re.compile(r"^cli\.|\.__main__$|^infra\.(journal|embedded\..*)$")
    assert [name for name in printing if not allowed.match(name) and not name.endswith("__main__")] == []


def test_words_reach_the_terminal_where_nothing_in_them_is_obeyed() -> None:
    """``cli.telling`` and ``add_row``; ``schemas`` prints JSON of ours."""
    said = {one.name for one in modules() if one.name.startswith("cli.") and "typer.echo" in calls(one.tree)}
    assert said == {"cli.telling", "cli.commands.schemas"}
    rows = {one.name for one in modules() for name in calls(one.tree) if name.endswith(".add_row")}
    assert rows == {"cli.console"}


def calls(tree: ast.Module) -> set[str]:
    """Dotted names that are called anywhere in the file."""
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def test_footage_gets_its_key_in_one_place_and_is_deleted_in_one_other() -> None:
    called = {module.name: calls(module.tree) for module in modules()}
    makers = {name for name, names in called.items() if "SegmentRecorded" in names}
    assert makers == {"producers.segments.draft", "cli.motion.again"}  # the latter says again what a row says
    assert {name for name, names in called.items() if "SegmentsDeleted" in names} == {"projections.effects.rules"}
    deleting = {name for name, names in called.items() if any(one.endswith("store.delete") for one in names)}
    assert deleting == {"projections.effects.expire_objects"}


def test_no_projection_that_is_rebuilt_can_reach_the_object_store_or_carry_out_an_order() -> None:
    rebuilt = [one for one in modules() if one.name.startswith("projections.") and ".effects" not in one.name]
    reaching = {one.name for one in rebuilt for name, _ in calls_and_names(one.tree) if name.startswith(REACHING)}
    assert reaching == set()
    assert not any(projection.name == "effects" for projection in registry.ALL)


IMPORTER = """
import importlib, json, sys
sys.dont_write_bytecode = True
watching, seen = [None], []
SUSPECT = ("socket.connect", "socket.bind", "subprocess.Popen", "os.system", "os.fork", "os.mkdir", "os.remove",
           "os.rename", "_thread.start_new_thread", "os.putenv", "signal.pthread_kill", "shutil.rmtree")
def hook(event, arguments):
    if watching[0] is None:
        return
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if writes or event in SUSPECT:
        seen.append([watching[0], event, str(arguments[:1])])
for name in LIBRARIES:
    importlib.import_module(name)
sys.addaudithook(hook)
for name in MODULES:
    watching[0] = name
    importlib.import_module(name)
    watching[0] = None
    kinds = [type(value).__name__ for value in vars(sys.modules[name]).values()]
    seen += [[name, "global", kind] for kind in kinds if kind in CONNECTIONS]
print(json.dumps(seen))
"""
CONNECTIONS = [
    "FastAPI",
    "App",
    "Producer",
    "Consumer",
    "AdminClient",
    "KafkaLog",
    "S3Store",
    "Database",
    "Minio",
    "Settings",
]


def test_importing_any_module_connects_to_nothing_writes_nothing_and_starts_nothing() -> None:
    names = [module.name for module in modules() if not module.name.endswith("__main__")]
    libraries = [
        "confluent_kafka",
        "clickhouse_connect",
        "minio",
        "fastapi",
        "httpx",
        "av",
        "cv2",
        "faust.app",  # faust itself is loaded piece by piece
        "structlog",
        "typer",
    ]
    given = f"MODULES = {names!r}\nLIBRARIES = {libraries!r}\nCONNECTIONS = {CONNECTIONS!r}\n"
    answer = subprocess.run(
        [sys.executable, "-c", given + IMPORTER], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == []


# Written in pieces, so that this file passes its own test.
REGISTRIES = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry.np" + "mjs",
    "maven" + ".org",
    "repo.maven" + ".apache",
]
MACHINE = [r"/ro" + "ot/", r"/wo" + "rk/", r"/ho" + r"me/\w+/", r"/tm" + r"p/w/", r"/Us" + r"ers/\w+/"]


def text_of(path: Path) -> str:
    try:
        return (ROOT / path).read_text("utf-8")
    except UnicodeDecodeError:
        return ""  # a picture or another binary file


def test_no_tracked_file_names_a_package_registry_or_a_path_of_one_machine() -> None:
    forbidden = re.compile("|".join([*map(re.escape, REGISTRIES), *(rf"(?<![\w.]){path}" for path in MACHINE)]))
    found = [f"{path}: {match[0]}" for path in tracked() if (match := forbidden.search(text_of(path)))]
    assert found == []


def test_no_tracked_file_is_something_built() -> None:
    built = re.compile(r"(^|/)(node_modules|dist|build|__pycache__|\.venv)/|^data/|\.(pyc|mp4|jar|so|whl)$")
    assert [str(path) for path in tracked() if built.search(str(path))] == []


@pytest.mark.parametrize("package", ["pickle", "marshal", "shelve"])
def test_nothing_is_unpickled(package: str) -> None:
    assert users_of({f"{package}.load", f"{package}.loads", f"{package}.open"}) == {}
