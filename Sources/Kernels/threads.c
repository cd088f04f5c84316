#include "Kernels.h"

// libgomp's entry points; declared here because clang's OpenMP headers need -fopenmp.
extern void GOMP_parallel(void (*fn)(void *), void *data, unsigned num_threads, unsigned flags);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);
extern int omp_get_max_threads(void);
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
  Job job = {body, context};
  GOMP_parallel(run, &job, 0, 0);
}
