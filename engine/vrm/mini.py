"""The mini: a small real multimodal model, put together from weights that arrive with pip.

CLIP ViT-B/16 looks at the whole picture at 224 px (V_o); a LoRA copy of it and a residual CNN on
native pixels are the artifact encoder (V_a and R); SmolLM2-135M reads the tokens and answers.
The arrangement is that of Deep-VRM (arXiv 2606.15880): visual tokens enter as input, artifact
tokens are injected before decoder layer K, on image positions only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoTokenizer

from engine.errors import ModelError
from engine.vrm.artifact import ResidualCnn, pool_to_boxes
from engine.vrm.fusion import Fusion, Injection
from engine.vrm.lora import add_lora, lora_disabled
from engine.vrm.mini_base import fuse_activation, load_language, load_tower
from engine.vrm.mini_config import MiniConfig

VIEW_PX = 224
GRID = 7
"""Visual tokens a side: 14 x 14 patches pooled 2 x 2, so one token is 32 px of the view."""
TOKENS = GRID * GRID
DEPTHS = (4, 6, 8, 10, 12)
"""Tower depths whose states V_a's merger reads; several depths told more than the last alone."""
SEMANTIC_DEPTH = 11
"""V_o's tokens are the states after this block: the last but one."""

CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)

SYSTEM = "You examine photographs."
QUESTION = "Is this image real or fake? Please just answer 'real' or 'fake'."
DESCRIBE = "Describe this image."
LOCATE = "Where are generator traces in this image?"
IMAGE_TOKEN = "<reponame>"
"""An unused special token of the language model marks the image positions."""


class Projector(nn.Module):
    """LayerNorm, 768 (the tower's width) -> hidden -> d, as in small multimodal models."""

    def __init__(self, width: int, hidden: int, dim: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.up = nn.Linear(width, hidden)
        self.down = nn.Linear(hidden, dim)

    def forward(self, x: Tensor) -> Tensor:
        """Return tokens: [B, N, 768] -> [B, N, d]."""
        out: Tensor = self.down(functional.gelu(self.up(self.norm(x))))
        return out


class Merger(nn.Module):
    """V_a's own merger: a projector like V_o's, several depths and R's cells, summed."""

    def __init__(self, width: int, hidden: int, dim: int, cell_channels: int) -> None:
        super().__init__()
        self.projector = Projector(width, hidden, dim)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in DEPTHS)
        self.mix = nn.Linear(len(DEPTHS) * width, 512)
        self.mix_class = nn.Linear(len(DEPTHS) * width, 512)
        self.depths = nn.Linear(512, dim)
        self.cells = nn.Linear(cell_channels, dim)

    def forward(self, states: dict[int, Tensor], cells: Tensor) -> Tensor:
        """Return artifact tokens.

        Args:
            states: tower states [B, 197, 768] by depth.
            cells: R's features in each token's box, [B, 49, C].

        Returns:
            [B, 49, d].
        """
        last = self.projector(_to_grid(states[SEMANTIC_DEPTH]))
        normed = [n(states[d]) for n, d in zip(self.norms, DEPTHS, strict=True)]
        patches = torch.cat([_to_grid(x) for x in normed], dim=-1)
        whole = torch.cat([x[:, :1] for x in normed], dim=-1)
        mixed = functional.gelu(self.mix(patches) + self.mix_class(whole))
        out: Tensor = last + self.depths(mixed) + self.cells(cells)
        return out


class ArtifactHeads(nn.Module):
    """Read-outs of the artifact path alone: one log-odds a token, one a picture."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.token = nn.Linear(dim, 1)
        self.picture = nn.Sequential(nn.Linear(2 * dim, 128), nn.GELU(), nn.Linear(128, 1))

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Return ([B, N] token log-odds, [B] picture log-odds) of tokens [B, N, d]."""
        x = self.norm(tokens)
        pooled = torch.cat([x.mean(1), x.amax(1)], dim=-1)
        return self.token(x)[..., 0], self.picture(pooled)[..., 0]


class Mini(nn.Module):
    """The model; base weights frozen, everything else trained by this project.

    Args:
        base: the pack's folder with ``language/`` and ``vision/``.
        config: what is not in the base weights.
        dtype: of the frozen base weights.
    """

    def __init__(self, base: Path, config: MiniConfig, dtype: torch.dtype) -> None:
        super().__init__()
        self.config = config
        self.tokenizer = AutoTokenizer.from_pretrained(base / "language")
        self.language = load_language(base / "language", dtype)
        self.tower = load_tower(base / "vision", dtype)
        fuse_activation(self.tower)
        self.requires_grad_(False)
        dim: int = self.language.config.hidden_size
        layers: int = self.language.config.num_hidden_layers
        width: int = self.tower.config.hidden_size
        self.projector = Projector(width, config.projector_dim, dim)
        self.residual = ResidualCnn()
        self.merger = Merger(width, config.projector_dim, dim, self.residual.channels)
        self.heads = ArtifactHeads(dim)
        self.probe = nn.Linear(2 * width * len(config.probe_depths), 1)
        self._blocks: int = self.tower.config.num_hidden_layers
        self.fusion = Fusion(dim, config.fusion)
        k = config.injection_layer
        self.injection = Injection(self.language.model.layers[k], self.fusion)
        late = "|".join(str(i) for i in range(k, layers))
        add_lora(
            self.language,
            pattern=rf".*layers\.({late})\..*_proj",
            r=config.language_rank,
            alpha=2.0 * config.language_rank,
            seed=1,
        )
        adapted = "|".join(str(i) for i in range(config.tower_from_block, self._blocks))
        add_lora(
            self.tower,
            pattern=rf".*layers\.({adapted})\..*(_proj|fc1|fc2)",
            r=config.tower_rank,
            alpha=2.0 * config.tower_rank,
            seed=2,
        )
        # Without a bias: the mean over a view's patches is taken away before.
        self.contrast = nn.Linear(width * len(config.contrast_depths), 1, bias=False)
        self.image_token_id: int = self.tokenizer.convert_tokens_to_ids(IMAGE_TOKEN)
        self.fake_ids, self.real_ids = self._spellings("fake"), self._spellings("real")
        self.word_ids = tuple(
            self.tokenizer.encode(w, add_special_tokens=False)[0] for w in ("real", "fake")
        )

    def _spellings(self, word: str) -> list[int]:
        """Return first tokens of the ways to write an answer word."""
        forms = (word, word.capitalize(), " " + word, " " + word.capitalize())
        ids = [self.tokenizer.encode(f, add_special_tokens=False)[0] for f in forms]
        return sorted(set(ids))

    def prompt_ids(self, question: str) -> Tensor:
        """Return the prompt's token ids [1, L], image tokens last in the user's turn."""
        chat = [
            {"role": "system", "content": SYSTEM},
            {"role": "user", "content": question + IMAGE_TOKEN * TOKENS},
        ]
        text = self.tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
        encoded = self.tokenizer(text, add_special_tokens=False, return_tensors="pt")
        ids: Tensor = encoded["input_ids"]
        return ids

    @torch.no_grad()
    def shared_states(self, view: Tensor) -> dict[int, Tensor]:
        """Run the tower's blocks that V_o and V_a have in common.

        Args:
            view: [B, 3, 224, 224], normalised.

        Returns:
            States [B, 197, 768] by depth, 1 to ``config.tower_from_block``.
        """
        states: dict[int, Tensor] = {}
        x = self.tower.pre_layrnorm(self.tower.embeddings(view.to(self.tower.dtype)))
        for depth in range(1, self.config.tower_from_block + 1):
            x = states[depth] = self._block(depth, x)
        return states

    @torch.no_grad()
    def base_states(self, shared: dict[int, Tensor]) -> dict[int, Tensor]:
        """Run the rest of the tower as it is, without adapters: V_o.

        Args:
            shared: from ``shared_states``.

        Returns:
            The same states and those of every depth up to the last.
        """
        states = dict(shared)
        x = shared[self.config.tower_from_block]
        with lora_disabled(self.tower):
            for depth in range(self.config.tower_from_block + 1, self._blocks + 1):
                x = states[depth] = self._block(depth, x)
        return states

    def probe_features(self, states: dict[int, Tensor]) -> Tensor:
        """Return what the linear probe reads: class token and mean patch at each of its depths.

        Args:
            states: from ``base_states``.

        Returns:
            [B, depths * 2 * 768], float32.
        """
        chosen = [states[depth].float() for depth in self.config.probe_depths]
        parts = [part for x in chosen for part in (x[:, 0], x[:, 1:].mean(1))]
        return torch.cat(parts, dim=-1)

    def probe_logits(self, states: dict[int, Tensor]) -> Tensor:
        """Return the linear probe's log-odds of "fake": [B], from ``base_states``."""
        with torch.autocast("cpu", enabled=False):
            out: Tensor = self.probe(self.probe_features(states))[:, 0]
        return out

    def semantic_tokens(self, states: dict[int, Tensor]) -> Tensor:
        """Return V_o's tokens [B, 49, d] from ``base_states`` (or from ``shared_states``)."""
        if SEMANTIC_DEPTH not in states:
            states = self.base_states(states)
        out: Tensor = self.projector(_to_grid(states[SEMANTIC_DEPTH]).float())
        return out

    def artifact_tokens(self, shared: dict[int, Tensor], cells: Tensor) -> Tensor:
        """Return V_a + R's tokens, one to one with V_o's.

        Args:
            shared: from ``shared_states``; V_o's deeper states are passed over.
            cells: R's cells over the same part of the picture, [B, C, h, w].

        Returns:
            [B, 49, d].
        """
        states = dict(shared)
        x = shared[self.config.tower_from_block]
        for depth in range(self.config.tower_from_block + 1, self._blocks + 1):
            x = states[depth] = self._block(depth, x)
        boxed = pool_to_boxes(cells.float(), (GRID, GRID))
        out: Tensor = self.merger({d: x.float() for d, x in states.items()}, boxed)
        return out

    def _block(self, depth: int, x: Tensor) -> Tensor:
        out: Tensor = self.tower.encoder.layers[depth - 1](x, attention_mask=None)
        return out

    def embed(self, ids: Tensor, semantic: Tensor) -> Tensor:
        """Return input embeddings [B, L, d] with V_o's tokens at the image positions."""
        x: Tensor = self.language.get_input_embeddings()(ids).clone()
        x[ids == self.image_token_id] = semantic.flatten(0, 1).to(x.dtype)
        return x

    @contextmanager
    def injecting(self, artifact: Tensor | None, ids: Tensor) -> Iterator[None]:
        """Inject artifact tokens [B, 49, d] inside the block; None switches the path off."""
        if artifact is None:
            yield
            return
        with self.injection.during(artifact.flatten(0, 1), ids == self.image_token_id):
            yield

    def answer(self, semantic: Tensor, artifact: Tensor | None, ids: Tensor) -> Tensor:
        """Run the language model on a prompt (and answer, in training).

        Args:
            semantic: V_o's tokens [B, 49, d].
            artifact: tokens to inject [B, 49, d], or None.
            ids: [B, L].

        Returns:
            Last hidden states [B, L, d].
        """
        with self.injecting(artifact, ids):
            out = self.language.model(inputs_embeds=self.embed(ids, semantic), use_cache=False)
        hidden: Tensor = out.last_hidden_state
        return hidden

    def logits(self, hidden: Tensor) -> Tensor:
        """Return vocabulary logits of chosen positions: [N, d] -> [N, vocab].

        Choosing first matters: the vocabulary is 85 times as wide as the states.
        """
        out: Tensor = self.language.lm_head(hidden.contiguous())
        return out

    def log_odds(self, logits: Tensor) -> Tensor:
        """Return log-odds of "fake" over all spellings of both answers: [B, vocab] -> [B]."""
        x = logits.float()
        fake = torch.logsumexp(x[:, self.fake_ids], dim=-1)
        return fake - torch.logsumexp(x[:, self.real_ids], dim=-1)

    def load_trained(self, state: Mapping[str, Tensor]) -> None:
        """Copy this project's tensors in; any floating dtype. Nothing is changed if one misfits.

        Raises:
            ModelError: a tensor is missing, is none of this model's, or has another shape.
        """
        own = self.trained_state()
        missing, unexpected = sorted(own.keys() - state.keys()), sorted(state.keys() - own.keys())
        if missing or unexpected:
            raise ModelError(
                f"The trained weights do not fit the mini: {len(missing)} tensors are missing "
                f"({', '.join(missing[:3])}), {len(unexpected)} unknown "
                f"({', '.join(unexpected[:3])})."
            )
        for name, tensor in own.items():  # copy_ would broadcast without a word
            if state[name].shape != tensor.shape:
                raise ModelError(
                    f"The trained tensor {name} has shape {tuple(state[name].shape)}, the mini "
                    f"needs {tuple(tensor.shape)}: install the program's weights again."
                )
        with torch.no_grad():
            for name, tensor in own.items():
                tensor.copy_(state[name])

    def trained_state(self) -> dict[str, Tensor]:
        """Return everything this project trained, under flat names."""
        keep = {n for n, p in self.named_parameters() if _is_ours(n)}
        keep |= {n for n, _ in self.named_buffers() if n.startswith("residual.")}
        return {n: t for n, t in self.state_dict().items() if n in keep}


def read_trained(file: Path) -> dict[str, Tensor]:
    """Read trained tensors from a safetensors file.

    Raises:
        ModelError: the file is missing or broken.
    """
    try:
        return load_file(file)
    except (OSError, SafetensorError) as e:
        raise ModelError(f"The trained weights {file} cannot be read ({e}): reinstall.") from e


def _is_ours(name: str) -> bool:
    return "lora_" in name or not name.startswith(("language.", "tower."))


def _to_grid(states: Tensor) -> Tensor:
    """Drop the class token and pool 14 x 14 patches 2 x 2: [B, 197, D] -> [B, 49, D]."""
    batch, _, dim = states.shape
    patches = states[:, 1:].transpose(1, 2).reshape(batch, dim, 2 * GRID, 2 * GRID)
    return functional.avg_pool2d(patches, 2).flatten(2).transpose(1, 2)


def normalise(view: Tensor) -> Tensor:
    """Bring views [B, 3, 224, 224] of 0..1 to the tower's mean and spread."""
    mean = torch.tensor(CLIP_MEAN, device=view.device).view(1, 3, 1, 1)
    std = torch.tensor(CLIP_STD, device=view.device).view(1, 3, 1, 1)
    return (view - mean) / std
