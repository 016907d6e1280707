from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from engine import paths
from engine.training.data import load_rgb
from engine.training.pairs import VARIANTS, make_pairs, pair_file, reconstruct, variant_of
from engine.training.taef import LATENT_CHANNELS, Taef2, make_decoder, make_encoder
from tests.engine.training.tiny_pool import noise, pool_image

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """Random weights of the autoencoder's shape."""
    folder = tmp_path_factory.mktemp("taef")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        save_file(make_encoder().state_dict(), folder / "encoder.safetensors")
        save_file(make_decoder().state_dict(), folder / "decoder.safetensors")
    return folder


@pytest.fixture(scope="module")
def model(weights):
    return Taef2(weights)


def test_the_latent_is_an_eighth_of_the_side(model):
    with torch.inference_mode():
        z = model.encoder(torch.rand(1, 3, 16, 40))
        out = model.reconstruct(torch.rand(1, 3, 16, 40))
    assert z.shape == (1, LATENT_CHANNELS, 2, 5)
    assert out.shape == (1, 3, 16, 40)
    assert 0 <= float(out.min()) <= float(out.max()) <= 1


def test_noise_in_the_latent_changes_the_picture(model):
    rgb = torch.rand(1, 3, 16, 16)
    with torch.inference_mode():
        assert torch.equal(model.reconstruct(rgb), model.reconstruct(rgb))
        assert not torch.equal(model.reconstruct(rgb, noise=0.5), model.reconstruct(rgb))


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("size", [(24, 32), (19, 37)])
def test_a_reconstruction_has_the_size_of_its_photograph(model, variant, size):
    rgb = noise(*size, 0)
    rgb.flags.writeable = False
    out = reconstruct(model, rgb, variant)
    assert out.shape == rgb.shape
    assert out.dtype == np.uint8


def test_variants_differ(model):
    rgb = noise(24, 32, 0)
    made = [reconstruct(model, rgb, v).tobytes() for v in VARIANTS if v not in ("noise", "float32")]
    assert len(set(made)) == len(made)


def test_a_photographs_variant_never_changes_and_all_are_used(tmp_path):
    images = [pool_image(tmp_path / str(n)) for n in range(60)]
    assert {variant_of(i) for i in images} == set(VARIANTS)
    assert variant_of(images[0]) == variant_of(pool_image(tmp_path / "0", source="x/y"))


def test_every_photograph_without_a_reconstruction_gets_one(weights, tmp_path):
    images = []
    for n, label in enumerate(("real", "ai", "real")):
        Image.fromarray(noise(17, 26, n)).save(tmp_path / f"{n}.png")
        images.append(pool_image(tmp_path / f"{n}.png", label))
    folder = tmp_path / "pairs"
    folder.mkdir()
    already = pair_file(folder, images[2])
    already.write_bytes(b"kept")
    said = []
    make_pairs(images, weights, folder, said.append)
    assert sorted(folder.iterdir()) == sorted([pair_file(folder, images[0]), already])
    assert already.read_bytes() == b"kept"
    assert load_rgb(pair_file(folder, images[0])).shape == (17, 26, 3)
    assert len(said) == 1
    make_pairs(images, tmp_path / "no weights", folder, said.append)
    assert len(said) == 1


@pytest.mark.shared
def test_a_photograph_comes_back_close_to_itself(shared_data):
    rgb = load_rgb(paths.resources_dir() / "samples" / "chelsea.png")[64:192, 96:256]
    out = reconstruct(Taef2(shared_data / "taef2"), rgb, "float32")
    error = float(((out.astype(float) - rgb) ** 2).mean())
    assert 22 < 10 * np.log10(255**2 / error) < 40
