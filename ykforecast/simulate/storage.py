"""Results on disk: one netCDF file of groups, and a manifest that says what they were made of."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ykforecast.data.files import digest_of_file, digest_of_texts, replacing, write_text
from ykforecast.data.locate import calibration_root
from ykforecast.spec.parameter import grade_counts
from ykforecast.vocabulary.errors import DataError, OutputError

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.simulate.calibrated import Evidence
    from ykforecast.spec.model import ModelSpec

#: Distributions that can move a digit of a result.
_NUMERIC: Final = (
    "numpy",
    "scipy",
    "pandas",
    "xarray",
    "numba",
    "llvmlite",
    "statsmodels",
    "h5netcdf",
    "h5py",
)
_ENGINE: Final = "h5netcdf"


def write_groups(path: Path, groups: Mapping[str, xr.Dataset], attributes: Mapping[str, Any]) -> None:
    """Write datasets as the groups of one netCDF file, whole or not at all.

    Parameters
    ----------
    path : Path
        The file.
    groups : mapping of str to Dataset
        Group name to content; attributes that netCDF does not know (booleans) become integers.
    attributes : mapping
        Attributes of the file.

    Raises
    ------
    OutputError
        If the file cannot be written, or a value cannot be stored.
    """
    import xarray as xr

    tree = xr.DataTree.from_dict({name: _storable(group) for name, group in groups.items()})
    tree.attrs = {key: _attribute(value) for key, value in attributes.items()}
    with replacing(path) as part:
        try:
            tree.to_netcdf(part, engine=_ENGINE)
        except (TypeError, ValueError) as error:
            raise OutputError(f"cannot be stored: {error}", file=path, remedy="Store numbers and texts") from error


def read_groups(path: Path) -> xr.DataTree:
    """Groups of a file that `write_groups` wrote, in memory.

    Raises
    ------
    DataError
        If the file is missing or damaged.
    """
    import xarray as xr

    try:
        with xr.open_datatree(path, engine=_ENGINE) as tree:
            return tree.load()
    except FileNotFoundError:
        raise DataError("the file is missing", file=path, remedy="Run the forecast first") from None
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise DataError(f"not a readable netCDF file: {error}", file=path, remedy="Run the forecast again") from None


def read_group(path: Path, name: str) -> xr.Dataset:
    """One group of a file that `write_groups` wrote, in memory; the others may be large.

    Raises
    ------
    DataError
        If the file or the group is missing or damaged.
    """
    import xarray as xr

    try:
        with xr.open_dataset(path, group=name, engine=_ENGINE) as group:
            return group.load()
    except FileNotFoundError:
        raise DataError("the file is missing", file=path, remedy="Run the forecast first") from None
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise DataError(f"no group {name!r}: {error}", file=path, remedy="Run the forecast again") from None


def values_digest(dataset: xr.Dataset) -> str:
    """Digest of the names, dimensions and values of a dataset, whatever file it lies in."""
    import numpy as np

    digest = hashlib.sha256()
    for name in sorted(map(str, dataset.variables)):
        variable = dataset.variables[name]
        values = np.ascontiguousarray(variable.values)
        if values.dtype.kind == "O":
            values = values.astype(str)
        digest.update(f"{name}\0{variable.dims}\0{values.dtype.str}\0{values.shape}\0".encode())
        digest.update(values.tobytes())
    return "sha256:" + digest.hexdigest()


def input_digests(model: ModelSpec) -> dict[str, str]:
    """Digest of every file that a forecast reads: the model's, its scenarios' and the published tables."""
    found = {f"{model.folder.name}/{path.name}": path for path in model.folder.glob("*.toml")}
    beside = model.folder.parent / "scenarios"
    found |= {f"scenarios/{name}.toml": beside / f"{name}.toml" for name in model.scenarios}
    root = calibration_root()
    for pattern in ("*/*.csv", "*/*.toml"):
        found |= {f"calibration_data/{path.relative_to(root).as_posix()}": path for path in root.glob(pattern)}
    return {name: digest_of_file(path) for name, path in sorted(found.items())}


def write_manifest(
    path: Path,
    *,
    model: ModelSpec,
    scenarios: Iterable[str],
    draws: int,
    seed: int,
    as_of: str | None,
    values: Mapping[str, xr.Dataset],
    files: Iterable[Path],
    evidence: Evidence | None = None,
    form: Path | None = None,
) -> dict[str, Any]:
    """Write what a result was made of, and the digests of what came out; returns what was written.

    The manifest holds no time and no path of the machine: the same inputs and versions give the
    same bytes.

    Parameters
    ----------
    path : Path
        The manifest.
    model : ModelSpec
        Model of the forecast.
    scenarios, draws, seed, as_of
        As they were asked for.
    values : mapping of str to Dataset
        Groups of the result, for `values_digest`.
    files : iterable of Path
        Result files that are already written.
    evidence : Evidence, optional
        What figures after the base year taught.
    form : Path, optional
        Form that a department's own figures came from.
    """
    manifest = {
        "model": {"name": model.name, "digest": model.digest},
        "parameter_grades": grade_counts(model.parameters),
        "scenarios": list(scenarios),
        "draws": int(draws),
        "seed": int(seed),
        "as_of": as_of,
        "inputs": input_digests(model),
        "versions": versions(),
        "results": {file.name: digest_of_file(file) for file in files},
        "values": {name: values_digest(dataset) for name, dataset in values.items()},
    }
    if evidence is not None:
        manifest["assimilation"] = _evidence_record(evidence, form)
    text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    write_text(path, text + "\n")
    return manifest


def _evidence_record(evidence: Evidence, form: Path | None) -> dict[str, Any]:
    """Figures that were used and left out, base units, with a digest of them and of the form."""
    figures: dict[str, list[dict[str, Any]]] = {"used": [], "left_out": []}
    for finding in evidence.findings:
        one = finding.observation
        figures["used" if one in evidence.observations else "left_out"].append(
            {
                "series": one.series,
                "first_year": one.first_year,
                "year": one.year,
                "month": one.month,
                "value": one.value,
                "source": one.source,
                "published": one.published.isoformat(),
                "verdict": finding.verdict,
            }
        )
    text = json.dumps(figures, sort_keys=True, ensure_ascii=False)
    record: dict[str, Any] = {
        "method": evidence.method,
        **figures,
        "digest": f"sha256:{hashlib.sha256(text.encode()).hexdigest()}",
    }
    if evidence.past is not None:
        record["past"] = {"scenario": evidence.past.scenario, "through": evidence.past.through}
    return record if form is None else record | {"form": {"name": form.name, "digest": digest_of_file(form)}}


def versions() -> dict[str, str]:
    """Versions of Python and of what can move a digit, and the processor family."""
    from ykforecast import __version__

    found = {"python": platform.python_version(), "machine": platform.machine(), "ykforecast": __version__}
    for name in _NUMERIC:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


def _storable(dataset: xr.Dataset) -> xr.Dataset:
    import xarray as xr

    plain = xr.Dataset(dataset.data_vars, coords=dataset.coords)  # drops what a subclass adds
    plain.attrs = {key: _attribute(value) for key, value in dataset.attrs.items()}
    for name in plain.variables:
        plain[name].attrs = {key: _attribute(value) for key, value in plain[name].attrs.items()}
    return plain


def _attribute(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else "" if value is None else value


def code_digest() -> str:
    """Digest of every source file that can move a digit: all layers but those that show results."""
    root = Path(__file__).resolve().parents[1]
    shown = {"present", "documents", "cli"}
    names = (path.relative_to(root).as_posix() for path in root.glob("*/*.py") if path.parent.name not in shown)
    return digest_of_texts(root, names)
