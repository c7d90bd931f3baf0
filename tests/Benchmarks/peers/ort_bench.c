/*
 * Measures ONNX Runtime through its C API (through node, the language's own overhead would hide the library).
 *   ort_bench <threads> predict <model.onnx> "<W2 predict1 ns>" <samples per call, 0 for ns>
 *   ort_bench <threads> train   <model.onnx> "<W2 train samples/s>" <samples or steps per call>
 * Inputs and outputs are the caller's memory. Prediction takes the faster of Run and RunWithBinding. Training binds
 * everything beforehand: the state alternates between two sets of buffers, so that a step copies nothing.
 */
#include "bench.h"
#include "ort_api.h"

#include <math.h>
#include <unistd.h>

#define MAX_STATES 64

static OrtEnv *env;
static OrtSession *session;

static size_t length_of(const int64_t *shape, size_t dimensions)
{
    size_t n = 1;
    for (size_t i = 0; i < dimensions; i++) n *= (size_t)shape[i];
    return n;
}

/* Aligned to a cache line, as the library's own buffers are. */
static float *new_buffer(size_t length)
{
    void *p;
    if (posix_memalign(&p, 64, length * sizeof(float))) exit(1);
    memset(p, 0, length * sizeof(float));
    return (float *)p;
}

/* Prediction. */

static OrtValue *predict_inputs[POOL], *predict_output;
static OrtIoBinding *predict_bindings[POOL];

static void step_run(void *state, unsigned i)
{
    (void)state;
    ort_run(session, "x", predict_inputs[i % POOL], "y", &predict_output);
}

static void step_bound(void *state, unsigned i)
{
    (void)state;
    ort_run_bound(session, predict_bindings[i % POOL]);
}

static double time_of(bench_step step)
{
    double start = now_seconds(), elapsed;
    unsigned calls = 0;
    do
    {
        step(NULL, calls++);
        elapsed = now_seconds() - start;
    } while (elapsed < SECONDS_PER_REPEAT);
    return elapsed / calls;
}

static void predict(const char *what, double items)
{
    int64_t in_shape[4], out_shape[4];
    size_t in_rank = ort_shape(session, 0, 0, in_shape), out_rank = ort_shape(session, 1, 0, out_shape);
    size_t in_length = length_of(in_shape, in_rank);
    predict_output = ort_tensor(new_buffer(length_of(out_shape, out_rank)), out_shape, out_rank);
    for (int p = 0; p < POOL; p++)
    {
        float *data = new_buffer(in_length);
        for (size_t k = 0; k < in_length; k++) data[k] = next_random();
        predict_inputs[p] = ort_tensor(data, in_shape, in_rank);
        predict_bindings[p] = ort_create_binding(session);
        ort_bind(predict_bindings[p], 0, "x", predict_inputs[p]);
        ort_bind(predict_bindings[p], 1, "y", predict_output);
    }
    time_of(step_run); /* warm-up, or whoever comes first would lose */
    double run = time_of(step_run), bound = time_of(step_bound);
    fprintf(stderr, "onnxruntime %s: Run %.2f us, RunWithBinding %.2f us\n", what, run * 1e6, bound * 1e6);
    bench("onnxruntime", what, items, run < bound ? step_run : step_bound, NULL);
}

/* Training. */

static OrtIoBinding *train_bindings[POOL];
static float *rate, *epsilon, *loss;
static unsigned adam_step;

static void step_train(void *state, unsigned i)
{
    (void)state;
    if (rate)
    {
        /* See ort_models.py: the moments in the graph lack their factors (1 - beta). */
        double t = ++adam_step, c = sqrt((1 - 0.999) / (1 - pow(0.999, t)));
        *rate = (float)(1e-3 * (1 - 0.9) / (1 - pow(0.9, t)) / c);
        *epsilon = (float)(1e-8 / c);
    }
    ort_run_bound(session, train_bindings[i % POOL]);
}

static double mean_loss(void)
{
    double sum = 0;
    for (unsigned p = 0; p < POOL; p++)
    {
        step_train(NULL, p);
        sum += *loss;
    }
    return sum / POOL;
}

/* One-hot rows where the network classifies (more than one output), else values in [0, 1). */
static void fill_targets(float *data, size_t rows, size_t columns)
{
    for (size_t r = 0; r < rows; r++)
        if (columns > 1)
            data[r * columns + (size_t)((next_random() + 1) * 0.5f * (float)columns) % columns] = 1;
        else
            data[r] = (next_random() + 1) * 0.5f;
}

static void train(const char *what, double items)
{
    for (int p = 0; p < POOL; p++) train_bindings[p] = ort_create_binding(session);
    size_t inputs = ort_count(session, 0), states = 0;
    OrtValue *sets[2][MAX_STATES];
    for (size_t i = 0; i < inputs; i++)
    {
        int64_t shape[4];
        size_t rank = ort_shape(session, 0, i, shape), length = length_of(shape, rank);
        char *name = ort_name(session, 0, i);
        int is_x = !strcmp(name, "x"), is_t = !strcmp(name, "t");
        if (is_x || is_t)
        {
            for (int p = 0; p < POOL; p++)
            {
                float *data = new_buffer(length);
                if (is_t) fill_targets(data, (size_t)shape[0], (size_t)shape[1]);
                else
                    for (size_t k = 0; k < length; k++) data[k] = next_random();
                ort_bind(train_bindings[p], 0, name, ort_tensor(data, shape, rank));
            }
            continue;
        }
        float *data = new_buffer(length);
        if (!strcmp(name, "rate") || !strcmp(name, "epsilon"))
        {
            *(name[0] == 'r' ? &rate : &epsilon) = data;
            OrtValue *value = ort_tensor(data, shape, rank);
            for (int p = 0; p < POOL; p++) ort_bind(train_bindings[p], 0, name, value);
            continue;
        }
        if (states == MAX_STATES) exit(1);
        if (name[0] == 'w')
            for (size_t k = 0; k < length; k++) data[k] = next_random() * sqrtf(6.0f / (float)shape[0]);
        sets[0][states] = ort_tensor(data, shape, rank);
        sets[1][states] = ort_tensor(new_buffer(length), shape, rank);
        /* POOL is even, so the batch's parity says which set holds the state before the step. */
        for (int p = 0; p < POOL; p++)
        {
            ort_bind(train_bindings[p], 0, name, sets[p & 1][states]);
            ort_bind(train_bindings[p], 1, ort_name(session, 1, states + 1), sets[~p & 1][states]);
        }
        states++;
    }
    const int64_t one = 1;
    loss = new_buffer(1);
    OrtValue *loss_value = ort_tensor(loss, &one, 1);
    for (int p = 0; p < POOL; p++) ort_bind(train_bindings[p], 1, "loss", loss_value);

    /* A step that does not learn is not the step to be measured. */
    double first = mean_loss();
    for (int k = 0; k < 20; k++) mean_loss();
    double last = mean_loss();
    fprintf(stderr, "onnxruntime %s: mean loss %.4f, after 22 epochs %.4f\n", what, first, last);
    if (!(last < first))
    {
        fprintf(stderr, "onnxruntime %s: the loss does not fall\n", what);
        exit(1);
    }
    bench("onnxruntime", what, items, step_train, NULL);

}

int main(int argc, char **argv)
{
    if (argc != 6) return 2;
    flush_denormals();
    ort = OrtGetApiBase()->GetApi(ORT_TABLE_VERSION);
    if (!ort) return 1;
    OrtSessionOptions *options;
    ort_create_env(&env);
    ort_create_options(&options, atoi(argv[1]));
    ort_create_session(env, argv[3], options, &session);
    if (!strcmp(argv[2], "train")) train(argv[4], atof(argv[5]));
    else predict(argv[4], atof(argv[5]));
    fflush(stdout);
    _exit(0); /* the library's own teardown is nobody's figure */
}
