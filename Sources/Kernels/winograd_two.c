#include "Kernels.h"
#include "bfloat16.h"
#include "products.h"
#include "products_bfloat16.h"

// 3 × 3 convolutions by minimal filtering with two outputs, whose transforms are single sums and lose little to
// rounding. Products are of numbers of the map's format.
//
// With stride 1, F(2, 3): two outputs of three taps cost four products. With stride 2 rows and columns are parted into
// even ones, which two of the kernel's taps see, and odd ones, which the middle tap sees. Along an even row two outputs
// of two taps cost three products, F(2, 2); along an odd one they cost two, which share one weight.
//
// So a tile of 4 × 4 or 5 × 5 inputs gives 2 × 2 outputs by 16 or 25 products a pair of channels instead of 36.

#if !defined(__x86_64__)

ptrdiff_t pl_winograd_two_weight_count(pl_format format, ptrdiff_t in_channels, ptrdiff_t out_channels) {
  (void)format, (void)in_channels, (void)out_channels;
  return 0;
}
void pl_winograd_two_weight(
    pl_format format, int stride, ptrdiff_t in_channels, ptrdiff_t out_channels, const float *weight,
    float *transformed) {
  (void)format, (void)stride, (void)in_channels, (void)out_channels, (void)weight, (void)transformed;
}
ptrdiff_t pl_winograd_two_scratch(pl_format format, const pl_convolution_shape *shape) {
  (void)format, (void)shape;
  return 0;
}
void pl_winograd_two(
    pl_format format, const pl_convolution_shape *shape, const void *in, const float *transformed, const float *bias,
    pl_unary f, void *out, float *scratch) {
  (void)format, (void)shape, (void)in, (void)transformed, (void)bias, (void)f, (void)out, (void)scratch;
}

#else

#pragma clang attribute push(PL_WIDE_VECTORS, apply_to = function)

/// Four weights a row with either stride; with stride 2 the last is the middle tap's.
enum { KERNELS = 4, WEIGHTS = KERNELS * KERNELS, OUT = 2, MOST_SIDE = 5, PANEL = 2 * LANES };

/// Inputs of a tile's row, and places of products along it.
PL_INLINE int side(int stride) { return 3 + stride; }

// MARK: Weights

// Packed as [panel of 32 outputs][one of 16][input][outputs of the panel], in bfloat16 as [panel][one of 16][pair of
// inputs][output][2]; the last panel may have 16.
//
// Of each 32 bfloat16 channels the even ones come first, as the transform of maps leaves them; 16 that are left over
// come in their order.

/// Inputs of a weight; past the last channel they are zero.
PL_INLINE ptrdiff_t weight_inputs(pl_format format, ptrdiff_t in) {
  return format == PL_FLOAT32 ? in : round_up(in, LANES);
}

/// The channel at a place among a weight's inputs.
PL_INLINE ptrdiff_t channel_at(pl_format format, ptrdiff_t in, ptrdiff_t place) {
  ptrdiff_t within = place % (2 * LANES), first = place - within;
  if (format == PL_FLOAT32 || first + 2 * LANES > round_up(in, LANES)) return place;
  return first + 2 * (within % LANES) + within / LANES;
}

ptrdiff_t pl_winograd_two_weight_count(pl_format format, ptrdiff_t in_channels, ptrdiff_t out_channels) {
  return WEIGHTS * weight_inputs(format, in_channels) * round_up(out_channels, LANES) * pl_size(format) / 4;
}

PL_INLINE void expand(int stride, const __m512 g[3], __m512 t[KERNELS]) {
  __m512 outer = _mm512_add_ps(g[0], g[2]), half = _mm512_set1_ps(0.5f);
  t[0] = g[0];
  t[1] = stride == 2 ? outer : _mm512_mul_ps(_mm512_add_ps(outer, g[1]), half);
  t[2] = stride == 2 ? g[2] : _mm512_mul_ps(_mm512_sub_ps(outer, g[1]), half);
  t[3] = stride == 2 ? g[1] : g[2];
}

typedef struct {
  pl_format format;
  int stride;
  ptrdiff_t in, out;
  const float *weight;
  float *transformed;
} WeightJob;

/// The 16 kernels of one input channel and 16 outputs; zeros for a channel past the last.
PL_INLINE void kernels(const WeightJob *job, ptrdiff_t c, ptrdiff_t k, __m512 to[KERNELS][KERNELS]) {
  __mmask16 mask = c < job->in ? lanes(job->out, k) : 0;
  __m512i steps = _mm512_mullo_epi32(
      _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), _mm512_set1_epi32((int)job->in * 9));
  const float *from = job->weight + (k * job->in + c) * 9;
  __m512 g[3][3], half[KERNELS][3], t[KERNELS];
  for (int y = 0; y < 3; y++)
    for (int x = 0; x < 3; x++)
      g[x][y] = _mm512_mask_i32gather_ps(_mm512_setzero_ps(), mask, steps, from + y * 3 + x, 4);
  for (int x = 0; x < 3; x++) {
    expand(job->stride, g[x], t);
    for (int i = 0; i < KERNELS; i++) half[i][x] = t[i];
  }
  for (int i = 0; i < KERNELS; i++) expand(job->stride, half[i], to[i]);
}

// One pair of inputs a block.
static void weight_block(void *context, ptrdiff_t pair) {
  const WeightJob *job = context;
  ptrdiff_t outs = round_up(job->out, LANES), inputs = weight_inputs(job->format, job->in), c = 2 * pair;
  for (ptrdiff_t k = 0; k < outs; k += LANES) {
    __m512 even[KERNELS][KERNELS], odd[KERNELS][KERNELS];
    kernels(job, channel_at(job->format, job->in, c), k, even);
    kernels(job, channel_at(job->format, job->in, c + 1), k, odd);
    ptrdiff_t panel = k / PANEL, width = smaller(PANEL, outs - panel * PANEL);
    ptrdiff_t start = panel * PANEL * WEIGHTS * inputs + c * width;
    for (int i = 0; i < WEIGHTS; i++, start += inputs * width) {
      __m512 first = even[i / KERNELS][i % KERNELS], second = odd[i / KERNELS][i % KERNELS];
      if (job->format == PL_FLOAT32) {
        float *to = job->transformed + start + k % PANEL;
        _mm512_storeu_ps(to, first);
        if (c + 1 < job->in) _mm512_storeu_ps(to + width, second);
      } else {
        __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(first));
        __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(second));
        uint16_t *to = (uint16_t *)job->transformed + start + 2 * (k % PANEL);
        _mm512_storeu_si512(to, _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
      }
    }
  }
}

void pl_winograd_two_weight(
    pl_format format, int stride, ptrdiff_t in_channels, ptrdiff_t out_channels, const float *weight,
    float *transformed) {
  WeightJob job = {format, stride, in_channels, out_channels, weight, transformed};
  pl_for_blocks((weight_inputs(format, in_channels) + 1) / 2, weight_block, &job);
}

// MARK: Tiles

typedef struct {
  const pl_convolution_shape *s;
  pl_format format;
  const void *in;
  const float *weight, *bias;
  pl_unary f;
  void *out;
  float *scratch;
  ptrdiff_t tiles_x, tiles_y, tiles, in_width, out_width, places, block, blocks, results, per_thread;
} Job;

/// From one place to the next: a little more than the numbers take, so that places do not meet in one cache set.
PL_INLINE ptrdiff_t place_step(ptrdiff_t count, ptrdiff_t width) { return count * width + PANEL; }

/// The inputs of a row to its places.
PL_INLINE void to_places(int stride, const __m512 d[MOST_SIDE], __m512 t[MOST_SIDE]) {
  t[0] = _mm512_sub_ps(d[0], d[2]);
  if (stride == 2) {
    t[1] = d[2];
    t[2] = _mm512_sub_ps(d[4], d[2]);
    t[3] = d[1];
    t[4] = d[3];
  } else {
    t[1] = _mm512_add_ps(d[1], d[2]);
    t[2] = _mm512_sub_ps(d[2], d[1]);
    t[3] = _mm512_sub_ps(d[3], d[1]);
  }
}

/// The places of a row to its two outputs.
PL_INLINE void from_places(int stride, const __m512 m[MOST_SIDE], __m512 y[OUT]) {
  y[0] = _mm512_add_ps(_mm512_add_ps(m[0], m[1]), stride == 2 ? m[3] : m[2]);
  y[1] = _mm512_add_ps(stride == 2 ? _mm512_add_ps(m[1], m[2]) : _mm512_sub_ps(m[1], m[2]), m[stride + 2]);
}

PL_INLINE void transform_input(
    int format, int stride, const void *from, ptrdiff_t row, ptrdiff_t column, __mmask16 mask, void *to,
    ptrdiff_t step) {
  __m512 half[MOST_SIDE][MOST_SIDE], d[MOST_SIDE], t[MOST_SIDE];
#pragma unroll
  for (int x = 0; x < side(stride); x++) {
#pragma unroll
    for (int y = 0; y < side(stride); y++) d[y] = load_lanes(format, mask, from, y * row + x * column);
    to_places(stride, d, t);
#pragma unroll
    for (int y = 0; y < side(stride); y++) half[y][x] = t[y];
  }
#pragma unroll
  for (int y = 0; y < side(stride); y++) {
    to_places(stride, half[y], t);
#pragma unroll
    for (int x = 0; x < side(stride); x++) store_lanes(format, 0xFFFF, to, (y * side(stride) + x) * step, t[x]);
  }
}

/// The same of 32 bfloat16 channels: the even ones come to lie before the odd ones.
PL_INLINE void transform_halves(
    int stride, const uint16_t *from, ptrdiff_t row, ptrdiff_t column, __mmask32 mask, uint16_t *to, ptrdiff_t step) {
  __m512 half[2][MOST_SIDE][MOST_SIDE], d[2][MOST_SIDE], t[2][MOST_SIDE];
#pragma unroll
  for (int x = 0; x < side(stride); x++) {
#pragma unroll
    for (int y = 0; y < side(stride); y++) {
      __m512i both = _mm512_maskz_loadu_epi16(mask, from + y * row + x * column);
      d[0][y] = _mm512_castsi512_ps(_mm512_slli_epi32(both, 16));
      d[1][y] = _mm512_castsi512_ps(_mm512_and_si512(both, _mm512_set1_epi32((int)0xFFFF0000)));
    }
#pragma unroll
    for (int odd = 0; odd < 2; odd++) {
      to_places(stride, d[odd], t[odd]);
#pragma unroll
      for (int y = 0; y < side(stride); y++) half[odd][y][x] = t[odd][y];
    }
  }
#pragma unroll
  for (int y = 0; y < side(stride); y++) {
    to_places(stride, half[0][y], t[0]);
    to_places(stride, half[1][y], t[1]);
#pragma unroll
    for (int x = 0; x < side(stride); x++)
      _mm512_storeu_si512(to + (y * side(stride) + x) * step, (__m512i)_mm512_cvtne2ps_pbh(t[1][x], t[0][x]));
  }
}

/// Transforms tiles first..<last to [place][tile][channel]; `edge` holds the positions of one.
PL_INLINE void transform_tiles(
    int format, int stride, const Job *job, ptrdiff_t first, ptrdiff_t last, void *edge, void *to, ptrdiff_t step) {
  const pl_convolution_shape *s = job->s;
  for (ptrdiff_t tile = first; tile < last; tile++, to = pl_to(to, job->in_width, format)) {
    ptrdiff_t image = tile / (job->tiles_x * job->tiles_y), within = tile % (job->tiles_x * job->tiles_y);
    ptrdiff_t y = within / job->tiles_x * OUT * stride - s->pad_top, x = within % job->tiles_x * OUT * stride - s->pad_left;
    const void *from = pl_at(job->in, ((image * s->height + y) * s->width + x) * s->in_stride, format);
    ptrdiff_t row = s->width * s->in_stride, column = s->in_stride;
    if (y < 0 || x < 0 || y + side(stride) > s->height || x + side(stride) > s->width) {
      for (ptrdiff_t i = 0; i < side(stride); i++)
        for (ptrdiff_t j = 0; j < side(stride); j++) {
          void *place = pl_to(edge, (i * side(stride) + j) * job->in_width, format);
          if (y + i >= 0 && y + i < s->height && x + j >= 0 && x + j < s->width)
            memcpy(place, pl_at(from, i * row + j * column, format), (size_t)(s->in_channels * pl_size(format)));
          else
            memset(place, 0, (size_t)(s->in_channels * pl_size(format)));
        }
      from = edge;
      row = side(stride) * job->in_width;
      column = job->in_width;
    }
    ptrdiff_t c = 0;
    if (format == PL_BFLOAT16)
      for (; c + 2 * LANES <= job->in_width; c += 2 * LANES) {
        ptrdiff_t left = s->in_channels - c;
        __mmask32 mask = left >= 2 * LANES ? 0xFFFFFFFF : (1u << left) - 1;
        transform_halves(stride, (const uint16_t *)from + c, row, column, mask, (uint16_t *)to + c, step);
      }
    for (; c < s->in_channels; c += LANES)
      transform_input(
          format, stride, pl_at(from, c, format), row, column, lanes(s->in_channels, c), pl_to(to, c, format), step);
  }
}

/// Transforms 4 outputs of a tile back and writes those inside the map.
PL_INLINE void transform_output(
    int format, int stride, pl_unary f, const float *from, ptrdiff_t step, __m512 bias, __mmask16 mask, void *to,
    ptrdiff_t row, ptrdiff_t column, ptrdiff_t rows, ptrdiff_t columns) {
  __m512 half[OUT][MOST_SIDE], m[MOST_SIDE], y[OUT];
#pragma unroll
  for (int x = 0; x < side(stride); x++) {
#pragma unroll
    for (int i = 0; i < side(stride); i++) m[i] = _mm512_load_ps(from + (i * side(stride) + x) * step);
    from_places(stride, m, y);
#pragma unroll
    for (int i = 0; i < OUT; i++) half[i][x] = y[i];
  }
#pragma unroll
  for (int i = 0; i < OUT; i++) {
    from_places(stride, half[i], y);
    if (i >= rows) continue;
#pragma unroll
    for (int j = 0; j < OUT; j++)
      if (j < columns)
        store_lanes(format, mask, to, i * row + j * column, finished(format, f, _mm512_add_ps(y[j], bias)));
  }
}

PL_INLINE void outputs(
    int format, int stride, const Job *job, pl_unary f, ptrdiff_t first, ptrdiff_t last, const float *from, ptrdiff_t width,
    ptrdiff_t channel) {
  const pl_convolution_shape *s = job->s;
  ptrdiff_t step = place_step(last - first, width);
  for (ptrdiff_t k = 0; k < width; k += LANES) {
    __mmask16 mask = lanes(s->out_channels, channel + k);
    __m512 bias = job->bias ? _mm512_maskz_loadu_ps(mask, job->bias + channel + k) : _mm512_setzero_ps();
    for (ptrdiff_t tile = first; tile < last; tile++) {
      ptrdiff_t image = tile / (job->tiles_x * job->tiles_y), within = tile % (job->tiles_x * job->tiles_y);
      ptrdiff_t y = within / job->tiles_x * OUT, x = within % job->tiles_x * OUT;
      ptrdiff_t at = ((image * s->out_height + y) * s->out_width + x) * s->out_stride + channel + k;
      transform_output(
          format, stride, f, from + (tile - first) * width + k, step, bias, mask, pl_to(job->out, at, format),
          s->out_width * s->out_stride, s->out_stride, s->out_height - y, s->out_width - x);
    }
  }
}

/// One panel of outputs of a block's tiles: products of all places, then back.
PL_INLINE void panel(
    int format, int stride, const Job *job, ptrdiff_t index, ptrdiff_t first, ptrdiff_t last, const void *places,
    float *result) {
  ptrdiff_t channel = index * PANEL, width = smaller(PANEL, job->out_width - channel);
  ptrdiff_t inputs = weight_inputs(job->format, job->s->in_channels), vectors = width / LANES;
  ptrdiff_t count = last - first, parts = (count + MOST_ROWS - 1) / MOST_ROWS;
  ptrdiff_t step = place_step(count, job->in_width), out_step = place_step(count, width);
  // places that share a weight follow each other
  for (int kernel = 0; kernel < WEIGHTS; kernel++) {
    int y = kernel / KERNELS, x = kernel % KERNELS;
    for (int i = y; i < (y == KERNELS - 1 ? side(stride) : y + 1); i++)
      for (int j = x; j < (x == KERNELS - 1 ? side(stride) : x + 1); j++)
        for (ptrdiff_t part = 0; part < parts; part++) {
          ptrdiff_t begin = count * part / parts, end = count * (part + 1) / parts, place = i * side(stride) + j;
          const void *from = pl_at(places, place * step + begin * job->in_width, format);
          const void *weight = pl_at(job->weight, (channel * WEIGHTS + kernel * width) * inputs, format);
          float *to = result + place * out_step + begin * width;
          if (format == PL_FLOAT32)
            products[end - begin - 1][vectors - 1](inputs, from, job->in_width, weight, to);
          else
            pair_products[end - begin - 1][vectors - 1](inputs / 2, from, job->in_width, weight, to);
        }
  }
  switch (job->f) {
    case PL_SILU: outputs(format, stride, job, PL_SILU, first, last, result, width, channel); break;
    case PL_RELU: outputs(format, stride, job, PL_RELU, first, last, result, width, channel); break;
    default: outputs(format, stride, job, PL_IDENTITY, first, last, result, width, channel);
  }
}

// MARK: The whole

static Job plan(pl_format format, const pl_convolution_shape *s) {
  Job job = {.s = s, .format = format, .tiles_x = (s->out_width + OUT - 1) / OUT, .tiles_y = (s->out_height + OUT - 1) / OUT,
             .in_width = round_up(s->in_channels, LANES), .out_width = round_up(s->out_channels, LANES)};
  job.tiles = s->batch * job.tiles_x * job.tiles_y;
  job.places = side((int)s->stride_y) * side((int)s->stride_y);
  // as many tiles as the second-level cache holds, but enough for the weights to be worth loading
  ptrdiff_t group = MOST_ROWS * job.places * job.in_width * pl_size(format);
  ptrdiff_t most = MOST_ROWS * larger(2, smaller(8, 480 * 1024 / group));
  job.blocks = larger(1, balanced((job.tiles + most - 1) / most, job.tiles));
  job.block = (job.tiles + job.blocks - 1) / job.blocks;
  // in numbers of 32 bits
  job.results = job.places * place_step(job.block, PANEL);
  ptrdiff_t numbers = job.places * (job.in_width + place_step(job.block, job.in_width));
  job.per_thread = job.results + round_up(numbers * pl_size(format) / 4, LANES);
  return job;
}

ptrdiff_t pl_winograd_two_scratch(pl_format format, const pl_convolution_shape *shape) {
  return pl_threads() * plan(format, shape).per_thread;
}

PL_INLINE void run_blocks(int format, int stride, const Job *job, int part, int parts) {
  float *result = job->scratch + part * job->per_thread;
  void *edge = result + job->results, *places = pl_to(edge, job->places * job->in_width, format);
  for (ptrdiff_t block = job->blocks * part / parts; block < job->blocks * (part + 1) / parts; block++) {
    ptrdiff_t first = job->tiles * block / job->blocks, last = job->tiles * (block + 1) / job->blocks;
    transform_tiles(format, stride, job, first, last, edge, places, place_step(last - first, job->in_width));
    for (ptrdiff_t index = 0; index * PANEL < job->out_width; index++)
      panel(format, stride, job, index, first, last, places, result);
  }
}

static void blocks_part(void *context, int part, int parts) {
  const Job *job = context;
  PL_FORMATS(job->format, {
    if (job->s->stride_y == 2)
      run_blocks(T, 2, job, part, parts);
    else
      run_blocks(T, 1, job, part, parts);
  })
}

void pl_winograd_two(
    pl_format format, const pl_convolution_shape *shape, const void *in, const float *transformed, const float *bias,
    pl_unary f, void *out, float *scratch) {
  Job job = plan(format, shape);
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
