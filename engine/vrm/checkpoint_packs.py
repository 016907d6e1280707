"""Checkpoints of any host family as model packs: checked, copied, adapters merged."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from safetensors.torch import save_file
from torch import Tensor

from engine import paths
from engine.errors import ModelError
from engine.job import Progress
from engine.vrm.checkpoint import INDEX, listed, read_header, read_json, read_tensors, weight_files
from engine.vrm.host_checkpoint import INJECTION_FILE, check_checkpoint, is_checkpoint
from engine.vrm.hosts import HOSTS, host_of_type
from engine.vrm.memory import measure
from engine.vrm.packs import Pack, open_pack, read_catalogue, write_manifest
from engine.vrm.published import HOST, V_A, key_of, place_of

PART = "checkpoint"
"""The part of such a pack that holds the checkpoint folder."""

ADAPTER_CONFIG, ADAPTER_WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
"""Files of a low-rank adapter, in the layout that peft writes."""

_WANTED = re.compile(
    r"(config|generation_config|preprocessor_config|tokenizer|tokenizer_config|chat_template"
    r"|special_tokens_map|added_tokens|vocab|injection)\.json|merges\.txt|chat_template\.jinja"
    r"|(LICEN[CS]E|NOTICE|README).*",
    re.IGNORECASE,
)
_FACTOR = re.compile(r"^(?:base_model\.model\.)?(.+)\.lora_([AB])(?:\.default)?\.weight$")
_PLAIN = {"use_rslora": False, "use_dora": False, "fan_in_fan_out": False, "bias": "none"}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def is_adapter(folder: Path) -> bool:
    """Return whether a folder holds a low-rank adapter."""
    return (folder / ADAPTER_CONFIG).is_file()


def import_checkpoint(
    source: Path,
    *,
    name: str | None = None,
    base: Path | None = None,
    on_progress: Callable[[Progress], None],
) -> Pack:
    """Make a pack of a checkpoint folder, or of an adapter folder over a base host.

    Nothing but safetensors is read as weights. Keys and shapes are checked before anything is
    copied; every file is hashed once, into the pack's manifest.

    Args:
        source: a checkpoint of the published layout, or one that training on a host made; or an
            adapter.
        name: of the pack; the folder's own when None.
        base: for an adapter: the host it belongs to, with V_a or plain; the host's own tower is
            then V_a's start.
        on_progress: told what is being done; may raise to stop the work.

    Raises:
        ModelError: the folder holds neither, something in it is missing, unexpected or of
            another format, the name is taken or unusable, or the disk is full.
        Cancelled: raised by ``on_progress``.
    """
    wanted = _checked_name(name or source.resolve().name)
    target = paths.packs_dir() / wanted
    if target.exists():
        raise ModelError(f"There is a pack {wanted!r} already: choose another with --name.")
    host = _host(source, base)
    adapter = _read_adapter(source) if is_adapter(source) else None
    _require_tokenizer(host)
    if adapter is None:
        check_checkpoint(source)
    _refuse_full_disk(host, target.parent)
    partial = target.with_name(f".{wanted}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    folder = partial / PART
    folder.mkdir(parents=True)
    for file in sorted(host.iterdir()):
        if file.is_file() and _WANTED.fullmatch(file.name):
            shutil.copyfile(file, folder / file.name)
    if (source / INJECTION_FILE).is_file():  # an adapter's own wins over its base's
        shutil.copyfile(source / INJECTION_FILE, folder / INJECTION_FILE)
    if adapter is None:
        _copy(source, folder, on_progress)
    else:
        _merge(host, adapter, folder, on_progress)
        check_checkpoint(folder)
    on_progress(Progress(phase="Hashing the pack", done=0, total=None))
    _describe(partial, wanted, source)
    partial.rename(target)
    return open_pack(target)


def _host(source: Path, base: Path | None) -> Path:
    """Return the folder whose weights the pack is made of."""
    if not is_adapter(source):
        if base is not None:
            raise ModelError(f"{source} holds no adapter: leave --base out.")
        return source
    if base is None:
        raise ModelError(
            f"{source} holds an adapter: name the folder of its base host with --base DIR."
        )
    return base


def _describe(pack: Path, name: str, source: Path) -> None:
    """Write a pack's manifest; every file is hashed for it, once."""
    size = measure(pack / PART)
    write_manifest(
        pack,
        name=name,
        title=f"Deep-VRM checkpoint {name} ({size.parameters / 1e9:.2f} billion parameters)",
        memory_bytes=size.decoder_bytes + size.other_bytes,
        parts=[
            {
                "name": PART,
                "role": "multimodal model with the artifact encoder",
                "source": source.resolve().name,
                "licence": "LicenseRef-see-pack",
                "licence_note": "As stated by whoever published the checkpoint; see its LICENSE "
                "and README in the pack. It does not come with this program.",
            }
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Adapter:
    """A low-rank adapter."""

    scale: float
    factors: dict[str, dict[str, Tensor]]
    """Key of the weight, as the adapter names it -> "A" [r, in] and "B" [out, r]."""


def _read_adapter(folder: Path) -> _Adapter:
    config = read_json(folder / ADAPTER_CONFIG)
    odd = [f"{k}={config[k]!r}" for k, plain in _PLAIN.items() if config.get(k, plain) != plain]
    if odd or config.get("modules_to_save"):
        raise ModelError(
            f"{folder / ADAPTER_CONFIG} asks for {listed(odd) or 'modules_to_save'}; only plain "
            "low-rank adapters can be merged. Merge it with the tool that made it, and import the "
            "result."
        )
    try:
        scale = float(config["lora_alpha"]) / int(config["r"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise ModelError(f"{folder / ADAPTER_CONFIG} lacks a usable r and lora_alpha.") from error
    factors: dict[str, dict[str, Tensor]] = {}
    unknown = []
    for key, tensor in read_tensors(folder / ADAPTER_WEIGHTS).items():
        match = _FACTOR.match(key)
        if match is None:
            unknown.append(key)
            continue
        factors.setdefault(f"{match[1]}.weight", {})[match[2]] = tensor
    half = [key for key, pair in factors.items() if len(pair) != 2]
    if unknown or half or not factors:
        raise ModelError(
            f"{folder / ADAPTER_WEIGHTS} holds no whole low-rank adapter: "
            f"{listed(unknown or half) or 'it is empty'}."
        )
    return _Adapter(scale=scale, factors=factors)


def _copy(source: Path, folder: Path, on_progress: Callable[[Progress], None]) -> None:
    files = list(weight_files(source))
    for i, file in enumerate(files):
        on_progress(Progress(phase="Copying the checkpoint", done=i, total=len(files)))
        shutil.copyfile(file, folder / file.name)
    if (source / INDEX).is_file():
        shutil.copyfile(source / INDEX, folder / INDEX)


def _merge(
    host: Path, adapter: _Adapter, folder: Path, on_progress: Callable[[Progress], None]
) -> None:
    """Write the base with the adapter added, in the published layout, a shard at a time."""
    family = str(read_json(host / "config.json")["model_type"])
    encoder = tuple(f"model.{part}" for part in host_of_type(family).encoder)
    deltas = {place_of(key, family): key for key in adapter.factors}
    used: set[str] = set()
    index: dict[str, str] = {}

    def adapted(place: tuple[str | None, str], weight: Tensor) -> Tensor:
        key = deltas.get(place)
        if key is None:
            return weight
        used.add(key)
        a, b = adapter.factors[key]["A"], adapter.factors[key]["B"]
        if weight.shape != (b.shape[0], a.shape[1]):
            raise ModelError(
                f"The adapter's {key} is for {[b.shape[0], a.shape[1]]}, the base has "
                f"{list(weight.shape)}: it belongs to another host."
            )
        return (weight.float() + adapter.scale * (b.float() @ a.float())).to(weight.dtype)

    shards = weight_files(host)
    has_v_a = any(place_of(key, family)[0] == V_A for _, key in _keys(host))
    for i, (file, keys) in enumerate(shards.items()):
        on_progress(Progress(phase="Merging the adapter", done=i, total=len(shards)))
        written: dict[str, Tensor] = {}
        for key, weight in read_tensors(file, keys).items():
            part, plain = place = place_of(key, family)
            if part is None:
                raise ModelError(f"The base {host} holds {key}, which is of no {family}.")
            written[key_of(part, plain)] = adapted(place, weight)
            if part == HOST and not has_v_a and plain.startswith(encoder):
                # V_a starts as V_o (arXiv 2606.15880).
                own = plain.removeprefix("model.")
                written[key_of(V_A, own)] = adapted((V_A, own), weight)
        name = f"model-{i + 1:05d}-of-{len(shards):05d}.safetensors"
        save_file({k: v.contiguous().clone() for k, v in written.items()}, folder / name)
        (folder / name).chmod(0o644)
        index.update(dict.fromkeys(written, name))
    (folder / INDEX).write_text(json.dumps({"weight_map": index}), encoding="utf-8")
    left = sorted(set(adapter.factors) - used)
    if left:
        raise ModelError(
            f"The adapter changes weights that the base {host} does not have: {listed(left)}."
        )


def _keys(folder: Path) -> Iterator[tuple[Path, str]]:
    for file, keys in weight_files(folder).items():
        for key in read_header(file) if keys is None else keys:
            yield file, key


def _require_tokenizer(host: Path) -> None:
    if not is_checkpoint(host):
        raise ModelError(
            f"{host} is no checkpoint of a known host: config.json must name one of "
            f"{', '.join(each.model_type for each in HOSTS)}."
        )
    if not (host / "tokenizer.json").is_file():
        raise ModelError(
            f"{host} has no tokenizer.json: copy the tokenizer files of its host there first "
            "(tokenizer.json, tokenizer_config.json, chat_template.json)."
        )


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ModelError(
            f"{name!r} cannot name a pack: use letters, digits, '.', '_' and '-' with --name."
        )
    if name in read_catalogue():
        raise ModelError(f"{name!r} is a pack of this program: choose another with --name.")
    return name


def _refuse_full_disk(host: Path, home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    needed = sum(file.stat().st_size for file in weight_files(host)) * 5 // 4
    free = shutil.disk_usage(home).free
    if free < needed:
        raise ModelError(
            f"{home} has {free / 1e9:.1f} GB free, the pack takes up to {needed / 1e9:.1f} GB: "
            "free some space or set RESIDUA_DATA to another disk."
        )
