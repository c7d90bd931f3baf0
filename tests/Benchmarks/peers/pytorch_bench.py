"""Measures PyTorch on the workloads. Usage: pytorch_bench.py <threads> <workload>...

PyTorch gets its best honest chance: every figure is the best of the ways a user could write it (eager, traced, frozen;
for training also the traced forward pass and the `foreach` optimizer), chosen by a short trial before the measurement.
The choice is reported on the error stream.
"""

import statistics
import sys
import time
import warnings

import torch
from torch import nn

from workloads import WORKLOADS, Workload, forward_metric

POOL = 16
REPEATS = 9
SECONDS_PER_REPEAT = 0.25

warnings.filterwarnings("ignore")


def run_for(step, seconds):
    """Runs step(i) for about so many seconds; returns the mean seconds per call."""
    start = time.perf_counter()
    calls = 0
    while True:
        step(calls)
        calls += 1
        elapsed = time.perf_counter() - start
        if elapsed >= seconds:
            return elapsed / calls


def measure(what, items, candidates):
    """Prints the figure of the fastest candidate: items per second, or nanoseconds per call where items is 0."""
    trials = {}
    for name, step in candidates.items():
        try:
            # The tracing executor specialises during the first calls: they are no part of the trial.
            for i in range(4):
                step(i)
            trials[name] = run_for(step, SECONDS_PER_REPEAT)
        except Exception as error:  # a mode this build of PyTorch does not have is no reason to measure nothing
            print(f"pytorch {what}: {name} failed: {str(error).splitlines()[0]}", file=sys.stderr)
    name = min(trials, key=trials.get)
    print(f"pytorch {what}: " + ", ".join(f"{n} {t * 1e6:.1f} us" for n, t in trials.items()) + f" -> {name}",
          file=sys.stderr)
    step, calls = candidates[name], max(1, round(SECONDS_PER_REPEAT / trials[name]))
    figures = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        for i in range(calls):
            step(i)
        per_call = (time.perf_counter() - start) / calls
        figures.append(items / per_call if items else per_call * 1e9)
    decimals = 2 if min(figures) < 1000 else 0
    print(f"pytorch {what} {statistics.median(figures):.{decimals}f} {min(figures):.{decimals}f} "
          f"{max(figures):.{decimals}f}", flush=True)


def build(w: Workload) -> nn.Sequential:
    """The network without its last activation where the loss contains it."""
    parts, channels = [], w.image[0] if w.image else 0
    for filters, kernel, padding in w.convolutions:
        parts += [nn.Conv2d(channels, filters, kernel, padding=padding), nn.ReLU(), nn.MaxPool2d(2)]
        channels = filters
    if w.convolutions:
        parts.append(nn.Flatten())
    for i in range(len(w.layers) - 1):
        parts.append(nn.Linear(w.layers[i], w.layers[i + 1], bias=w.bias))
        if i < len(w.layers) - 2:
            parts.append(nn.ReLU() if w.hidden == "relu" else nn.Sigmoid())
    if w.output == "sigmoid":
        parts.append(nn.Sigmoid())
    return nn.Sequential(*parts)


def train_candidates(w: Workload):
    inputs = [torch.randn(w.batch, *w.input_shape) for _ in range(POOL)]
    if w.loss == "crossentropy":
        targets = [torch.randint(0, w.layers[-1], (w.batch,)) for _ in range(POOL)]
        loss_of = nn.functional.cross_entropy
    else:
        targets = [torch.rand(w.batch, w.layers[-1]) for _ in range(POOL)]
        if w.loss == "mse":
            loss_of = nn.functional.mse_loss
        else:
            scale = 0.5 / w.batch
            loss_of = lambda y, t: nn.functional.mse_loss(y, t, reduction="sum") * scale

    def candidate(traced: bool, foreach: bool):
        net = build(w)
        parameters = list(net.parameters())
        optimizer = (torch.optim.SGD(parameters, lr=0.01, foreach=foreach) if w.optimizer == "sgd"
                     else torch.optim.Adam(parameters, lr=1e-3, foreach=foreach))
        forward = torch.jit.trace(net, inputs[0]) if traced else net

        def step(i):
            k = i % POOL
            optimizer.zero_grad(set_to_none=True)
            loss_of(forward(inputs[k]), targets[k]).backward()
            optimizer.step()

        return step

    return {f"{'traced' if traced else 'eager'}{'+foreach' if foreach else ''}": candidate(traced, foreach)
            for traced in (False, True) for foreach in (False, True)}


def predict_candidates(w: Workload, batch: int):
    net = build(w)
    if w.output == "softmax":
        net.append(nn.Softmax(dim=1))
    net.eval()
    inputs = [torch.randn(batch, *w.input_shape) for _ in range(POOL)]

    def candidate(forward):
        def step(i):
            forward(inputs[i % POOL])
        return step

    candidates = {"eager": candidate(net)}
    traced = torch.jit.trace(net, inputs[0])
    candidates["traced"] = candidate(traced)
    frozen = torch.jit.freeze(traced)
    candidates["frozen"] = candidate(frozen)
    # Replaces the linear layers by oneDNN's with weights laid out beforehand.
    candidates["optimized"] = candidate(torch.jit.optimize_for_inference(torch.jit.trace(net, inputs[0])))
    return candidates


def main():
    threads = int(sys.argv[1])
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    for name in sys.argv[2:]:
        w = WORKLOADS[name]
        measure(f"{name} train {w.train_unit}", 1 if w.train_unit == "steps/s" else w.batch, train_candidates(w))
        with torch.inference_mode():
            for batch in w.forward:
                metric = forward_metric(batch)
                measure(f"{name} {metric}", 0 if batch == 1 else batch, predict_candidates(w, batch))


if __name__ == "__main__":
    main()
