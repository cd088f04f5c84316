#include <stdlib.h>

#include "Kernels.h"
#include "functions.h"
#include "normalization.h"

// Channels are the inner loop. A short channel count is repeated to a width of at least 64 numbers when rows are dense,
// so that vectors are full; `width` is then a multiple of `channels`.

enum { MAX_WIDTH = 128 };

/// How many rows are treated as one.
static ptrdiff_t repeats(ptrdiff_t rows, ptrdiff_t channels, int dense) {
  if (!dense || channels >= 64) return 1;
  ptrdiff_t times = MAX_WIDTH / channels;
  while (times > 1 && rows % times) times--;
  return times;
}

static void widen(const float *in, ptrdiff_t channels, ptrdiff_t times, float *out) {
  for (ptrdiff_t t = 0; t < times; t++) memcpy(out + t * channels, in, (size_t)channels * 4);
}

/// Number i of the input, in format T.
#define IN(i) pl_number(in, i, T)

/// Whether `normalization_bfloat16.c` does it.
static int has_vector_pass(const NormalizationJob *job) {
  return job->format == PL_BFLOAT16 && job->f == PL_SILU && pl_has_wide_bfloat16();
}

static void cut(NormalizationJob *job) {
  job->block_rows = pl_block_rows(job->width);
  job->blocks = (job->rows + job->block_rows - 1) / job->block_rows;
}

enum { SPAN = 512 };

// Sums of d and of d·x over a block, single precision over at most SHORT_ROWS rows, double beyond.
#define REDUCE_BLOCK(PREPARE, TERM_D, TERM_X)                                               \
  NormalizationJob *job = context;                                                          \
  ptrdiff_t first = block * job->block_rows, last = first + job->block_rows;                \
  if (last > job->rows) last = job->rows;                                                   \
  double *total_d = job->partial + block * 2 * job->width, *total_x = total_d + job->width; \
  for (ptrdiff_t start = 0; start < job->width; start += SPAN) {                            \
    ptrdiff_t n = job->width - start < SPAN ? job->width - start : SPAN;                    \
    for (ptrdiff_t i = 0; i < n; i++) total_d[start + i] = total_x[start + i] = 0;          \
    for (ptrdiff_t row = first; row < last; row += SHORT_ROWS) {                            \
      float sum_d[SPAN], sum_x[SPAN];                                                       \
      for (ptrdiff_t i = 0; i < n; i++) sum_d[i] = sum_x[i] = 0;                            \
      ptrdiff_t end = row + SHORT_ROWS < last ? row + SHORT_ROWS : last;                    \
      for (ptrdiff_t r = row; r < end; r++) {                                               \
        const void *in = pl_at(job->in, r * job->in_stride + start, T);                     \
        PREPARE                                                                             \
        for (ptrdiff_t i = 0; i < n; i++) {                                                 \
          sum_d[i] += TERM_D;                                                               \
          sum_x[i] += TERM_X;                                                               \
        }                                                                                   \
      }                                                                                     \
      for (ptrdiff_t i = 0; i < n; i++) {                                                   \
        total_d[start + i] += sum_d[i];                                                     \
        total_x[start + i] += sum_x[i];                                                     \
      }                                                                                     \
    }                                                                                       \
  }

#define STATISTICS(FORMAT)                                                       \
  enum { T = FORMAT };                                                           \
  REDUCE_BLOCK(const float *restrict mean = job->mean + start;, IN(i) - mean[i], \
               (IN(i) - mean[i]) * (IN(i) - mean[i]))

PL_CLONES static void statistics_block(void *context, ptrdiff_t block) { STATISTICS(PL_FLOAT32) }
PL_CLONES static void half_statistics_block(void *context, ptrdiff_t block) { STATISTICS(PL_BFLOAT16) }

#define SUMS(FORMAT)   \
  enum { T = FORMAT }; \
  REDUCE_BLOCK(, IN(i), 0)

PL_CLONES static void sums_block(void *context, ptrdiff_t block) { SUMS(PL_FLOAT32) }
PL_CLONES static void half_sums_block(void *context, ptrdiff_t block) { SUMS(PL_BFLOAT16) }

/// Joins the blocks and the repeats: out_d, out_x [channels].
static void join(const NormalizationJob *job, ptrdiff_t channels, double *out_d, double *out_x) {
  for (ptrdiff_t c = 0; c < channels; c++) out_d[c] = out_x[c] = 0;
  for (ptrdiff_t block = 0; block < job->blocks; block++) {
    const double *d = job->partial + block * 2 * job->width, *x = d + job->width;
    for (ptrdiff_t i = 0; i < job->width; i++) {
      out_d[i % channels] += d[i];
      out_x[i % channels] += x[i];
    }
  }
}

void pl_channel_statistics(
    pl_format format, ptrdiff_t rows, ptrdiff_t channels, const void *in, ptrdiff_t in_stride, float *mean,
    float *variance) {
  ptrdiff_t times = repeats(rows, channels, in_stride == channels);
  NormalizationJob job = {.format = format, .rows = rows / times, .width = channels * times, .in = in,
             .in_stride = times > 1 ? channels * times : in_stride};
  cut(&job);
  // sums are taken around the first row, which is close enough to the mean to keep the variance exact
  float *pivot = malloc((size_t)job.width * 4);
  job.partial = malloc((size_t)(job.blocks * 2 * job.width + 2 * channels) * 8);
  for (ptrdiff_t c = 0; c < channels; c++) pivot[c] = pl_number(in, c, format);
  for (ptrdiff_t t = 1; t < times; t++) memcpy(pivot + t * channels, pivot, (size_t)channels * 4);
  job.mean = pivot;
  pl_for_blocks(job.blocks, format == PL_FLOAT32 ? statistics_block : half_statistics_block, &job);
  double *sum = job.partial + job.blocks * 2 * job.width, *square = sum + channels;
  join(&job, channels, sum, square);
  for (ptrdiff_t c = 0; c < channels; c++) {
    double d = sum[c] / (double)rows, v = square[c] / (double)rows - d * d;
    mean[c] = (float)(pivot[c] + d);
    variance[c] = v > 0 ? (float)v : 0;
  }
  free(job.partial);
  free(pivot);
}

void pl_channel_sums(
    pl_format format, ptrdiff_t rows, ptrdiff_t channels, const void *in, ptrdiff_t in_stride, float *sums) {
  ptrdiff_t times = repeats(rows, channels, in_stride == channels);
  NormalizationJob job = {.format = format, .rows = rows / times, .width = channels * times, .in = in,
             .in_stride = times > 1 ? channels * times : in_stride};
  cut(&job);
  job.partial = malloc((size_t)(job.blocks * 2 * job.width + 2 * channels) * 8);
  pl_for_blocks(job.blocks, format == PL_FLOAT32 ? sums_block : half_sums_block, &job);
  double *sum = job.partial + job.blocks * 2 * job.width;
  join(&job, channels, sum, sum + channels);
  for (ptrdiff_t c = 0; c < channels; c++) sums[c] = (float)sum[c];
  free(job.partial);
}

PL_CLONES static void activate_block(void *context, ptrdiff_t block) {
  NormalizationJob *job = context;
  ptrdiff_t first = block * job->block_rows, last = first + job->block_rows, n = job->width;
  if (last > job->rows) last = job->rows;
  const float *restrict scale = job->scale, *restrict shift = job->shift;
  for (ptrdiff_t row = first; row < last; row++) {
    const void *in = pl_at(job->in, row * job->in_stride, job->format);
    void *out = pl_to(job->out, row * job->out_stride, job->format);
    PL_DISPATCH(job->f, PL_FORMATS(job->format, PL_SAFE for (ptrdiff_t i = 0; i < n; i++) pl_put(
                                       out, i, T, pl_apply((pl_unary)F, IN(i) * scale[i] + shift[i]))))
  }
}

void pl_scale_shift_activate(
    pl_format format, pl_unary f, ptrdiff_t rows, ptrdiff_t channels, const void *in, ptrdiff_t in_stride,
    const float *scale, const float *shift, void *out, ptrdiff_t out_stride) {
  ptrdiff_t times = repeats(rows, channels, in_stride == channels && out_stride == channels);
  NormalizationJob job = {.format = format, .f = f, .rows = rows / times, .width = channels * times, .in = in, .out = out,
             .in_stride = times > 1 ? channels * times : in_stride,
             .out_stride = times > 1 ? channels * times : out_stride, .scale = scale, .shift = shift};
  cut(&job);
  float wide[2 * MAX_WIDTH];
  if (times > 1) {
    widen(scale, channels, times, wide);
    widen(shift, channels, times, wide + MAX_WIDTH);
    job.scale = wide;
    job.shift = wide + MAX_WIDTH;
  }
  pl_for_blocks(job.blocks, has_vector_pass(&job) ? pl_silu_activate_block : activate_block, &job);
}

#define ACTIVATION_REDUCE(F, FORMAT)                                                                  \
  enum { T = FORMAT };                                                                                \
  REDUCE_BLOCK(const void *gradient = pl_at(job->gradient, r * job->gradient_stride + start, T);      \
               const float *restrict scale = job->scale + start;                                      \
               const float *restrict shift = job->shift + start;                                      \
               const float *restrict mean = job->mean + start;                                        \
               float d[SPAN];                                                                         \
               for (ptrdiff_t i = 0; i < n; i++) d[i] =                                               \
                   pl_number(gradient, i, T) * pl_slope((pl_unary)(F), IN(i) * scale[i] + shift[i]);, \
               d[i], d[i] * (IN(i) - mean[i]))

#define REDUCERS(NAME, F)                                                                                  \
  PL_CLONES static void reduce_##NAME(void *context, ptrdiff_t block) { ACTIVATION_REDUCE(F, PL_FLOAT32) } \
  PL_CLONES static void reduce_half_##NAME(void *context, ptrdiff_t block) { ACTIVATION_REDUCE(F, PL_BFLOAT16) }
REDUCERS(silu, PL_SILU)
REDUCERS(identity, PL_IDENTITY)
REDUCERS(relu, PL_RELU)
REDUCERS(any, job->f)

void pl_normalize_activate_reduce(
    pl_format format, pl_unary f, ptrdiff_t rows, ptrdiff_t channels, const void *in, ptrdiff_t in_stride,
    const void *gradient, ptrdiff_t gradient_stride, const float *scale, const float *shift, const float *mean,
    float *sum_d, float *sum_dx) {
  ptrdiff_t times = repeats(rows, channels, in_stride == channels && gradient_stride == channels);
  NormalizationJob job = {.format = format, .f = f, .rows = rows / times, .width = channels * times, .in = in, .gradient = gradient,
             .in_stride = times > 1 ? channels * times : in_stride,
             .gradient_stride = times > 1 ? channels * times : gradient_stride, .scale = scale, .shift = shift,
             .mean = mean};
  cut(&job);
  float wide[3 * MAX_WIDTH];
  if (times > 1) {
    widen(scale, channels, times, wide);
    widen(shift, channels, times, wide + MAX_WIDTH);
    widen(mean, channels, times, wide + 2 * MAX_WIDTH);
    job.scale = wide;
    job.shift = wide + MAX_WIDTH;
    job.mean = wide + 2 * MAX_WIDTH;
  }
  job.partial = malloc((size_t)(job.blocks * 2 * job.width + 2 * channels) * 8);
  int half = format == PL_BFLOAT16;
  pl_for_blocks(
      job.blocks,
      has_vector_pass(&job) ? pl_silu_reduce_block
      : f == PL_SILU     ? (half ? reduce_half_silu : reduce_silu)
      : f == PL_IDENTITY ? (half ? reduce_half_identity : reduce_identity)
      : f == PL_RELU     ? (half ? reduce_half_relu : reduce_relu)
                         : (half ? reduce_half_any : reduce_any),
      &job);
  double *d = job.partial + job.blocks * 2 * job.width, *dx = d + channels;
  join(&job, channels, d, dx);
  for (ptrdiff_t c = 0; c < channels; c++) {
    sum_d[c] = (float)d[c];
    sum_dx[c] = (float)dx[c];
  }
  free(job.partial);
}

PL_CLONES static void apply_block(void *context, ptrdiff_t block) {
  NormalizationJob *job = context;
  ptrdiff_t first = block * job->block_rows, last = first + job->block_rows, n = job->width;
  if (last > job->rows) last = job->rows;
  const float *restrict scale = job->scale, *restrict shift = job->shift, *restrict mean = job->mean;
  const float *restrict a = job->a, *restrict b = job->b;
  for (ptrdiff_t row = first; row < last; row++) {
    const void *in = pl_at(job->in, row * job->in_stride, job->format);
    const void *gradient = pl_at(job->gradient, row * job->gradient_stride, job->format);
    void *out = pl_to(job->out, row * job->out_stride, job->format);
    PL_DISPATCH(job->f, PL_FORMATS(job->format, PL_SAFE for (ptrdiff_t i = 0; i < n; i++) {
      float d = pl_number(gradient, i, T) * pl_slope((pl_unary)F, IN(i) * scale[i] + shift[i]);
      pl_put(out, i, T, d * scale[i] + (IN(i) - mean[i]) * a[i] + b[i]);
    }))
  }
}

void pl_normalize_activate_apply(
    pl_format format, pl_unary f, ptrdiff_t rows, ptrdiff_t channels, const void *in, ptrdiff_t in_stride,
    const void *gradient, ptrdiff_t gradient_stride, const float *scale, const float *shift, const float *mean,
    const float *a, const float *b, void *out, ptrdiff_t out_stride) {
  int dense = in_stride == channels && gradient_stride == channels && out_stride == channels;
  ptrdiff_t times = repeats(rows, channels, dense);
  NormalizationJob job = {.format = format, .f = f, .rows = rows / times, .width = channels * times, .in = in,
             .gradient = gradient, .out = out,
             .in_stride = times > 1 ? channels * times : in_stride,
             .gradient_stride = times > 1 ? channels * times : gradient_stride,
             .out_stride = times > 1 ? channels * times : out_stride, .scale = scale, .shift = shift, .mean = mean,
             .a = a, .b = b};
  cut(&job);
  float wide[5 * MAX_WIDTH];
  if (times > 1) {
    const float *narrow[5] = {scale, shift, mean, a, b};
    for (int k = 0; k < 5; k++) widen(narrow[k], channels, times, wide + k * MAX_WIDTH);
    job.scale = wide;
    job.shift = wide + MAX_WIDTH;
    job.mean = wide + 2 * MAX_WIDTH;
    job.a = wide + 3 * MAX_WIDTH;
    job.b = wide + 4 * MAX_WIDTH;
  }
  pl_for_blocks(job.blocks, has_vector_pass(&job) ? pl_silu_apply_block : apply_block, &job);
}
