"""The run as a research object: RO-Crate 1.1 with the profile Process Run Crate 0.5, in plain JSON-LD.

One ``CreateAction`` (the run) whose ``instrument`` is the software, ``object`` the inputs and settings, ``result`` the
files written. Inputs stand by name and digest and are not part of the crate. https://w3id.org/ro/crate/1.1,
https://w3id.org/ro/wfrun/process/0.5.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from ykforecast.data.files import digest_of_file

if TYPE_CHECKING:
    from ykforecast.assess.dossier import Dossier

CRATE: Final = "ro-crate-metadata.json"
_SPEC: Final = "https://w3id.org/ro/crate/1.1"
_PROFILE: Final = "https://w3id.org/ro/wfrun/process/0.5"
_RUN, _SOFTWARE, _LICENCE = "#run", "#ykforecast", "#licence"
#: Endings that not every system knows.
_FORMATS: Final = {
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".nc": "application/x-netcdf",
    ".json": "application/json",
    ".html": "text/html",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
#: Settings of a run that are no files.
_SETTINGS: Final = ("scenarios", "draws", "seed", "as_of")


def crate(dossier: Dossier, folder: Path, files: list[str], issued: str | None) -> dict[str, Any]:
    """The metadata of a folder of results.

    Parameters
    ----------
    dossier : Dossier
        ``run`` is the manifest of the forecast.
    folder : Path
    files : list of str
        Names of the files in it, already written.
    issued : str, optional
        ISO date of issue. The profile asks for it; without one no time is told, so that the same run gives the
        same bytes.
    """
    run = dossier.run
    versions = {name: str(number) for name, number in run.get("versions", {}).items()}
    settings = [_setting(key, run[key]) for key in _SETTINGS if run.get(key) is not None]
    inputs = [_input(name, digest) for name, digest in run.get("inputs", {}).items()]
    packages = [_package(name, number) for name, number in versions.items() if name not in {"ykforecast", "machine"}]
    results = [_file(folder, name) for name in files]
    dated = {} if issued is None else {"datePublished": issued}
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": dossier.model.plan_zh,
        "description": f"{dossier.model.label_zh}: {dossier.card.attrs['title_zh']}, {dossier.card.attrs['as_of']}",
        "conformsTo": _ref({"@id": _PROFILE}),
        "license": {"@id": _LICENCE},
        "hasPart": [_ref(one) for one in results],
        "mentions": {"@id": _RUN},
        **dated,
    }
    action = {
        "@id": _RUN,
        "@type": "CreateAction",
        "name": "Forecast and report",
        "description": "; ".join(f"{one['name']}: {one['value']}" for one in settings),
        "instrument": {"@id": _SOFTWARE},
        "object": [_ref(one) for one in (*inputs, *settings)],
        "result": [_ref(one) for one in results],
        **({} if issued is None else {"endTime": issued}),
    }
    software = {
        "@id": _SOFTWARE,
        "@type": "SoftwareApplication",
        "name": "ykforecast",
        "softwareVersion": versions.get("ykforecast", ""),
        "softwareRequirements": [_ref(one) for one in packages],
    }
    graph = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": _SPEC},
        },
        root,
        {"@id": _PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        {
            "@id": _LICENCE,
            "@type": "CreativeWork",
            "name": "Terms of use",
            "description": "Set by the department that issues the report; figures of others keep their own terms",
        },
        action,
        software,
        *packages,
        *inputs,
        *settings,
        *results,
    ]
    return {"@context": [f"{_SPEC}/context", "https://w3id.org/ro/terms/workflow-run/context"], "@graph": graph}


def _ref(entity: Mapping[str, Any]) -> dict[str, str]:
    return {"@id": entity["@id"]}


def _setting(name: str, value: Any) -> dict[str, str]:
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return {"@id": f"#setting-{name}", "@type": "PropertyValue", "name": name, "value": text}


def _input(name: str, digest: str) -> dict[str, str]:
    """An input outside the crate: a work by its name, as a File would have to lie in the folder."""
    return {
        "@id": f"#input/{quote(name)}",
        "@type": "CreativeWork",
        "name": name,
        "encodingFormat": _format(name),
        "sha256": digest.removeprefix("sha256:"),
    }


def _package(name: str, number: str) -> dict[str, str]:
    return {"@id": f"#package-{quote(name)}", "@type": "SoftwareApplication", "name": name, "softwareVersion": number}


def _file(folder: Path, name: str) -> dict[str, str]:
    path = folder / name
    return {
        "@id": quote(name),
        "@type": "File",
        "name": name,
        "encodingFormat": _format(name),
        "contentSize": str(path.stat().st_size),
        "sha256": digest_of_file(path).removeprefix("sha256:"),
    }


def _format(name: str) -> str:
    ending = Path(name).suffix.lower()
    known = _FORMATS.get(ending) or mimetypes.guess_type(name)[0]
    return known or ("text/plain" if ending == ".toml" else "application/octet-stream")
