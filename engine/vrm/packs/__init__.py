"""Model packs: where base weights come from, how they are found and checked.

Building one is in `engine.vrm.packs.assembly`, apart, because it needs torch: looking up
and checking packs does not.
"""

from engine.vrm.packs.catalogue import PackSpec, PartSpec, find_spec, read_catalogue
from engine.vrm.packs.manifest import FileCheck, Manifest, verify_trained, write_manifest
from engine.vrm.packs.store import (
    Pack,
    PackPart,
    find_pack,
    list_packs,
    open_pack,
    require_sound,
    verify,
)

__all__ = [
    "FileCheck",
    "Manifest",
    "Pack",
    "PackPart",
    "PackSpec",
    "PartSpec",
    "find_pack",
    "find_spec",
    "list_packs",
    "open_pack",
    "read_catalogue",
    "require_sound",
    "verify",
    "verify_trained",
    "write_manifest",
]
