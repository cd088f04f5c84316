#include "Kernels.h"
#include "winograd.h"

// The gradient of a 3 × 3 weight in the places of F(4 × 4, 3 × 3): tiles of the input and of the output's gradient are
// transformed, each of the 36 places is summed over all tiles, and the sums are transformed to 3 × 3.

#if !defined(__x86_64__)

ptrdiff_t pl_winograd_gradient_scratch(const pl_convolution_shape *shape) {
  (void)shape;
  return 0;
}
void pl_winograd_gradient(
    pl_format format, const pl_convolution_shape *shape, const void *in, const void *gradient, float *weight_gradient,
    float *scratch) {
  (void)format, (void)shape, (void)in, (void)gradient, (void)weight_gradient, (void)scratch;
}

#else

#pragma clang attribute push(PL_WIDE_VECTORS, apply_to = function)

enum { INS = 8, MOST_PARTS = 8 };

typedef struct {
  const pl_convolution_shape *s;
  pl_format format;
  const void *in, *gradient;
  float *out, *scratch, *sums;
  Tiles tiles;
  ptrdiff_t block, blocks, parts, groups, panels, size, per_thread;
} Job;

static Job plan(const pl_convolution_shape *s) {
  Job job = {.s = s, .tiles = tiles_of(s)};
  const Tiles *t = &job.tiles;
  job.panels = (t->out_width + PANEL - 1) / PANEL;
  job.size = PLACES * t->in_width * t->out_width;
  // as many tiles as the second-level cache holds beside the sums
  ptrdiff_t most = larger(16, smaller(64, 128 * 1024 / (PLACES * (t->in_width + smaller(t->out_width, 2 * PANEL)))));
  job.blocks = larger(1, (t->count + most - 1) / most);
  job.parts = partial_sums_below(smaller(smaller(MOST_PARTS, job.blocks), (1 << 21) / job.size));
  job.blocks = round_up(job.blocks, job.parts);
  job.block = (t->count + job.blocks - 1) / job.blocks;
  job.groups = smaller(job.panels, (pl_threads() + job.parts - 1) / job.parts);
  job.per_thread = PLACES * (larger(t->in_width, t->out_width) + place_step(job.block, t->in_width) +
                             place_step(job.block, PANEL));
  return job;
}

ptrdiff_t pl_winograd_gradient_scratch(const pl_convolution_shape *shape) {
  Job job = plan(shape);
  return job.parts * job.size + pl_threads() * job.per_thread;
}

/// A d: four numbers to six.
PL_INLINE void spread(const __m512 d[OUT], __m512 t[SIDE]) {
  __m512 four = _mm512_set1_ps(4);
  __m512 even = _mm512_add_ps(d[0], d[2]), odd = _mm512_add_ps(d[1], d[3]);
  __m512 wide = _mm512_fmadd_ps(four, d[2], d[0]);
  __m512 high = _mm512_mul_ps(_mm512_set1_ps(2), _mm512_fmadd_ps(four, d[3], d[1]));
  t[0] = d[0];
  t[1] = _mm512_add_ps(even, odd);
  t[2] = _mm512_sub_ps(even, odd);
  t[3] = _mm512_add_ps(wide, high);
  t[4] = _mm512_sub_ps(wide, high);
  t[5] = d[3];
}

/// Transforms the gradients of tiles first..<last, channels of one panel, to [place][tile][channel of the panel].
PL_INLINE void spread_tiles(
    const Job *job, int format, ptrdiff_t first, ptrdiff_t last, ptrdiff_t channel, ptrdiff_t width, float *to,
    ptrdiff_t step) {
  const pl_convolution_shape *s = job->s;
  const Tiles *t = &job->tiles;
  for (ptrdiff_t tile = first; tile < last; tile++, to += width) {
    ptrdiff_t image = tile / (t->x * t->y), within = tile % (t->x * t->y);
    ptrdiff_t y = within / t->x * OUT, x = within % t->x * OUT;
    ptrdiff_t at = ((image * s->out_height + y) * s->out_width + x) * s->out_stride + channel;
    const void *from = pl_at(job->gradient, at, format);
    for (ptrdiff_t k = 0; k < width; k += LANES) {
      __mmask16 mask = lanes(s->out_channels, channel + k);
      __m512 half[SIDE][OUT], d[OUT], six[SIDE];
#pragma unroll
      for (int j = 0; j < OUT; j++) {
#pragma unroll
        for (int i = 0; i < OUT; i++) {
          int inside = y + i < s->out_height && x + j < s->out_width;
          d[i] = load_lanes(
              format, inside ? mask : 0, from, inside ? (i * s->out_width + j) * s->out_stride + k : 0);
        }
        spread(d, six);
#pragma unroll
        for (int i = 0; i < SIDE; i++) half[i][j] = six[i];
      }
#pragma unroll
      for (int i = 0; i < SIDE; i++) {
        spread(half[i], six);
#pragma unroll
        for (int j = 0; j < SIDE; j++) _mm512_storeu_ps(to + (i * SIDE + j) * step + k, six[j]);
      }
    }
  }
}

/// Adds to 8 × (16 · vectors) sums the products of `count` tiles.
PL_INLINE void accumulate(
    int vectors, ptrdiff_t count, const float *in, ptrdiff_t in_step, const float *gradient, float *sums) {
  __m512 sum[INS][2];
#pragma unroll
  for (int i = 0; i < INS; i++)
#pragma unroll
    for (int v = 0; v < vectors; v++) sum[i][v] = _mm512_loadu_ps(sums + (i * vectors + v) * LANES);
  for (ptrdiff_t n = 0; n < count; n++, in += in_step, gradient += vectors * LANES) {
    __m512 g[2];
#pragma unroll
    for (int v = 0; v < vectors; v++) g[v] = _mm512_loadu_ps(gradient + v * LANES);
#pragma unroll
    for (int i = 0; i < INS; i++) {
      __m512 value = _mm512_set1_ps(in[i]);
#pragma unroll
      for (int v = 0; v < vectors; v++) sum[i][v] = _mm512_fmadd_ps(value, g[v], sum[i][v]);
    }
  }
#pragma unroll
  for (int i = 0; i < INS; i++)
#pragma unroll
    for (int v = 0; v < vectors; v++) _mm512_storeu_ps(sums + (i * vectors + v) * LANES, sum[i][v]);
}

static void accumulate_1(ptrdiff_t count, const float *in, ptrdiff_t in_step, const float *gradient, float *sums) {
  accumulate(1, count, in, in_step, gradient, sums);
}
static void accumulate_2(ptrdiff_t count, const float *in, ptrdiff_t in_step, const float *gradient, float *sums) {
  accumulate(2, count, in, in_step, gradient, sums);
}

/// One partial sum of one group of panels. Sums are [panel][place][in][outputs of the panel].
static void gradient_task(const Job *job, ptrdiff_t task, float *edge) {
  const Tiles *t = &job->tiles;
  ptrdiff_t part = task / job->groups, group = task % job->groups;
  ptrdiff_t first_panel = job->panels * group / job->groups, last_panel = job->panels * (group + 1) / job->groups;
  float *places = edge + PLACES * larger(t->in_width, t->out_width);
  float *gradients = places + PLACES * place_step(job->block, t->in_width), *sums = job->sums + part * job->size;
  ptrdiff_t panel_size = PLACES * t->in_width * PANEL, begin = first_panel * panel_size;
  memset(sums + begin, 0, (size_t)(smaller(job->size, last_panel * panel_size) - begin) * 4);
  for (ptrdiff_t block = job->blocks * part / job->parts; block < job->blocks * (part + 1) / job->parts; block++) {
    ptrdiff_t first = t->count * block / job->blocks, last = t->count * (block + 1) / job->blocks;
    ptrdiff_t step = place_step(last - first, t->in_width);
    PL_FORMATS(job->format, transform_tiles(T, job->s, t, job->in, first, last, edge, places, step))
    for (ptrdiff_t panel = first_panel; panel < last_panel; panel++) {
      ptrdiff_t channel = panel * PANEL, width = smaller(PANEL, t->out_width - channel);
      ptrdiff_t out_step = place_step(last - first, width);
      PL_FORMATS(job->format, spread_tiles(job, T, first, last, channel, width, gradients, out_step))
      float *sum = sums + panel * panel_size;
      for (int place = 0; place < PLACES; place++)
        for (ptrdiff_t c = 0; c < t->in_width; c += INS, sum += INS * width)
          (width > LANES ? accumulate_2 : accumulate_1)(
              last - first, places + place * step + c, t->in_width, gradients + place * out_step, sum);
    }
  }
}

static void gradient_part(void *context, int part, int parts) {
  const Job *job = context;
  ptrdiff_t tasks = job->parts * job->groups;
  for (ptrdiff_t task = tasks * part / parts; task < tasks * (part + 1) / parts; task++)
    gradient_task(job, task, job->scratch + part * job->per_thread);
}

/// Gᵀ m: six numbers to three.
PL_INLINE void contract(const __m512 m[SIDE], __m512 g[3]) {
  __m512 sixth = _mm512_set1_ps(1.0f / 6), s1 = _mm512_add_ps(m[1], m[2]), s2 = _mm512_add_ps(m[3], m[4]);
  g[0] = _mm512_fmadd_ps(
      _mm512_set1_ps(0.25f), m[0], _mm512_fmsub_ps(_mm512_set1_ps(1.0f / 24), s2, _mm512_mul_ps(sixth, s1)));
  g[1] = _mm512_fmadd_ps(
      sixth, _mm512_sub_ps(m[2], m[1]), _mm512_mul_ps(_mm512_set1_ps(1.0f / 12), _mm512_sub_ps(m[3], m[4])));
  g[2] = _mm512_fmadd_ps(sixth, _mm512_sub_ps(s2, s1), m[5]);
}

// Joins the partial sums of one input channel in order and transforms them.
static void join_block(void *context, ptrdiff_t c) {
  const Job *job = context;
  const pl_convolution_shape *s = job->s;
  const Tiles *t = &job->tiles;
  for (ptrdiff_t channel = 0; channel < t->out_width; channel += LANES) {
    ptrdiff_t panel = channel / PANEL, width = smaller(PANEL, t->out_width - panel * PANEL);
    const float *from = job->sums + panel * PANEL * PLACES * t->in_width + c * width + channel % PANEL;
    __m512 half[3][SIDE], m[SIDE], g[3];
    for (int x = 0; x < SIDE; x++) {
      for (int y = 0; y < SIDE; y++) {
        const float *place = from + (y * SIDE + x) * t->in_width * width;
        m[y] = _mm512_loadu_ps(place);
        for (ptrdiff_t part = 1; part < job->parts; part++)
          m[y] = _mm512_add_ps(m[y], _mm512_loadu_ps(place + part * job->size));
      }
      contract(m, g);
      for (int y = 0; y < 3; y++) half[y][x] = g[y];
    }
    float taps[9][LANES];
    for (int y = 0; y < 3; y++) {
      contract(half[y], g);
      for (int x = 0; x < 3; x++) _mm512_storeu_ps(taps[y * 3 + x], g[x]);
    }
    ptrdiff_t outs = smaller(LANES, s->out_channels - channel);
    for (ptrdiff_t o = 0; o < outs; o++)
      for (int tap = 0; tap < 9; tap++) job->out[((channel + o) * s->in_channels + c) * 9 + tap] = taps[tap][o];
  }
}

void pl_winograd_gradient(
    pl_format format, const pl_convolution_shape *shape, const void *in, const void *gradient, float *weight_gradient,
    float *scratch) {
  Job job = plan(shape);
  job.format = format;
  job.in = in;
  job.gradient = gradient;
  job.out = weight_gradient;
  job.sums = scratch;
  job.scratch = scratch + job.parts * job.size;
  pl_parallel(gradient_part, &job);
  pl_for_blocks(shape->in_channels, join_block, &job);
}

#pragma clang attribute pop
#endif
