"""Translations: complete, of the same placeholders, compiled from what is there."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import get_args

import pytest
from PySide6.QtCore import QCoreApplication, QLocale

from app import translation
from app.language_menu import LanguageMenu
from app.todo import action_text
from engine import paths
from engine.errors import StoreError
from engine.log_types import Action
from installer import translations as tools

APP = Path(translation.__file__).parent
FOLDER = paths.resources_dir() / "i18n"
each_language = pytest.mark.parametrize("language", tools.LANGUAGES)


def messages(file):
    for context in ElementTree.parse(file).getroot().iter("context"):
        for message in context.iter("message"):
            done = message.find("translation")
            yield context.find("name").text, message.find("source").text, done


@pytest.fixture(scope="module")
def gathered(tmp_path_factory):
    """The window's texts as they are now."""
    folder = tmp_path_factory.mktemp("i18n")
    tools.update(folder)
    return {(name, source) for name, source, _ in messages(folder / "residua_de.ts")}


@each_language
def test_every_text_of_the_window_is_translated(language, gathered):
    there = {
        (name, source)
        for name, source, done in messages(FOLDER / f"residua_{language}.ts")
        if done.get("type") is None and done.text
    }
    assert gathered - there == set()


TRANSLATING = {"self.tr": 1, "QCoreApplication.translate": 2, "translate": 2}
"""What lupdate reads texts from -> how many of the first arguments have to be there as words."""


def hidden_texts(tree):
    """Give the lines that translate a text in a way that lupdate does not see."""
    seen = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (count := TRANSLATING.get(ast.unparse(node.func))):
            seen.add(id(node.func))
            if not all(isinstance(word, ast.Constant) for word in node.args[:count]):
                yield node.lineno
        elif isinstance(node, ast.Assign):
            targets = [each for target in node.targets for each in ast.walk(target)]
            if any(isinstance(each, ast.Name) and each.id == "translate" for each in targets):
                seen |= {id(each) for each in ast.walk(node.value)}
        elif isinstance(node, ast.Attribute) and is_unseen(node, seen):
            yield node.lineno


def is_unseen(node, seen):
    return ast.unparse(node) in TRANSLATING and id(node) not in seen


MARKED = {"sayings"}
"""Modules whose texts are marked for lupdate where they stand, and looked up later."""


@pytest.mark.parametrize(
    "file",
    [file for file in sorted(APP.rglob("*.py")) if file.stem not in MARKED],
    ids=lambda file: file.stem,
)
def test_no_text_is_hidden_from_those_who_translate(file):
    assert list(hidden_texts(ast.parse(file.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    "code",
    ['said = QCoreApplication.translate', 'translate("Log", text)', 'self.tr(text)',
     'f(QCoreApplication.translate)'],
)  # fmt: skip
def test_a_hidden_text_is_found(code):
    assert list(hidden_texts(ast.parse(code))) == [1]


@pytest.mark.parametrize("action", get_args(Action))
def test_every_action_of_the_log_has_words(action):
    assert action_text(action) != action


@each_language
def test_placeholders_are_kept(language):
    for _, source, done in messages(FOLDER / f"residua_{language}.ts"):
        assert set(re.findall(r"\{\w+\}", done.text or "")) == set(re.findall(r"\{\w+\}", source))


def test_what_is_loaded_was_compiled_from_what_is_there(tmp_path):
    for language in tools.LANGUAGES:
        name = f"residua_{language}.ts"
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    tools.release(tmp_path)
    for language in tools.LANGUAGES:
        name = f"residua_{language}.qm"
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


@pytest.fixture
def app(qapp):
    """The application, without translation afterwards."""
    locale = QLocale()
    installed = []
    original = qapp.installTranslator

    def install(translator):
        installed.append(translator)
        return original(translator)

    qapp.installTranslator = install
    yield qapp
    del qapp.installTranslator
    for translator in installed:
        qapp.removeTranslator(translator)
    QLocale.setDefault(locale)


@pytest.mark.parametrize(
    ("language", "words"), [("de", "Fall öffnen …"), ("fr", "Ouvrir une affaire …"), ("en", "")]
)
def test_the_window_speaks_the_chosen_language(app, language, words):
    assert translation.install(app, FOLDER, language) == language
    shown = QCoreApplication.translate("Actions", "Open case …")
    assert shown == (words or "Open case …")


def test_a_language_that_is_not_there_is_english():
    assert translation.chosen("ja") == "en"


def test_a_missing_translation_is_named(app, tmp_path):
    with pytest.raises(StoreError, match="residua_de"):
        translation.install(app, tmp_path, "de")


def test_the_choice_is_kept_for_the_next_start(qtbot, window, settings):
    menu = window.does.language_menu
    made = menu.findChild(LanguageMenu)
    assert made.actions_["system"].isChecked()
    with qtbot.waitSignal(made.told):
        made.actions_["fr"].trigger()
    assert settings.language == "fr"
    assert window.messages.box.isVisible()
