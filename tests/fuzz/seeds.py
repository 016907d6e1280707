"""Sound files of every format and container, small, made with fixed seeds.

The two signed ones carry keys that are made anew each time; all others are the same bytes on
every run.
"""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import zipfile

import imagecodecs
import numpy as np
import pikepdf
from PIL import Image, ImageCms

from tests.engine.images import made_mpo, made_tiff
from tests.engine.images.made_heic import heic, heics
from tests.engine.images.made_raw import dng
from tests.engine.traces import made_files as made
from tests.engine.traces.signing import authority, signed

CONTAINERS = (
    "ZIP", "DOCX", "TAR", "TAR.GZ", "TAR.XZ", "PDF", "TIFF pages", "MPO views", "HEIC items",
    "frames",
)  # fmt: skip
_MOMENT = (2026, 1, 2, 3, 4, 6)


def seeds() -> dict[str, list[bytes]]:
    """Return sound files by format."""
    pixels = made.scene(64, 96)
    found = {**_usual(pixels), **_others(pixels)}
    found |= _containers([found["JPEG"][0], found["PNG"][0]])
    found["TIFF pages"] = _pages(pixels)
    views = [pixels, pixels[::-1].copy(), pixels[:, ::-1].copy()]
    found["MPO views"] = [made_mpo.mpo(views)]
    found["HEIC items"] = [heics([view[:48, :64] for view in views])]
    found["frames"] = [
        _animated(views, "GIF"),
        _animated(views, "WEBP", lossless=True),
        _animated(views, "PNG"),
        _animated(views, "AVIF"),
    ]
    return found


def _animated(frames: list[np.ndarray], name: str, **options: object) -> bytes:
    made = [Image.fromarray(pixels) for pixels in frames]
    stream = io.BytesIO()
    made[0].save(stream, name, save_all=True, append_images=made[1:], **options)
    return stream.getvalue()


def _pages(pixels: np.ndarray) -> list[bytes]:
    pages = [pixels, pixels[::-1], pixels[:, ::-1]]
    more = {2: {made_tiff.EXIF: (4, {made_tiff.USER_COMMENT: (7, b"ASCII\0\0\0of page two")})}}
    return [
        made_tiff.tiff(pages, more=more),
        made_tiff.tiff(pages, order=">", tile=16),
        made_tiff.tiff(pages, big=True),
        made_tiff.scan(3, compression="jpeg"),
    ]


def _saved(pixels: np.ndarray, name: str, mode: str = "RGB", **options: object) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(stream, name, **options)
    return stream.getvalue()


def _usual(pixels: np.ndarray) -> dict[str, list[bytes]]:
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Residua", 6
    camera = made.with_exif(made.jpeg(pixels), **made.CAMERA)
    texts = {"parameters": "a, b, c", "XML:com.adobe.xmp": made.xmp_packet().decode()}
    frames = [Image.fromarray(pixels), Image.fromarray(pixels[::-1].copy())]
    animated, paged = io.BytesIO(), io.BytesIO()
    frames[0].save(animated, "GIF", save_all=True, append_images=frames[1:])
    frames[0].save(paged, "TIFF", save_all=True, append_images=frames[1:])
    deep = Image.fromarray(pixels[..., 0].astype(np.uint16) * 257)
    stream = io.BytesIO()
    deep.save(stream, "PNG")
    return {
        "JPEG": [
            made.jpeg(pixels, quality=85),
            made.with_xmp(made.with_iptc(camera, {80: "A. Author"}), 'xmp:CreatorTool="Tool"'),
            _saved(pixels, "JPEG", progressive=True, icc_profile=icc),
            _saved(pixels, "JPEG", "CMYK"),
            signed(camera, "image/jpeg", authority()),
        ],
        "PNG": [
            made.png(pixels, texts=texts),
            _saved(pixels, "PNG", "P", icc_profile=icc),
            stream.getvalue(),
            signed(made.png(pixels), "image/png", authority()),
        ],
        "WebP": [
            _saved(pixels, "WEBP", exif=exif, icc_profile=icc),
            _saved(pixels, "WEBP", lossless=True),
        ],
        "TIFF": [
            _saved(pixels, "TIFF", compression="tiff_lzw", exif=exif, icc_profile=icc),
            _saved(pixels, "TIFF", compression="tiff_adobe_deflate"),
            _saved(pixels, "TIFF", "CMYK"),
            paged.getvalue(),
        ],
        "BMP": [_saved(pixels, "BMP"), _saved(pixels, "BMP", "P")],
        "GIF": [_saved(pixels, "GIF", "P"), animated.getvalue()],
        "PPM": [_saved(pixels, "PPM"), _saved(pixels, "PPM", "L")],
    }


def _others(pixels: np.ndarray) -> dict[str, list[bytes]]:
    lossy = _saved(pixels, "JPEG", quality=85)
    view = Image.fromarray(pixels)
    wide = pixels.astype(np.uint16) * 4
    return {
        "HEIC": [heic(pixels), heic(pixels, primaries=9, transfer=16)],
        "AVIF": [_saved(pixels, "AVIF"), imagecodecs.avif_encode(wide, bitspersample=10)],
        "JPEG XL": [
            imagecodecs.jpegxl_encode(pixels, level=80),
            imagecodecs.jpegxl_encode(pixels, lossless=True, usecontainer=True),
            imagecodecs.jpegxl_encode_jpeg(lossy, usecontainer=True),
        ],
        "JPEG 2000": [
            _saved(pixels, "JPEG2000"),
            imagecodecs.jpeg2k_encode(wide * 64, level=0, codecformat="jp2"),
        ],
        "DNG": [dng(pixels), dng(pixels, preview=view)],
        "NEF": [dng(pixels, make="NIKON CORPORATION", is_dng=False, preview=view)],
        "ARW": [dng(pixels, make="SONY", is_dng=False, preview=view)],
    }


def _containers(pictures: list[bytes]) -> dict[str, list[bytes]]:
    members = {f"folder/{n}.jpg": data for n, data in enumerate(pictures)}
    nested = {**members, "inner.zip": _zip(members)}
    tar = _tar(members)
    text = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}
    return {
        "ZIP": [_zip(members), _zip(nested), _zip(members, zipfile.ZIP_BZIP2)],
        "DOCX": [_zip({**text, **{f"word/media/{n[-5:]}": d for n, d in members.items()}})],
        "TAR": [tar],
        "TAR.GZ": [gzip.compress(tar, mtime=0)],
        "TAR.XZ": [lzma.compress(tar)],
        "PDF": [_pdf(pictures[0])],
    }


def _zip(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = method
            archive.writestr(entry, data)
    return stream.getvalue()


def _tar(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


def _pdf(picture: bytes) -> bytes:
    document = pikepdf.new()
    drawn = pikepdf.Dictionary()
    for name, data, packing in (
        ("/A", picture, {"Filter": pikepdf.Name.DCTDecode}),
        ("/B", made.scene(64, 96, seed=4).tobytes(), {}),
    ):
        stream = pikepdf.Stream(document, data)
        stream.stream_dict = pikepdf.Dictionary(
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=96,
            Height=64,
            BitsPerComponent=8,
            ColorSpace=pikepdf.Name.DeviceRGB,
            **packing,
        )
        drawn[name] = document.make_indirect(stream)
    document.add_blank_page().Resources = pikepdf.Dictionary(XObject=drawn)
    stream = io.BytesIO()
    document.save(stream, deterministic_id=True)
    return stream.getvalue()
