#include "Kernels.h"
#include "functions.h"

PL_INLINE void softmax_row(ptrdiff_t n, float scale, const float *in, float *out) {
  float top = in[0];
  for (ptrdiff_t i = 1; i < n; i++) top = in[i] > top ? in[i] : top;
  for (ptrdiff_t i = 0; i < n; i++) out[i] = pl_exp((in[i] - top) * scale);
  // eight lanes with a fixed meaning, so the sum does not depend on the vector width
  float lanes[8] = {0};
  ptrdiff_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (int lane = 0; lane < 8; lane++) lanes[lane] += out[i + lane];
  for (int lane = 0; i < n; i++, lane++) lanes[lane] += out[i];
  float sum = ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]));
  float factor = 1.0f / sum;
  for (ptrdiff_t j = 0; j < n; j++) out[j] *= factor;
}

PL_INLINE void softmax_row_backward(ptrdiff_t n, float scale, const float *out, const float *gradient, float *result) {
  float lanes[8] = {0};
  ptrdiff_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (int lane = 0; lane < 8; lane++) lanes[lane] += out[i + lane] * gradient[i + lane];
  for (int lane = 0; i < n; i++, lane++) lanes[lane] += out[i] * gradient[i];
  float dot = ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]));
  for (ptrdiff_t j = 0; j < n; j++) result[j] = scale * out[j] * (gradient[j] - dot);
}

PL_CLONES void pl_softmax_block(ptrdiff_t rows, ptrdiff_t channels, float scale, float *values) {
  for (ptrdiff_t row = 0; row < rows; row++)
    softmax_row(channels, scale, values + row * channels, values + row * channels);
}

PL_CLONES void pl_softmax_block_backward(
    ptrdiff_t rows, ptrdiff_t channels, float scale, const float *out, float *gradient_in_place) {
  for (ptrdiff_t row = 0; row < rows; row++)
    softmax_row_backward(
        channels, scale, out + row * channels, gradient_in_place + row * channels, gradient_in_place + row * channels);
}

typedef struct {
  ptrdiff_t rows, channels, block_rows, in_stride, gradient_stride, out_stride;
  const float *in, *gradient;
  float *out;
} Rows;

PL_CLONES static void softmax_block(void *context, ptrdiff_t block) {
  Rows *job = context;
  ptrdiff_t first = block * job->block_rows, last = first + job->block_rows;
  if (last > job->rows) last = job->rows;
  for (ptrdiff_t row = first; row < last; row++) {
    const float *in = job->in + row * job->in_stride;
    float *out = job->out + row * job->out_stride;
    if (job->gradient)
      softmax_row_backward(job->channels, 1, in, job->gradient + row * job->gradient_stride, out);
    else
      softmax_row(job->channels, 1, in, out);
  }
}

void pl_softmax_rows(
    ptrdiff_t rows, ptrdiff_t channels, const float *in, ptrdiff_t in_stride, float *out, ptrdiff_t out_stride) {
  Rows job = {rows, channels, pl_block_rows(channels), in_stride, 0, out_stride, in, 0, out};
  pl_for_blocks((rows + job.block_rows - 1) / job.block_rows, softmax_block, &job);
}

void pl_softmax_rows_backward(
    ptrdiff_t rows, ptrdiff_t channels, const float *out, ptrdiff_t out_stride, const float *gradient,
    ptrdiff_t gradient_stride, float *in_gradient, ptrdiff_t in_gradient_stride) {
  Rows job = {rows, channels, pl_block_rows(channels), out_stride, gradient_stride, in_gradient_stride,
                 out, gradient, in_gradient};
  pl_for_blocks((rows + job.block_rows - 1) / job.block_rows, softmax_block, &job);
}

PL_INLINE float row_maximum(ptrdiff_t n, const float *in) {
  float top = in[0];
  for (ptrdiff_t i = 1; i < n; i++) top = in[i] > top ? in[i] : top;
  return top;
}

// `gradient` is null on the way forward.
PL_CLONES static void max_block(void *context, ptrdiff_t block) {
  Rows *job = context;
  ptrdiff_t first = block * job->block_rows, last = first + job->block_rows, n = job->channels;
  if (last > job->rows) last = job->rows;
  for (ptrdiff_t row = first; row < last; row++) {
    const float *in = job->in + row * job->in_stride;
    float top = row_maximum(n, in);
    if (!job->gradient) {
      job->out[row] = top;
      continue;
    }
    float *out = job->out + row * job->out_stride;
    memset(out, 0, (size_t)n * 4);
    ptrdiff_t place = 0;
    while (place < n - 1 && in[place] != top) place++;
    out[place] = job->gradient[row * job->gradient_stride];
  }
}

void pl_max_rows(ptrdiff_t rows, ptrdiff_t channels, const float *in, ptrdiff_t in_stride, float *out) {
  Rows job = {rows, channels, pl_block_rows(channels), in_stride, 0, 1, in, 0, out};
  pl_for_blocks((rows + job.block_rows - 1) / job.block_rows, max_block, &job);
}

void pl_max_rows_backward(
    ptrdiff_t rows, ptrdiff_t channels, const float *in, ptrdiff_t in_stride, const float *gradient,
    ptrdiff_t gradient_stride, float *in_gradient, ptrdiff_t in_gradient_stride) {
  Rows job = {rows, channels, pl_block_rows(channels), in_stride, gradient_stride, in_gradient_stride,
                 in, gradient, in_gradient};
  pl_for_blocks((rows + job.block_rows - 1) / job.block_rows, max_block, &job);
}
