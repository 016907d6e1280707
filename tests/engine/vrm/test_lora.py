from __future__ import annotations

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from engine.errors import ModelError
from engine.vrm.lora import (
    LoraLinear,
    add_lora,
    load_lora,
    lora_disabled,
    lora_state,
    lora_swapped,
    merge_lora,
)

PATTERN = r"blocks\.[12]\.(up|down)"


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.up = nn.Linear(8, 16)
        self.down = nn.Linear(16, 8, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.down(torch.relu(self.up(x)))


class Net(nn.Module):
    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.blocks = nn.ModuleList([Block() for _ in range(3)])

    def forward(self, x: Tensor) -> Tensor:
        for block in self.blocks:
            x = block(x)
        return x


def trained(net: Net) -> Net:
    for layer in net.modules():
        if isinstance(layer, LoraLinear):
            torch.manual_seed(layer.in_features)
            nn.init.normal_(layer.lora_b)
    return net


def adapted(seed: int = 1) -> Net:
    net = Net()
    add_lora(net, pattern=PATTERN, r=4, alpha=8, seed=seed)
    return net


@pytest.fixture
def x() -> Tensor:
    return torch.randn(5, 8, generator=torch.Generator().manual_seed(3))


def test_only_layers_whose_whole_name_matches_are_adapted() -> None:
    net = Net()
    names = add_lora(net, pattern=PATTERN, r=4, alpha=8, seed=1)
    assert names == ["blocks.1.up", "blocks.1.down", "blocks.2.up", "blocks.2.down"]
    assert type(net.blocks[0].up) is nn.Linear
    assert net.blocks[0].up.weight.requires_grad


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_fresh_adapters_change_no_bit(x: Tensor, dtype: torch.dtype) -> None:
    net = Net().to(dtype)
    before = net(x.to(dtype))
    add_lora(net, pattern=PATTERN, r=4, alpha=8, seed=1)
    after = net(x.to(dtype))
    assert after.dtype == dtype
    assert torch.equal(after, before)


def test_output_is_the_base_plus_the_scaled_product(x: Tensor) -> None:
    base = nn.Linear(8, 3)
    layer = LoraLinear(base, r=2, alpha=6, generator=torch.Generator().manual_seed(0))
    nn.init.ones_(layer.lora_b)
    expected = base(x) + 3.0 * (x @ layer.lora_a.T @ layer.lora_b.T)
    torch.testing.assert_close(layer(x), expected)


def test_bf16_base_trains_float32_adapters_alone_under_autocast(x: Tensor) -> None:
    net = Net().to(torch.bfloat16)
    add_lora(net, pattern=PATTERN, r=4, alpha=8, seed=1)
    trained(net)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        net(x).float().square().sum().backward()
    for layer in net.modules():
        if isinstance(layer, LoraLinear):
            assert layer.weight.grad is None
            for adapter in (layer.lora_a, layer.lora_b):
                assert adapter.dtype == torch.float32
                assert adapter.grad is not None
                assert adapter.grad.abs().sum() > 0


def test_keys_of_the_base_stay_and_its_memory_is_shared() -> None:
    net = Net()
    weight = net.blocks[1].up.weight
    keys = set(net.state_dict())
    names = add_lora(net, pattern=PATTERN, r=4, alpha=8, seed=1)
    assert net.blocks[1].up.weight is weight
    adapters = {f"{n}.{part}" for n in names for part in ("lora_a", "lora_b")}
    assert set(net.state_dict()) == keys | adapters


def test_the_seed_decides_the_start() -> None:
    first, again, other = (lora_state(adapted(seed)) for seed in (1, 1, 2))
    assert torch.equal(first["blocks.1.up.lora_a"], again["blocks.1.up.lora_a"])
    assert not torch.equal(first["blocks.1.up.lora_a"], other["blocks.1.up.lora_a"])


def test_saved_adapters_give_the_same_output(x: Tensor, tmp_path) -> None:
    net = trained(adapted())
    save_file(lora_state(net), tmp_path / "lora.safetensors")
    fresh = adapted(seed=7)
    assert not torch.equal(fresh(x), net(x))
    load_lora(fresh, load_file(tmp_path / "lora.safetensors"))
    assert torch.equal(fresh(x), net(x))


def test_adapters_that_do_not_fit_are_refused_by_name_and_change_nothing() -> None:
    state = lora_state(trained(adapted()))
    state["blocks.9.up.lora_a"] = state.pop("blocks.1.up.lora_a")
    net = adapted()
    before = {k: v.clone() for k, v in lora_state(net).items()}
    with pytest.raises(ModelError, match=r"missing blocks\.1\.up\.lora_a; .*blocks\.9\.up\.lora_a"):
        load_lora(net, state)
    assert all(torch.equal(v, before[k]) for k, v in lora_state(net).items())


def test_another_rank_is_refused() -> None:
    other = Net()
    add_lora(other, pattern=PATTERN, r=2, alpha=8, seed=1)
    with pytest.raises(ModelError, match="another rank"):
        load_lora(adapted(), lora_state(other))


def test_merged_layers_are_plain_and_give_the_same_output(x: Tensor) -> None:
    net = trained(adapted())
    expected = net(x)
    names = merge_lora(net)
    assert len(names) == 4
    assert all(type(m) is nn.Linear for m in net.modules() if isinstance(m, nn.Linear))
    torch.testing.assert_close(net(x), expected)


def test_merging_leaves_a_tied_weight_alone() -> None:
    net = Net()
    net.blocks[0].up.weight = net.blocks[1].up.weight
    before = net.blocks[0].up.weight.clone()
    add_lora(net, pattern=PATTERN, r=4, alpha=8, seed=1)
    merge_lora(trained(net))
    assert torch.equal(net.blocks[0].up.weight, before)
    assert not torch.equal(net.blocks[1].up.weight, before)


def test_disabled_adapters_leave_the_host_untouched_until_the_block_ends(x: Tensor) -> None:
    untouched = Net()(x)
    net = trained(adapted())
    on = net(x)
    with pytest.raises(RuntimeError, match="inside"), lora_disabled(net):
        assert torch.equal(net(x), untouched)
        with lora_disabled(net):
            pass
        assert torch.equal(net(x), untouched)
        raise RuntimeError("inside")
    assert torch.equal(net(x), on)
    assert not torch.equal(on, untouched)


@pytest.mark.parametrize(
    ("pattern", "r", "message"),
    [("nothing", 4, "No linear layer"), (PATTERN, 0, "rank 0")],
)
def test_impossible_requests_are_refused(pattern: str, r: int, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        add_lora(Net(), pattern=pattern, r=r, alpha=8, seed=1)


def test_a_second_adapter_and_a_bypassed_layer_are_refused() -> None:
    with pytest.raises(ModelError, match=r"blocks\.1\.up"):
        add_lora(adapted(), pattern=PATTERN, r=4, alpha=8, seed=1)
    with pytest.raises(ModelError, match="out_proj"):
        add_lora(nn.MultiheadAttention(8, 2), pattern="out_proj", r=4, alpha=8, seed=1)


def test_a_module_without_adapters_has_nothing_to_save_or_merge() -> None:
    for call in (lora_state, merge_lora):
        with pytest.raises(ModelError, match="no adapters"):
            call(Net())


def test_swapped_adapters_answer_inside_the_block_alone():
    net, other, x = Net(), Net(), torch.ones(1, 8)
    for each, seed in ((net, 1), (other, 2)):
        add_lora(each, pattern=PATTERN, r=2, alpha=4.0, seed=seed)
        for layer in each.modules():
            if isinstance(layer, LoraLinear):
                torch.nn.init.constant_(layer.lora_b, 0.1 * seed)
    before, wanted = net(x), other(x)
    with lora_swapped(net, lora_state(other)):
        assert torch.equal(net(x), wanted)
    assert torch.equal(net(x), before)
    with (
        pytest.raises(ModelError, match="missing"),
        lora_swapped(net, {}),
    ):
        pass
    assert torch.equal(net(x), before)
