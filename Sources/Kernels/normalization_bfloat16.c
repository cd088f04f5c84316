#include "Kernels.h"
#include "bfloat16.h"
#include "normalization.h"

// Batch normalisation followed by SiLU over bfloat16 maps: the bulk of a training step beside its convolutions. Sums
// are taken as elsewhere: in single precision over few rows, in double beyond.

#if !defined(__x86_64__)

void pl_silu_activate_block(void *context, ptrdiff_t block) { (void)context, (void)block; }
void pl_silu_reduce_block(void *context, ptrdiff_t block) { (void)context, (void)block; }
void pl_silu_apply_block(void *context, ptrdiff_t block) { (void)context, (void)block; }

#else

#pragma clang attribute push(PL_WIDE_VECTORS, apply_to = function)

PL_INLINE __m512 load_channel(const float *from, ptrdiff_t width, ptrdiff_t start) {
  return _mm512_maskz_loadu_ps(lanes(width, start), from + start);
}

void pl_silu_activate_block(void *context, ptrdiff_t block) {
  const NormalizationJob *job = context;
  ptrdiff_t first = block * job->block_rows, last = smaller(first + job->block_rows, job->rows), n = job->width;
  for (ptrdiff_t row = first; row < last; row++) {
    const uint16_t *in = (const uint16_t *)job->in + row * job->in_stride;
    uint16_t *out = (uint16_t *)job->out + row * job->out_stride;
    ptrdiff_t i = 0;
    for (; i + LANES <= n; i += LANES) {
      __m512 u = _mm512_fmadd_ps(load_halves(in + i), _mm512_loadu_ps(job->scale + i), _mm512_loadu_ps(job->shift + i));
      store_halves(out + i, _mm512_mul_ps(u, rough_sigmoid(u)));
    }
    if (i < n) {
      __mmask16 mask = lanes(n, i);
      __m512 u = _mm512_fmadd_ps(
          load_some_halves(mask, in + i), load_channel(job->scale, n, i), load_channel(job->shift, n, i));
      store_some_halves(mask, out + i, _mm512_mul_ps(u, rough_sigmoid(u)));
    }
  }
}

/// gradient · silu'(u)
PL_INLINE __m512 through_silu(__m512 gradient, __m512 u) {
  __m512 s = rough_sigmoid(u);
  // s (1 + u (1 − s)) = s + u s − u s²
  __m512 us = _mm512_mul_ps(u, s);
  return _mm512_mul_ps(gradient, _mm512_add_ps(s, _mm512_fnmadd_ps(us, s, us)));
}

PL_INLINE void add_to_totals(double *total, __mmask16 mask, __m512 sum) {
  __m512d low = _mm512_cvtps_pd(_mm512_castps512_ps256(sum)), high = _mm512_cvtps_pd(_mm512_extractf32x8_ps(sum, 1));
  _mm512_mask_storeu_pd(total, (__mmask8)mask, _mm512_add_pd(_mm512_maskz_loadu_pd((__mmask8)mask, total), low));
  _mm512_mask_storeu_pd(
      total + 8, (__mmask8)(mask >> 8), _mm512_add_pd(_mm512_maskz_loadu_pd((__mmask8)(mask >> 8), total + 8), high));
}

enum { TOGETHER = 4 };

/// The sums of up to 16 · vectors channels, the last of them perhaps in part.
PL_INLINE void reduce_columns(const NormalizationJob *job, int vectors, ptrdiff_t first, ptrdiff_t last, ptrdiff_t start,
                              double *total_d, double *total_x) {
  __m512 scale[TOGETHER], shift[TOGETHER], mean[TOGETHER];
  __mmask16 mask = lanes(job->width, start + (vectors - 1) * LANES);
#pragma unroll
  for (int v = 0; v < vectors; v++) {
    scale[v] = load_channel(job->scale, job->width, start + v * LANES);
    shift[v] = load_channel(job->shift, job->width, start + v * LANES);
    mean[v] = load_channel(job->mean, job->width, start + v * LANES);
  }
  for (ptrdiff_t row = first; row < last; row += SHORT_ROWS) {
    __m512 sum_d[TOGETHER], sum_x[TOGETHER];
#pragma unroll
    for (int v = 0; v < vectors; v++) sum_d[v] = sum_x[v] = _mm512_setzero_ps();
    ptrdiff_t end = smaller(row + SHORT_ROWS, last);
    for (ptrdiff_t r = row; r < end; r++) {
      const uint16_t *in = (const uint16_t *)job->in + r * job->in_stride + start;
      const uint16_t *gradient = (const uint16_t *)job->gradient + r * job->gradient_stride + start;
#pragma unroll
      for (int v = 0; v < vectors; v++) {
        int whole = v < vectors - 1;
        __m512 x = whole ? load_halves(in + v * LANES) : load_some_halves(mask, in + v * LANES);
        __m512 g = whole ? load_halves(gradient + v * LANES) : load_some_halves(mask, gradient + v * LANES);
        __m512 d = through_silu(g, _mm512_fmadd_ps(x, scale[v], shift[v]));
        sum_d[v] = _mm512_add_ps(sum_d[v], d);
        sum_x[v] = _mm512_fmadd_ps(d, _mm512_sub_ps(x, mean[v]), sum_x[v]);
      }
    }
#pragma unroll
    for (int v = 0; v < vectors; v++) {
      __mmask16 here = v < vectors - 1 ? (__mmask16)0xFFFF : mask;
      add_to_totals(total_d + start + v * LANES, here, sum_d[v]);
      add_to_totals(total_x + start + v * LANES, here, sum_x[v]);
    }
  }
}

void pl_silu_reduce_block(void *context, ptrdiff_t block) {
  const NormalizationJob *job = context;
  ptrdiff_t first = block * job->block_rows, last = smaller(first + job->block_rows, job->rows);
  double *total_d = job->partial + block * 2 * job->width, *total_x = total_d + job->width;
  memset(total_d, 0, (size_t)(2 * job->width) * sizeof(double));
  ptrdiff_t start = 0;
  for (; start + (TOGETHER - 1) * LANES < job->width; start += TOGETHER * LANES)
    reduce_columns(job, TOGETHER, first, last, start, total_d, total_x);
  for (; start < job->width; start += LANES) reduce_columns(job, 1, first, last, start, total_d, total_x);
}

void pl_silu_apply_block(void *context, ptrdiff_t block) {
  const NormalizationJob *job = context;
  ptrdiff_t first = block * job->block_rows, last = smaller(first + job->block_rows, job->rows), n = job->width;
  for (ptrdiff_t row = first; row < last; row++) {
    const uint16_t *in = (const uint16_t *)job->in + row * job->in_stride;
    const uint16_t *gradient = (const uint16_t *)job->gradient + row * job->gradient_stride;
    uint16_t *out = (uint16_t *)job->out + row * job->out_stride;
    for (ptrdiff_t i = 0; i < n; i += LANES) {
      int whole = i + LANES <= n;
      __mmask16 mask = lanes(n, i);
      __m512 x = whole ? load_halves(in + i) : load_some_halves(mask, in + i);
      __m512 g = whole ? load_halves(gradient + i) : load_some_halves(mask, gradient + i);
      __m512 scale = load_channel(job->scale, n, i);
      __m512 d = through_silu(g, _mm512_fmadd_ps(x, scale, load_channel(job->shift, n, i)));
      __m512 even = _mm512_fmadd_ps(
          _mm512_sub_ps(x, load_channel(job->mean, n, i)), load_channel(job->a, n, i), load_channel(job->b, n, i));
      __m512 result = _mm512_fmadd_ps(d, scale, even);
      if (whole) {
        store_halves(out + i, result);
      } else {
        store_some_halves(mask, out + i, result);
      }
    }
  }
}

#pragma clang attribute pop
#endif
