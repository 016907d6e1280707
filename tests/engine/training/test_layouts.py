"""Each published set is recognised by its folders and read as its authors label it."""

from __future__ import annotations

from collections import Counter

import pytest
from PIL import Image

from engine.errors import InputError
from engine.training.data import split
from engine.training.layouts import Layout, recognise
from engine.training.sets import read_set, thin
from tests.engine.training.tiny_pool import noise, pool_image, write_manifest

SETS = {
    Layout.GENIMAGE: [
        "ADM/imagenet_ai_0508_adm/train/ai/a.png",
        "ADM/imagenet_ai_0508_adm/val/ai/b.PNG",
        "ADM/imagenet_ai_0508_adm/val/nature/c.JPEG",
        "glide/val/ai/d.png",
        "glide/val/nature/e.JPEG",
        "glide/train/nature/f.JPEG",
    ],
    Layout.CHAMELEON: [
        "test/0_real/a.jpg",
        "test/1_fake/b.jpg",
        "train/0_real/c.jpg",
    ],
    Layout.SYNTHBUSTER: ["dalle3/a.png", "stable-diffusion-xl/b.png", "RAISE-1k/c.png"],
    Layout.FORENSYNTHS: [
        "progan/airplane/0_real/a.png",
        "progan/airplane/1_fake/b.png",
        "whichfaceisreal/0_real/c.jpg",
        "whichfaceisreal/1_fake/d.jpg",
    ],
    Layout.WILDRF: [
        "test/reddit/0_real/a.jpg",
        "test/reddit/1_fake/b.jpg",
        "test/facebook/1_fake/c.jpg",
        "train/0_real/d.jpg",
        "val/1_fake/e.jpg",
    ],
    Layout.AIGCDETECT: [
        "progan/horse/0_real/a.png",
        "progan/horse/1_fake/b.png",
        "ADM/0_real/c.png",
        "ADM/1_fake/d.png",
        "DALLE2/1_fake/e.png",
    ],
}
EXPECTED = {
    Layout.GENIMAGE: [
        ("ADM/imagenet_ai_0508_adm/val/ai/b.PNG", "ai", "ADM", "GenImage/ADM", ""),
        ("ADM/imagenet_ai_0508_adm/val/nature/c.JPEG", "real", "", "GenImage/ADM", "ImageNet"),
        ("glide/val/ai/d.png", "ai", "glide", "GenImage/glide", ""),
        ("glide/val/nature/e.JPEG", "real", "", "GenImage/glide", "ImageNet"),
    ],
    Layout.CHAMELEON: [
        ("test/0_real/a.jpg", "real", "", "Chameleon", "online photographs"),
        ("test/1_fake/b.jpg", "ai", "not stated", "Chameleon", ""),
    ],
    Layout.SYNTHBUSTER: [
        ("RAISE-1k/c.png", "real", "", "Synthbuster/RAISE", "RAISE"),
        ("dalle3/a.png", "ai", "dalle3", "Synthbuster/dalle3", ""),
        (
            "stable-diffusion-xl/b.png",
            "ai",
            "stable-diffusion-xl",
            "Synthbuster/stable-diffusion-xl",
            "",
        ),
    ],
    Layout.FORENSYNTHS: [
        ("progan/airplane/0_real/a.png", "real", "", "ForenSynths/progan", "progan: airplane"),
        ("progan/airplane/1_fake/b.png", "ai", "progan", "ForenSynths/progan", ""),
        (
            "whichfaceisreal/0_real/c.jpg",
            "real",
            "",
            "ForenSynths/whichfaceisreal",
            "whichfaceisreal: its real ones",
        ),
        (
            "whichfaceisreal/1_fake/d.jpg",
            "ai",
            "whichfaceisreal",
            "ForenSynths/whichfaceisreal",
            "",
        ),
    ],
    Layout.WILDRF: [
        ("test/facebook/1_fake/c.jpg", "ai", "not stated", "WildRF/facebook", ""),
        ("test/reddit/0_real/a.jpg", "real", "", "WildRF/reddit", "reddit"),
        ("test/reddit/1_fake/b.jpg", "ai", "not stated", "WildRF/reddit", ""),
    ],
    Layout.AIGCDETECT: [
        ("ADM/0_real/c.png", "real", "", "AIGCDetectBenchmark/ADM", "ADM: its real ones"),
        ("ADM/1_fake/d.png", "ai", "ADM", "AIGCDetectBenchmark/ADM", ""),
        ("DALLE2/1_fake/e.png", "ai", "DALLE2", "AIGCDetectBenchmark/DALLE2", ""),
        ("progan/horse/0_real/a.png", "real", "", "AIGCDetectBenchmark/progan", "progan: horse"),
        ("progan/horse/1_fake/b.png", "ai", "progan", "AIGCDetectBenchmark/progan", ""),
    ],
}


def write_set(root, layout):
    for n, name in enumerate(SETS[layout]):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(noise(40, 40, n)).save(file)
    (root / "prompts.csv").write_text("not a picture")
    return root


def facts(root, images):
    return [
        (i.path.relative_to(root).as_posix(), i.label, i.generator, i.source, i.real_class)
        for i in images
    ]


@pytest.mark.parametrize("layout", list(Layout))
def test_a_set_is_recognised_and_its_test_side_is_labelled(tmp_path, layout):
    root = write_set(tmp_path / "here", layout)
    assert recognise(root) is layout
    assert sorted(facts(root, read_set(root))) == EXPECTED[layout]


@pytest.mark.parametrize("layout", list(Layout))
def test_a_set_in_the_folder_of_its_archive_is_the_same_set(tmp_path, layout):
    root = write_set(tmp_path / "download" / "unpacked", layout)
    (tmp_path / "download" / "__MACOSX").mkdir()
    assert facts(root, read_set(tmp_path / "download")) == facts(root, read_set(root))


def test_forensynths_below_test_is_read_without_its_training_side(tmp_path):
    root = write_set(tmp_path / "set" / "test", Layout.FORENSYNTHS).parent
    extra = root / "train" / "progan" / "cat" / "1_fake"
    extra.mkdir(parents=True)
    Image.fromarray(noise(40, 40, 9)).save(extra / "x.png")
    assert recognise(root) is Layout.FORENSYNTHS
    images = read_set(root)
    assert {i.source for i in images} == {"ForenSynths/progan", "ForenSynths/whichfaceisreal"}
    assert not any("train" in i.path.parts for i in images)


def test_one_generator_of_genimage_is_named_after_its_archive(tmp_path):
    root = write_set(tmp_path / "all", Layout.GENIMAGE) / "ADM" / "imagenet_ai_0508_adm"
    assert {i.source for i in read_set(root)} == {"GenImage/ADM"}


def test_chameleon_without_its_test_folder_must_be_named(tmp_path):
    root = write_set(tmp_path / "set", Layout.CHAMELEON) / "test"
    with pytest.raises(InputError, match=r"0_real, 1_fake.*--layout"):
        read_set(root)
    named = read_set(root, layout="chameleon")
    assert Counter(i.label for i in named) == {"real": 1, "ai": 1}


def test_an_unknown_layout_is_refused_in_words(tmp_path):
    for name in ("cats", "dogs"):
        (tmp_path / name).mkdir()
    with pytest.raises(InputError, match=r"cats, dogs.*genimage.*manifest\.csv"):
        read_set(tmp_path)
    with pytest.raises(InputError, match="does not lie as WildRF does"):
        read_set(tmp_path, layout="wildrf")
    with pytest.raises(InputError, match="Unknown layout 'imagenet'"):
        read_set(tmp_path, layout="imagenet")


def test_a_generator_that_a_set_does_not_have_makes_the_set_unknown(tmp_path):
    root = write_set(tmp_path / "set", Layout.FORENSYNTHS)
    (root / "someothergan" / "1_fake").mkdir(parents=True)
    with pytest.raises(InputError, match="not known"):
        recognise(root)
    assert len(read_set(root, layout="forensynths")) == len(SETS[Layout.FORENSYNTHS])


def test_an_empty_set_is_refused(tmp_path):
    for label in ("0_real", "1_fake"):
        (tmp_path / "test" / label).mkdir(parents=True)
    with pytest.raises(InputError, match="no picture"):
        read_set(tmp_path)


def test_real_photographs_may_lie_apart(tmp_path):
    root = write_set(tmp_path / "synthbuster", Layout.SYNTHBUSTER)
    apart = tmp_path / "my photos"
    apart.mkdir()
    Image.fromarray(noise(40, 40, 1)).save(apart / "p.tif")
    added = read_set(root, real=apart)[-1]
    assert (added.label, added.source) == ("real", "Synthbuster/my photos")
    assert added.real_class == "my photos"
    with pytest.raises(InputError, match="--real"):
        read_set(root, real=tmp_path / "nowhere")


def test_a_folder_with_a_manifest_is_read_by_it_and_classes_are_kept(tmp_path):
    file = write_manifest(tmp_path, [{"path": "a.png", "label": "real"}])
    file.write_text("path,label,real_class\na.png,real,night\n", encoding="utf-8")
    assert [i.real_class for i in read_set(tmp_path)] == ["night"]
    assert read_set(file) == read_set(tmp_path)


def test_a_published_set_was_never_trained_on(tmp_path):
    splits = tmp_path / "splits.toml"
    splits.write_text('train = ["a"]\ncalibration = ["b"]\ntest = ["c"]\n')
    images = read_set(write_set(tmp_path / "set", Layout.GENIMAGE))
    assert split(images, splits)["test"] == images


def test_thinning_keeps_every_group_and_chooses_the_same_pictures_every_time(tmp_path):
    images = [
        pool_image(tmp_path / f"{label}{n}.png", label, source)
        for label in ("real", "ai")
        for source in ("s", "t")
        for n in range(7)
    ]
    few = thin(images, 3)
    assert Counter((i.label, i.source) for i in few) == dict.fromkeys(
        [(label, source) for label in ("real", "ai") for source in ("s", "t")], 3
    )
    assert thin(list(reversed(images)), 3) != []
    assert {i.path for i in thin(list(reversed(images)), 3)} == {i.path for i in few}
    with pytest.raises(InputError, match="at least 1"):
        thin(images, 0)
