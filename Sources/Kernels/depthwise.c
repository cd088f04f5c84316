#include "Kernels.h"
#include "depthwise.h"

// Depthwise convolutions: each channel has a kernel of its own. Tiles of 2 × 4 outputs of 16 channels are summed in
// registers, so that each input is loaded once for all the outputs that see it.

#if !defined(__x86_64__)

int pl_wide_depthwise_has(const pl_convolution_shape *shape) {
  (void)shape;
  return 0;
}
ptrdiff_t pl_wide_depthwise_weight_count(const pl_convolution_shape *shape) {
  (void)shape;
  return 0;
}
void pl_wide_depthwise_weight(const pl_convolution_shape *shape, const float *weight, int reverse, float *packed) {
  (void)shape, (void)weight, (void)reverse, (void)packed;
}
void pl_wide_depthwise(
    pl_format format, const pl_convolution_shape *shape, const void *in, const float *packed, const float *bias,
    pl_unary f, void *out) {
  (void)format, (void)shape, (void)in, (void)packed, (void)bias, (void)f, (void)out;
}

#else

#pragma clang attribute push(PL_WIDE_VECTORS, apply_to = function)

// MARK: Weights

// Packed as [16 channels][kernel row][kernel column][channel].

ptrdiff_t pl_wide_depthwise_weight_count(const pl_convolution_shape *s) {
  return s->kernel_height * s->kernel_width * round_up(s->in_channels, LANES);
}

void pl_wide_depthwise_weight(const pl_convolution_shape *s, const float *weight, int reverse, float *packed) {
  ptrdiff_t taps = s->kernel_height * s->kernel_width;
  for (ptrdiff_t c = 0; c < round_up(s->in_channels, LANES); c++)
    for (ptrdiff_t tap = 0; tap < taps; tap++)
      packed[(c / LANES * taps + tap) * LANES + c % LANES] =
          c < s->in_channels ? weight[c * taps + (reverse ? taps - 1 - tap : tap)] : 0;
}

// MARK: Tiles

typedef struct {
  const pl_convolution_shape *s;
  pl_format format;
  const void *in;
  const float *weight, *bias;
  pl_unary f;
  void *out;
  ptrdiff_t tiles_y;
} Job;

/// 16 channels of a tile. Unless `masked`, all its inputs are inside and all channels exist.
PL_INLINE void channels_of_tile(
    int format, int kernel, int stride, int masked, const Job *job, const Tile *t, ptrdiff_t channel) {
  const pl_convolution_shape *s = job->s;
  const float *weight = job->weight + channel * kernel * kernel;
  __mmask16 mask = lanes(s->in_channels, channel);
  __m512 start = job->bias ? _mm512_maskz_loadu_ps(mask, job->bias + channel) : _mm512_setzero_ps();
  __m512 sum[ROWS][COLUMNS];
#pragma unroll
  for (int r = 0; r < ROWS; r++)
#pragma unroll
    for (int c = 0; c < COLUMNS; c++) sum[r][c] = start;
#pragma unroll
  for (int i = 0; i < (ROWS - 1) * stride + kernel; i++) {
#pragma unroll
    for (int j = 0; j < (COLUMNS - 1) * stride + kernel; j++) {
      __m512 x = load_seen(format, masked, t, job->in, channel, mask, i, j);
#pragma unroll
      for (int r = 0; r < ROWS; r++)
#pragma unroll
        for (int c = 0; c < COLUMNS; c++) {
          int y = i - r * stride, k = j - c * stride;
          if (y >= 0 && y < kernel && k >= 0 && k < kernel)
            sum[r][c] = _mm512_fmadd_ps(x, _mm512_loadu_ps(weight + (y * kernel + k) * LANES), sum[r][c]);
        }
    }
  }
  if (job->f == PL_SILU) {
#pragma unroll
    for (int r = 0; r < ROWS; r++)
#pragma unroll
      for (int c = 0; c < COLUMNS; c++) sum[r][c] = finished(format, PL_SILU, sum[r][c]);
  } else if (job->f == PL_RELU) {
#pragma unroll
    for (int r = 0; r < ROWS; r++)
#pragma unroll
      for (int c = 0; c < COLUMNS; c++) sum[r][c] = finished(format, PL_RELU, sum[r][c]);
  }
#pragma unroll
  for (int r = 0; r < ROWS; r++)
#pragma unroll
    for (int c = 0; c < COLUMNS; c++)
      if (r < t->out_rows && c < t->out_columns)
        store_lanes(
            format, masked ? mask : 0xFFFF, job->out, t->out + (r * s->out_width + c) * s->out_stride + channel,
            sum[r][c]);
}

PL_INLINE void tile_row(int format, int kernel, int stride, const Job *job, ptrdiff_t image, ptrdiff_t y) {
  const pl_convolution_shape *s = job->s;
  Tile t = tile_in_row(s, kernel, stride, image, y);
  for (ptrdiff_t x = 0; x < s->out_width; x += COLUMNS) {
    move_to_column(&t, s, kernel, stride, x);
    ptrdiff_t channel = 0;
    if (t.is_inside)
      for (; channel + LANES <= s->in_channels; channel += LANES)
        channels_of_tile(format, kernel, stride, 0, job, &t, channel);
    for (; channel < s->in_channels; channel += LANES) channels_of_tile(format, kernel, stride, 1, job, &t, channel);
  }
}

#define TILES(NAME, FORMAT, KERNEL, STRIDE)                                                              \
  static void NAME##_##KERNEL##_##STRIDE(void *context, ptrdiff_t block) {                               \
    const Job *job = context;                                                                            \
    tile_row(FORMAT, KERNEL, STRIDE, job, block / job->tiles_y, block % job->tiles_y * ROWS);            \
  }
#define BOTH(KERNEL, STRIDE) TILES(floats, PL_FLOAT32, KERNEL, STRIDE) TILES(halves, PL_BFLOAT16, KERNEL, STRIDE)
BOTH(3, 1) BOTH(3, 2) BOTH(5, 1) BOTH(5, 2) BOTH(7, 1) BOTH(7, 2)

#define ALL(NAME) {{NAME##_3_1, NAME##_3_2}, {NAME##_5_1, NAME##_5_2}, {NAME##_7_1, NAME##_7_2}}
static void (*const row_tiles[2][3][2])(void *, ptrdiff_t) = {ALL(floats), ALL(halves)};

int pl_wide_depthwise_has(const pl_convolution_shape *s) {
  ptrdiff_t kernel = s->kernel_height, stride = s->stride_y;
  return s->groups == s->in_channels && s->groups == s->out_channels && s->dilation == 1 && kernel == s->kernel_width &&
         (kernel == 3 || kernel == 5 || kernel == 7) && stride == s->stride_x && (stride == 1 || stride == 2);
}

void pl_wide_depthwise(
    pl_format format, const pl_convolution_shape *s, const void *in, const float *packed, const float *bias,
    pl_unary f, void *out) {
  Job job = {.s = s, .format = format, .in = in, .weight = packed, .bias = bias, .f = f, .out = out,
             .tiles_y = (s->out_height + ROWS - 1) / ROWS};
  pl_for_blocks(
      s->batch * job.tiles_y, row_tiles[format == PL_BFLOAT16][(s->kernel_height - 3) / 2][s->stride_y - 1], &job);
}

#pragma clang attribute pop
#endif
