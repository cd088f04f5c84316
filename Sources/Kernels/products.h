// Matrix products in registers; not part of the module's interface.
#ifndef POSELAB_PRODUCTS_H
#define POSELAB_PRODUCTS_H
#include "vectors.h"

#if defined(__x86_64__)
#pragma clang attribute push(PL_WIDE_VECTORS, apply_to = function)

enum { MOST_ROWS = 14 };

/// `rows` × (16 · vectors) numbers: products of `inner` channels, all in registers.
PL_INLINE void product(
    int rows, int vectors, ptrdiff_t inner, const float *a, ptrdiff_t a_step, const float *b, float *out) {
  __m512 sum[MOST_ROWS][2];
#pragma unroll
  for (int r = 0; r < rows; r++)
#pragma unroll
    for (int v = 0; v < vectors; v++) sum[r][v] = _mm512_setzero_ps();
  for (ptrdiff_t c = 0; c < inner; c++, b += vectors * LANES) {
    __m512 w[2];
#pragma unroll
    for (int v = 0; v < vectors; v++) w[v] = _mm512_loadu_ps(b + v * LANES);
#pragma unroll
    for (int r = 0; r < rows; r++) {
      __m512 x = _mm512_set1_ps(a[r * a_step + c]);
#pragma unroll
      for (int v = 0; v < vectors; v++) sum[r][v] = _mm512_fmadd_ps(x, w[v], sum[r][v]);
    }
  }
#pragma unroll
  for (int r = 0; r < rows; r++)
#pragma unroll
    for (int v = 0; v < vectors; v++) _mm512_store_ps(out + (r * vectors + v) * LANES, sum[r][v]);
}

#define PRODUCT(R)                                                                                              \
  static void product_##R##_2(ptrdiff_t n, const float *a, ptrdiff_t step, const float *b, float *out) {        \
    product(R, 2, n, a, step, b, out);                                                                          \
  }                                                                                                             \
  static void product_##R##_1(ptrdiff_t n, const float *a, ptrdiff_t step, const float *b, float *out) {        \
    product(R, 1, n, a, step, b, out);                                                                          \
  }
PRODUCT(1) PRODUCT(2) PRODUCT(3) PRODUCT(4) PRODUCT(5) PRODUCT(6) PRODUCT(7) PRODUCT(8) PRODUCT(9) PRODUCT(10)
PRODUCT(11) PRODUCT(12) PRODUCT(13) PRODUCT(14)

typedef void (*Product)(ptrdiff_t, const float *, ptrdiff_t, const float *, float *);
#define BOTH(R) {product_##R##_1, product_##R##_2}
static const Product products[MOST_ROWS][2] = {BOTH(1), BOTH(2), BOTH(3), BOTH(4), BOTH(5), BOTH(6), BOTH(7),
                                               BOTH(8), BOTH(9), BOTH(10), BOTH(11), BOTH(12), BOTH(13), BOTH(14)};

#pragma clang attribute pop
#endif
#endif
