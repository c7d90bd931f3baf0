/*
 * The few functions of ONNX Runtime's C API that the peers call. The npm package brings the native library without its
 * header. The API is one table of function pointers that only ever grows at its end, so a position in it is as stable
 * as a name.
 */
#ifndef PEERS_ORT_API_H
#define PEERS_ORT_API_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The table's version to ask for: 4 holds every function below, and every later library still serves it. */
#define ORT_TABLE_VERSION 4

typedef struct OrtStatus OrtStatus;
typedef struct OrtEnv OrtEnv;
typedef struct OrtSession OrtSession;
typedef struct OrtSessionOptions OrtSessionOptions;
typedef struct OrtMemoryInfo OrtMemoryInfo;
typedef struct OrtValue OrtValue;
typedef struct OrtIoBinding OrtIoBinding;
typedef struct OrtTypeInfo OrtTypeInfo;
typedef struct OrtTensorInfo OrtTensorInfo;
typedef struct OrtAllocator OrtAllocator;

typedef struct
{
    void *const *(*GetApi)(uint32_t version);
    const char *(*GetVersionString)(void);
} OrtApiBase;

const OrtApiBase *OrtGetApiBase(void);

enum { ORT_LOG_ERROR = 3, ORT_OPTIMIZE_ALL = 99, ORT_DEVICE_ALLOCATOR = 0, ORT_MEMORY_DEFAULT = 0, ORT_FLOAT = 1 };

static void *const *ort;

/* Ends the program with the library's message when a call failed. */
static void ort_check(OrtStatus *status)
{
    if (!status) return;
    fprintf(stderr, "onnxruntime: %s\n", ((const char *(*)(const OrtStatus *))ort[2])(status));
    exit(1);
}

#define ORT_CALL(position, parameters, ...) ort_check(((OrtStatus * (*) parameters) ort[position])(__VA_ARGS__))

static void ort_create_env(OrtEnv **env)
{
    ORT_CALL(3, (int, const char *, OrtEnv **), ORT_LOG_ERROR, "peers", env);
}

static void ort_create_session(OrtEnv *env, const char *path, OrtSessionOptions *options, OrtSession **session)
{
    ORT_CALL(7, (OrtEnv *, const char *, OrtSessionOptions *, OrtSession **), env, path, options, session);
}

static void ort_create_options(OrtSessionOptions **options, int threads)
{
    ORT_CALL(10, (OrtSessionOptions **), options);
    ORT_CALL(23, (OrtSessionOptions *, int), *options, ORT_OPTIMIZE_ALL);
    ORT_CALL(24, (OrtSessionOptions *, int), *options, threads);
    /* Config entries are strings; this one flushes denormals on the library's own threads too. */
    ORT_CALL(130, (OrtSessionOptions *, const char *, const char *), *options, "session.set_denormal_as_zero", "1");
}

static size_t ort_count(OrtSession *session, int outputs)
{
    size_t count;
    ORT_CALL(outputs ? 31 : 30, (OrtSession *, size_t *), session, &count);
    return count;
}

static OrtAllocator *ort_allocator(void)
{
    OrtAllocator *allocator;
    ORT_CALL(78, (OrtAllocator **), &allocator);
    return allocator;
}

/* The name lives as long as the process. */
static char *ort_name(OrtSession *session, int outputs, size_t index)
{
    char *name;
    ORT_CALL(outputs ? 37 : 36, (OrtSession *, size_t, OrtAllocator *, char **), session, index, ort_allocator(), &name);
    return name;
}

/* Writes the shape of an input or output to `shape` (at most 4 dimensions) and returns how many it has. */
static size_t ort_shape(OrtSession *session, int outputs, size_t index, int64_t *shape)
{
    OrtTypeInfo *type;
    const OrtTensorInfo *tensor;
    size_t count;
    ORT_CALL(outputs ? 34 : 33, (OrtSession *, size_t, OrtTypeInfo **), session, index, &type);
    ORT_CALL(55, (OrtTypeInfo *, const OrtTensorInfo **), type, &tensor);
    ORT_CALL(61, (const OrtTensorInfo *, size_t *), tensor, &count);
    if (count > 4) exit(1);
    ORT_CALL(62, (const OrtTensorInfo *, int64_t *, size_t), tensor, shape, count);
    return count;
}

/* A tensor over the caller's memory. */
static OrtValue *ort_tensor(float *data, const int64_t *shape, size_t dimensions)
{
    static OrtMemoryInfo *memory;
    if (!memory)
        ORT_CALL(69, (int, int, OrtMemoryInfo **), ORT_DEVICE_ALLOCATOR, ORT_MEMORY_DEFAULT, &memory);
    size_t bytes = sizeof(float);
    for (size_t i = 0; i < dimensions; i++) bytes *= (size_t)shape[i];
    OrtValue *value;
    ORT_CALL(49, (OrtMemoryInfo *, void *, size_t, const int64_t *, size_t, int, OrtValue **), memory, data, bytes, shape,
             dimensions, ORT_FLOAT, &value);
    return value;
}

static OrtIoBinding *ort_create_binding(OrtSession *session)
{
    OrtIoBinding *binding;
    ORT_CALL(134, (OrtSession *, OrtIoBinding **), session, &binding);
    return binding;
}

static void ort_bind(OrtIoBinding *binding, int outputs, const char *name, OrtValue *value)
{
    ORT_CALL(outputs ? 137 : 136, (OrtIoBinding *, const char *, OrtValue *), binding, name, value);
}

static void ort_run_bound(OrtSession *session, OrtIoBinding *binding)
{
    ORT_CALL(133, (OrtSession *, const void *, OrtIoBinding *), session, NULL, binding);
}

static void ort_run(OrtSession *session, const char *in_name, OrtValue *in, const char *out_name, OrtValue **out)
{
    ORT_CALL(9,
             (OrtSession *, const void *, const char *const *, const OrtValue *const *, size_t, const char *const *, size_t,
              OrtValue **),
             session, NULL, &in_name, (const OrtValue *const *)&in, 1, &out_name, 1, out);
}

#endif
