"""Clients in other languages, made from the 3.0 edition by openapi-generator: Java compiles, C# comes out whole.

Java is compiled against the jackson that the generator brings along. There is no C# compiler among what we install.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from schema import edition

_JAVA = "openApiNullable=false,annotationLibrary=none,documentationProvider=none,hideGenerationTimestamp=true"
_WANTED = {
    "java": ("**/api/LandlordsApi.java", "**/model/Problem.java"),
    "csharp": ("**/LandlordsApi.cs", "**/Problem.cs"),
}


def main() -> int:
    """0 if both came out and Java compiled; 2 without a JDK."""
    javac = shutil.which("javac")
    if javac is None:
        sys.stderr.write("make contract needs a JDK: javac is not there\n")
        return 2
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "openapi.json").write_bytes(edition.older())
        _generate(folder, "java", "--library", "native", "--additional-properties", _JAVA)
        _generate(folder, "csharp", "--library", "httpclient")
        _compile(javac, folder / "java")
    sys.stdout.write("clients generated: Java, compiled; C#\n")
    return 0


def _generate(folder: Path, language: str, *more: str) -> None:
    source, out = str(folder / "openapi.json"), str(folder / language)
    _run(["openapi-generator-cli", "generate", "-i", source, "-g", language, "-o", out, *more])
    missing = [wanted for wanted in _WANTED[language] if not any((folder / language).glob(wanted))]
    if missing:
        raise SystemExit(f"{language}: {missing} did not come out")


def _compile(javac: str, folder: Path) -> None:
    sources = sorted((folder / "src" / "main").rglob("*.java"))
    for source in sources:  # the annotation's place since Java 9
        source.write_text(
            source.read_text().replace("@javax.annotation.Generated", "@javax.annotation.processing.Generated")
        )
    (folder / "sources").write_text("\n".join(map(str, sources)))
    jar = next(Path(str(files("openapi_generator_cli"))).glob("*.jar"))
    _run([javac, "-nowarn", "-proc:none", "-cp", str(jar), "-d", str(folder / "out"), f"@{folder / 'sources'}"])


def _run(command: Sequence[str]) -> None:
    at = Path(sys.executable).parent / command[0]
    done = subprocess.run(
        [str(at) if at.exists() else command[0], *command[1:]], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{command[0]} ended with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


if __name__ == "__main__":
    sys.exit(main())
