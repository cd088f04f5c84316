// Vectors of bfloat16 and functions good to their eight bits; not part of the module's interface.
#ifndef POSELAB_BFLOAT16_H
#define POSELAB_BFLOAT16_H
#include "vectors.h"

#if defined(__x86_64__)
#pragma clang attribute push(PL_WIDE_VECTORS, apply_to = function)

PL_INLINE __m512 widened(__m256i halves) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
}
PL_INLINE __m512 load_halves(const uint16_t *from) { return widened(_mm256_loadu_si256((const __m256i *)from)); }
PL_INLINE __m512 load_some_halves(__mmask16 mask, const uint16_t *from) {
  return widened(_mm256_maskz_loadu_epi16(mask, from));
}
PL_INLINE void store_halves(uint16_t *to, __m512 x) {
  _mm256_storeu_si256((__m256i *)to, (__m256i)_mm512_cvtneps_pbh(x));
}
PL_INLINE void store_some_halves(__mmask16 mask, uint16_t *to, __m512 x) {
  _mm256_mask_storeu_epi16(to, mask, (__m256i)_mm512_cvtneps_pbh(x));
}

/// Lanes of a vector at `index` of an array in either format, known where this is compiled.
PL_INLINE __m512 load_lanes(int format, __mmask16 mask, const void *array, ptrdiff_t index) {
  if (format == PL_FLOAT32) return _mm512_maskz_loadu_ps(mask, (const float *)array + index);
  return load_some_halves(mask, (const uint16_t *)array + index);
}
PL_INLINE void store_lanes(int format, __mmask16 mask, void *array, ptrdiff_t index, __m512 x) {
  if (format == PL_FLOAT32)
    _mm512_mask_storeu_ps((float *)array + index, mask, x);
  else if (mask == 0xFFFF)
    store_halves((uint16_t *)array + index, x);
  else
    store_some_halves(mask, (uint16_t *)array + index, x);
}

/// 1 / (1 + e^−x) to about 2⁻¹³: a cubic for the fraction of the power of two, and the processor's estimate of the
/// reciprocal.
PL_INLINE __m512 rough_sigmoid(__m512 x) {
  __m512 t = _mm512_mul_ps(x, _mm512_set1_ps(-1.44269504f));
  __m512 n = _mm512_roundscale_ps(t, 8);
  __m512 f = _mm512_sub_ps(t, n);
  __m512 p = _mm512_fmadd_ps(_mm512_set1_ps(0.05508868f), f, _mm512_set1_ps(0.24260405f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.69327624f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.99992894f));
  return _mm512_rcp14_ps(_mm512_add_ps(_mm512_scalef_ps(p, n), _mm512_set1_ps(1)));
}

/// The activation of a result, as exact as its format.
PL_INLINE __m512 finished(int format, pl_unary f, __m512 x) {
  return format == PL_BFLOAT16 && f == PL_SILU ? _mm512_mul_ps(x, rough_sigmoid(x)) : activated(f, x);
}

#pragma clang attribute pop
#endif
#endif
