"""Archives and documents with pictures in them, made here."""

from __future__ import annotations

import io
import tarfile
import zipfile

import numpy as np
import pikepdf
from PIL import Image


def picture(seed: int = 0, height: int = 48, width: int = 64) -> np.ndarray:
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    smooth = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(smooth)


def jpeg(seed: int = 0) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(picture(seed)).save(stream, "JPEG", quality=90)
    return stream.getvalue()


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(members: dict[str, bytes], mode: str = "w") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


def pdf(*, password: str = "", small: bool = False) -> bytes:
    """A document with a JPEG, a table of samples and its soft mask."""
    document = pikepdf.new()
    side = (8, 8) if small else (48, 64)
    samples = picture(4, *side)
    height, width, _ = samples.shape

    def image(data: bytes, **more: object) -> pikepdf.Object:
        stream = pikepdf.Stream(document, data)
        stream.stream_dict = pikepdf.Dictionary(
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=width,
            Height=height,
            BitsPerComponent=8,
            **{"ColorSpace": pikepdf.Name.DeviceRGB, **more},
        )
        return document.make_indirect(stream)

    mask = image(bytes(width * height), ColorSpace=pikepdf.Name.DeviceGray)
    drawn = {
        "A": image(jpeg(3), Filter=pikepdf.Name.DCTDecode),
        "B": image(samples.tobytes(), SMask=mask),
    }
    page = document.add_blank_page()
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(**drawn))
    stream = io.BytesIO()
    locks = pikepdf.Encryption(owner=password, user=password) if password else None
    document.save(stream, encryption=locks or False)
    return stream.getvalue()


def docx(members: dict[str, bytes]) -> bytes:
    text = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}
    return zipped({**text, **{f"word/media/{name}": data for name, data in members.items()}})


def locked_zip(name: str = "secret.jpg") -> bytes:
    """A ZIP that says its entry is encrypted; nothing here could read it."""
    data = bytearray(zipped({name: jpeg()}, zipfile.ZIP_STORED))
    data[6] |= 1
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)
