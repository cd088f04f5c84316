// Matrix products of bfloat16 numbers in registers; not part of the module's interface.
#ifndef POSELAB_PRODUCTS_BFLOAT16_H
#define POSELAB_PRODUCTS_BFLOAT16_H
#include "vectors.h"

#if defined(__x86_64__)
#pragma clang attribute push(PL_WIDE_VECTORS, apply_to = function)

enum { MOST_PAIR_ROWS = 14 };

/// `rows` × (16 · vectors) numbers: products of pairs of channels, all in registers.
PL_INLINE void pairs_product(
    int rows, int vectors, ptrdiff_t pairs, const uint16_t *a, ptrdiff_t a_step, const uint16_t *b, float *out) {
  __m512 sum[MOST_PAIR_ROWS][2];
#pragma unroll
  for (int r = 0; r < rows; r++)
#pragma unroll
    for (int v = 0; v < vectors; v++) sum[r][v] = _mm512_setzero_ps();
  for (ptrdiff_t p = 0; p < pairs; p++, b += vectors * 2 * LANES) {
    __m512i w[2];
#pragma unroll
    for (int v = 0; v < vectors; v++) w[v] = _mm512_loadu_si512(b + v * 2 * LANES);
#pragma unroll
    for (int r = 0; r < rows; r++) {
      int pair;
      memcpy(&pair, a + r * a_step + 2 * p, 4);
      __m512i x = _mm512_set1_epi32(pair);
#pragma unroll
      for (int v = 0; v < vectors; v++) sum[r][v] = _mm512_dpbf16_ps(sum[r][v], (__m512bh)w[v], (__m512bh)x);
    }
  }
#pragma unroll
  for (int r = 0; r < rows; r++)
#pragma unroll
    for (int v = 0; v < vectors; v++) _mm512_store_ps(out + (r * vectors + v) * LANES, sum[r][v]);
}

#define PAIRS(R)                                                                                                       \
  static void pairs_##R##_1(ptrdiff_t n, const uint16_t *a, ptrdiff_t step, const uint16_t *b, float *out) {           \
    pairs_product(R, 1, n, a, step, b, out);                                                                           \
  }                                                                                                                    \
  static void pairs_##R##_2(ptrdiff_t n, const uint16_t *a, ptrdiff_t step, const uint16_t *b, float *out) {           \
    pairs_product(R, 2, n, a, step, b, out);                                                                           \
  }
PAIRS(1) PAIRS(2) PAIRS(3) PAIRS(4) PAIRS(5) PAIRS(6) PAIRS(7) PAIRS(8) PAIRS(9) PAIRS(10)
PAIRS(11) PAIRS(12) PAIRS(13) PAIRS(14)

typedef void (*PairProduct)(ptrdiff_t, const uint16_t *, ptrdiff_t, const uint16_t *, float *);
#define BOTH_PAIRS(R) {pairs_##R##_1, pairs_##R##_2}
static const PairProduct pair_products[MOST_PAIR_ROWS][2] = {
    BOTH_PAIRS(1), BOTH_PAIRS(2), BOTH_PAIRS(3),  BOTH_PAIRS(4),  BOTH_PAIRS(5),  BOTH_PAIRS(6),  BOTH_PAIRS(7),
    BOTH_PAIRS(8), BOTH_PAIRS(9), BOTH_PAIRS(10), BOTH_PAIRS(11), BOTH_PAIRS(12), BOTH_PAIRS(13), BOTH_PAIRS(14)};

#pragma clang attribute pop
#endif
#endif
