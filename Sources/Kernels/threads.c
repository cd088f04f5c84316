#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "Kernels.h"

// libgomp is loaded at run time, not linked: it reads its settings once, when it is loaded, and the one that matters
// here has to be set before. By default a thread that waits for the others spins for milliseconds. Where another
// program wants the core, the one waited for then gets no turn, and training becomes ten times slower; after a short
// spin a waiting thread sleeps instead, which costs nothing measurable on a quiet machine.

typedef struct {
  void (*parallel)(void (*)(void *), void *, unsigned, unsigned);
  int (*thread)(void), (*team)(void), (*maximum)(void), (*inside)(void);
  void (*set)(int);
} Team;

static Team team;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int alone(void) { return 0; }
static int one(void) { return 1; }
static void ignore(int count) { (void)count; }
static void call(void (*body)(void *), void *data, unsigned threads, unsigned flags) {
  (void)threads;
  (void)flags;
  body(data);
}

static void load(void) {
  if (!getenv("OMP_WAIT_POLICY")) setenv("GOMP_SPINCOUNT", "1000", 0);
  void *library = dlopen("libgomp.so.1", RTLD_NOW | RTLD_GLOBAL);
  team = (Team){call, alone, one, one, alone, ignore};
  if (!library) return;
  Team found = {
      .parallel = (void (*)(void (*)(void *), void *, unsigned, unsigned))dlsym(library, "GOMP_parallel"),
      .thread = (int (*)(void))dlsym(library, "omp_get_thread_num"),
      .team = (int (*)(void))dlsym(library, "omp_get_num_threads"),
      .maximum = (int (*)(void))dlsym(library, "omp_get_max_threads"),
      .inside = (int (*)(void))dlsym(library, "omp_in_parallel"),
      .set = (void (*)(int))dlsym(library, "omp_set_num_threads"),
  };
  if (found.parallel && found.thread && found.team && found.maximum && found.inside && found.set) team = found;
}

typedef struct {
  void (*body)(void *, int, int);
  void *context;
} Job;

static void run(void *data) {
  Job *job = data;
  job->body(job->context, team.thread(), team.team());
}

void pl_load_threads(void) { pthread_once(&once, load); }

void pl_set_threads(int count) {
  pl_load_threads();
  team.set(count < 1 ? 1 : count);
}

int pl_threads(void) {
  pl_load_threads();
  return team.maximum();
}

void pl_parallel(void (*body)(void *, int, int), void *context) {
  pl_load_threads();
  if (team.maximum() == 1 || team.inside()) {
    body(context, 0, 1);
    return;
  }
  Job job = {body, context};
  team.parallel(run, &job, 0, 0);
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
