"""Model packs, and proofs that the installed program works."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from engine.api.scanning import ExaminerFactory, load_examiner
from engine.api.stored import samples_dir
from engine.job import Context
from engine.types import Safeguard

if TYPE_CHECKING:
    from engine.report.verify import Check
    from engine.scan.installed import Machine, ModelState
    from engine.traces.trust import TrustList
    from engine.vrm.packs import FileCheck, Pack, PackSpec


def models() -> tuple[Pack, ...]:
    """Return the model packs on this machine, checked by presence and size of their files.

    Raises:
        ModelError: a pack is broken.
    """
    from engine.vrm.packs import list_packs

    return list_packs()


def known_models() -> tuple[PackSpec, ...]:
    """Return the packs that this program can assemble, present or not."""
    from engine.vrm.packs import read_catalogue

    return tuple(read_catalogue().values())


def installed_models() -> tuple[ModelState, ...]:
    """Return every model that is known or installed, with licence, size, range and state.

    Raises:
        ModelError: the catalogue or the figures that ship with the weights are broken.
    """
    from engine.scan.installed import installed

    return installed()


def machine() -> Machine:
    """Return what this machine has to run models on, and why a graphics card is not used."""
    from engine.scan.installed import machine as here

    return here()


def connections() -> tuple[str, ...]:
    """Return the far ends of this program's network connections; empty when it has none."""
    from engine.scan.network import connections as now

    return now()


def diagnostics() -> str:
    """Return what a maintainer needs to know of this installation, as plain text."""
    from engine.scan.installed import diagnostics as described

    return described()


def verify_model(name: str) -> tuple[FileCheck, ...]:
    """Read every file of a pack and compare its sha256 with the manifest, one check a file.

    Raises:
        ModelError: there is no such pack, or its manifest is broken.
    """
    from engine.vrm.packs import find_pack, verify

    return verify(find_pack(name))


def assemble_model(name: str, wheels: str | Path | None, ctx: Context) -> Pack:
    """Build a pack in the user's data folder if it is missing, broken or of an earlier form.

    Args:
        name: name of the pack.
        wheels: a folder that holds its wheels; None fetches them, the only use of a network.
        ctx: receives progress, carries the wish to stop.

    Raises:
        ModelError: the pack is unknown, or something of it is missing, broken or swapped.
        Cancelled: the operator stopped it.
    """
    from engine.vrm.packs.assembly import assemble

    folder = Path(wheels) if wheels is not None else None
    return assemble(name, wheels=folder, on_progress=ctx.report, renew=True)


def import_models(
    source: str | Path,
    ctx: Context,
    *,
    name: str | None = None,
    base: str | Path | None = None,
    signed_by: str | Path | None = None,
) -> tuple[Pack, ...]:
    """Take packs from a folder or zip archive into the user's data folder, without network.

    A folder with a checkpoint of any family in `engine.vrm.hosts` becomes a pack, and so does an
    adapter.

    Args:
        source: what `export_models` wrote, a pack, its wheels, a checkpoint or adapter folder.
        ctx: receives progress, carries the wish to stop.
        name: of the pack that is made of a checkpoint; the folder's own when None.
        base: for an adapter: the folder of its base host.
        signed_by: a public key (Ed25519, PEM) that must have signed an export.

    Raises:
        ModelError: the source is no pack, something of it is missing, truncated, altered or
            swapped, or not signed by the key.
        Cancelled: the operator stopped it.
    """
    from engine.vrm.packs.assembly import import_packs

    folder = Path(source)
    if (folder / "config.json").is_file() or (folder / "adapter_config.json").is_file():
        from engine.vrm.checkpoint_packs import import_checkpoint

        made = import_checkpoint(
            folder,
            name=name,
            base=None if base is None else Path(base),
            on_progress=ctx.report,
        )
        return (made,)
    key = None if signed_by is None else Path(signed_by)
    return import_packs(folder, ctx.report, signed_by=key)


def export_models(
    names: Iterable[str], target: str | Path, ctx: Context, *, key: str | Path | None = None
) -> tuple[Pack, ...]:
    """Write packs with manifests and licences to a folder or zip archive for another machine.

    Args:
        names: of the packs; none means all.
        target: a folder, or the name of a new ``.zip`` archive.
        ctx: receives progress, carries the wish to stop.
        key: an Ed25519 private key (PEM) that signs the list of packs.

    Raises:
        ModelError: a pack is missing or not sound, or the target cannot be written.
        Cancelled: the operator stopped it; the next export into the same folder goes on.
    """
    from engine.vrm.packs.stick import export_packs

    where = None if key is None else Path(key)
    return export_packs(names, Path(target), ctx.report, key=where)


def trust_list() -> TrustList | None:
    """Return the imported list of trusted C2PA authorities, or None when there is none.

    Raises:
        InputError: the stored list is damaged.
    """
    from engine.traces.trust import current

    return current()


def import_trust_list(file: str | Path, dated: date) -> TrustList:
    """Keep a list of trusted C2PA authorities for all later examinations.

    Args:
        file: certificates in PEM.
        dated: the date of the list.

    Raises:
        InputError: it cannot be read, or holds no sound certificate.
    """
    from engine.traces.trust import import_list

    return import_list(Path(file), dated)


def selftest(
    work_dir: str | Path,
    ctx: Context,
    *,
    factory: ExaminerFactory = load_examiner,
    window: bool = True,
) -> Iterator[Check]:
    """Let the installed program prove itself: packs, a scan of samples, a PDF, window, no network.

    Args:
        work_dir: an empty folder for what is written.
        ctx: receives progress, carries the wish to stop.
        factory: loads the model.
        window: whether the window is opened and closed too, by a process of its own.

    Yields:
        One check at a time, as it ends; a failed one does not stop the others that can run.
    """
    from engine.scan.selftest import open_and_close, run_selftest

    opener = open_and_close if window else None
    return run_selftest(Path(work_dir), samples_dir(), factory, ctx, opener)


def safeguards() -> tuple[Safeguard, ...]:
    """Return how the processes that decode untrusted files are confined on this machine.

    A decoding process is started for it and says what came into force; what is not available
    here is in the answer, with the reason.

    Raises:
        EngineError: no decoding process can be started.
    """
    from engine.images.decoder import Decoder

    with Decoder() as decoder:
        return decoder.safeguards()


def network() -> Safeguard:
    """Return whether the operating system keeps this very process from networks.

    It asks the kernel, at the cost of one system call and without opening a socket; only what
    is enforced is called so. The window's lamp shows this.
    """
    from engine.images.offline import state

    return state()


def forbid_network() -> Safeguard:
    """Let this process and all it starts reach no other machine, for good.

    Called once by the program's entry for commands that have nothing to fetch.

    Returns:
        What is in force, as `network` tells it.
    """
    from engine.images.offline import forbid

    return forbid()
