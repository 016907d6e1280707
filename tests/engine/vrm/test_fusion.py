from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from engine.errors import ModelError
from engine.vrm.fusion import GATE_BIAS, Fusion, Injection, rms

DIM = 6


class Decoder(nn.Module):
    """Layers that record what they are given and add one."""

    def __init__(self, by_keyword: bool = False) -> None:
        super().__init__()
        self.layers = nn.ModuleList([Layer() for _ in range(3)])
        self.by_keyword = by_keyword

    def forward(self, h: Tensor) -> Tensor:
        for layer in self.layers:
            h = layer(hidden_states=h) if self.by_keyword else layer(h)
        return h


class Layer(nn.Module):
    seen: Tensor

    def forward(self, hidden_states: Tensor, factor: float = 1.0) -> Tensor:
        self.seen = hidden_states
        return hidden_states * factor + 1


def states(batch: int = 2, length: int = 5, seed: int = 0) -> Tensor:
    return torch.randn(batch, length, DIM, generator=torch.Generator().manual_seed(seed))


@pytest.fixture
def mask() -> Tensor:
    m = torch.zeros(2, 5, dtype=torch.bool)
    m[0, 1:3] = m[1, 2:4] = True
    return m


@pytest.fixture
def tokens() -> Tensor:
    return states(1, 4, seed=1)[0]


def opened(fusion: Fusion) -> Fusion:
    nn.init.constant_(fusion.alpha, 0.5)
    return fusion


def test_mean_is_half_of_the_sum() -> None:
    h, a = torch.tensor([[1.0, -4.0]]), torch.tensor([[3.0, 2.0]])
    assert torch.equal(Fusion(2, "mean")(h, a), torch.tensor([[2.0, -1.0]]))


def test_add_keeps_the_host_whole() -> None:
    h, a = torch.tensor([[1.0, -4.0]], dtype=torch.bfloat16), torch.tensor([[3.0, 2.0]])
    out = Fusion(2, "add")(h, a)
    assert out.dtype == torch.bfloat16
    assert torch.equal(out.float(), torch.tensor([[4.0, -2.0]]))
    assert not list(Fusion(2, "add").parameters())


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_fresh_gate_is_the_identity_to_the_bit(dtype: torch.dtype) -> None:
    h, a = states()[0].to(dtype), 1e3 * states(seed=1)[0]
    out = Fusion(DIM, "gated")(h, a)
    assert out.dtype == dtype
    assert torch.equal(out.view(torch.uint8), h.view(torch.uint8))


def test_gated_matches_its_formula() -> None:
    torch.manual_seed(0)
    fusion = opened(Fusion(DIM, "gated"))
    nn.init.normal_(fusion.gate.weight)
    h, a = states()[0], states(seed=1)[0]
    u = (a / (a.pow(2).mean(-1, keepdim=True) + 1e-6).sqrt()) @ fusion.proj.weight.T
    u = u * (h.pow(2).mean(-1, keepdim=True) / u.pow(2).mean(-1, keepdim=True)).sqrt()
    g = torch.sigmoid(torch.cat([h, u], -1) @ fusion.gate.weight[0] + GATE_BIAS)
    expected = h + torch.tanh(torch.tensor(0.5)) * g[:, None] * u
    torch.testing.assert_close(fusion(h, a), expected, atol=1e-5, rtol=1e-4)


def test_size_of_the_addition_follows_the_states_not_the_tokens() -> None:
    torch.manual_seed(0)
    fusion = opened(Fusion(DIM, "gated"))
    h, a = states()[0], states(seed=1)[0]
    step = rms(fusion(h, a) - h)
    torch.testing.assert_close(rms(fusion(h, 100 * a) - h), step, atol=1e-5, rtol=1e-3)
    torch.testing.assert_close(rms(fusion(100 * h, a) - 100 * h), 100 * step, atol=1e-3, rtol=1e-3)


def test_size_matching_sends_no_gradient_to_the_states() -> None:
    torch.manual_seed(0)
    fusion = opened(Fusion(DIM, "gated"))
    h = states()[0].requires_grad_()
    (fusion(h, states(seed=1)[0]) - h).sum().backward()
    # with the gate's weight at zero, the states reach the addition through their size alone
    assert h.grad is not None
    assert torch.equal(h.grad, torch.zeros_like(h))


def test_tokens_of_zeros_give_finite_states() -> None:
    h = states()[0]
    out = opened(Fusion(DIM, "gated"))(h, torch.zeros(5, DIM))
    assert torch.equal(out, h)


def test_unknown_mode_is_refused() -> None:
    with pytest.raises(ModelError, match="'sum'"):
        Fusion(DIM, "sum")  # type: ignore[arg-type]


@pytest.mark.parametrize("by_keyword", [False, True])
def test_only_image_positions_before_layer_k_change(by_keyword, mask, tokens) -> None:
    decoder, h = Decoder(by_keyword), states()
    injection = Injection(decoder.layers[1], Fusion(DIM, "mean"))
    with injection.during(tokens, mask):
        decoder(h)
    seen = decoder.layers[1].seen
    assert torch.equal(decoder.layers[0].seen, h)
    assert torch.equal(seen[~mask], (h + 1)[~mask])
    assert torch.equal(seen[mask], ((h + 1)[mask] + tokens) / 2)


def test_other_arguments_of_the_layer_are_kept(mask, tokens) -> None:
    layer, h = Layer(), states()
    injection = Injection(layer, Fusion(DIM, "mean"))
    with injection.during(tokens, mask):
        out = layer(h, 3.0)
    assert torch.equal(out[~mask], h[~mask] * 3 + 1)
    with injection.during(tokens, mask):
        assert torch.equal(layer(h, factor=3.0), out)


def test_states_of_the_host_are_not_written_to(mask, tokens) -> None:
    layer, h = Layer(), states()
    before = h.clone()
    with Injection(layer, Fusion(DIM, "mean")).during(tokens, mask):
        layer(h)
    assert torch.equal(h, before)


def test_fused_and_delta_are_readable_inside_the_block(mask, tokens) -> None:
    layer, h = Layer(), states()
    injection = Injection(layer, Fusion(DIM, "mean"))
    with injection.during(tokens, mask):
        assert injection.delta is None
        layer(h)
        assert injection.delta is not None
        torch.testing.assert_close(injection.delta, (tokens - h[mask]) / 2)
        assert injection.fused is not None
        assert torch.equal(injection.fused, (tokens + h[mask]) / 2)


def test_cached_steps_after_the_prompt_pass_through(mask, tokens) -> None:
    layer = Layer()
    with Injection(layer, Fusion(DIM, "mean")).during(tokens, mask):
        layer(states())
        step = states(2, 1)
        layer(step)
        assert torch.equal(layer.seen, step)


@pytest.mark.parametrize(
    ("shapes", "why"),
    [
        ([(2, 3)], "a chunk of the prompt"),
        ([(2, 1)], "a step before the prompt"),
        ([(2, 5), (2, 6)], "a re-run without cache"),
        ([(2, 5), (2, 2)], "several candidate tokens"),
        ([(2, 5), (2, 5)], "the prompt twice"),
        ([(6, 5)], "beams"),
        ([(2, 5), (6, 1)], "beams after the prompt"),
    ],
)
def test_calls_that_would_lose_the_injection_are_refused(shapes, why, mask, tokens) -> None:
    layer = Layer()
    injection = Injection(layer, Fusion(DIM, "mean"))
    with (
        pytest.raises(ModelError, match="would drop the injection"),
        injection.during(tokens, mask),
    ):
        for batch, length in shapes:
            layer(states(batch, length))
    assert not injection.is_open


def test_nothing_is_left_after_the_block(mask, tokens) -> None:
    layer, h = Layer(), states()
    injection = Injection(layer, Fusion(DIM, "mean"))
    with injection.during(tokens, mask):
        assert injection.is_open
        layer(h)
    assert not injection.is_open
    assert injection.fused is None
    assert injection.delta is None
    layer(h)
    assert layer.seen is h


def test_nothing_is_left_after_an_exception(mask, tokens) -> None:
    layer, h = Layer(), states()
    injection = Injection(layer, Fusion(DIM, "mean"))
    with pytest.raises(RuntimeError, match="inside"), injection.during(tokens, mask):
        layer(h)
        raise RuntimeError("inside")
    assert not injection.is_open
    layer(h)
    assert layer.seen is h


def test_a_block_in_which_the_decoder_never_ran_is_refused(mask, tokens) -> None:
    injection = Injection(Layer(), Fusion(DIM, "mean"))
    with (
        pytest.raises(ModelError, match="without the artifact tokens"),
        injection.during(tokens, mask),
    ):
        pass


def test_a_second_block_inside_the_first_is_refused(mask, tokens) -> None:
    injection = Injection(Layer(), Fusion(DIM, "mean"))
    with (
        pytest.raises(ModelError, match="already open"),
        injection.during(tokens, mask),
        injection.during(tokens, mask),
    ):
        pass


def test_tokens_and_positions_must_agree(mask, tokens) -> None:
    injection = Injection(Layer(), Fusion(DIM, "mean"))
    with (
        pytest.raises(ModelError, match="3 artifact tokens for 4"),
        injection.during(tokens[:3], mask),
    ):
        pass
    with (
        pytest.raises(ModelError, match="nowhere to inject"),
        injection.during(tokens[:0], torch.zeros_like(mask)),
    ):
        pass


def test_a_removed_injection_leaves_the_layer_alone(mask, tokens) -> None:
    layer, h = Layer(), states()
    injection = Injection(layer, Fusion(DIM, "mean"))
    injection.remove()
    with (
        pytest.raises(ModelError, match="without the artifact tokens"),
        injection.during(tokens, mask),
    ):
        layer(h)
    assert layer.seen is h
