#include "CONNXRuntime.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The interface is a table of functions that only ever grows at its end, so a table of its version 11 is part of that
// of every later library. Those that are used have a name here, the others keep their places.
enum { table_version = 11 };

typedef struct OrtStatus OrtStatus;
typedef struct OrtEnv OrtEnv;
typedef struct OrtSession OrtSession;
typedef struct OrtSessionOptions OrtSessionOptions;
typedef struct OrtRunOptions OrtRunOptions;
typedef struct OrtValue OrtValue;
typedef struct OrtMemoryInfo OrtMemoryInfo;
typedef struct OrtTypeAndShape OrtTypeAndShape;
typedef void (*unused)(void);

typedef struct {
  unused create_status, error_code;
  const char *(*error_message)(const OrtStatus *);
  OrtStatus *(*create_env)(int severity, const char *name, OrtEnv **);
  unused env_with_logger, enable_telemetry, disable_telemetry, create_session;
  OrtStatus *(*create_session_from_array)(
      const OrtEnv *, const void *, size_t, const OrtSessionOptions *, OrtSession **);
  OrtStatus *(*run)(
      OrtSession *, const OrtRunOptions *, const char *const *, const OrtValue *const *, size_t,
      const char *const *, size_t, OrtValue **);
  OrtStatus *(*create_session_options)(OrtSessionOptions **);
  unused optimized_path, clone_options, execution_mode, enable_profiling, disable_profiling, enable_pattern,
      disable_pattern, enable_arena, disable_arena, log_id, log_verbosity;
  OrtStatus *(*set_log_severity)(OrtSessionOptions *, int);
  unused optimization_level;
  OrtStatus *(*set_threads)(OrtSessionOptions *, int);
  unused inter_threads, custom_domain[4], counts[3], type_infos[3], names[3], run_options[9], create_tensor;
  OrtStatus *(*create_tensor_with_data)(
      const OrtMemoryInfo *, void *, size_t bytes, const int64_t *shape, size_t rank, int type, OrtValue **);
  unused is_tensor;
  OrtStatus *(*tensor_data)(OrtValue *, void **);
  unused strings[3], type_casts[3], set_type[2];
  OrtStatus *(*element_type)(const OrtTypeAndShape *, int *);
  OrtStatus *(*dimension_count)(const OrtTypeAndShape *, size_t *);
  OrtStatus *(*dimensions)(const OrtTypeAndShape *, int64_t *, size_t);
  unused symbolic_dimensions, element_count;
  OrtStatus *(*type_and_shape)(const OrtValue *, OrtTypeAndShape **);
  unused type_info, value_type, create_memory_info;
  OrtStatus *(*cpu_memory_info)(int allocator, int memory, OrtMemoryInfo **);
  unused memory_info[5], allocator[4], free_dimension, values[5], kernels[7];
  void (*release_env)(OrtEnv *);
  void (*release_status)(OrtStatus *);
  void (*release_memory_info)(OrtMemoryInfo *);
  void (*release_session)(OrtSession *);
  void (*release_value)(OrtValue *);
  unused release_run_options, release_type_info;
  void (*release_type_and_shape)(OrtTypeAndShape *);
  void (*release_session_options)(OrtSessionOptions *);
} Table;

typedef struct {
  const Table *(*table)(uint32_t version);
  const char *(*version)(void);
} Base;

enum { severity_fatal = 4, type_float = 1, device_allocator = 0, default_memory = 0 };

struct pl_ort_session {
  OrtSession *session;
  OrtMemoryInfo *memory;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const Table *api;
static const char *version;
static OrtEnv *environment;

static char *copy(const char *text) {
  char *result = strdup(text ? text : "unknown error");
  return result ? result : NULL;
}

/// The message of a status, which is released; null for success.
static char *message(OrtStatus *status) {
  if (!status) return NULL;
  char *text = copy(api->error_message(status));
  api->release_status(status);
  return text;
}

static char *load(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) return copy(dlerror());
  const Base *(*base)(void) = (const Base *(*)(void))dlsym(library, "OrtGetApiBase");
  const Base *found = base ? base() : NULL;
  const Table *table = found ? found->table(table_version) : NULL;
  if (!table) {
    dlclose(library);
    return copy("it is not ONNX Runtime 1.11 or later");
  }
  api = table;
  char *fault = message(table->create_env(severity_fatal, "poselab", &environment));
  if (fault) {
    api = NULL;
    return fault;
  }
  version = found->version();
  return NULL;
}

char *pl_ort_load(const char *path) {
  pthread_mutex_lock(&lock);
  char *fault = api ? NULL : load(path);
  pthread_mutex_unlock(&lock);
  return fault;
}

const char *pl_ort_version(void) { return version; }

char *pl_ort_open(const void *bytes, size_t size, int threads, pl_ort_session **session) {
  if (!api) return copy("ONNX Runtime is not loaded");
  OrtSessionOptions *options = NULL;
  pl_ort_session *made = calloc(1, sizeof *made);
  if (!made) return copy("out of memory");
  char *fault = message(api->create_session_options(&options));
  if (!fault) fault = message(api->set_log_severity(options, severity_fatal));
  if (!fault) fault = message(api->set_threads(options, threads));
  if (!fault) fault = message(api->create_session_from_array(environment, bytes, size, options, &made->session));
  if (!fault) fault = message(api->cpu_memory_info(device_allocator, default_memory, &made->memory));
  if (options) api->release_session_options(options);
  if (fault) {
    pl_ort_close(made);
    return fault;
  }
  *session = made;
  return NULL;
}

void pl_ort_close(pl_ort_session *session) {
  if (!session) return;
  if (session->memory) api->release_memory_info(session->memory);
  if (session->session) api->release_session(session->session);
  free(session);
}

/// Fills in what a value holds.
static char *read_output(OrtValue *value, pl_ort_output *output) {
  OrtTypeAndShape *info = NULL;
  int type = 0;
  void *data = NULL;
  char *fault = message(api->type_and_shape(value, &info));
  if (!fault) fault = message(api->element_type(info, &type));
  if (!fault && type != type_float) fault = copy("the output is not float32");
  if (!fault) fault = message(api->dimension_count(info, &output->rank));
  if (!fault && output->rank > 8) fault = copy("the output has more than 8 axes");
  if (!fault) fault = message(api->dimensions(info, output->shape, output->rank));
  if (!fault) fault = message(api->tensor_data(value, &data));
  if (info) api->release_type_and_shape(info);
  output->values = data;
  return fault;
}

char *pl_ort_run(
    pl_ort_session *session, const char *input_name, const float *input, const int64_t *shape, size_t rank,
    const char *output_name, pl_ort_output *output) {
  size_t count = 1;
  for (size_t axis = 0; axis < rank; axis++) count *= (size_t)shape[axis];
  OrtValue *given = NULL, *made = NULL;
  memset(output, 0, sizeof *output);
  char *fault = message(api->create_tensor_with_data(
      session->memory, (void *)input, count * sizeof *input, shape, rank, type_float, &given));
  if (!fault)
    fault = message(api->run(
        session->session, NULL, &input_name, (const OrtValue *const *)&given, 1, &output_name, 1, &made));
  if (given) api->release_value(given);
  if (!fault) fault = read_output(made, output);
  if (fault) {
    if (made) api->release_value(made);
    return fault;
  }
  output->owner = made;
  return NULL;
}

void pl_ort_release(pl_ort_output *output) {
  if (output->owner) api->release_value(output->owner);
  output->owner = NULL;
}

void pl_ort_free(char *message) { free(message); }
