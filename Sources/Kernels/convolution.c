#include <stdlib.h>

#include "Kernels.h"
#include "functions.h"

void pl_im2col(
    const pl_convolution_shape *s, const float *in, ptrdiff_t channel, ptrdiff_t channels, ptrdiff_t first,
    ptrdiff_t count, float *columns) {
  for (ptrdiff_t row = first; row < first + count; row++) {
    ptrdiff_t y = row / s->out_width, x = row % s->out_width;
    for (ptrdiff_t ky = 0; ky < s->kernel_height; ky++) {
      ptrdiff_t in_y = y * s->stride_y + ky * s->dilation - s->pad_top;
      for (ptrdiff_t kx = 0; kx < s->kernel_width; kx++, columns += channels) {
        ptrdiff_t in_x = x * s->stride_x + kx * s->dilation - s->pad_left;
        if (in_y < 0 || in_y >= s->height || in_x < 0 || in_x >= s->width)
          memset(columns, 0, (size_t)channels * 4);
        else
          memcpy(columns, in + (in_y * s->width + in_x) * s->in_stride + channel, (size_t)channels * 4);
      }
    }
  }
}

PL_CLONES void pl_col2im_add(
    const pl_convolution_shape *s, const float *columns, ptrdiff_t channel, ptrdiff_t channels, ptrdiff_t first,
    ptrdiff_t count, float *in_gradient, ptrdiff_t in_gradient_stride) {
  for (ptrdiff_t row = first; row < first + count; row++) {
    ptrdiff_t y = row / s->out_width, x = row % s->out_width;
    for (ptrdiff_t ky = 0; ky < s->kernel_height; ky++) {
      ptrdiff_t in_y = y * s->stride_y + ky * s->dilation - s->pad_top;
      for (ptrdiff_t kx = 0; kx < s->kernel_width; kx++, columns += channels) {
        ptrdiff_t in_x = x * s->stride_x + kx * s->dilation - s->pad_left;
        if (in_y < 0 || in_y >= s->height || in_x < 0 || in_x >= s->width) continue;
        float *restrict out = in_gradient + (in_y * s->width + in_x) * in_gradient_stride + channel;
        for (ptrdiff_t c = 0; c < channels; c++) out[c] += columns[c];
      }
    }
  }
}

typedef struct {
  const pl_convolution_shape *s;
  const float *in, *weight, *bias;
  float *out;
  double *partial;
} Depthwise;

PL_CLONES static void depthwise_block(void *context, ptrdiff_t block) {
  Depthwise *job = context;
  const pl_convolution_shape *s = job->s;
  ptrdiff_t image = block / s->out_height, y = block % s->out_height, n = s->in_channels;
  for (ptrdiff_t x = 0; x < s->out_width; x++) {
    float *restrict out = job->out + ((image * s->out_height + y) * s->out_width + x) * s->out_stride;
    for (ptrdiff_t c = 0; c < n; c++) out[c] = job->bias ? job->bias[c] : 0;
    for (ptrdiff_t ky = 0; ky < s->kernel_height; ky++) {
      ptrdiff_t in_y = y * s->stride_y + ky * s->dilation - s->pad_top;
      if (in_y < 0 || in_y >= s->height) continue;
      for (ptrdiff_t kx = 0; kx < s->kernel_width; kx++) {
        ptrdiff_t in_x = x * s->stride_x + kx * s->dilation - s->pad_left;
        if (in_x < 0 || in_x >= s->width) continue;
        const float *restrict in = job->in + ((image * s->height + in_y) * s->width + in_x) * s->in_stride;
        const float *restrict weight = job->weight + (ky * s->kernel_width + kx) * n;
        for (ptrdiff_t c = 0; c < n; c++) out[c] += in[c] * weight[c];
      }
    }
  }
}

void pl_depthwise(
    const pl_convolution_shape *shape, const float *in, const float *weight, const float *bias, float *out) {
  Depthwise job = {shape, in, weight, bias, out, 0};
  pl_for_blocks(shape->batch * shape->out_height, depthwise_block, &job);
}

PL_CLONES static void depthwise_input_block(void *context, ptrdiff_t block) {
  Depthwise *job = context;
  const pl_convolution_shape *s = job->s;
  ptrdiff_t image = block / s->height, y = block % s->height, n = s->in_channels;
  for (ptrdiff_t x = 0; x < s->width; x++) {
    float *restrict out = job->out + ((image * s->height + y) * s->width + x) * s->in_stride;
    for (ptrdiff_t c = 0; c < n; c++) out[c] = 0;
    for (ptrdiff_t ky = 0; ky < s->kernel_height; ky++) {
      ptrdiff_t top = y + s->pad_top - ky * s->dilation;
      if (top < 0 || top % s->stride_y || top / s->stride_y >= s->out_height) continue;
      for (ptrdiff_t kx = 0; kx < s->kernel_width; kx++) {
        ptrdiff_t left = x + s->pad_left - kx * s->dilation;
        if (left < 0 || left % s->stride_x || left / s->stride_x >= s->out_width) continue;
        const float *restrict gradient =
            job->in + ((image * s->out_height + top / s->stride_y) * s->out_width + left / s->stride_x) * s->out_stride;
        const float *restrict weight = job->weight + (ky * s->kernel_width + kx) * n;
        for (ptrdiff_t c = 0; c < n; c++) out[c] += gradient[c] * weight[c];
      }
    }
  }
}

void pl_depthwise_input_gradient(
    const pl_convolution_shape *shape, const float *gradient, const float *weight, float *in_gradient) {
  Depthwise job = {shape, gradient, weight, 0, in_gradient, 0};
  pl_for_blocks(shape->batch * shape->height, depthwise_input_block, &job);
}

// A tap of the kernel a block: each sums over all positions in a fixed order.
PL_CLONES static void depthwise_weight_block(void *context, ptrdiff_t tap) {
  Depthwise *job = context;
  const pl_convolution_shape *s = job->s;
  ptrdiff_t ky = tap / s->kernel_width, kx = tap % s->kernel_width, n = s->in_channels;
  double *total = job->partial + tap * n;
  float *row_sum = malloc((size_t)n * 4);
  for (ptrdiff_t c = 0; c < n; c++) total[c] = 0;
  for (ptrdiff_t image = 0; image < s->batch; image++)
    for (ptrdiff_t y = 0; y < s->out_height; y++) {
      ptrdiff_t in_y = y * s->stride_y + ky * s->dilation - s->pad_top;
      if (in_y < 0 || in_y >= s->height) continue;
      for (ptrdiff_t c = 0; c < n; c++) row_sum[c] = 0;
      for (ptrdiff_t x = 0; x < s->out_width; x++) {
        ptrdiff_t in_x = x * s->stride_x + kx * s->dilation - s->pad_left;
        if (in_x < 0 || in_x >= s->width) continue;
        const float *restrict in = job->in + ((image * s->height + in_y) * s->width + in_x) * s->in_stride;
        const float *restrict gradient =
            job->weight + ((image * s->out_height + y) * s->out_width + x) * s->out_stride;
        for (ptrdiff_t c = 0; c < n; c++) row_sum[c] += in[c] * gradient[c];
      }
      for (ptrdiff_t c = 0; c < n; c++) total[c] += row_sum[c];
    }
  for (ptrdiff_t c = 0; c < n; c++) job->out[tap * n + c] = (float)total[c];
  free(row_sum);
}

void pl_depthwise_weight_gradient(
    const pl_convolution_shape *shape, const float *in, const float *gradient, float *weight_gradient) {
  ptrdiff_t taps = shape->kernel_height * shape->kernel_width;
  Depthwise job = {shape, in, gradient, 0, weight_gradient, malloc((size_t)(taps * shape->in_channels) * 8)};
  pl_for_blocks(taps, depthwise_weight_block, &job);
  free(job.partial);
}
