#!/usr/bin/python3
"""Computes with PyTorch what the project's ResNet-20 predicted, prints the largest difference and the time of a prediction.

Usage: dotnet run -c Release --project tests/Benchmarks -- resnet FOLDER
       tests/Benchmarks/peers/resnet.py FOLDER
"""

import json
import statistics
import struct
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

REPEATS = 9
SECONDS_PER_REPEAT = 0.25


def load(path):
    """The tensors of a safetensors file by name."""
    data = path.read_bytes()
    length, = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    return {name: torch.from_numpy(np.frombuffer(data[8 + length:], "<f4", *_extent(entry)).reshape(entry["shape"]).copy())
            for name, entry in header.items() if name != "__metadata__"}


def _extent(entry):
    first, last = entry["data_offsets"]
    return (last - first) // 4, first


class Unit(nn.Module):
    """Convolution and batch normalisation."""

    def __init__(self, inputs, outputs, kernel, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.norm(self.conv(x))


class Residual(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        stride = outputs // inputs
        self.shortcut = Unit(inputs, outputs, 1, stride) if stride > 1 else nn.Identity()
        self.first, self.second = Unit(inputs, outputs, 3, stride), Unit(outputs, outputs, 3)

    def forward(self, x):
        return F.relu(self.second(F.relu(self.first(x))) + self.shortcut(x))


class ResNet20(nn.Module):
    def __init__(self):
        super().__init__()
        self.start = Unit(3, 16, 3)
        widths = [16, 16, 16, 16, 32, 32, 32, 64, 64, 64]
        self.blocks = nn.Sequential(*(Residual(a, b) for a, b in zip(widths, widths[1:])))
        self.end = nn.Linear(64, 10)

    def forward(self, x):
        return F.softmax(self.end(self.blocks(F.relu(self.start(x))).mean((2, 3))), dim=1)


def fill(model, tensors):
    """Both lists are in the order in which the layers are declared; PyTorch's also has the number of batches."""
    own = [value for name, value in model.state_dict().items() if not name.endswith("num_batches_tracked")]
    if [tuple(t.shape) for t in own] != [tuple(t.shape) for t in tensors.values()]:
        sys.exit("the file's tensors are not those of this network")
    for target, tensor in zip(own, tensors.values()):
        target.copy_(tensor)


def measure(step):
    for _ in range(5):
        step()
    start = time.perf_counter()
    step()
    calls = max(1, round(SECONDS_PER_REPEAT / (time.perf_counter() - start)))
    repeats = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        for _ in range(calls):
            step()
        repeats.append((time.perf_counter() - start) / calls)
    return statistics.median(repeats)


def main():
    folder = Path(sys.argv[1])
    torch.set_num_threads(1)
    inputs = torch.from_numpy(np.fromfile(folder / "inputs.f32", "<f4").reshape(-1, 3, 32, 32))
    expected = torch.from_numpy(np.fromfile(folder / "outputs.f32", "<f4").reshape(-1, 10))
    model = ResNet20().eval()
    with torch.inference_mode():
        fill(model, load(folder / "network.safetensors"))
        print(f"largest difference {float((model(inputs) - expected).abs().max()):.2e}")
        one, many = inputs[:1], inputs.repeat(2, 1, 1, 1)
        fastest = {"eager": model}
        fastest["optimized"] = torch.jit.optimize_for_inference(torch.jit.trace(model, one))
        for name, forward in fastest.items():
            print(f"pytorch {name} ResNet20 predict1 ns {measure(lambda: forward(one)) * 1e9:.0f}")
        fastest["optimized"] = torch.jit.optimize_for_inference(torch.jit.trace(model, many))
        for name, forward in fastest.items():
            print(f"pytorch {name} ResNet20 fwd64 samples/s {len(many) / measure(lambda: forward(many)):.0f}")


if __name__ == "__main__":
    main()
