#include "Kernels.h"
#include "products.h"
#include "winograd.h"

// The input is cut into tiles of 6 × 6 positions that overlap by 2; each gives 4 × 4 outputs. A tile's 36 numbers of a
// channel are transformed, each of the 36 places is a matrix product over the channels of many tiles, and the products
// are transformed back.

#if !defined(__x86_64__)

int pl_has_wide_vectors(void) { return 0; }
int pl_has_wide_bfloat16(void) { return 0; }
ptrdiff_t pl_winograd_weight_count(ptrdiff_t in_channels, ptrdiff_t out_channels) {
  (void)in_channels, (void)out_channels;
  return 0;
}
void pl_winograd_weight(
    ptrdiff_t in_channels, ptrdiff_t out_channels, const float *weight, int reverse, float *transformed) {
  (void)in_channels, (void)out_channels, (void)weight, (void)reverse, (void)transformed;
}
ptrdiff_t pl_winograd_scratch(const pl_convolution_shape *shape) {
  (void)shape;
  return 0;
}
void pl_winograd(
    pl_format format, const pl_convolution_shape *shape, const void *in, const float *transformed, const float *bias,
    pl_unary f, void *out, float *scratch) {
  (void)format, (void)shape, (void)in, (void)transformed, (void)bias, (void)f, (void)out, (void)scratch;
}

#else

int pl_has_wide_vectors(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("fma");
}
int pl_has_wide_bfloat16(void) { return pl_has_wide_vectors() && __builtin_cpu_supports("avx512bf16"); }

#pragma clang attribute push(PL_WIDE_VECTORS, apply_to = function)

// MARK: Weights

// Packed as [panel of 32 outputs][place][in][outputs of the panel]; the last panel may have 16.

ptrdiff_t pl_winograd_weight_count(ptrdiff_t in_channels, ptrdiff_t out_channels) {
  return PLACES * in_channels * round_up(out_channels, LANES);
}

/// G g: three numbers to six.
PL_INLINE void expand(const __m512 g[3], __m512 t[SIDE]) {
  __m512 sixth = _mm512_set1_ps(1.0f / 6), even = _mm512_mul_ps(_mm512_add_ps(g[0], g[2]), sixth);
  __m512 odd = _mm512_mul_ps(g[1], sixth);
  t[0] = _mm512_mul_ps(g[0], _mm512_set1_ps(0.25f));
  t[1] = _mm512_sub_ps(_mm512_setzero_ps(), _mm512_add_ps(even, odd));
  t[2] = _mm512_sub_ps(odd, even);
  __m512 wide = _mm512_fmadd_ps(g[0], _mm512_set1_ps(1.0f / 24), _mm512_mul_ps(g[2], sixth));
  __m512 middle = _mm512_mul_ps(g[1], _mm512_set1_ps(1.0f / 12));
  t[3] = _mm512_add_ps(wide, middle);
  t[4] = _mm512_sub_ps(wide, middle);
  t[5] = g[2];
}

typedef struct {
  ptrdiff_t in, out;
  const float *weight;
  int reverse;
  float *transformed;
} WeightJob;

// One input channel a block.
static void weight_block(void *context, ptrdiff_t c) {
  const WeightJob *job = context;
  ptrdiff_t outs = round_up(job->out, LANES);
  // the distance between outputs and between inputs in the given order
  ptrdiff_t out_step = job->reverse ? 9 : job->in * 9, in_step = job->reverse ? job->out * 9 : 9;
  __m512i steps = _mm512_mullo_epi32(
      _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), _mm512_set1_epi32((int)out_step));
  for (ptrdiff_t k = 0; k < outs; k += LANES) {
    __mmask16 mask = lanes(job->out, k);
    const float *from = job->weight + c * in_step + k * out_step;
    __m512 g[3][3], half[SIDE][3], t[SIDE];
    for (int y = 0; y < 3; y++)
      for (int x = 0; x < 3; x++)
        g[x][y] = _mm512_mask_i32gather_ps(
            _mm512_setzero_ps(), mask, steps, from + (job->reverse ? 8 - (y * 3 + x) : y * 3 + x), 4);
    for (int x = 0; x < 3; x++) {
      expand(g[x], t);
      for (int i = 0; i < SIDE; i++) half[i][x] = t[i];
    }
    ptrdiff_t panel = k / PANEL, width = smaller(PANEL, outs - panel * PANEL);
    float *to = job->transformed + panel * PANEL * PLACES * job->in + k % PANEL + c * width;
    for (int i = 0; i < SIDE; i++) {
      expand(half[i], t);
      for (int j = 0; j < SIDE; j++) _mm512_storeu_ps(to + (i * SIDE + j) * job->in * width, t[j]);
    }
  }
}

void pl_winograd_weight(
    ptrdiff_t in_channels, ptrdiff_t out_channels, const float *weight, int reverse, float *transformed) {
  WeightJob job = {reverse ? out_channels : in_channels, reverse ? in_channels : out_channels, weight, reverse,
                   transformed};
  pl_for_blocks(job.in, weight_block, &job);
}

// MARK: Tiles

typedef struct {
  const pl_convolution_shape *s;
  pl_format format;
  const void *in;
  const float *weight, *bias;
  void *out;
  float *scratch;
  pl_unary f;
  Tiles tiles;
  ptrdiff_t block, blocks, per_thread;
  float *shared;
} Job;

/// Aᵀ m: six numbers to four.
PL_INLINE void from_places(const __m512 m[SIDE], __m512 y[OUT]) {
  __m512 s1 = _mm512_add_ps(m[1], m[2]), d1 = _mm512_sub_ps(m[1], m[2]);
  __m512 s2 = _mm512_add_ps(m[3], m[4]), d2 = _mm512_sub_ps(m[3], m[4]);
  y[0] = _mm512_add_ps(_mm512_add_ps(m[0], s1), s2);
  y[1] = _mm512_fmadd_ps(_mm512_set1_ps(2), d2, d1);
  y[2] = _mm512_fmadd_ps(_mm512_set1_ps(4), s2, s1);
  y[3] = _mm512_fmadd_ps(_mm512_set1_ps(8), d2, _mm512_add_ps(d1, m[5]));
}

/// Transforms 16 outputs of a tile back and writes those inside the map.
PL_INLINE void transform_output(
    int format, pl_unary f, const float *from, ptrdiff_t step, __m512 bias, __mmask16 mask, void *to, ptrdiff_t row,
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
        store_lanes(format, mask, to, i * row + j * column, finished(format, f, _mm512_add_ps(y[j], bias)));
  }
}

PL_INLINE void outputs(
    const Job *job, int format, pl_unary f, ptrdiff_t first, ptrdiff_t last, const float *from, ptrdiff_t step, ptrdiff_t width,
    ptrdiff_t channel) {
  const pl_convolution_shape *s = job->s;
  for (ptrdiff_t k = 0; k < width; k += LANES) {
    __mmask16 mask = lanes(s->out_channels, channel + k);
    __m512 bias = job->bias ? _mm512_maskz_loadu_ps(mask, job->bias + channel + k) : _mm512_setzero_ps();
    for (ptrdiff_t tile = first; tile < last; tile++) {
      ptrdiff_t image = tile / (job->tiles.x * job->tiles.y), within = tile % (job->tiles.x * job->tiles.y);
      ptrdiff_t y = within / job->tiles.x * OUT, x = within % job->tiles.x * OUT;
      ptrdiff_t at = ((image * s->out_height + y) * s->out_width + x) * s->out_stride + channel + k;
      transform_output(
          format, f, from + (tile - first) * width + k, step, bias, mask, pl_to(job->out, at, format),
          s->out_width * s->out_stride, s->out_stride,
          s->out_height - y, s->out_width - x);
    }
  }
}

#define OUTPUTS(NAME, FORMAT, F)                                                                                     \
  static void outputs_##NAME(const Job *job, ptrdiff_t first, ptrdiff_t last, const float *from, ptrdiff_t step,     \
                             ptrdiff_t width, ptrdiff_t channel) {                                                   \
    outputs(job, FORMAT, F, first, last, from, step, width, channel);                                                \
  }
OUTPUTS(plain, PL_FLOAT32, PL_IDENTITY)
OUTPUTS(silu, PL_FLOAT32, PL_SILU)
OUTPUTS(relu, PL_FLOAT32, PL_RELU)
OUTPUTS(half_plain, PL_BFLOAT16, PL_IDENTITY)
OUTPUTS(half_silu, PL_BFLOAT16, PL_SILU)
OUTPUTS(half_relu, PL_BFLOAT16, PL_RELU)

typedef void (*Outputs)(const Job *, ptrdiff_t, ptrdiff_t, const float *, ptrdiff_t, ptrdiff_t, ptrdiff_t);
static const Outputs writers[2][3] = {
    {outputs_plain, outputs_silu, outputs_relu}, {outputs_half_plain, outputs_half_silu, outputs_half_relu}};

static void inputs(const Job *job, ptrdiff_t first, ptrdiff_t last, float *edge, float *to, ptrdiff_t step) {
  PL_FORMATS(job->format, transform_tiles(T, job->s, &job->tiles, job->in, first, last, edge, to, step))
}

/// One panel of outputs of `count` tiles: products of all places, then back.
static void panel(const Job *job, ptrdiff_t index, ptrdiff_t first, ptrdiff_t count, const float *places,
                  ptrdiff_t step, float *result) {
  ptrdiff_t channel = index * PANEL, width = smaller(PANEL, job->tiles.out_width - channel), inner = job->s->in_channels;
  const float *weight = job->weight + channel * PLACES * inner;
  ptrdiff_t parts = (count + MOST_ROWS - 1) / MOST_ROWS;
  for (int place = 0; place < PLACES; place++)
    for (ptrdiff_t part = 0; part < parts; part++) {
      ptrdiff_t begin = count * part / parts, end = count * (part + 1) / parts;
      products[end - begin - 1][width / LANES - 1](
          inner, places + place * step + begin * job->tiles.in_width, job->tiles.in_width, weight + place * inner * width,
          result + place * place_step(count, width) + begin * width);
    }
  writers[job->format == PL_BFLOAT16][job->f == PL_SILU ? 1 : job->f == PL_RELU ? 2 : 0](
      job, first, first + count, result, place_step(count, width), width, channel);
}

// MARK: The whole

enum { FEW = 56 };

static Job plan(const pl_convolution_shape *s) {
  Job job = {.s = s, .tiles = tiles_of(s)};
  ptrdiff_t edge = PLACES * job.tiles.in_width;
  if (job.tiles.count <= FEW) {
    job.blocks = 1;
    job.block = job.tiles.count;
    job.per_thread = edge + PLACES * place_step(job.block, PANEL);
  } else {
    // as many tiles as the second-level cache holds
    ptrdiff_t most = larger(MOST_ROWS, smaller(FEW, 160 * 1024 / (PLACES * job.tiles.in_width)));
    job.blocks = balanced((job.tiles.count + most - 1) / most, job.tiles.count);
    job.block = (job.tiles.count + job.blocks - 1) / job.blocks;
    job.per_thread = edge + PLACES * (place_step(job.block, job.tiles.in_width) + place_step(job.block, PANEL));
  }
  return job;
}

ptrdiff_t pl_winograd_scratch(const pl_convolution_shape *shape) {
  Job job = plan(shape);
  ptrdiff_t shared = job.tiles.count <= FEW ? PLACES * place_step(job.tiles.count, job.tiles.in_width) : 0;
  return pl_threads() * job.per_thread + shared;
}

/// A run of blocks a thread: its input's transform stays in the cache for all panels.
static void blocks_part(void *context, int part, int parts) {
  const Job *job = context;
  const Tiles *t = &job->tiles;
  float *edge = job->scratch + part * job->per_thread, *places = edge + PLACES * t->in_width;
  float *result = places + PLACES * place_step(job->block, t->in_width);
  for (ptrdiff_t block = job->blocks * part / parts; block < job->blocks * (part + 1) / parts; block++) {
    ptrdiff_t first = t->count * block / job->blocks, last = t->count * (block + 1) / job->blocks;
    ptrdiff_t step = place_step(last - first, t->in_width);
    inputs(job, first, last, edge, places, step);
    for (ptrdiff_t index = 0; index * PANEL < t->out_width; index++)
      panel(job, index, first, last - first, places, step, result);
  }
}

/// With few tiles the weights are the bulk: threads share the tiles and divide the panels.
static void tiles_part(void *context, int part, int parts) {
  const Job *job = context;
  const Tiles *t = &job->tiles;
  ptrdiff_t first = t->count * part / parts, last = t->count * (part + 1) / parts;
  inputs(
      job, first, last, job->scratch + part * job->per_thread, job->shared + first * t->in_width,
      place_step(t->count, t->in_width));
}

static void panels_part(void *context, int part, int parts) {
  const Job *job = context;
  const Tiles *t = &job->tiles;
  ptrdiff_t panels = (t->out_width + PANEL - 1) / PANEL;
  float *result = job->scratch + part * job->per_thread + PLACES * t->in_width;
  for (ptrdiff_t index = panels * part / parts; index < panels * (part + 1) / parts; index++)
    panel(job, index, 0, t->count, job->shared, place_step(t->count, t->in_width), result);
}

void pl_winograd(
    pl_format format, const pl_convolution_shape *shape, const void *in, const float *transformed, const float *bias,
    pl_unary f, void *out, float *scratch) {
  Job job = plan(shape);
  job.format = format;
  job.in = in;
  job.weight = transformed;
  job.bias = bias;
  job.f = f;
  job.out = out;
  job.scratch = scratch;
  if (job.tiles.count == 0) return;
  if (job.tiles.count <= FEW) {
    job.shared = scratch + pl_threads() * job.per_thread;
    pl_parallel(tiles_part, &job);
    pl_parallel(panels_part, &job);
  } else {
    pl_parallel(blocks_part, &job);
  }
}

#pragma clang attribute pop
#endif
