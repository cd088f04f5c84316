// What the kernels for 512-bit vectors share; not part of the module's interface.
#ifndef POSELAB_VECTORS_H
#define POSELAB_VECTORS_H
#if defined(__x86_64__)
#include <immintrin.h>

#include "functions.h"

/// What these kernels are compiled for. Of the instructions for bfloat16 compilers make use only where asked to, and
/// what asks for them runs behind `pl_has_wide_bfloat16`.
#define PL_WIDE_VECTORS __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx512bf16,avx2,fma")))

enum { LANES = 16 };

PL_INLINE ptrdiff_t round_up(ptrdiff_t value, ptrdiff_t step) { return (value + step - 1) / step * step; }
PL_INLINE ptrdiff_t smaller(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
PL_INLINE ptrdiff_t larger(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }

/// Lanes first…15 of a run of `count` numbers that exist.
PL_INLINE __mmask16 lanes(ptrdiff_t count, ptrdiff_t first) {
  ptrdiff_t left = count - first;
  return left >= LANES ? 0xFFFF : left <= 0 ? 0 : (__mmask16)((1u << left) - 1);
}

#pragma clang attribute push(PL_WIDE_VECTORS, apply_to = function)

/// exp as `pl_exp` has it.
PL_INLINE __m512 exponential(__m512 x) {
  x = _mm512_min_ps(x, _mm512_set1_ps(88.3762626f));
  x = _mm512_max_ps(x, _mm512_set1_ps(-87.3365447f));
  __m512 n = _mm512_roundscale_ps(_mm512_mul_ps(x, _mm512_set1_ps(1.44269504088896341f)), 8);
  __m512 r = _mm512_fnmadd_ps(n, _mm512_set1_ps(0.693359375f), x);
  r = _mm512_fnmadd_ps(n, _mm512_set1_ps(-2.12194440e-4f), r);
  __m512 p = _mm512_set1_ps(1.9875691500e-4f);
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.3981999507e-3f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(8.3334519073e-3f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(4.1665795894e-2f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.6666665459e-1f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(5.0000001201e-1f));
  p = _mm512_fmadd_ps(p, _mm512_mul_ps(r, r), _mm512_add_ps(r, _mm512_set1_ps(1)));
  return _mm512_scalef_ps(p, n);
}

PL_INLINE __m512 activated(pl_unary f, __m512 x) {
  if (f == PL_RELU) return _mm512_max_ps(x, _mm512_setzero_ps());
  if (f != PL_SILU) return x;
  __m512 below = _mm512_add_ps(_mm512_set1_ps(1), exponential(_mm512_sub_ps(_mm512_setzero_ps(), x)));
  return _mm512_div_ps(x, below);
}

#pragma clang attribute pop
#endif
#endif
