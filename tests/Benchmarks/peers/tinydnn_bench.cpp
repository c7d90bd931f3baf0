// Measures tiny-dnn. Usage: tinydnn_bench <workload>...
// The number of threads is fixed when this file is compiled: CNN_SINGLE_THREAD, or CNN_USE_OMP and OMP_NUM_THREADS.
#include "tinydnn_network.h"

#include "bench.h"
#include "workloads.h"

using namespace tiny_dnn;

namespace {

struct data_set {
    std::vector<vec_t> inputs, targets;
};

struct job {
    network<sequential> net;
    std::vector<data_set> sets;           // for training: POOL batches, in one set or in one set each
    std::vector<vec_t> singles;           // for prediction of one sample
    std::vector<tensor_t> batches[POOL];  // for prediction of several
    size_t batch;
    int epochs;                           // per call of `fit`
    adam adam_;
    gradient_descent sgd;
};

vec_t random_vector(int length) {
    vec_t v(length);
    for (auto &x : v) x = next_random();
    return v;
}

// A one-hot row, or values in [0, 1).
vec_t random_target(const workload &w) {
    vec_t t(w.widths[w.layers - 1], 0);
    if (w.loss == LOSS_CROSS_ENTROPY)
        t[static_cast<size_t>((next_random() + 1) * 0.5f * t.size()) % t.size()] = 1;
    else
        for (auto &x : t) x = (next_random() + 1) * 0.5f;
    return t;
}

// The library takes batches from a data set only within `fit`, which copies the set and clears the optimizer's state. A
// small network therefore gets many steps per call, so that it shows its own speed. For a large one that does not
// matter, and a call is one step, or a repeat would take a minute.
template <typename Loss, typename Optimizer>
void fit(job &j, unsigned i, Optimizer &optimizer) {
    const data_set &set = j.sets[i % j.sets.size()];
    j.net.fit<Loss>(optimizer, set.inputs, set.targets, j.batch, j.epochs);
}

template <typename Loss>
void step_adam(void *s, unsigned i) {
    auto &j = *static_cast<job *>(s);
    fit<Loss>(j, i, j.adam_);
}

template <typename Loss>
void step_sgd(void *s, unsigned i) {
    auto &j = *static_cast<job *>(s);
    fit<Loss>(j, i, j.sgd);
}

void step_predict1(void *s, unsigned i) {
    auto &j = *static_cast<job *>(s);
    j.net.predict(j.singles[i % POOL]);
}

void step_predict(void *s, unsigned i) {
    auto &j = *static_cast<job *>(s);
    j.net.predict(j.batches[i % POOL]);
}

void measure(const workload &w) {
    char text[64];
    {
        job j;
        build(j.net, w);
        bool large = w.widths[0] * w.widths[1] > 200000;
        j.batch = w.batch;
        j.epochs = large || w.widths[0] * w.widths[1] > 50000 ? 1 : 64;
        j.sets.resize(large ? POOL : 1);
        for (auto &set : j.sets)
            for (int i = 0; i < w.batch * (large ? 1 : POOL); i++) {
                set.inputs.push_back(random_vector(w.widths[0]));
                set.targets.push_back(random_target(w));
            }
        bench_step step = w.loss == LOSS_CROSS_ENTROPY
                              ? (w.adam ? step_adam<cross_entropy_multiclass> : step_sgd<cross_entropy_multiclass>)
                              : (w.adam ? step_adam<mse> : step_sgd<mse>);
        double steps = j.epochs * (large ? 1.0 : POOL);
        bench("tiny-dnn", figure_name(text, sizeof text, &w, 0), strcmp(w.name, "W1") ? steps * w.batch : steps, step, &j);
    }
    for (int k = 0; k < 3 && w.forward[k]; k++) {
        int batch = w.forward[k];
        job j;
        build(j.net, w);
        j.net.set_netphase(net_phase::test);
        for (int p = 0; p < POOL; p++) {
            if (batch == 1) j.singles.push_back(random_vector(w.widths[0]));
            else
                for (int i = 0; i < batch; i++) j.batches[p].push_back({random_vector(w.widths[0])});
        }
        bench("tiny-dnn", figure_name(text, sizeof text, &w, batch), batch == 1 ? 0 : batch,
              batch == 1 ? step_predict1 : step_predict, &j);
    }
}

}  // namespace

int main(int argc, char **argv) {
    flush_denormals();
    for (int a = 1; a < argc; a++)
        for (const auto &w : workloads)
            if (!strcmp(argv[a], w.name)) measure(w);
}
