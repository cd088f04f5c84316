// What the kernels for 512-bit vectors share; not part of the module's interface.
#ifndef POSELAB_VECTORS_H
#define POSELAB_VECTORS_H
#if defined(__x86_64__)
#include <immintrin.h>

#include "Kernels.h"
#include "functions.h"

/// What these kernels are compiled for. Of the instructions for bfloat16 compilers make use only where asked to, and
/// what asks for them runs behind `pl_has_wide_bfloat16`.
#define PL_WIDE_VECTORS __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx512bf16,avx2,fma")))

enum { LANES = 16 };

PL_INLINE ptrdiff_t round_up(ptrdiff_t value, ptrdiff_t step) { return (value + step - 1) / step * step; }
PL_INLINE ptrdiff_t smaller(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
PL_INLINE ptrdiff_t larger(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }

/// Blocks that divide evenly among the threads: at least `blocks` if `most` are not fewer.
PL_INLINE ptrdiff_t balanced(ptrdiff_t blocks, ptrdiff_t most) { return smaller(round_up(blocks, pl_threads()), most); }
/// Partial sums, whose number must not depend on the threads: a power of two, so that they mostly divide evenly.
PL_INLINE ptrdiff_t partial_sums_below(ptrdiff_t most) {
  ptrdiff_t count = 1;
  while (count * 2 <= most) count *= 2;
  return count;
}

/// Lanes first…15 of a run of `count` numbers that exist.
PL_INLINE __mmask16 lanes(ptrdiff_t count, ptrdiff_t first) {
  ptrdiff_t left = count - first;
  return left >= LANES ? 0xFFFF : left <= 0 ? 0 : (__mmask16)((1u << left) - 1);
}

#pragma clang attribute push(PL_WIDE_VECTORS, apply_to = function)

/// x / (1 + e^−x), off by at most 10⁻⁶ of itself above −12 and 3 · 10⁻⁶ below: the fraction of the power of two by a
/// polynomial of degree 5, which is off by less than 10⁻⁷.
PL_INLINE __m512 silu(__m512 x) {
  __m512 t = _mm512_mul_ps(x, _mm512_set1_ps(-1.44269504f));
  __m512 f = _mm512_reduce_ps(t, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
  __m512 p = _mm512_fmadd_ps(_mm512_set1_ps(1.87757669e-3f), f, _mm512_set1_ps(8.98934063e-3f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(5.58263175e-2f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(2.40153611e-1f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(6.93153083e-1f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(9.99999940e-1f));
  // by the whole part of the power
  return _mm512_div_ps(x, _mm512_add_ps(_mm512_set1_ps(1), _mm512_scalef_ps(p, t)));
}

PL_INLINE __m512 activated(pl_unary f, __m512 x) {
  return f == PL_RELU ? _mm512_max_ps(x, _mm512_setzero_ps()) : f == PL_SILU ? silu(x) : x;
}

#pragma clang attribute pop
#endif
#endif
