"""The workloads, as the Python peers see them. float32, random fixed data; training = forward, loss, backward, update."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Workload:
    layers: tuple          # widths, input first
    hidden: str            # activation after every layer but the last: "relu" or "sigmoid"
    output: str            # activation after the last layer: "softmax", "sigmoid" or "none"
    loss: str              # "crossentropy", "mse" (mean over samples and outputs) or "halfsquared" (1/2 sum, mean over samples)
    optimizer: str         # "sgd" (rate 0.01) or "adam" (rate 0.001)
    batch: int             # samples per training step
    bias: bool = True
    train_unit: str = "samples/s"
    forward: tuple = ()    # batch sizes of the prediction figures
    image: tuple = ()      # (channels, height, width) that convolutions read; without it the dense layers read the input
    convolutions: tuple = ()   # (filters, kernel, padding), each followed by ReLU and 2x2 max pooling, before the dense layers

    @property
    def input_shape(self) -> tuple:
        return self.image or self.layers[:1]


WORKLOADS = {
    "W1": Workload((2, 4, 1), "sigmoid", "sigmoid", "mse", "sgd", 4, train_unit="steps/s", forward=(1, 4)),
    "W2": Workload((784, 128, 10), "relu", "softmax", "crossentropy", "adam", 64, forward=(1, 64, 256)),
    "W3": Workload((1000, 100, 10), "relu", "none", "halfsquared", "sgd", 64, bias=False),
    "W4": Workload((30000, 100, 256, 256, 10), "relu", "softmax", "crossentropy", "adam", 64),
    "W5": Workload((400, 120, 84, 10), "relu", "softmax", "crossentropy", "adam", 64, forward=(1, 64),
                   image=(1, 28, 28), convolutions=((6, 5, 2), (16, 5, 0))),
    "W6": Workload((100, 64, 10), "relu", "softmax", "crossentropy", "sgd", 32),
    "W8": Workload((784, 512, 512, 10), "relu", "softmax", "crossentropy", "adam", 128),
    "W9": Workload((13, 32, 16, 1), "relu", "none", "mse", "adam", 32, forward=(1,)),
}


def forward_metric(batch: int) -> str:
    """The name and unit of a prediction figure, as every program prints it."""
    if batch == 1:
        return "predict1 ns"
    return f"predict{batch} samples/s" if batch >= 256 else f"fwd{batch} samples/s"
