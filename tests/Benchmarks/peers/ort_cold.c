/* From nothing to the first W2 prediction with ONNX Runtime. Usage: ort_cold <W2.predict1.onnx> */
#include "ort_api.h"

#include <unistd.h>

int main(int argc, char **argv)
{
    static float input[784], output[10];
    const int64_t in_shape[] = {1, 784}, out_shape[] = {1, 10};
    OrtEnv *env;
    OrtSessionOptions *options;
    OrtSession *session;
    if (argc != 2 || !(ort = OrtGetApiBase()->GetApi(ORT_TABLE_VERSION))) return 1;
    for (int i = 0; i < 784; i++) input[i] = (float)i / 784;
    ort_create_env(&env);
    ort_create_options(&options, 1);
    ort_create_session(env, argv[1], options, &session);
    OrtValue *x = ort_tensor(input, in_shape, 2), *y = ort_tensor(output, out_shape, 2);
    ort_run(session, "x", x, "y", &y);
    int best = 0;
    for (int i = 1; i < 10; i++)
        if (output[i] > output[best]) best = i;
    printf("%d\n", best);
    fflush(stdout);
    _exit(0);
}
