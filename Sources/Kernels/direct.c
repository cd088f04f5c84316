#include "Kernels.h"
#include "bfloat16.h"

// Convolutions of maps with few channels, such as pictures. A row of the kernel then sees a short run of numbers that
// follow each other in a row of the map, columns and channels alike, so an output is a product of a few such runs with
// the weight. Runs over the border are completed by zeros first.

#if !defined(__x86_64__)

int pl_direct_has(const pl_convolution_shape *shape) {
  (void)shape;
  return 0;
}
ptrdiff_t pl_direct_weight_count(pl_format format, const pl_convolution_shape *shape) {
  (void)format, (void)shape;
  return 0;
}
void pl_direct_weight(pl_format format, const pl_convolution_shape *shape, const float *weight, float *packed) {
  (void)format, (void)shape, (void)weight, (void)packed;
}
void pl_direct(
    pl_format format, const pl_convolution_shape *shape, const void *in, const float *packed, const float *bias,
    pl_unary f, void *out) {
  (void)format, (void)shape, (void)in, (void)packed, (void)bias, (void)f, (void)out;
}

#else

#pragma clang attribute push(PL_WIDE_VECTORS, apply_to = function)

enum { VECTORS = 2, PANEL = VECTORS * LANES, SUMS = 28, MOST_CHANNELS = 4, MOST_KERNEL = 7, MOST_STRIDE = 2 };
/// Numbers of a row that a run of positions sees, and one more: pairs may end there.
enum { MOST_SEEN = ((SUMS - 1) * MOST_STRIDE + MOST_KERNEL) * MOST_CHANNELS + 1 };

int pl_direct_has(const pl_convolution_shape *s) {
  return s->groups == 1 && s->dilation == 1 && s->in_channels <= MOST_CHANNELS && s->kernel_height <= MOST_KERNEL &&
         s->kernel_width <= MOST_KERNEL && s->stride_x <= MOST_STRIDE;
}

/// Steps of the sum along a row of the kernel: numbers, or pairs of bfloat16 ones.
static ptrdiff_t steps_of(pl_format format, const pl_convolution_shape *s) {
  ptrdiff_t run = s->kernel_width * s->in_channels;
  return format == PL_FLOAT32 ? run : (run + 1) / 2;
}

// MARK: Weights

// Packed as [panel of 32 outputs][kernel row][step][outputs of the panel], in bfloat16 two numbers a step; the last
// panel may have 16.

ptrdiff_t pl_direct_weight_count(pl_format format, const pl_convolution_shape *s) {
  return s->kernel_height * steps_of(format, s) * round_up(s->out_channels, LANES);
}

static float tap(const pl_convolution_shape *s, const float *weight, ptrdiff_t out, ptrdiff_t y, ptrdiff_t i) {
  if (out >= s->out_channels || i >= s->kernel_width * s->in_channels) return 0;
  ptrdiff_t x = i / s->in_channels, c = i % s->in_channels;
  return weight[((out * s->in_channels + c) * s->kernel_height + y) * s->kernel_width + x];
}

void pl_direct_weight(pl_format format, const pl_convolution_shape *s, const float *weight, float *packed) {
  ptrdiff_t outs = round_up(s->out_channels, LANES), steps = steps_of(format, s), at = 0;
  for (ptrdiff_t panel = 0; panel < outs; panel += PANEL)
    for (ptrdiff_t y = 0; y < s->kernel_height; y++)
      for (ptrdiff_t i = 0; i < steps; i++)
        for (ptrdiff_t out = panel; out < smaller(panel + PANEL, outs); out++, at++)
          if (format == PL_FLOAT32) {
            packed[at] = tap(s, weight, out, y, i);
          } else {
            pl_put(packed, 2 * at, PL_BFLOAT16, tap(s, weight, out, y, 2 * i));
            pl_put(packed, 2 * at + 1, PL_BFLOAT16, tap(s, weight, out, y, 2 * i + 1));
          }
}

// MARK: Products

typedef struct {
  ptrdiff_t rows, steps, step;  // of the kernel; steps along one; numbers from one position to the next
  pl_unary f;
  ptrdiff_t stride;  // numbers from one output to the next
} Run;

PL_INLINE void store_outputs(
    int format, pl_unary f, int vectors, const __m512 sum[SUMS][VECTORS], ptrdiff_t first, ptrdiff_t last,
    __mmask16 mask, void *out, ptrdiff_t stride) {
#pragma unroll
  for (int r = 0; r < SUMS / vectors; r++)
    if (r >= first && r < last)
#pragma unroll
      for (int v = 0; v < vectors; v++)
        store_lanes(format, v == vectors - 1 ? mask : 0xFFFF, out, r * stride + v * LANES, finished(format, f, sum[r][v]));
}

/// Outputs of as many positions, of 16 · vectors channels each, as there are registers for; those from `first` to
/// before `last` are written. The last vector has the channels of `mask`.
PL_INLINE void outputs(
    int format, int vectors, const Run *run, const void *const *in, const float *weight, const float *bias,
    ptrdiff_t first, ptrdiff_t last, __mmask16 mask, void *out) {
  __m512 sum[SUMS][VECTORS];
#pragma unroll
  for (int v = 0; v < vectors; v++) {
    sum[0][v] = bias ? _mm512_maskz_loadu_ps(v == vectors - 1 ? mask : 0xFFFF, bias + v * LANES) : _mm512_setzero_ps();
#pragma unroll
    for (int r = 1; r < SUMS / vectors; r++) sum[r][v] = sum[0][v];
  }
  for (ptrdiff_t y = 0; y < run->rows; y++) {
    const char *from = in[y];
    for (ptrdiff_t i = 0; i < run->steps; i++, from += 4, weight += vectors * LANES) {
      __m512 w[VECTORS];
#pragma unroll
      for (int v = 0; v < vectors; v++) w[v] = _mm512_loadu_ps(weight + v * LANES);
#pragma unroll
      for (int r = 0; r < SUMS / vectors; r++) {
        float number;
        memcpy(&number, from + r * run->step * pl_size(format), 4);
        __m512 x = _mm512_set1_ps(number);
#pragma unroll
        for (int v = 0; v < vectors; v++)
          sum[r][v] = format == PL_FLOAT32 ? _mm512_fmadd_ps(x, w[v], sum[r][v])
                                           : _mm512_dpbf16_ps(sum[r][v], (__m512bh)w[v], (__m512bh)x);
      }
    }
  }
  if (run->f == PL_SILU)
    store_outputs(format, PL_SILU, vectors, sum, first, last, mask, out, run->stride);
  else if (run->f == PL_RELU)
    store_outputs(format, PL_RELU, vectors, sum, first, last, mask, out, run->stride);
  else
    store_outputs(format, PL_IDENTITY, vectors, sum, first, last, mask, out, run->stride);
}

#define OUTPUTS(NAME, FORMAT, V)                                                                                 \
  static void NAME(const Run *run, const void *const *in, const float *weight, const float *bias,                \
                   ptrdiff_t first, ptrdiff_t last, __mmask16 mask, void *out) {                                 \
    outputs(FORMAT, V, run, in, weight, bias, first, last, mask, out);                                           \
  }
OUTPUTS(floats_1, PL_FLOAT32, 1) OUTPUTS(floats_2, PL_FLOAT32, 2)
OUTPUTS(halves_1, PL_BFLOAT16, 1) OUTPUTS(halves_2, PL_BFLOAT16, 2)

typedef void (*Outputs)(
    const Run *, const void *const *, const float *, const float *, ptrdiff_t, ptrdiff_t, __mmask16, void *);
static const Outputs writers[2][VECTORS] = {{floats_1, floats_2}, {halves_1, halves_2}};

// MARK: Rows

typedef struct {
  const pl_convolution_shape *s;
  pl_format format;
  const void *in;
  const float *weight, *bias;
  pl_unary f;
  void *out;
} Job;

static const float zeros[MOST_SEEN];

/// Copies `columns` columns of a row of the map, from column x on, zeros outside.
PL_INLINE void copy_columns(
    int format, const pl_convolution_shape *s, const void *row, ptrdiff_t x, ptrdiff_t columns, void *to) {
  ptrdiff_t c = s->in_channels, first = larger(x, 0), last = smaller(x + columns, s->width);
  memset(to, 0, (size_t)((columns * c + 1) * pl_size(format)));
  if (s->in_stride == c && last > first)
    memcpy(pl_to(to, (first - x) * c, format), pl_at(row, first * c, format),
           (size_t)((last - first) * c * pl_size(format)));
  else
    for (ptrdiff_t column = first; column < last; column++)
      memcpy(pl_to(to, (column - x) * c, format), pl_at(row, column * s->in_stride, format),
             (size_t)(c * pl_size(format)));
}

/// What `positions` outputs from column x on see: in place, or in `copies` where that is over the border or has gaps.
/// `image` holds the rows of the map, null outside.
PL_INLINE void find_rows(
    int format, const pl_convolution_shape *s, const void *const *image, ptrdiff_t x, ptrdiff_t positions,
    float copies[MOST_KERNEL][MOST_SEEN], const void **rows) {
  ptrdiff_t left = x * s->stride_x - s->pad_left, columns = (positions - 1) * s->stride_x + s->kernel_width;
  int in_place = s->in_stride == s->in_channels && left >= 0 && left + columns < s->width;
  for (ptrdiff_t i = 0; i < s->kernel_height; i++) {
    rows[i] = !image[i] ? zeros : in_place ? pl_at(image[i], left * s->in_channels, format) : copies[i];
    if (image[i] && !in_place) copy_columns(format, s, image[i], left, columns, copies[i]);
  }
}

/// The outputs of one panel in an output row.
PL_INLINE void panel(
    int format, const Job *job, const Run *run, const void *const *image, ptrdiff_t output, ptrdiff_t channel) {
  const pl_convolution_shape *s = job->s;
  ptrdiff_t width = smaller(PANEL, round_up(s->out_channels, LANES) - channel), positions = SUMS / (width / LANES);
  const float *weight = job->weight + channel * run->rows * run->steps, *bias = job->bias ? job->bias + channel : NULL;
  Outputs write = writers[format == PL_BFLOAT16][width / LANES - 1];
  __mmask16 mask = lanes(s->out_channels, channel + width - LANES);
  float copies[MOST_KERNEL][MOST_SEEN];
  const void *rows[MOST_KERNEL];
  for (ptrdiff_t done = 0; done < s->out_width;) {
    // the last run begins early enough to be a whole one
    ptrdiff_t x = larger(0, smaller(done, s->out_width - positions)), last = smaller(x + positions, s->out_width);
    find_rows(format, s, image, x, positions, copies, rows);
    write(
        run, rows, weight, bias, done - x, last - x, mask,
        pl_to(job->out, (output * s->out_width + x) * s->out_stride + channel, format));
    done = last;
  }
}

PL_INLINE void output_row(int format, const Job *job, ptrdiff_t output) {
  const pl_convolution_shape *s = job->s;
  ptrdiff_t top = output % s->out_height * s->stride_y - s->pad_top, first = output / s->out_height * s->height;
  Run run = {s->kernel_height, steps_of(format, s), s->stride_x * s->in_channels, job->f, s->out_stride};
  const void *image[MOST_KERNEL];
  for (ptrdiff_t i = 0; i < s->kernel_height; i++) {
    int inside = top + i >= 0 && top + i < s->height;
    image[i] = inside ? pl_at(job->in, (first + top + i) * s->width * s->in_stride, format) : NULL;
  }
  for (ptrdiff_t channel = 0; channel < s->out_channels; channel += PANEL)
    panel(format, job, &run, image, output, channel);
}

static void output_rows(void *context, ptrdiff_t output) {
  const Job *job = context;
  PL_FORMATS(job->format, output_row(T, job, output))
}

void pl_direct(
    pl_format format, const pl_convolution_shape *shape, const void *in, const float *packed, const float *bias,
    pl_unary f, void *out) {
  Job job = {shape, format, in, packed, bias, f, out};
  pl_for_blocks(shape->batch * shape->out_height, output_rows, &job);
}

#pragma clang attribute pop
#endif
