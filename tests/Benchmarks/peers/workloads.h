/* The workloads, as the C and C++ peers see them. workloads.py says the same for the Python peers. */
#ifndef PEERS_WORKLOADS_H
#define PEERS_WORKLOADS_H

enum { LOSS_CROSS_ENTROPY, LOSS_MEAN_SQUARED, LOSS_HALF_SQUARED };

typedef struct
{
    const char *name;
    int layers;        /* how many of `widths` count */
    int widths[6];     /* input first */
    int sigmoid;       /* sigmoid after every layer instead of ReLU after every layer but the last */
    int bias;
    int loss;          /* cross-entropy includes a softmax */
    int adam;          /* Adam (rate 0.001) instead of SGD (rate 0.01) */
    int batch;         /* samples per training step */
    int forward[3];    /* batch sizes of the prediction figures, ended by 0 */
} workload;

static const workload workloads[] = {
    {"W1", 3, {2, 4, 1}, 1, 1, LOSS_MEAN_SQUARED, 0, 4, {1, 4, 0}},
    {"W2", 3, {784, 128, 10}, 0, 1, LOSS_CROSS_ENTROPY, 1, 64, {1, 64, 256}},
    {"W3", 3, {1000, 100, 10}, 0, 0, LOSS_HALF_SQUARED, 0, 64, {0, 0, 0}},
    {"W4", 5, {30000, 100, 256, 256, 10}, 0, 1, LOSS_CROSS_ENTROPY, 1, 64, {0, 0, 0}},
    {"W6", 3, {100, 64, 10}, 0, 1, LOSS_CROSS_ENTROPY, 0, 32, {0, 0, 0}},
    {"W8", 4, {784, 512, 512, 10}, 0, 1, LOSS_CROSS_ENTROPY, 1, 128, {0, 0, 0}},
    {"W9", 4, {13, 32, 16, 1}, 0, 1, LOSS_MEAN_SQUARED, 1, 32, {1, 0, 0}},
};

#define WORKLOAD_COUNT ((int)(sizeof workloads / sizeof workloads[0]))

/* Writes "W2 train samples/s", "W2 predict1 ns", ... (`batch` 0: training) and returns `text`. */
static inline char *figure_name(char *text, size_t size, const workload *w, int batch)
{
    if (!batch) snprintf(text, size, "%s train %s", w->name, strcmp(w->name, "W1") ? "samples/s" : "steps/s");
    else if (batch == 1) snprintf(text, size, "%s predict1 ns", w->name);
    else snprintf(text, size, "%s %s%d samples/s", w->name, batch < 256 ? "fwd" : "predict", batch);
    return text;
}

#endif
