#include "COpenBLAS.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// OpenBLAS is loaded at run time, not linked: a linked one starts a thread for every core before the program begins, and
// each of them spins for a tenth of a second. PoseLab calls it from the members of its own thread team and never wants
// these threads. Commands that compute nothing do not load it at all.

#if defined(__APPLE__)
#define NAMES {"libopenblas.0.dylib", "/opt/homebrew/opt/openblas/lib/libopenblas.0.dylib"}
#else
#define NAMES {"libopenblas.so.0", "libopenblas.so"}
#endif

// CBLAS as its standard has it.
enum { ROW_MAJOR = 101, PLAIN = 111, TRANSPOSED = 112 };
typedef void (*Product)(
    int order, int transpose_a, int transpose_b, int rows, int columns, int inner, float alpha, const float *a, int lda,
    const float *b, int ldb, float beta, float *c, int ldc);

static Product product;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  const char *names[] = NAMES;
  const char *setting = "OPENBLAS_NUM_THREADS";
  char *before = getenv(setting) ? strdup(getenv(setting)) : NULL;
  setenv(setting, "1", 1);
  void *library = NULL;
  for (size_t i = 0; !library && i < sizeof names / sizeof *names; i++)
    library = dlopen(names[i], RTLD_LAZY | RTLD_LOCAL);
  if (before) setenv(setting, before, 1);
  else unsetenv(setting);
  free(before);
  if (!library) return;
  void (*set_threads)(int) = (void (*)(int))dlsym(library, "openblas_set_num_threads");
  if (set_threads) set_threads(1);
  product = (Product)dlsym(library, "cblas_sgemm");
}

int pl_load_openblas(void) {
  pthread_once(&once, load);
  return product != NULL;
}

void pl_sgemm(
    int transpose_a, int transpose_b, int rows, int columns, int inner, float alpha, const float *a, int lda,
    const float *b, int ldb, float beta, float *c, int ldc) {
  if (!pl_load_openblas()) {
    pl_plain_sgemm(transpose_a, transpose_b, rows, columns, inner, alpha, a, lda, b, ldb, beta, c, ldc);
    return;
  }
  product(
      ROW_MAJOR, transpose_a ? TRANSPOSED : PLAIN, transpose_b ? TRANSPOSED : PLAIN, rows, columns, inner, alpha, a,
      lda, b, ldb, beta, c, ldc);
}

void pl_plain_sgemm(
    int transpose_a, int transpose_b, int rows, int columns, int inner, float alpha, const float *a, int lda,
    const float *b, int ldb, float beta, float *c, int ldc) {
  for (int row = 0; row < rows; row++) {
    float *out = c + (size_t)row * ldc;
    for (int column = 0; column < columns; column++) out[column] = beta == 0 ? 0 : beta * out[column];
    for (int k = 0; k < inner; k++) {
      float factor = alpha * (transpose_a ? a[(size_t)k * lda + row] : a[(size_t)row * lda + k]);
      const float *right = transpose_b ? b + k : b + (size_t)k * ldb;
      size_t step = transpose_b ? (size_t)ldb : 1;
      for (int column = 0; column < columns; column++) out[column] += factor * right[column * step];
    }
  }
}
