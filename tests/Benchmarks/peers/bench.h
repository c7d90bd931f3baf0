/*
 * The stopwatch all C and C++ peers share, so that every peer is timed in the same way and prints the same lines as
 * the project's own program: `<peer> <workload> <metric> <unit> <median> <min> <max>`.
 */
#ifndef PEERS_BENCH_H
#define PEERS_BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Inputs are taken in turn from this many batches, so that no run measures one batch that never leaves the L1 cache. */
#define POOL 16

/* Odd, so that the median is a measured value. */
#define REPEATS 9

#define SECONDS_PER_REPEAT 0.25

typedef void (*bench_step)(void *state, unsigned iteration);

static double now_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/*
 * Gradients of a network that has learnt its data become denormal, and a denormal costs a hundred cycles. Every peer
 * is measured with denormals flushed to zero, its best case.
 */
static void flush_denormals(void)
{
#if defined(__x86_64__)
    _MM_SET_FLUSH_ZERO_MODE(_MM_FLUSH_ZERO_ON);
    _MM_SET_DENORMALS_ZERO_MODE(_MM_DENORMALS_ZERO_ON);
#endif
}

/* xorshift64*: fixed random data, the same in every run. Uniform in [-1, 1). */
static float next_random(void)
{
    static uint64_t s = 0x9E3779B97F4A7C15u;
    s ^= s >> 12;
    s ^= s << 25;
    s ^= s >> 27;
    return (float)(int32_t)((s * 0x2545F4914F6CDD1Du) >> 32) * (1.0f / 2147483648.0f);
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Prints one line. `median_of` is sorted in place. */
static void print_line(const char *peer, const char *what, double *median_of, int count)
{
    qsort(median_of, (size_t)count, sizeof(double), compare_doubles);
    int decimals = median_of[0] < 1000 ? 2 : 0;
    printf("%s %s %.*f %.*f %.*f\n", peer, what, decimals, median_of[count / 2], decimals, median_of[0], decimals,
           median_of[count - 1]);
    fflush(stdout);
}

/*
 * Times `step` and prints one line for it.
 * `what` is "W2 train samples/s" and the like. With `items` > 0 the figure is a rate, `items` per call of `step` (which
 * may be a whole epoch: some libraries cannot be asked for less); with 0 it is nanoseconds per call.
 */
static void bench(const char *peer, const char *what, double items, bench_step step, void *state)
{
    /* Warm-up, and a count of calls that fills a repeat without reading the clock in between. */
    double start = now_seconds(), elapsed;
    unsigned calls = 0, i = 0;
    do
    {
        step(state, calls++);
        elapsed = now_seconds() - start;
    } while (elapsed < SECONDS_PER_REPEAT);
    unsigned n = (unsigned)(calls * SECONDS_PER_REPEAT / elapsed) + 1;
    double figures[REPEATS];
    for (int r = 0; r < REPEATS; r++)
    {
        start = now_seconds();
        for (unsigned k = 0; k < n; k++) step(state, i++);
        double per_call = (now_seconds() - start) / n;
        figures[r] = items > 0 ? items / per_call : per_call * 1e9;
    }
    print_line(peer, what, figures, REPEATS);
}

#endif
