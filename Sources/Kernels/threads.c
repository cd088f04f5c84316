#include "Kernels.h"

// libgomp's entry points; declared here because clang's OpenMP headers need -fopenmp.
extern void GOMP_parallel(void (*fn)(void *), void *data, unsigned num_threads, unsigned flags);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);
extern int omp_get_max_threads(void);
extern int omp_in_parallel(void);
extern void omp_set_num_threads(int);

typedef struct {
  void (*body)(void *, int, int);
  void *context;
} Job;

static void run(void *data) {
  Job *job = data;
  job->body(job->context, omp_get_thread_num(), omp_get_num_threads());
}

void pl_set_threads(int count) { omp_set_num_threads(count < 1 ? 1 : count); }

int pl_threads(void) { return omp_get_max_threads(); }

void pl_parallel(void (*body)(void *, int, int), void *context) {
  if (omp_get_max_threads() == 1 || omp_in_parallel()) {
    body(context, 0, 1);
    return;
  }
  Job job = {body, context};
  GOMP_parallel(run, &job, 0, 0);
}

typedef struct {
  void (*body)(void *, ptrdiff_t);
  void *context;
  ptrdiff_t blocks;
} Blocks;

static void run_blocks(void *data, int part, int parts) {
  Blocks *job = data;
  ptrdiff_t first = job->blocks * part / parts, last = job->blocks * (part + 1) / parts;
  for (ptrdiff_t block = first; block < last; block++) job->body(job->context, block);
}

void pl_for_blocks(ptrdiff_t blocks, void (*body)(void *, ptrdiff_t), void *context) {
  if (blocks <= 0) return;
  if (blocks == 1) {
    body(context, 0);
    return;
  }
  Blocks job = {body, context, blocks};
  pl_parallel(run_blocks, &job);
}
