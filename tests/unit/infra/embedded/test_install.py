"""Where the broker's jars and its JVM come from, with stand-ins for mvn and java on the PATH."""

import threading
from pathlib import Path

import pytest

from infra.embedded import install
from infra.embedded.parts import StackError

GOOD_MVN = """#!/bin/sh
for word in "$@"; do case "$word" in -DoutputDirectory=*) out="${word#*=}";; esac; done
sleep 0.3
touch "$out/kafka-clients-4.jar" "$out/kafka_2.13-4.jar"
"""
BAD_MVN = """#!/bin/sh
echo "[ERROR] no such host"
exit 1
"""


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder before everything else on the PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


def program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def test_the_broker_is_the_first_dependency() -> None:
    assert install.coordinates()[0].startswith("org.apache.kafka:kafka_2.13:")


def test_jars_are_fetched_once(bin_folder: Path, tmp_path: Path) -> None:
    program(bin_folder / "mvn", GOOD_MVN)
    said: list[str] = []
    libs = install.jars(tmp_path / "cache", said.append)
    assert {jar.name for jar in libs.iterdir()} == {"kafka-clients-4.jar", "kafka_2.13-4.jar"}
    assert said == ["downloading Apache Kafka (about 45 files, 44 MB) with mvn", "downloaded 2 files"]
    program(bin_folder / "mvn", BAD_MVN)
    assert install.jars(tmp_path / "cache", said.append) == libs
    assert len(said) == 2


def test_two_starts_at_once_agree_on_one_folder(bin_folder: Path, tmp_path: Path) -> None:
    program(bin_folder / "mvn", GOOD_MVN)
    found: list[Path] = []
    starts = [threading.Thread(target=lambda: found.append(install.jars(tmp_path / "cache", str))) for _ in range(3)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert found == [install.folder(tmp_path / "cache")] * 3
    assert [each.name for each in found[0].parent.iterdir()] == ["libs"]


def test_a_failed_download_leaves_nothing_and_says_why(bin_folder: Path, tmp_path: Path) -> None:
    program(bin_folder / "mvn", BAD_MVN)
    with pytest.raises(StackError, match=r"mvn could not download the broker .*no such host.*try again"):
        install.jars(tmp_path / "cache", str)
    assert list(install.folder(tmp_path / "cache").parent.iterdir()) == []


@pytest.mark.parametrize(
    ("shown", "version"),
    [('openjdk version "17.0.15" 2025-04-15', 17), ('openjdk version "25"', 25), ('java version "1.8.0"', 1)],
    ids=["17", "25 without minor", "8"],
)
def test_the_version_of_a_jvm_is_read(tmp_path: Path, shown: str, version: int) -> None:
    program(tmp_path / "java", f"#!/bin/sh\necho '{shown}' >&2\n")
    assert install.java_version(str(tmp_path / "java")) == version


def test_an_old_java_is_named_with_what_to_do(bin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(bin_folder / "java", "#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
    monkeypatch.setattr(install, "find_spec", lambda _name: None)
    with pytest.raises(StackError, match=r"needs Java 17 or newer and .*/bin/java is version 11; install a JRE"):
        install.java()


def test_every_jar_is_named_with_one_version() -> None:
    names = [coordinate.rsplit(":", 1)[0] for coordinate in install.coordinates()]
    versions = dict(coordinate.rsplit(":", 1) for coordinate in install.coordinates())
    assert len(names) == len(set(names)) == 46
    assert versions["org.apache.kafka:kafka-clients"] == versions["org.apache.kafka:kafka_2.13"]
