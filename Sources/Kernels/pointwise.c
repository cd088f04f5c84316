#include "Kernels.h"
#include "bfloat16.h"
#include "products.h"
#include "products_bfloat16.h"

// 1 × 1 convolutions: products of the positions' rows with the weight, bias and activation before anything is written.
// In bfloat16 one instruction takes two channels.

#if !defined(__x86_64__)

ptrdiff_t pl_pointwise_weight_count(pl_format format, ptrdiff_t in_channels, ptrdiff_t out_channels) {
  (void)format, (void)in_channels, (void)out_channels;
  return 0;
}
void pl_pointwise_weight(
    pl_format format, ptrdiff_t in_channels, ptrdiff_t out_channels, const float *weight, int reverse, float *packed) {
  (void)format, (void)in_channels, (void)out_channels, (void)weight, (void)reverse, (void)packed;
}
void pl_pointwise(
    const pl_pointwise_shape *shape, const void *in, const float *packed, const float *bias, pl_unary f, void *out) {
  (void)shape, (void)in, (void)packed, (void)bias, (void)f, (void)out;
}

#else

#pragma clang attribute push(PL_WIDE_VECTORS, apply_to = function)

enum { PANEL = 2 * LANES, BLOCK_BYTES = 192 * 1024 };

// MARK: Weights

// Packed as [panel of 32 outputs][input][outputs of the panel], in bfloat16 as [panel][pair of inputs][output][2]; the
// last panel may have 16.

ptrdiff_t pl_pointwise_weight_count(pl_format format, ptrdiff_t in_channels, ptrdiff_t out_channels) {
  return in_channels * round_up(out_channels, LANES) * pl_size(format) / 4;
}

typedef struct {
  pl_format format;
  ptrdiff_t in, out;
  const float *weight;
  int reverse;
  float *packed;
} WeightJob;

/// Outputs first…first+15 of input c.
PL_INLINE __m512 column(const WeightJob *job, ptrdiff_t first, ptrdiff_t c) {
  __mmask16 mask = lanes(job->out, first);
  if (job->reverse) return _mm512_maskz_loadu_ps(mask, job->weight + c * job->out + first);
  __m512i steps = _mm512_mullo_epi32(
      _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), _mm512_set1_epi32((int)job->in));
  return _mm512_mask_i32gather_ps(_mm512_setzero_ps(), mask, steps, job->weight + first * job->in + c, 4);
}

// 16 outputs a block.
static void weight_block(void *context, ptrdiff_t block) {
  const WeightJob *job = context;
  ptrdiff_t first = block * LANES, panel = first / PANEL, outs = round_up(job->out, LANES);
  ptrdiff_t width = smaller(PANEL, outs - panel * PANEL);
  if (job->format == PL_FLOAT32) {
    float *to = job->packed + panel * PANEL * job->in + first % PANEL;
    for (ptrdiff_t c = 0; c < job->in; c++, to += width) _mm512_storeu_ps(to, column(job, first, c));
    return;
  }
  uint16_t *to = (uint16_t *)job->packed + panel * PANEL * job->in + first % PANEL * 2;
  for (ptrdiff_t c = 0; c < job->in; c += 2, to += 2 * width) {
    __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(column(job, first, c)));
    __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(column(job, first, c + 1)));
    _mm512_storeu_si512(to, _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
  }
}

void pl_pointwise_weight(
    pl_format format, ptrdiff_t in_channels, ptrdiff_t out_channels, const float *weight, int reverse, float *packed) {
  WeightJob job = {format, in_channels, out_channels, weight, reverse, packed};
  pl_for_blocks(round_up(out_channels, LANES) / LANES, weight_block, &job);
}

// MARK: Products

typedef struct {
  const pl_pointwise_shape *s;
  const void *in;
  const float *weight, *bias;
  pl_unary f;
  void *out;
  ptrdiff_t groups, blocks;
} Job;

/// Bias, activation and rounding of `rows` × `width` sums.
PL_INLINE void finish(
    const Job *job, int format, pl_unary f, ptrdiff_t rows, ptrdiff_t width, ptrdiff_t channel, const float *from,
    ptrdiff_t row) {
  for (ptrdiff_t k = 0; k < width; k += LANES) {
    __mmask16 mask = lanes(job->s->out_channels, channel + k);
    __m512 bias = job->bias ? _mm512_maskz_loadu_ps(mask, job->bias + channel + k) : _mm512_setzero_ps();
    for (ptrdiff_t r = 0; r < rows; r++) {
      __m512 x = _mm512_add_ps(_mm512_load_ps(from + r * width + k), bias);
      store_lanes(format, mask, job->out, (row + r) * job->s->out_stride + channel + k, finished(format, f, x));
    }
  }
}

static void groups_block(void *context, ptrdiff_t block) {
  const Job *job = context;
  const pl_pointwise_shape *s = job->s;
  ptrdiff_t outs = round_up(s->out_channels, LANES), inner = s->in_channels;
  ptrdiff_t first = job->groups * block / job->blocks, last = job->groups * (block + 1) / job->blocks;
  float sums[MOST_ROWS * PANEL] __attribute__((aligned(64)));
  for (ptrdiff_t channel = 0; channel < outs; channel += PANEL) {
    ptrdiff_t width = smaller(PANEL, outs - channel), vectors = width / LANES;
    const void *weight = pl_at(job->weight, channel * inner, s->in_format);
    for (ptrdiff_t group = first; group < last; group++) {
      ptrdiff_t row = s->rows * group / job->groups, rows = s->rows * (group + 1) / job->groups - row;
      const void *from = pl_at(job->in, row * s->in_stride, s->in_format);
      if (s->in_format == PL_FLOAT32)
        products[rows - 1][vectors - 1](inner, from, s->in_stride, weight, sums);
      else
        pair_products[rows - 1][vectors - 1](inner / 2, from, s->in_stride, weight, sums);
      PL_FORMATS(s->out_format, {
        if (job->f == PL_SILU)
          finish(job, T, PL_SILU, rows, width, channel, sums, row);
        else if (job->f == PL_RELU)
          finish(job, T, PL_RELU, rows, width, channel, sums, row);
        else
          finish(job, T, PL_IDENTITY, rows, width, channel, sums, row);
      })
    }
  }
}

void pl_pointwise(
    const pl_pointwise_shape *shape, const void *in, const float *packed, const float *bias, pl_unary f, void *out) {
  if (shape->rows == 0) return;
  Job job = {.s = shape, .in = in, .weight = packed, .bias = bias, .f = f, .out = out};
  job.groups = (shape->rows + MOST_ROWS - 1) / MOST_ROWS;
  // rows of a block stay in the second-level cache for all panels
  ptrdiff_t most = larger(1, smaller(64, BLOCK_BYTES / (MOST_ROWS * shape->in_channels * pl_size(shape->in_format))));
  job.blocks = balanced((job.groups + most - 1) / most, job.groups);
  pl_for_blocks(job.blocks, groups_block, &job);
}

#pragma clang attribute pop
#endif
