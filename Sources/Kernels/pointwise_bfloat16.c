#include "Kernels.h"
#include "bfloat16.h"

// 1 × 1 convolutions of bfloat16 maps: products of the positions' rows with the weight, two channels an instruction,
// bias and activation before anything is written.

#if !defined(__x86_64__)

ptrdiff_t pl_pointwise_weight_count(ptrdiff_t in_channels, ptrdiff_t out_channels) {
  (void)in_channels, (void)out_channels;
  return 0;
}
void pl_pointwise_weight(ptrdiff_t in_channels, ptrdiff_t out_channels, const float *weight, float *packed) {
  (void)in_channels, (void)out_channels, (void)weight, (void)packed;
}
void pl_pointwise(const pl_pointwise_shape *shape, const void *in, const float *packed, const float *bias, pl_unary f,
                  pl_format format, void *out) {
  (void)shape, (void)in, (void)packed, (void)bias, (void)f, (void)format, (void)out;
}

#else

#pragma clang attribute push(PL_WIDE_VECTORS, apply_to = function)

enum { PANEL = 2 * LANES, MOST_ROWS = 14 };

// MARK: Weights

// Packed as [panel of 32 outputs][pair of inputs][outputs of the panel][2]; the last panel may have 16.

ptrdiff_t pl_pointwise_weight_count(ptrdiff_t in_channels, ptrdiff_t out_channels) {
  return in_channels * round_up(out_channels, LANES) / 2;
}

typedef struct {
  ptrdiff_t in, out;
  const float *weight;
  uint16_t *packed;
} WeightJob;

// 16 outputs a block.
static void weight_block(void *context, ptrdiff_t block) {
  const WeightJob *job = context;
  ptrdiff_t first = block * LANES, panel = first / PANEL, outs = round_up(job->out, LANES);
  ptrdiff_t width = smaller(PANEL, outs - panel * PANEL);
  uint16_t *to = job->packed + panel * PANEL * job->in + first % PANEL * 2;
  __mmask16 mask = lanes(job->out, first);
  __m512i steps = _mm512_mullo_epi32(
      _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), _mm512_set1_epi32((int)job->in));
  for (ptrdiff_t c = 0; c < job->in; c += 2, to += 2 * width) {
    const float *from = job->weight + first * job->in + c;
    __m512 even = _mm512_mask_i32gather_ps(_mm512_setzero_ps(), mask, steps, from, 4);
    __m512 odd = _mm512_mask_i32gather_ps(_mm512_setzero_ps(), mask, steps, from + 1, 4);
    __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(even));
    __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(odd));
    _mm512_storeu_si512(to, _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
  }
}

void pl_pointwise_weight(ptrdiff_t in_channels, ptrdiff_t out_channels, const float *weight, float *packed) {
  WeightJob job = {in_channels, out_channels, weight, (uint16_t *)packed};
  pl_for_blocks(round_up(out_channels, LANES) / LANES, weight_block, &job);
}

// MARK: Products

/// `rows` × (16 · vectors) numbers: products of pairs of channels, all in registers.
PL_INLINE void pairs_product(
    int rows, int vectors, ptrdiff_t pairs, const uint16_t *a, ptrdiff_t a_step, const uint16_t *b, float *out) {
  __m512 sum[MOST_ROWS][2];
#pragma unroll
  for (int r = 0; r < rows; r++)
#pragma unroll
    for (int v = 0; v < vectors; v++) sum[r][v] = _mm512_setzero_ps();
  for (ptrdiff_t p = 0; p < pairs; p++, b += vectors * PANEL) {
    __m512i w[2];
#pragma unroll
    for (int v = 0; v < vectors; v++) w[v] = _mm512_loadu_si512(b + v * PANEL);
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

#define OF_ROWS(R) {pairs_##R##_1, pairs_##R##_2}
static void (*const pair_products[MOST_ROWS][2])(ptrdiff_t, const uint16_t *, ptrdiff_t, const uint16_t *, float *) = {
    OF_ROWS(1), OF_ROWS(2), OF_ROWS(3),  OF_ROWS(4),  OF_ROWS(5),  OF_ROWS(6),  OF_ROWS(7),
    OF_ROWS(8), OF_ROWS(9), OF_ROWS(10), OF_ROWS(11), OF_ROWS(12), OF_ROWS(13), OF_ROWS(14)};

typedef struct {
  const pl_pointwise_shape *s;
  const uint16_t *in, *weight;
  const float *bias;
  pl_unary f;
  pl_format format;
  void *out;
  ptrdiff_t groups, block, blocks;
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
  ptrdiff_t outs = round_up(s->out_channels, LANES), pairs = s->in_channels / 2;
  ptrdiff_t first = job->groups * block / job->blocks, last = job->groups * (block + 1) / job->blocks;
  float sums[MOST_ROWS * PANEL] __attribute__((aligned(64)));
  for (ptrdiff_t channel = 0; channel < outs; channel += PANEL) {
    ptrdiff_t width = smaller(PANEL, outs - channel);
    for (ptrdiff_t group = first; group < last; group++) {
      ptrdiff_t row = s->rows * group / job->groups, rows = s->rows * (group + 1) / job->groups - row;
      pair_products[rows - 1][width / LANES - 1](
          pairs, job->in + row * s->in_stride, s->in_stride, job->weight + channel * s->in_channels, sums);
      PL_FORMATS(job->format, {
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

void pl_pointwise(const pl_pointwise_shape *shape, const void *in, const float *packed, const float *bias, pl_unary f,
                  pl_format format, void *out) {
  if (shape->rows == 0) return;
  Job job = {.s = shape, .in = in, .weight = (const uint16_t *)packed, .bias = bias, .f = f, .format = format, .out = out};
  job.groups = (shape->rows + MOST_ROWS - 1) / MOST_ROWS;
  // rows of a block stay in the second-level cache for all panels
  job.block = larger(1, smaller(64, 96 * 1024 / (MOST_ROWS * shape->in_channels)));
  job.blocks = balanced((job.groups + job.block - 1) / job.block, job.groups);
  pl_for_blocks(job.blocks, groups_block, &job);
}

#pragma clang attribute pop
#endif
