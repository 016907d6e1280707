"""Makes resources/samples from its origins; not a test.

    python -m tests.make_samples SCIKIT_IMAGE_WHEEL TEMPLATES_IMAGE_WHEEL PIEXIF_ZIP TAEF2 OUT

The origins are named in resources/samples/README.md. TAEF2 is the folder of the tiny
autoencoder's weights in the development data. Files are taken as they are or made here; the
same origins give the same files on one machine.
"""

import csv
import sys
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFilter

from engine.training.taef import Taef2

SKIMAGE = "skimage/data"
TEMPLATES = "comfyui_workflow_templates_media_image/templates"
PIEXIF = "piexif-1.1.3/tests/images"

MASKS = "../sample-masks"
"""Beside the samples, not among them: whoever scans the samples does not want masks examined."""

CC0 = "CC0-1.0"
PUBLIC = "public domain"
MIT = "MIT"
OWN = "CC0-1.0 (made for this project)"

UNCHANGED = {
    "astronaut.png": (
        f"{SKIMAGE}/astronaut.png", "real", PUBLIC,
        "Eileen Collins, NASA. Cropped and reduced by scikit-image.",
    ),
    "chelsea.png": (
        f"{SKIMAGE}/chelsea.png", "real", CC0, "Chelsea the cat, by Stefan van der Walt.",
    ),
    "coffee.png": (
        f"{SKIMAGE}/coffee.png", "real", CC0,
        "Coffee cup, by Rachel Michetti, courtesy of Pikolo Espresso Bar.",
    ),
    "camera.png": (
        f"{SKIMAGE}/camera.png", "real", CC0, "Cameraman, grey, by Lav Varshney.",
    ),
    "rocket.jpg": (
        f"{SKIMAGE}/rocket.jpg", "real", PUBLIC, "DSCOVR on Falcon 9, by SpaceX.",
    ),
    "casio-church.jpg": (
        f"{PIEXIF}/L02.jpg", "real", MIT,
        "Camera file, Casio QV-R51, EXIF with maker note and thumbnail; EXIF tells 1920 px, so "
        "it was reduced after it was taken.",
    ),
    "casio-prague.jpg": (
        f"{PIEXIF}/large.jpg", "real", MIT,
        "Camera file, Casio QV-R51, EXIF with maker note; saved again by paint.net 4.0.5 as its "
        "EXIF tells.",
    ),
    "ai-rose.webp": (
        f"{TEMPLATES}/flux_canny_model_example-1.webp", "ai", MIT,
        "FLUX.1 canny, output of its workflow template.",
    ),
    "ai-guards.webp": (
        f"{TEMPLATES}/flux_schnell-1.webp", "ai", MIT,
        "FLUX.1 schnell, output of its workflow template.",
    ),
    "ai-portrait.webp": (
        f"{TEMPLATES}/sd3.5_simple_example-1.webp", "ai", MIT,
        "Stable Diffusion 3.5, output of its workflow template; nobody is shown.",
    ),
    "ai-diner.webp": (
        f"{TEMPLATES}/image_flux2_text_to_image_9b-1.webp", "ai", MIT,
        "FLUX.2, output of its workflow template, 400 px thumbnail.",
    ),
    "ai-leopard.webp": (
        f"{TEMPLATES}/image_chroma_text_to_image-1.webp", "ai", MIT,
        "Chroma, output of its workflow template, 400 px thumbnail.",
    ),
    "ai-hedgehog.webp": (
        f"{TEMPLATES}/image_flux2_klein_text_to_image-1.webp", "ai", MIT,
        "FLUX.2 klein, output of its workflow template, 400 px thumbnail.",
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of samples.csv."""

    file: str
    label: str
    origin: str
    licence: str
    mask: str
    notes: str


class Origins:
    """The archives the samples come from, read as data."""

    def __init__(self, *archives):
        self._archives = [zipfile.ZipFile(archive) for archive in archives]

    def read(self, name):
        for archive in self._archives:
            if name in archive.namelist():
                return archive.read(name)
        raise SystemExit(f"None of the archives has {name}.")

    def picture(self, name):
        return Image.open(BytesIO(self.read(name))).convert("RGB")


def reconstructed(autoencoder, picture):
    """The picture after encoding and decoding; sides cut to multiples of 8."""
    width, height = picture.width // 8 * 8, picture.height // 8 * 8
    pixels = np.asarray(picture.crop((0, 0, width, height)), dtype=np.float32) / 255
    with torch.inference_mode():
        out = autoencoder.reconstruct(torch.from_numpy(pixels).permute(2, 0, 1)[None])
    return Image.fromarray((out[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8))


def ellipse(size, box, feather_px):
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).ellipse(box, fill=255)
    return mask.filter(ImageFilter.GaussianBlur(feather_px))


def save_mask(mask, folder, stem):
    """Save white where the picture was changed at all; return its name for the table."""
    name = f"{MASKS}/{stem}.png"
    mask.point(lambda value: 255 if value > 2 else 0).convert("1").save(folder / name)
    return name


def make_reconstructions(origins, autoencoder, out):
    whole = "Whole picture through the tiny FLUX.2 autoencoder TAEF2 (MIT) and back"
    for stem, source, options in (
        ("chelsea-reconstructed.png", "chelsea.png", {}),
        ("coffee-reconstructed.png", "coffee.png", {}),
        ("rocket-reconstructed.jpg", "rocket.jpg", {"quality": 92, "subsampling": 0}),
    ):
        picture = reconstructed(autoencoder, origins.picture(f"{SKIMAGE}/{source}"))
        picture.save(out / stem, **options)
        yield Row(
            file=stem,
            label="ai",
            origin=f"made by tests/make_samples.py from {source}",
            licence=OWN,
            mask="",
            notes=f"{whole}; aligned with {source} pixel by pixel.",
        )


def make_composites(origins, autoencoder, out):
    coffee = origins.picture(f"{SKIMAGE}/coffee.png")
    mask = ellipse(coffee.size, (172, 12, 408, 214), 3)
    local = Image.composite(reconstructed(autoencoder, coffee), coffee, mask)
    local.save(out / "coffee-cup-reconstructed.png")
    yield Row(
        file="coffee-cup-reconstructed.png",
        label="tampered",
        origin="made by tests/make_samples.py from coffee.png",
        licence=OWN,
        mask=save_mask(mask, out, "coffee-cup-reconstructed"),
        notes="The cup alone went through the autoencoder; nothing else was changed.",
    )
    leopard = origins.picture(UNCHANGED["ai-leopard.webp"][0]).crop((70, 205, 330, 365))
    pasted = coffee.copy()
    stamp = ellipse(leopard.size, (10, 10, 250, 150), 5)
    pasted.paste(leopard, (330, 236), stamp)
    mask = Image.new("L", coffee.size, 0)
    mask.paste(stamp, (330, 236))
    pasted.save(out / "coffee-with-leopard.jpg", quality=92, subsampling=0)
    yield Row(
        file="coffee-with-leopard.jpg",
        label="tampered",
        origin="made by tests/make_samples.py from coffee.png and ai-leopard.webp",
        licence="CC0-1.0 and MIT",
        mask=save_mask(mask, out, "coffee-with-leopard"),
        notes="A generated animal pasted into a photograph, then saved as JPEG quality 92.",
    )
    camera = origins.picture(f"{SKIMAGE}/camera.png")
    tower, place = camera.crop((402, 96, 442, 206)), (454, 92)
    stamp = Image.new("L", tower.size, 0)
    ImageDraw.Draw(stamp).rectangle((4, 4, 35, 105), fill=255)
    stamp = stamp.filter(ImageFilter.GaussianBlur(1.5))
    moved = camera.copy()
    moved.paste(tower, place, stamp)
    mask = Image.new("L", camera.size, 0)
    mask.paste(stamp, place)
    moved.convert("L").save(out / "camera-second-tower.png")
    yield Row(
        file="camera-second-tower.png",
        label="tampered",
        origin="made by tests/make_samples.py from camera.png",
        licence=OWN,
        mask=save_mask(mask, out, "camera-second-tower"),
        notes="A tower copied within the photograph; no generative model took part.",
    )


def main(skimage, templates, piexif, taef2, out):
    torch.manual_seed(0)
    torch.set_num_threads(1)
    origins, autoencoder = Origins(skimage, templates, piexif), Taef2(taef2)
    out.mkdir(parents=True, exist_ok=True)
    (out / MASKS).mkdir(parents=True, exist_ok=True)
    rows = []
    for file, (name, label, licence, notes) in UNCHANGED.items():
        (out / file).write_bytes(origins.read(name))
        rows.append(Row(file=file, label=label, origin=name, licence=licence, mask="", notes=notes))
    rows += make_reconstructions(origins, autoencoder, out)
    rows += make_composites(origins, autoencoder, out)
    with (out / "samples.csv").open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream, lineterminator="\n")
        columns = list(Row.__dataclass_fields__)
        table.writerow(columns)
        table.writerows([getattr(row, column) for column in columns] for row in rows)


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
