/*
 * Measures FANN on the workloads it can express. Usage: fann_bench <workload>...
 *
 * FANN has sigmoid and squared error, but neither softmax with cross-entropy, nor Adam, nor ReLU, nor layers without
 * bias. W1 is exact. In W3 and in W9's prediction FANN_LINEAR_PIECE (the identity clipped to [0, 1], one comparison more
 * than ReLU) stands in for ReLU, and W3 keeps its 110 biases (0.1 % of the parameters).
 */
#include <floatfann.h>

#include "bench.h"
#include "workloads.h"

typedef struct
{
    struct fann *net;
    struct fann_train_data *batches[POOL];
    float *inputs[POOL];
    int batch, width;
} job;

static void step_train(void *state, unsigned i)
{
    job *j = (job *)state;
    fann_train_epoch(j->net, j->batches[i % POOL]);
}

/* FANN predicts one sample per call. */
static void step_predict(void *state, unsigned i)
{
    job *j = (job *)state;
    for (int s = 0; s < j->batch; s++) fann_run(j->net, j->inputs[i % POOL] + s * j->width);
}

static struct fann *create(const workload *w)
{
    unsigned widths[6];
    for (int i = 0; i < w->layers; i++) widths[i] = (unsigned)w->widths[i];
    struct fann *net = fann_create_standard_array((unsigned)w->layers, widths);
    fann_set_activation_function_hidden(net, w->sigmoid ? FANN_SIGMOID : FANN_LINEAR_PIECE);
    fann_set_activation_function_output(net, w->sigmoid ? FANN_SIGMOID : FANN_LINEAR);
    /* FANN computes 1 / (1 + exp(-2 steepness x)) and clip(steepness x). */
    fann_set_activation_steepness_hidden(net, w->sigmoid ? 0.5f : 1.0f);
    fann_set_activation_steepness_output(net, w->sigmoid ? 0.5f : 1.0f);
    fann_set_train_error_function(net, FANN_ERRORFUNC_LINEAR); /* the default is no squared error, but an atanh of it */
    fann_set_training_algorithm(net, FANN_TRAIN_BATCH);
    fann_set_learning_rate(net, 0.01f);
    return net;
}

static void measure_train(const workload *w)
{
    char text[64];
    job j = {.net = create(w)};
    int in = w->widths[0], out = w->widths[w->layers - 1];
    for (int p = 0; p < POOL; p++)
    {
        j.batches[p] = fann_create_train((unsigned)w->batch, (unsigned)in, (unsigned)out);
        for (int s = 0; s < w->batch; s++)
        {
            for (int k = 0; k < in; k++) j.batches[p]->input[s][k] = next_random();
            for (int k = 0; k < out; k++) j.batches[p]->output[s][k] = (next_random() + 1) * 0.5f;
        }
    }
    bench("fann", figure_name(text, sizeof text, w, 0), strcmp(w->name, "W1") ? w->batch : 1, step_train, &j);
}

static void measure_predict(const workload *w, int batch)
{
    char text[64];
    job j = {.net = create(w), .batch = batch, .width = w->widths[0]};
    for (int p = 0; p < POOL; p++)
    {
        j.inputs[p] = malloc(sizeof(float) * (size_t)(batch * j.width));
        for (int k = 0; k < batch * j.width; k++) j.inputs[p][k] = next_random();
    }
    bench("fann", figure_name(text, sizeof text, w, batch), batch == 1 ? 0 : batch, step_predict, &j);
}

int main(int argc, char **argv)
{
    flush_denormals();
    for (int a = 1; a < argc; a++)
        for (int k = 0; k < WORKLOAD_COUNT; k++)
        {
            const workload *w = &workloads[k];
            if (strcmp(argv[a], w->name)) continue;
            if (w->loss == LOSS_CROSS_ENTROPY)
            {
                fprintf(stderr, "fann %s: skipped, FANN has no softmax with cross-entropy\n", w->name);
                continue;
            }
            if (w->adam) fprintf(stderr, "fann %s train: skipped, FANN has no Adam\n", w->name);
            else measure_train(w);
            for (int f = 0; f < 3 && w->forward[f]; f++) measure_predict(w, w->forward[f]);
        }
}
