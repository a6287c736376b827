"""`make sbom`: what Hearth is made of, as CycloneDX JSON, read from the lock files alone.

    python -m tools.sbom [--out dist/hearth-sbom.json]

The front end's build tools are in it with the scope "excluded": they make what is served and are not served.
"""

import argparse
import base64
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.locked import ROOT, Locked, Package, front_end, product_version, requirements

SETS = {"run": "required", "fetch": "optional", "dev": "excluded"}  # the first that names a requirement counts
SERVED = frozenset({"dompurify", "highlight.js", "katex", "markdown-it"})  # and what these need
SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "hearth/sbom")


def of_python(one: Locked, scope: str) -> dict[str, Any]:
    """Return a Python package as a component. It has a hash for each file of its release: they are properties."""
    name = one.name.lower().replace("_", "-")
    found: dict[str, Any] = {"type": "library", "name": name, "version": one.version, "scope": scope}
    found |= {"purl": f"pkg:pypi/{name}@{one.version}", "bom-ref": f"pkg:pypi/{name}@{one.version}"}
    found["properties"] = [{"name": "hearth:file:sha256", "value": digest} for digest in one.hashes]
    if one.marker:
        found["properties"].append({"name": "hearth:marker", "value": one.marker})
    return found


def of_npm(one: Package, scope: str) -> dict[str, Any]:
    """Return a front-end package as a component."""
    purl = f"pkg:npm/{one.name.replace('@', '%40')}@{one.version}"
    found: dict[str, Any] = {"type": "library", "name": one.name, "version": one.version, "scope": scope}
    found |= {"purl": purl, "bom-ref": purl}
    kind, _, digest = one.integrity.partition("-")
    if kind == "sha512":
        found["hashes"] = [{"alg": "SHA-512", "content": base64.b64decode(digest).hex()}]
    return found


def components(root: Path = ROOT) -> list[dict[str, Any]]:
    """Return every component, each once."""
    found = {one["bom-ref"]: one for one in reversed(list(_all(root)))}
    return sorted(found.values(), key=lambda one: str(one["bom-ref"]))


def _all(root: Path) -> Iterator[dict[str, Any]]:
    for name, scope in SETS.items():
        yield from (of_python(one, scope) for one in requirements(root / "requirements" / f"{name}.txt"))
    served = _needed(root)
    for package in front_end(root / "package-lock.json"):
        yield of_npm(package, "required" if package.name in served else "excluded")


def _needed(root: Path) -> set[str]:
    """Return what is served: the packages that are vendored, and all that these depend on."""
    packages = json.loads((root / "package-lock.json").read_text())["packages"]
    needs = {path.rpartition("node_modules/")[2]: list(one.get("dependencies", {})) for path, one in packages.items()}
    found, waiting = set[str](), list(SERVED)
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting += needs.get(name, [])
    return found


def sbom(root: Path = ROOT) -> dict[str, Any]:
    """Return the whole document: the same for the same lock files."""
    parts, version = components(root), product_version(root)
    serial = uuid.uuid5(SPACE, json.dumps([version, parts], sort_keys=True))
    product = {"type": "application", "name": "hearth", "version": version, "bom-ref": f"pkg:generic/hearth@{version}"}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": product},
        "components": parts,
    }


def main() -> None:
    """Write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "hearth-sbom.json")
    out: Path = parser.parse_args().out
    out.parent.mkdir(parents=True, exist_ok=True)
    document = sbom()
    out.write_text(json.dumps(document, indent=1) + "\n")
    print(f"{out}: {len(document['components'])} components")


if __name__ == "__main__":
    main()
