#include "Kernels.h"
#include "vectors.h"

// Sums over positions of input × gradient, for each tap of the kernel. Positions are taken in chunks that fit the
// first-level cache: input and gradient are copied so that 8 inputs and 32 outputs lie together, and each such pair is
// summed in registers over the chunk. Chunks are dealt to a fixed number of partial sums, joined in order.

#if !defined(__x86_64__)

ptrdiff_t pl_weight_gradient_scratch(const pl_convolution_shape *shape) {
  (void)shape;
  return 0;
}
void pl_weight_gradient(
    const pl_convolution_shape *shape, const float *in, const float *gradient, float *weight_gradient,
    float *scratch) {
  (void)shape, (void)in, (void)gradient, (void)weight_gradient, (void)scratch;
}

#else

#pragma clang attribute push(PL_WIDE_VECTORS, apply_to = function)

enum { INS = 8, PANEL = 2 * LANES, CHUNK = 128, MOST_PARTS = 8 };

typedef struct {
  const pl_convolution_shape *s;
  const float *in, *gradient;
  float *out, *scratch, *sums;
  ptrdiff_t batch, height, width, out_height, out_width;  // a pointwise kernel sees one long row
  ptrdiff_t rows, columns;                                // outputs of a chunk
  ptrdiff_t in_rows, in_columns, in_step;                 // inputs it needs; floats from one block of 8 to the next
  ptrdiff_t chunks_y, chunks_x, chunks;
  ptrdiff_t in_blocks, out_width_padded, size;            // floats of one partial sum
  ptrdiff_t parts, groups, panels, per_thread;
} Job;

static Job plan(const pl_convolution_shape *s) {
  Job job = {.s = s, .batch = s->batch, .height = s->height, .width = s->width, .out_height = s->out_height,
             .out_width = s->out_width};
  int pointwise = s->kernel_height == 1 && s->kernel_width == 1 && s->stride_y == 1 && s->stride_x == 1 &&
                  s->pad_top == 0 && s->pad_left == 0;
  if (pointwise) {
    job.width = job.out_width = s->batch * s->height * s->width;
    job.batch = job.height = job.out_height = 1;
  }
  ptrdiff_t most = pointwise || s->in_channels <= 256 ? CHUNK : CHUNK / 2;
  job.chunks_x = larger(1, (job.out_width + most) / (most + most / 2));
  if (pointwise) job.chunks_x = larger(1, (job.out_width + most - 1) / most);
  job.columns = (job.out_width + job.chunks_x - 1) / job.chunks_x;
  ptrdiff_t rows = larger(1, most / larger(1, job.columns));
  job.chunks_y = larger(1, (job.out_height + rows - 1) / rows);
  job.rows = (job.out_height + job.chunks_y - 1) / job.chunks_y;
  job.chunks = job.batch * job.chunks_y * job.chunks_x;
  job.in_rows = (job.rows - 1) * s->stride_y + s->kernel_height;
  job.in_columns = (job.columns - 1) * s->stride_x + s->kernel_width;
  // a little apart, so that blocks do not meet in one cache set
  job.in_step = job.in_rows * job.in_columns * INS + LANES;
  job.in_blocks = (s->in_channels + INS - 1) / INS;
  job.out_width_padded = round_up(s->out_channels, LANES);
  job.panels = (job.out_width_padded + PANEL - 1) / PANEL;
  job.size = s->kernel_height * s->kernel_width * job.in_blocks * INS * job.out_width_padded;
  // large weights take fewer partial sums; more threads than those divide the panels, which changes no sum
  job.parts = partial_sums_below(smaller(smaller(MOST_PARTS, job.chunks), (1 << 21) / larger(1, job.size)));
  job.groups = smaller(job.panels, (pl_threads() + job.parts - 1) / job.parts);
  job.per_thread = job.in_blocks * job.in_step + job.out_width_padded * job.rows * job.columns;
  job.per_thread = round_up(job.per_thread, LANES);
  return job;
}

ptrdiff_t pl_weight_gradient_scratch(const pl_convolution_shape *shape) {
  Job job = plan(shape);
  return job.parts * job.size + pl_threads() * job.per_thread;
}

/// Input as [block of 8][row][column][8], zeros outside the map and beyond the last channel.
static void pack_input(const Job *job, ptrdiff_t image, ptrdiff_t top, ptrdiff_t left, float *to) {
  const pl_convolution_shape *s = job->s;
  ptrdiff_t step = job->in_step, channels = s->in_channels;
  __mmask8 tail = (__mmask8)((1u << (channels - (job->in_blocks - 1) * INS)) - 1);
  for (ptrdiff_t y = 0; y < job->in_rows; y++)
    for (ptrdiff_t x = 0; x < job->in_columns; x++, to += INS) {
      ptrdiff_t in_y = top + y, in_x = left + x;
      if (in_y < 0 || in_y >= job->height || in_x < 0 || in_x >= job->width) {
        for (ptrdiff_t b = 0; b < job->in_blocks; b++) _mm256_storeu_ps(to + b * step, _mm256_setzero_ps());
        continue;
      }
      const float *from = job->in + ((image * job->height + in_y) * job->width + in_x) * s->in_stride;
      for (ptrdiff_t b = 0; b < job->in_blocks - 1; b++) _mm256_storeu_ps(to + b * step, _mm256_loadu_ps(from + b * INS));
      ptrdiff_t b = job->in_blocks - 1;
      _mm256_storeu_ps(to + b * step, _mm256_maskz_loadu_ps(tail, from + b * INS));
    }
}

/// Gradient as [panel][position][outputs of the panel], zeros beyond the last; panels first..<last.
static void pack_gradient(
    const Job *job, ptrdiff_t image, ptrdiff_t y0, ptrdiff_t rows, ptrdiff_t x0, ptrdiff_t columns, ptrdiff_t first,
    ptrdiff_t last, float *to) {
  const pl_convolution_shape *s = job->s;
  for (ptrdiff_t panel = first; panel < last; panel++) {
    ptrdiff_t channel = panel * PANEL, width = smaller(PANEL, job->out_width_padded - channel);
    __mmask16 low = lanes(s->out_channels, channel), high = lanes(s->out_channels, channel + LANES);
    for (ptrdiff_t y = 0; y < rows; y++) {
      const float *from =
          job->gradient + ((image * job->out_height + y0 + y) * job->out_width + x0) * s->out_stride + channel;
      for (ptrdiff_t x = 0; x < columns; x++, from += s->out_stride, to += width) {
        _mm512_storeu_ps(to, _mm512_maskz_loadu_ps(low, from));
        if (width > LANES) _mm512_storeu_ps(to + LANES, _mm512_maskz_loadu_ps(high, from + LANES));
      }
    }
  }
}

/// Memory that the next chunk will read, fetched little by little while this one is summed.
typedef struct {
  const char *at;
  ptrdiff_t step;
} Ahead;

/// Adds to 8 × (16 · vectors) sums the products of a chunk's positions.
PL_INLINE void accumulate(
    int vectors, ptrdiff_t rows, ptrdiff_t columns, const float *in, ptrdiff_t in_row, ptrdiff_t in_column,
    const float *gradient, float *sums, Ahead ahead) {
  __m512 sum[INS][2];
#pragma unroll
  for (int i = 0; i < INS; i++)
#pragma unroll
    for (int v = 0; v < vectors; v++) sum[i][v] = _mm512_loadu_ps(sums + (i * vectors + v) * LANES);
  for (ptrdiff_t y = 0; y < rows; y++) {
    const float *x = in + y * in_row;
    for (ptrdiff_t n = 0; n < columns; n++, x += in_column, gradient += vectors * LANES) {
      _mm_prefetch(ahead.at, _MM_HINT_T1);
      ahead.at += ahead.step;
      __m512 g[2];
#pragma unroll
      for (int v = 0; v < vectors; v++) g[v] = _mm512_loadu_ps(gradient + v * LANES);
#pragma unroll
      for (int i = 0; i < INS; i++) {
        __m512 value = _mm512_set1_ps(x[i]);
#pragma unroll
        for (int v = 0; v < vectors; v++) sum[i][v] = _mm512_fmadd_ps(value, g[v], sum[i][v]);
      }
    }
  }
#pragma unroll
  for (int i = 0; i < INS; i++)
#pragma unroll
    for (int v = 0; v < vectors; v++) _mm512_storeu_ps(sums + (i * vectors + v) * LANES, sum[i][v]);
}

static void accumulate_1(ptrdiff_t rows, ptrdiff_t columns, const float *in, ptrdiff_t in_row, ptrdiff_t in_column,
                         const float *gradient, float *sums, Ahead ahead) {
  accumulate(1, rows, columns, in, in_row, in_column, gradient, sums, ahead);
}
static void accumulate_2(ptrdiff_t rows, ptrdiff_t columns, const float *in, ptrdiff_t in_row, ptrdiff_t in_column,
                         const float *gradient, float *sums, Ahead ahead) {
  accumulate(2, rows, columns, in, in_row, in_column, gradient, sums, ahead);
}

typedef struct {
  ptrdiff_t image, y0, y1, x0, x1;
} Chunk;

PL_INLINE Chunk chunk_at(const Job *job, ptrdiff_t index) {
  ptrdiff_t within = index % (job->chunks_y * job->chunks_x), cy = within / job->chunks_x, cx = within % job->chunks_x;
  return (Chunk){.image = index / (job->chunks_y * job->chunks_x),
                 .y0 = job->out_height * cy / job->chunks_y, .y1 = job->out_height * (cy + 1) / job->chunks_y,
                 .x0 = job->out_width * cx / job->chunks_x, .x1 = job->out_width * (cx + 1) / job->chunks_x};
}

/// The run of numbers a chunk reads, as a whole: of the input in even, of the gradient in odd calls.
PL_INLINE Ahead fetch(const Job *job, Chunk c, ptrdiff_t call, ptrdiff_t calls, ptrdiff_t positions) {
  const pl_convolution_shape *s = job->s;
  ptrdiff_t first, last, at = call / 2, of = larger(1, calls / 2);
  const float *from;
  if (call % 2 == 0) {
    ptrdiff_t top = larger(0, c.y0 * s->stride_y - s->pad_top), left = larger(0, c.x0 * s->stride_x - s->pad_left);
    ptrdiff_t bottom = smaller(job->height - 1, (c.y1 - 1) * s->stride_y - s->pad_top + s->kernel_height - 1);
    ptrdiff_t right = smaller(job->width - 1, (c.x1 - 1) * s->stride_x - s->pad_left + s->kernel_width - 1);
    first = ((c.image * job->height + top) * job->width + left) * s->in_stride;
    last = ((c.image * job->height + bottom) * job->width + right) * s->in_stride;
    from = job->in;
    of = (calls + 1) / 2;
  } else {
    first = ((c.image * job->out_height + c.y0) * job->out_width + c.x0) * s->out_stride;
    last = ((c.image * job->out_height + c.y1 - 1) * job->out_width + c.x1 - 1) * s->out_stride;
    from = job->gradient;
  }
  ptrdiff_t bytes = (last - first) * 4;
  return (Ahead){(const char *)(from + first) + bytes * at / of, (bytes / of + positions - 1) / positions};
}

/// One partial sum of one group of panels. Sums are [panel][tap][block of 8][8][outputs of the panel].
static void gradient_task(const Job *job, ptrdiff_t task, float *inputs) {
  const pl_convolution_shape *s = job->s;
  ptrdiff_t part = task / job->groups, group = task % job->groups;
  ptrdiff_t first = job->panels * group / job->groups, last = job->panels * (group + 1) / job->groups;
  float *sums = job->sums + part * job->size, *gradients = inputs + job->in_blocks * job->in_step;
  ptrdiff_t taps = s->kernel_height * s->kernel_width, panel_size = taps * job->in_blocks * INS * PANEL;
  ptrdiff_t begin = first * panel_size, end = smaller(job->size, last * panel_size);
  memset(sums + begin, 0, (size_t)(end - begin) * 4);
  ptrdiff_t calls = (last - first) * taps * job->in_blocks;
  ptrdiff_t last_chunk = job->chunks * (part + 1) / job->parts;
  for (ptrdiff_t index = job->chunks * part / job->parts; index < last_chunk; index++) {
    Chunk c = chunk_at(job, index), next = chunk_at(job, smaller(index + 1, last_chunk - 1));
    ptrdiff_t rows = c.y1 - c.y0, columns = c.x1 - c.x0, call = 0;
    pack_input(job, c.image, c.y0 * s->stride_y - s->pad_top, c.x0 * s->stride_x - s->pad_left, inputs);
    pack_gradient(job, c.image, c.y0, rows, c.x0, columns, first, last, gradients);
    ptrdiff_t in_row = job->in_columns * INS;
    const float *gradient = gradients;
    for (ptrdiff_t panel = first; panel < last; panel++) {
      ptrdiff_t width = smaller(PANEL, job->out_width_padded - panel * PANEL);
      float *sum = sums + panel * panel_size;
      for (ptrdiff_t ky = 0; ky < s->kernel_height; ky++)
        for (ptrdiff_t kx = 0; kx < s->kernel_width; kx++)
          for (ptrdiff_t block = 0; block < job->in_blocks; block++, sum += INS * width, call++)
            (width > LANES ? accumulate_2 : accumulate_1)(
                rows, columns, inputs + block * job->in_step + ky * in_row + kx * INS, in_row * s->stride_y,
                s->stride_x * INS, gradient, sum, fetch(job, next, call, calls, rows * columns));
      gradient += rows * columns * width;
    }
  }
}

static void gradient_part(void *context, int part, int parts) {
  const Job *job = context;
  ptrdiff_t tasks = job->parts * job->groups;
  for (ptrdiff_t task = tasks * part / parts; task < tasks * (part + 1) / parts; task++)
    gradient_task(job, task, job->scratch + part * job->per_thread);
}

// Joins the partial sums in order and puts them into the order of weights; 8 input channels a block.
static void join_block(void *context, ptrdiff_t block) {
  const Job *job = context;
  const pl_convolution_shape *s = job->s;
  ptrdiff_t taps = s->kernel_height * s->kernel_width, count = smaller(INS, s->in_channels - block * INS);
  for (ptrdiff_t panel = 0; panel < job->panels; panel++) {
    ptrdiff_t channel = panel * PANEL, width = smaller(PANEL, job->out_width_padded - channel);
    ptrdiff_t outs = smaller(width, s->out_channels - channel);
    for (ptrdiff_t tap = 0; tap < taps; tap++) {
      const float *from = job->sums + taps * job->in_blocks * INS * channel + (tap * job->in_blocks + block) * INS * width;
      for (ptrdiff_t i = 0; i < count; i++) {
        float total[PANEL];
        for (ptrdiff_t o = 0; o < width; o++) total[o] = from[i * width + o];
        for (ptrdiff_t part = 1; part < job->parts; part++)
          for (ptrdiff_t o = 0; o < width; o++) total[o] += from[part * job->size + i * width + o];
        float *to = job->out + (channel * s->in_channels + block * INS + i) * taps + tap;
        for (ptrdiff_t o = 0; o < outs; o++) to[o * s->in_channels * taps] = total[o];
      }
    }
  }
}

void pl_weight_gradient(
    const pl_convolution_shape *shape, const float *in, const float *gradient, float *weight_gradient,
    float *scratch) {
  Job job = plan(shape);
  job.in = in;
  job.gradient = gradient;
  job.out = weight_gradient;
  job.sums = scratch;
  job.scratch = scratch + job.parts * job.size;
  pl_parallel(gradient_part, &job);
  pl_for_blocks(job.in_blocks, join_block, &job);
}

#pragma clang attribute pop
#endif
