/// ONNX Runtime's C interface, found when the program runs: nothing of it is linked.
///
/// Functions that may fail return null, or a message that `pl_ort_free` frees.
#ifndef POSELAB_CONNXRUNTIME_H
#define POSELAB_CONNXRUNTIME_H
#include <stddef.h>
#include <stdint.h>

typedef struct pl_ort_session pl_ort_session;

/// Loads the library; once for the process. `path` may be a bare name, which the system's loader looks for.
char *pl_ort_load(const char *path);
/// Its version; null before it is loaded.
const char *pl_ort_version(void);

/// Prepares a graph from a file's bytes, which may go afterwards.
char *pl_ort_open(const void *bytes, size_t size, int threads, pl_ort_session **session);
void pl_ort_close(pl_ort_session *session);

/// A result, valid until `pl_ort_release`.
typedef struct {
  const float *values;
  int64_t shape[8];
  size_t rank;
  void *owner;
} pl_ort_output;

/// Runs the graph: one float input, its first output, which must be float.
char *pl_ort_run(
    pl_ort_session *session, const char *input_name, const float *input, const int64_t *shape, size_t rank,
    const char *output_name, pl_ort_output *output);
void pl_ort_release(pl_ort_output *output);

void pl_ort_free(char *message);
#endif
