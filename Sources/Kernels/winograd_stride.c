#include "Kernels.h"
#include "products.h"

// 3 × 3 convolutions with stride 2. Rows and columns are parted into even ones, which two of the kernel's taps see, and
// odd ones, which the middle tap sees. Along an even row, four outputs of two taps cost five products in the minimal
// filtering form F(4, 2); along an odd one they cost four. A tile of 9 × 9 inputs gives 4 × 4 outputs by 81 products a
// pair of channels instead of 144.

#if !defined(__x86_64__)

ptrdiff_t pl_winograd_stride_weight_count(ptrdiff_t in_channels, ptrdiff_t out_channels) {
  (void)in_channels, (void)out_channels;
  return 0;
}
void pl_winograd_stride_weight(
    ptrdiff_t in_channels, ptrdiff_t out_channels, const float *weight, float *transformed) {
  (void)in_channels, (void)out_channels, (void)weight, (void)transformed;
}
ptrdiff_t pl_winograd_stride_scratch(const pl_convolution_shape *shape) {
  (void)shape;
  return 0;
}
void pl_winograd_stride(
    const pl_convolution_shape *shape, const float *in, const float *transformed, const float *bias, pl_unary f,
    float *out, float *scratch) {
  (void)shape, (void)in, (void)transformed, (void)bias, (void)f, (void)out, (void)scratch;
}

#else

#pragma clang attribute push(PL_WIDE_VECTORS, apply_to = function)

/// Places of a row of products: five for the even inputs, four for the odd ones, which share one weight.
enum { EVEN = 5, SIDE = 9, PLACES = SIDE * SIDE, KERNELS = EVEN + 1, WEIGHTS = KERNELS * KERNELS, OUT = 4 };
enum { PANEL = 2 * LANES };

// MARK: Weights

// Packed as [panel of 32 outputs][one of 36][in][outputs of the panel]; the last panel may have 16.

ptrdiff_t pl_winograd_stride_weight_count(ptrdiff_t in_channels, ptrdiff_t out_channels) {
  return WEIGHTS * in_channels * round_up(out_channels, LANES);
}

/// The outer taps in the five places, and the middle one.
PL_INLINE void expand(const __m512 g[3], __m512 t[KERNELS]) {
  __m512 sixth = _mm512_set1_ps(1.0f / 6), half = _mm512_set1_ps(0.5f);
  t[0] = _mm512_mul_ps(g[0], half);
  t[1] = _mm512_mul_ps(_mm512_add_ps(g[0], g[2]), _mm512_set1_ps(-0.5f));
  t[2] = _mm512_mul_ps(_mm512_sub_ps(g[2], g[0]), sixth);
  t[3] = _mm512_mul_ps(_mm512_fmadd_ps(_mm512_set1_ps(2), g[2], g[0]), sixth);
  t[4] = g[2];
  t[5] = g[1];
}

typedef struct {
  ptrdiff_t in, out;
  const float *weight;
  float *transformed;
} WeightJob;

// One input channel a block.
static void weight_block(void *context, ptrdiff_t c) {
  const WeightJob *job = context;
  ptrdiff_t outs = round_up(job->out, LANES);
  __m512i steps = _mm512_mullo_epi32(
      _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), _mm512_set1_epi32((int)job->in * 9));
  for (ptrdiff_t k = 0; k < outs; k += LANES) {
    __mmask16 mask = lanes(job->out, k);
    const float *from = job->weight + (k * job->in + c) * 9;
    __m512 g[3][3], half[KERNELS][3], t[KERNELS];
    for (int y = 0; y < 3; y++)
      for (int x = 0; x < 3; x++)
        g[x][y] = _mm512_mask_i32gather_ps(_mm512_setzero_ps(), mask, steps, from + y * 3 + x, 4);
    for (int x = 0; x < 3; x++) {
      expand(g[x], t);
      for (int i = 0; i < KERNELS; i++) half[i][x] = t[i];
    }
    ptrdiff_t panel = k / PANEL, width = smaller(PANEL, outs - panel * PANEL);
    float *to = job->transformed + panel * PANEL * WEIGHTS * job->in + k % PANEL + c * width;
    for (int i = 0; i < KERNELS; i++) {
      expand(half[i], t);
      for (int j = 0; j < KERNELS; j++) _mm512_storeu_ps(to + (i * KERNELS + j) * job->in * width, t[j]);
    }
  }
}

void pl_winograd_stride_weight(
    ptrdiff_t in_channels, ptrdiff_t out_channels, const float *weight, float *transformed) {
  WeightJob job = {in_channels, out_channels, weight, transformed};
  pl_for_blocks(in_channels, weight_block, &job);
}

// MARK: Tiles

typedef struct {
  const pl_convolution_shape *s;
  const float *in, *weight, *bias;
  float *out, *scratch;
  pl_unary f;
  ptrdiff_t tiles_x, tiles_y, tiles, in_width, out_width, block, blocks, per_thread;
} Job;

PL_INLINE ptrdiff_t place_step(ptrdiff_t count, ptrdiff_t width) { return count * width + LANES; }

/// Nine inputs to nine places.
PL_INLINE void to_places(const __m512 d[SIDE], __m512 t[SIDE]) {
  __m512 two = _mm512_set1_ps(2);
  __m512 a = _mm512_sub_ps(d[6], d[2]), b = _mm512_sub_ps(d[6], d[4]), c = _mm512_sub_ps(d[8], d[4]);
  t[0] = _mm512_fmadd_ps(two, _mm512_sub_ps(d[0], d[4]), a);
  t[1] = _mm512_fnmadd_ps(two, d[2], b);
  t[2] = _mm512_fmadd_ps(two, _mm512_sub_ps(d[2], d[4]), b);
  t[3] = a;
  t[4] = _mm512_fnmadd_ps(two, a, c);
  for (int i = 0; i < OUT; i++) t[EVEN + i] = d[2 * i + 1];
}

/// Nine places to four outputs.
PL_INLINE void from_places(const __m512 m[SIDE], __m512 y[OUT]) {
  __m512 sum = _mm512_add_ps(m[1], m[2]), difference = _mm512_sub_ps(m[1], m[2]);
  y[0] = _mm512_add_ps(_mm512_add_ps(_mm512_add_ps(m[0], sum), m[3]), m[5]);
  y[1] = _mm512_add_ps(_mm512_fmadd_ps(_mm512_set1_ps(2), m[3], difference), m[6]);
  y[2] = _mm512_add_ps(_mm512_fmadd_ps(_mm512_set1_ps(4), m[3], sum), m[7]);
  y[3] = _mm512_add_ps(_mm512_fmadd_ps(_mm512_set1_ps(8), m[3], difference), _mm512_add_ps(m[4], m[8]));
}

PL_INLINE void transform_input(
    const float *from, ptrdiff_t row, ptrdiff_t column, __mmask16 mask, float *to, ptrdiff_t step) {
  __m512 half[SIDE][SIDE], d[SIDE], t[SIDE];
#pragma unroll
  for (int x = 0; x < SIDE; x++) {
#pragma unroll
    for (int y = 0; y < SIDE; y++) d[y] = _mm512_maskz_loadu_ps(mask, from + y * row + x * column);
    to_places(d, t);
#pragma unroll
    for (int y = 0; y < SIDE; y++) half[y][x] = t[y];
  }
#pragma unroll
  for (int y = 0; y < SIDE; y++) {
    to_places(half[y], t);
#pragma unroll
    for (int x = 0; x < SIDE; x++) _mm512_storeu_ps(to + (y * SIDE + x) * step, t[x]);
  }
}

/// Transforms tiles first..<last to [place][tile][channel]; `edge` holds 81 positions of all channels.
static void transform_tiles(const Job *job, ptrdiff_t first, ptrdiff_t last, float *edge, float *to, ptrdiff_t step) {
  const pl_convolution_shape *s = job->s;
  for (ptrdiff_t tile = first; tile < last; tile++, to += job->in_width) {
    ptrdiff_t image = tile / (job->tiles_x * job->tiles_y), within = tile % (job->tiles_x * job->tiles_y);
    ptrdiff_t y = within / job->tiles_x * 2 * OUT - s->pad_top, x = within % job->tiles_x * 2 * OUT - s->pad_left;
    const float *from = job->in + ((image * s->height + y) * s->width + x) * s->in_stride;
    ptrdiff_t row = s->width * s->in_stride, column = s->in_stride;
    if (y < 0 || x < 0 || y + SIDE > s->height || x + SIDE > s->width) {
      for (ptrdiff_t i = 0; i < SIDE; i++)
        for (ptrdiff_t j = 0; j < SIDE; j++) {
          float *place = edge + (i * SIDE + j) * job->in_width;
          if (y + i >= 0 && y + i < s->height && x + j >= 0 && x + j < s->width)
            memcpy(place, from + i * row + j * column, (size_t)s->in_channels * 4);
          else
            memset(place, 0, (size_t)s->in_channels * 4);
        }
      from = edge;
      row = SIDE * job->in_width;
      column = job->in_width;
    }
    for (ptrdiff_t c = 0; c < s->in_channels; c += LANES)
      transform_input(from + c, row, column, lanes(s->in_channels, c), to + c, step);
  }
}

/// Transforms 16 outputs of a tile back and writes those inside the map.
PL_INLINE void transform_output(
    pl_unary f, const float *from, ptrdiff_t step, __m512 bias, __mmask16 mask, float *to, ptrdiff_t row,
    ptrdiff_t column, ptrdiff_t rows, ptrdiff_t columns) {
  __m512 half[OUT][SIDE], m[SIDE], y[OUT];
#pragma unroll
  for (int x = 0; x < SIDE; x++) {
#pragma unroll
    for (int i = 0; i < SIDE; i++) m[i] = _mm512_load_ps(from + (i * SIDE + x) * step);
    from_places(m, y);
#pragma unroll
    for (int i = 0; i < OUT; i++) half[i][x] = y[i];
  }
#pragma unroll
  for (int i = 0; i < OUT; i++) {
    from_places(half[i], y);
    if (i >= rows) continue;
#pragma unroll
    for (int j = 0; j < OUT; j++)
      if (j < columns)
        _mm512_mask_storeu_ps(to + i * row + j * column, mask, activated(f, _mm512_add_ps(y[j], bias)));
  }
}

PL_INLINE void outputs(
    const Job *job, pl_unary f, ptrdiff_t first, ptrdiff_t last, const float *from, ptrdiff_t width,
    ptrdiff_t channel) {
  const pl_convolution_shape *s = job->s;
  ptrdiff_t step = place_step(last - first, width);
  for (ptrdiff_t k = 0; k < width; k += LANES) {
    __mmask16 mask = lanes(s->out_channels, channel + k);
    __m512 bias = job->bias ? _mm512_maskz_loadu_ps(mask, job->bias + channel + k) : _mm512_setzero_ps();
    for (ptrdiff_t tile = first; tile < last; tile++) {
      ptrdiff_t image = tile / (job->tiles_x * job->tiles_y), within = tile % (job->tiles_x * job->tiles_y);
      ptrdiff_t y = within / job->tiles_x * OUT, x = within % job->tiles_x * OUT;
      float *to = job->out + ((image * s->out_height + y) * s->out_width + x) * s->out_stride + channel + k;
      transform_output(
          f, from + (tile - first) * width + k, step, bias, mask, to, s->out_width * s->out_stride, s->out_stride,
          s->out_height - y, s->out_width - x);
    }
  }
}

/// One panel of outputs of a block's tiles: products of all places, then back.
static void panel(
    const Job *job, ptrdiff_t index, ptrdiff_t first, ptrdiff_t last, const float *places, float *result) {
  ptrdiff_t channel = index * PANEL, width = smaller(PANEL, job->out_width - channel), inner = job->s->in_channels;
  const float *weight = job->weight + channel * WEIGHTS * inner;
  ptrdiff_t count = last - first, parts = (count + MOST_ROWS - 1) / MOST_ROWS;
  ptrdiff_t step = place_step(count, job->in_width), out_step = place_step(count, width);
  // places that share a weight follow each other
  for (int kernel = 0; kernel < WEIGHTS; kernel++) {
    int y = kernel / KERNELS, x = kernel % KERNELS;
    for (int i = y; i < (y == EVEN ? SIDE : y + 1); i++)
      for (int j = x; j < (x == EVEN ? SIDE : x + 1); j++)
        for (ptrdiff_t part = 0; part < parts; part++) {
          ptrdiff_t begin = count * part / parts, end = count * (part + 1) / parts;
          products[end - begin - 1][width / LANES - 1](
              inner, places + (i * SIDE + j) * step + begin * job->in_width, job->in_width,
              weight + kernel * inner * width, result + (i * SIDE + j) * out_step + begin * width);
        }
  }
  switch (job->f) {
    case PL_SILU: outputs(job, PL_SILU, first, last, result, width, channel); break;
    case PL_RELU: outputs(job, PL_RELU, first, last, result, width, channel); break;
    default: outputs(job, PL_IDENTITY, first, last, result, width, channel);
  }
}

// MARK: The whole

static Job plan(const pl_convolution_shape *s) {
  Job job = {.s = s, .tiles_x = (s->out_width + OUT - 1) / OUT, .tiles_y = (s->out_height + OUT - 1) / OUT,
             .in_width = round_up(s->in_channels, LANES), .out_width = round_up(s->out_channels, LANES)};
  job.tiles = s->batch * job.tiles_x * job.tiles_y;
  // as many tiles as the second-level cache holds, but enough for the weights to be worth loading
  ptrdiff_t most = larger(MOST_ROWS, smaller(2 * MOST_ROWS, 160 * 1024 / (PLACES * job.in_width)));
  job.blocks = larger(1, balanced((job.tiles + most - 1) / most, job.tiles));
  job.block = (job.tiles + job.blocks - 1) / job.blocks;
  job.per_thread = PLACES * (job.in_width + place_step(job.block, job.in_width) + place_step(job.block, PANEL));
  return job;
}

ptrdiff_t pl_winograd_stride_scratch(const pl_convolution_shape *shape) {
  return pl_threads() * plan(shape).per_thread;
}

static void blocks_part(void *context, int part, int parts) {
  const Job *job = context;
  float *edge = job->scratch + part * job->per_thread, *places = edge + PLACES * job->in_width;
  float *result = places + PLACES * place_step(job->block, job->in_width);
  for (ptrdiff_t block = job->blocks * part / parts; block < job->blocks * (part + 1) / parts; block++) {
    ptrdiff_t first = job->tiles * block / job->blocks, last = job->tiles * (block + 1) / job->blocks;
    transform_tiles(job, first, last, edge, places, place_step(last - first, job->in_width));
    for (ptrdiff_t index = 0; index * PANEL < job->out_width; index++)
      panel(job, index, first, last, places, result);
  }
}

void pl_winograd_stride(
    const pl_convolution_shape *shape, const float *in, const float *transformed, const float *bias, pl_unary f,
    float *out, float *scratch) {
  Job job = plan(shape);
  job.in = in;
  job.weight = transformed;
  job.bias = bias;
  job.f = f;
  job.out = out;
  job.scratch = scratch;
  if (job.tiles > 0) pl_parallel(blocks_part, &job);
}

#pragma clang attribute pop
#endif
