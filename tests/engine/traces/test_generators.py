"""What generators write is found, where it says so; ordinary texts stay quiet."""

from __future__ import annotations

import json

import pytest

from engine.traces.rules import rules
from engine.types import Status
from tests.engine.traces import made_files as made

A1111 = (
    "a cat on a mat\nNegative prompt: dog\nSteps: 20, Sampler: Euler a, CFG scale: 7, "
    "Seed: 1, Size: 512x512, Model: v1-5"
)
PLANTED = {
    "A1111": ({"parameters": A1111}, "Stable Diffusion web UI"),
    "ComfyUI prompt": ({"prompt": '{"3": {"class_type": "KSampler", "inputs": {}}}'}, "ComfyUI"),
    "ComfyUI workflow": ({"workflow": '{"last_node_id": 9, "nodes": []}'}, "ComfyUI"),
    "NovelAI": ({"Software": "NovelAI", "Comment": '{"steps": 28}'}, "NovelAI"),
    "InvokeAI": ({"invokeai_metadata": '{"app_version": "4.2"}'}, "InvokeAI"),
    "InvokeAI 2": ({"Dream": '"a cat" -s 50 -S 1 -W 512'}, "InvokeAI (early versions)"),
    "Fooocus": ({"parameters": '{"prompt": "cat", "version": "Fooocus v2.3.0"}'}, "Fooocus"),
    "SwarmUI": ({"parameters": '{"sui_image_params": {"prompt": "cat"}}'}, "SwarmUI"),
    "Midjourney": (
        {"Description": "a cat --v 6 Job ID: 12345678-1234-1234-1234-123456789abc"},
        "Midjourney",
    ),
    "DALL-E": ({"Software": "DALL·E 3 by OpenAI"}, "DALL-E (OpenAI)"),
    "Firefly": ({"Software": "Adobe Firefly 1.0"}, "Adobe Firefly"),
    "Easy Diffusion": ({"use_stable_diffusion_model": "sd-v1-5"}, "Easy Diffusion"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_generators_text_in_a_png_is_found(name):
    texts, generator = PLANTED[name]
    (finding,) = made.named(made.found_in(made.png(texts=texts)), "generator.text")
    assert finding.status is Status.OBSERVED
    assert str(finding.value).startswith(generator)
    assert finding.source


@pytest.mark.parametrize("encoding", ["ASCII\0\0\0", "UNICODE\0"])
def test_a_generators_text_in_a_user_comment_is_found(encoding):
    body = A1111.encode("utf-16-be" if encoding.startswith("U") else "ascii")
    data = made.with_exif(made.jpeg(), exif={0x9286: encoding.encode() + body})
    finding = made.only(made.found_in(data), "generator.text")
    assert str(finding.value).startswith("Stable Diffusion web UI")


def test_a_generators_credit_in_xmp_is_found():
    data = made.with_xmp(made.jpeg(), 'photoshop:Credit="Made with Google AI"')
    finding = made.only(made.found_in(data), "generator.text")
    assert str(finding.value).startswith("Google generative AI")


@pytest.mark.parametrize(
    "texts",
    [
        {"Software": "Adobe Photoshop 24.1"},
        {"Description": "First steps: 20 minutes of walking in the mountains"},
        {"Comment": "Seed: barley; Steps: many"},
        {"parameters": "exposure 1/60"},
        {"Author": "D. Alle", "Title": "Firefly at night", "Description": "a firefly"},
        {"Software": "GIMP 2.10", "Comment": "Created with GIMP"},
        {"workflow": "scan, crop, print"},
    ],
)
def test_ordinary_texts_fire_no_rule(texts):
    assert made.only(made.found_in(made.png(texts=texts)), "generator.text").value == "none"


@pytest.mark.parametrize("credit", ["OpenAI", "Meta AI", "Krea / Agency", "Adobe Stock"])
def test_a_company_credited_for_a_photograph_fires_no_rule(credit):
    data = made.with_iptc(made.jpeg(), {80: credit, 110: credit})
    assert made.only(made.found_in(data), "generator.text").value == "none"


def test_text_hidden_in_alpha_is_found_and_read():
    message = {"Software": "NovelAI", "Comment": '{"prompt": "1girl", "steps": 28}'}
    found = made.found_in(made.stealth_png(message))
    assert made.only(found, "generator.stealth_text").value == "stealth_pngcomp"
    assert made.only(found, "generator.text").value == "NovelAI"


def test_an_ordinary_alpha_channel_hides_nothing():
    pixels = made.scene()
    alpha = made.np.full((*pixels.shape[:2], 1), 255, dtype=made.np.uint8)
    found = made.found_in(made.png(made.np.concatenate([pixels, alpha], axis=2)))
    assert made.named(found, "generator.stealth_text") == []


def test_a_hidden_text_that_claims_to_be_endless_is_left_alone():
    data = made.stealth_png({"Software": "NovelAI"})
    pixels = made.np.asarray(made.Image.open(made.BytesIO(data))).copy()
    alpha = pixels[..., 3].T.reshape(-1).copy()
    alpha[120:152] |= 1
    pixels[..., 3] = alpha.reshape(pixels.shape[1], pixels.shape[0]).T
    found = made.found_in(made.png(pixels))
    assert made.named(found, "generator.stealth_text") == []
    assert made.failures_of(found) == []


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("trainedAlgorithmicMedia", "generative model"),
        ("compositeWithTrainedAlgorithmicMedia", "inpainting"),
        ("digitalCapture", "digital camera"),
        ("somethingNew", "does not have"),
    ],
)
def test_the_digital_source_type_is_told_with_its_meaning(code, meaning):
    address = f"http://cv.iptc.org/newscodes/digitalsourcetype/{code}"
    data = made.with_xmp(made.jpeg(), f'Iptc4xmpExt:DigitalSourceType="{address}"')
    finding = made.only(made.found_in(data), "label.digital_source_type")
    assert code in str(finding.value)
    assert meaning in finding.reason


LABEL = {"Label": "1", "ContentProducer": "Producer X", "ProduceID": "42"}


@pytest.mark.parametrize("place", ["xmp", "png", "exif"])
def test_chinas_label_is_found_wherever_it_lies(place):
    text = json.dumps(LABEL)
    if place == "xmp":
        data = made.with_xmp(
            made.jpeg(), "", f"<TC260:AIGC>{text.replace(chr(34), '&quot;')}</TC260:AIGC>"
        )
    elif place == "png":
        data = made.png(texts={"AIGC": text})
    else:
        body = b"ASCII\0\0\0" + json.dumps({"AIGC": LABEL}).encode()
        data = made.with_exif(made.jpeg(), exif={0x9286: body})
    finding = made.only(made.found_in(data), "label.aigc")
    assert finding.value == "generated"
    assert "Producer X" in finding.reason


def test_every_row_of_the_data_files_has_a_source():
    loaded = rules()
    for row in (*loaded.texts, *loaded.marks, *loaded.tables, *loaded.messages):
        assert row.source.strip()
    assert len({rule.id for rule in loaded.texts}) == len(loaded.texts)
    assert {t.generated for t in loaded.source_types.values()} == {"yes", "part", "no", "open"}
