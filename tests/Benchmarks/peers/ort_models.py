"""Writes the ONNX models that ort_bench runs. Usage: ort_models.py <folder> <workload>...

For each workload a prediction model per batch size (`W2.predict64.onnx`), one training model (`W2.train.onnx`; none with
convolutions, whose gradients are no operators), and the list of figures to measure (`W2.figures`): mode, model, name of the figure, items per call (0: nanoseconds per call).

ONNX Runtime's package for prediction has no training, so the training step is a graph written by hand: forward, loss,
backward and update out of ordinary operators, in the form that costs the fewest passes over memory:
- SGD: `W' = W - rate * x'dy` is one Gemm, with W as its C.
- Adam: the moments are stored without their factors (1 - beta), which saves two passes; the bias corrections, which
  change from step to step, are two scalars given as inputs.
- Weights are stored [in, out], so that neither the forward product nor the weight gradient transposes the large side.

Inputs of a training model, in order: x, t, for Adam the two scalars, then the state. Outputs: loss, then the new state
in the same order. The first letter of a state's name says what it is: w(eight), b(ias), m and v (moments).
"""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from workloads import WORKLOADS, Workload, forward_metric

OPSET = 13
IR_VERSION = 7
RATE = {"sgd": 0.01, "adam": 1e-3}
BETA1, BETA2 = 0.9, 0.999


class Graph:
    """Collects nodes, constants, inputs and outputs under names that are unique."""

    def __init__(self):
        self.nodes, self.constants, self.inputs, self.outputs = [], [], [], []

    def op(self, kind, *inputs, name=None, **attributes):
        name = name or f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def constant(self, value, name=None):
        name = name or f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def scalar(self, value):
        return self.constant(np.array([value], np.float32))

    def input(self, name, *shape):
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        return name

    def output(self, name, *shape):
        self.outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))

    def save(self, path):
        graph = helper.make_graph(self.nodes, "network", self.inputs, self.outputs, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model)
        onnx.save(model, path)


def predict_model(w: Workload, batch: int) -> Graph:
    random, g, last = np.random.default_rng(1), Graph(), len(w.layers) - 2
    value = g.input("x", batch, *w.input_shape)
    channels = w.image[0] if w.image else 0
    for filters, kernel, padding in w.convolutions:
        weight = random.standard_normal((filters, channels, kernel, kernel)) * (2 / (channels * kernel**2)) ** 0.5
        bias = random.standard_normal(filters) * 0.1
        value = g.op("Conv", value, g.constant(weight.astype(np.float32)), g.constant(bias.astype(np.float32)),
                     kernel_shape=[kernel, kernel], pads=[padding] * 4)
        value = g.op("MaxPool", g.op("Relu", value), kernel_shape=[2, 2], strides=[2, 2])
        channels = filters
    if w.convolutions:
        value = g.op("Flatten", value)
    for i in range(last + 1):
        fan_in, fan_out = w.layers[i], w.layers[i + 1]
        operands = [value, g.constant((random.standard_normal((fan_in, fan_out)) * (2 / fan_in) ** 0.5).astype(np.float32))]
        if w.bias:
            operands.append(g.constant(random.standard_normal(fan_out).astype(np.float32) * np.float32(0.1)))
        value = g.op("Gemm", *operands)
        if i < last:
            value = g.op("Relu" if w.hidden == "relu" else "Sigmoid", value)
    if w.output != "none":
        value = g.op("Softmax", value, axis=1) if w.output == "softmax" else g.op("Sigmoid", value)
    g.nodes[-1].output[0] = "y"
    g.output("y", batch, w.layers[-1])
    return g


def train_model(w: Workload) -> Graph:
    g, count, batch = Graph(), len(w.layers) - 1, w.batch
    adam = w.optimizer == "adam"
    value, target = g.input("x", batch, w.layers[0]), g.input("t", batch, w.layers[-1])
    if adam:
        # With c = sqrt((1 - beta2) / (1 - beta2^t)): rate (1 - beta1) / (1 - beta1^t) / c, and epsilon / c.
        rate, epsilon = g.input("rate", 1), g.input("epsilon", 1)
    parameters = []
    for i in range(count):
        shapes = [(f"w{i}", (w.layers[i], w.layers[i + 1]))] + ([(f"b{i}", (w.layers[i + 1],))] if w.bias else [])
        for name, shape in shapes:
            for state in [name] + ([f"m_{name}", f"v_{name}"] if adam else []):
                g.input(state, *shape)
                parameters.append((state, shape))

    # Forward.
    activations = [value]
    for i in range(count):
        value = g.op("Gemm", value, f"w{i}", *([f"b{i}"] if w.bias else []))
        if i < count - 1:
            value = g.op("Relu" if w.hidden == "relu" else "Sigmoid", value)
        activations.append(value)

    def sigmoid_gradient(upstream, y):
        return g.op("Mul", upstream, g.op("Mul", y, g.op("Sub", g.scalar(1), y)))

    # Loss, and its gradient with respect to the last layer's sum, without the constant factor `scale`, which goes into
    # the Gemm that makes the weight gradient (alpha) at no cost.
    if w.loss == "crossentropy":
        log_y = g.op("LogSoftmax", value, axis=1)
        g.op("Mul", g.op("ReduceSum", g.op("Mul", log_y, target), keepdims=0), g.scalar(-1 / batch), name="loss")
        delta = g.op("Sub", g.op("Exp", log_y), target)
        scale = 1 / batch
    else:
        y = g.op("Sigmoid", value) if w.output == "sigmoid" else value
        error = g.op("Sub", y, target)
        factor = 1 / (batch * w.layers[-1]) if w.loss == "mse" else 0.5 / batch
        g.op("Mul", g.op("ReduceSum", g.op("Mul", error, error), keepdims=0), g.scalar(factor), name="loss")
        delta = sigmoid_gradient(error, y) if w.output == "sigmoid" else error
        scale = 2 * factor
    g.output("loss", 1)

    # Backward and update, last layer first.
    axis = g.constant(np.array([0], np.int64))
    for i in reversed(range(count)):
        x = activations[i]
        upstream = g.op("Gemm", delta, f"w{i}", transB=1) if i > 0 else None
        if adam:
            gradients = {f"w{i}": g.op("Gemm", x, delta, transA=1, alpha=scale)}
            if w.bias:
                gradients[f"b{i}"] = g.op("Mul", g.op("ReduceSum", delta, axis, keepdims=0), g.scalar(scale))
            for name, gradient in gradients.items():
                m = g.op("Add", g.op("Mul", f"m_{name}", g.scalar(BETA1)), gradient, name=f"new_m_{name}")
                v = g.op("Add", g.op("Mul", f"v_{name}", g.scalar(BETA2)), g.op("Mul", gradient, gradient),
                         name=f"new_v_{name}")
                denominator = g.op("Add", g.op("Sqrt", v), epsilon)
                g.op("Sub", name, g.op("Mul", g.op("Div", m, denominator), rate), name=f"new_{name}")
        else:
            step = RATE["sgd"] * scale
            g.op("Gemm", x, delta, f"w{i}", transA=1, alpha=-step, beta=1.0, name=f"new_w{i}")
            if w.bias:
                total = g.op("ReduceSum", delta, axis, keepdims=0)
                g.op("Sub", f"b{i}", g.op("Mul", total, g.scalar(step)), name=f"new_b{i}")
        if i > 0:
            # The sign of a ReLU's output is its derivative: one pass less than a comparison and a cast.
            delta = g.op("Mul", upstream, g.op("Sign", x)) if w.hidden == "relu" else sigmoid_gradient(upstream, x)
    for state, shape in parameters:
        g.output(f"new_{state}", *shape)
    return g


def main():
    folder = sys.argv[1]
    for name in sys.argv[2:]:
        w = WORKLOADS[name]
        figures = []
        if not w.convolutions:
            train_model(w).save(f"{folder}/{name}.train.onnx")
            items = 1 if w.train_unit == "steps/s" else w.batch
            figures.append(f"train|{name}.train|{name} train {w.train_unit}|{items}")
        for batch in w.forward:
            predict_model(w, batch).save(f"{folder}/{name}.predict{batch}.onnx")
            figures.append(f"predict|{name}.predict{batch}|{name} {forward_metric(batch)}|{0 if batch == 1 else batch}")
        with open(f"{folder}/{name}.figures", "w", encoding="utf-8") as file:
            file.write("\n".join(figures) + "\n")


if __name__ == "__main__":
    main()
