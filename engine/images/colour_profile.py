"""Embedded colour profiles: to sRGB where they differ from it. Runs in the decoding child."""

from __future__ import annotations

from io import BytesIO
from itertools import product

import numpy as np
from PIL import Image, ImageCms

SAME_LEVELS = 2
"""A profile that moves no test colour by more than this many of 255 levels is left alone:
converting would change nothing that is seen, but would disturb the last bits, which are
what several methods look at. sRGB profiles of different makers differ by 1 to 2."""

LATTICE_STEPS = (0, 16, 64, 128, 192, 240, 255)
"""Levels of each channel at which a profile is compared with sRGB."""

_SPACE_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION


def apply_profile(picture: Image.Image, icc: bytes, notes: list[str]) -> Image.Image:
    """Convert a picture from its embedded profile to sRGB.

    Args:
        picture: mode L, RGB or CMYK.
        icc: the profile as embedded.
        notes: receives what was done, a sentence.

    Returns:
        Mode RGB. A profile that cannot be used is noted and the picture taken as sRGB.
    """
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(icc))
        space = profile.profile.xcolor_space.strip()
        name = " ".join((profile.profile.profile_description or "unnamed").split())
        if _SPACE_MODES.get(space) == "RGB" and picture.mode == "L":
            picture = picture.convert("RGB")
        if _SPACE_MODES.get(space) != picture.mode:
            notes.append(
                f"The embedded colour profile is for {space} and the picture is "
                f"{picture.mode}; it was not used."
            )
            return picture.convert("RGB")
        transform = _transform(profile, picture.mode)
        if _is_srgb(transform, picture.mode):
            return picture.convert("RGB")
        converted = ImageCms.applyTransform(picture, transform)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, AttributeError):
        notes.append("The embedded colour profile is damaged; the picture was taken as sRGB.")
        return picture.convert("RGB")
    notes.append(f"Converted to sRGB from the embedded colour profile {name!r}.")
    return _there(converted)


def lab_to_srgb(picture: Image.Image) -> Image.Image:
    """Convert a picture of mode LAB to sRGB, mode RGB."""
    transform = ImageCms.buildTransform(
        ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), "LAB", "RGB"
    )
    return _there(ImageCms.applyTransform(picture, transform))


def _transform(profile: ImageCms.ImageCmsProfile, mode: str) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        profile,
        ImageCms.createProfile("sRGB"),
        mode,
        "RGB",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=_FLAGS,
    )


def _is_srgb(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Return whether the conversion leaves every colour of a lattice where it is."""
    if mode == "RGB":
        colours = np.array([list(product(LATTICE_STEPS, repeat=3))], dtype=np.uint8)
    elif mode == "L":
        colours = np.arange(256, dtype=np.uint8)[None]
    else:
        return False
    before = Image.fromarray(colours)
    after = np.asarray(_there(ImageCms.applyTransform(before, transform)), dtype=np.int16)
    plain = np.asarray(before.convert("RGB"), dtype=np.int16)
    return int(np.abs(after - plain).max()) <= SAME_LEVELS


def _there(converted: Image.Image | None) -> Image.Image:
    # Pillow's types allow None because of its in-place variant, which is not used here.
    if converted is None:
        raise ValueError("The colour conversion gave no picture.")
    return converted
