#include "Kernels.h"
#include "depthwise.h"

// The gradient of a depthwise weight: for each tap, the sum over positions of input × gradient. The sums of 16 channels
// stay in registers over a tile of 2 × 4 gradients. Rows of tiles are dealt to a fixed number of partial sums, joined in
// order.

#if !defined(__x86_64__)

int pl_wide_depthwise_gradient_has(const pl_convolution_shape *shape) {
  (void)shape;
  return 0;
}
ptrdiff_t pl_wide_depthwise_gradient_scratch(const pl_convolution_shape *shape) {
  (void)shape;
  return 0;
}
void pl_wide_depthwise_gradient(
    pl_format format, const pl_convolution_shape *shape, const void *in, const void *gradient, float *weight_gradient,
    float *scratch) {
  (void)format, (void)shape, (void)in, (void)gradient, (void)weight_gradient, (void)scratch;
}

#else

#pragma clang attribute push(PL_WIDE_VECTORS, apply_to = function)

enum { MOST_PARTS = 16 };

typedef struct {
  const pl_convolution_shape *s;
  const void *in, *gradient;
  float *out, *sums;
  ptrdiff_t tiles_y, tile_rows, parts, size;
} Job;

static Job plan(const pl_convolution_shape *s) {
  Job job = {.s = s, .tiles_y = (s->out_height + ROWS - 1) / ROWS, .size = pl_wide_depthwise_weight_count(s)};
  job.tile_rows = s->batch * job.tiles_y;
  job.parts = partial_sums_below(smaller(MOST_PARTS, job.tile_rows));
  return job;
}

ptrdiff_t pl_wide_depthwise_gradient_scratch(const pl_convolution_shape *shape) {
  Job job = plan(shape);
  return job.parts * job.size;
}

/// Adds what a tile gives 16 channels. Unless `masked`, all its inputs are inside and all channels exist.
PL_INLINE void channels_of_tile(
    int format, int kernel, int stride, int masked, const Job *job, const Tile *t, ptrdiff_t channel, float *sums) {
  const pl_convolution_shape *s = job->s;
  __mmask16 mask = lanes(s->in_channels, channel);
  __m512 sum[kernel * kernel], g[ROWS][COLUMNS];
#pragma unroll
  for (int tap = 0; tap < kernel * kernel; tap++) sum[tap] = _mm512_loadu_ps(sums + tap * LANES);
#pragma unroll
  for (int r = 0; r < ROWS; r++)
#pragma unroll
    for (int c = 0; c < COLUMNS; c++) {
      int exists = r < t->out_rows && c < t->out_columns;
      ptrdiff_t at = t->out + (exists ? (r * s->out_width + c) * s->out_stride : 0) + channel;
      g[r][c] = load_lanes(format, exists ? mask : 0, job->gradient, at);
    }
#pragma unroll
  for (int i = 0; i < (ROWS - 1) * stride + kernel; i++)
#pragma unroll
    for (int j = 0; j < (COLUMNS - 1) * stride + kernel; j++) {
      __m512 x = load_seen(format, masked, t, job->in, channel, mask, i, j);
#pragma unroll
      for (int r = 0; r < ROWS; r++)
#pragma unroll
        for (int c = 0; c < COLUMNS; c++) {
          int y = i - r * stride, k = j - c * stride;
          if (y >= 0 && y < kernel && k >= 0 && k < kernel)
            sum[y * kernel + k] = _mm512_fmadd_ps(x, g[r][c], sum[y * kernel + k]);
        }
    }
#pragma unroll
  for (int tap = 0; tap < kernel * kernel; tap++) _mm512_storeu_ps(sums + tap * LANES, sum[tap]);
}

PL_INLINE void partial_sum(int format, int kernel, int stride, const Job *job, ptrdiff_t part) {
  const pl_convolution_shape *s = job->s;
  float *sums = job->sums + part * job->size;
  memset(sums, 0, (size_t)job->size * 4);
  ptrdiff_t last = job->tile_rows * (part + 1) / job->parts;
  for (ptrdiff_t row = job->tile_rows * part / job->parts; row < last; row++) {
    Tile t = tile_in_row(s, kernel, stride, row / job->tiles_y, row % job->tiles_y * ROWS);
    for (ptrdiff_t x = 0; x < s->out_width; x += COLUMNS) {
      move_to_column(&t, s, kernel, stride, x);
      for (ptrdiff_t channel = 0; channel < s->in_channels; channel += LANES) {
        float *to = sums + channel * kernel * kernel;
        if (t.is_inside && channel + LANES <= s->in_channels)
          channels_of_tile(format, kernel, stride, 0, job, &t, channel, to);
        else
          channels_of_tile(format, kernel, stride, 1, job, &t, channel, to);
      }
    }
  }
}

#define PARTS(NAME, FORMAT, KERNEL, STRIDE)                                \
  static void NAME##_##KERNEL##_##STRIDE(void *context, ptrdiff_t part) {  \
    partial_sum(FORMAT, KERNEL, STRIDE, context, part);                    \
  }
#define BOTH(KERNEL, STRIDE) PARTS(floats, PL_FLOAT32, KERNEL, STRIDE) PARTS(halves, PL_BFLOAT16, KERNEL, STRIDE)
BOTH(3, 1) BOTH(3, 2) BOTH(5, 1) BOTH(5, 2)

#define ALL(NAME) {{NAME##_3_1, NAME##_3_2}, {NAME##_5_1, NAME##_5_2}}
static void (*const partial_sums[2][2][2])(void *, ptrdiff_t) = {ALL(floats), ALL(halves)};

// Joins the partial sums of 16 channels.
static void join_block(void *context, ptrdiff_t block) {
  const Job *job = context;
  const pl_convolution_shape *s = job->s;
  ptrdiff_t taps = s->kernel_height * s->kernel_width, channel = block * LANES;
  ptrdiff_t channels = smaller(LANES, s->in_channels - channel);
  for (ptrdiff_t tap = 0; tap < taps; tap++) {
    const float *from = job->sums + (block * taps + tap) * LANES;
    float total[LANES];
    __m512 sum = _mm512_loadu_ps(from);
    for (ptrdiff_t part = 1; part < job->parts; part++)
      sum = _mm512_add_ps(sum, _mm512_loadu_ps(from + part * job->size));
    _mm512_storeu_ps(total, sum);
    for (ptrdiff_t c = 0; c < channels; c++) job->out[(channel + c) * taps + tap] = total[c];
  }
}

int pl_wide_depthwise_gradient_has(const pl_convolution_shape *shape) {
  return shape->kernel_height <= 5 && pl_wide_depthwise_has(shape);
}

void pl_wide_depthwise_gradient(
    pl_format format, const pl_convolution_shape *s, const void *in, const void *gradient, float *weight_gradient,
    float *scratch) {
  Job job = plan(s);
  job.in = in;
  job.gradient = gradient;
  job.out = weight_gradient;
  job.sums = scratch;
  pl_for_blocks(
      job.parts, partial_sums[format == PL_BFLOAT16][(s->kernel_height - 3) / 2][s->stride_y - 1], &job);
  pl_for_blocks(round_up(s->in_channels, LANES) / LANES, join_block, &job);
}

#pragma clang attribute pop
#endif
