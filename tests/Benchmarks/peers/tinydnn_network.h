// Builds a workload's network out of tiny-dnn's layers.
#pragma once
#include "tiny_dnn/tiny_dnn.h"

#include <cstdio>
#include <cstring>

#include "workloads.h"

inline void build(tiny_dnn::network<tiny_dnn::sequential> &net, const workload &w) {
    using namespace tiny_dnn;
    for (int i = 0; i < w.layers - 1; i++) {
        bool last = i == w.layers - 2;
        // In this version the activation is part of the layer.
        int in = w.widths[i], out = w.widths[i + 1];
        if (w.sigmoid) net << fully_connected_layer<activation::sigmoid>(in, out, w.bias);
        else if (!last) net << fully_connected_layer<activation::relu>(in, out, w.bias);
        else if (w.loss == LOSS_CROSS_ENTROPY) net << fully_connected_layer<activation::softmax>(in, out, w.bias);
        else net << fully_connected_layer<activation::identity>(in, out, w.bias);
    }
    net.init_weight();
}
