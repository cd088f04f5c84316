#include "Kernels.h"
#include "functions.h"

typedef struct {
  pl_pool_shape shape;
  const float *in;
  float *out;
  uint8_t *index;
} Pool;

// One output row of one image a block.
PL_CLONES static void max_pool_block(void *context, ptrdiff_t block) {
  Pool *job = context;
  pl_pool_shape s = job->shape;
  ptrdiff_t image = block / s.out_height, y = block % s.out_height;
  for (ptrdiff_t x = 0; x < s.out_width; x++) {
    float *restrict out = job->out + ((image * s.out_height + y) * s.out_width + x) * s.out_stride;
    uint8_t *restrict index =
        job->index ? job->index + ((image * s.out_height + y) * s.out_width + x) * s.channels : 0;
    for (ptrdiff_t c = 0; c < s.channels; c++) out[c] = -INFINITY;
    if (index) memset(index, 0, (size_t)s.channels);
    for (ptrdiff_t ky = 0; ky < s.kernel; ky++) {
      ptrdiff_t in_y = y * s.stride + ky - s.padding;
      if (in_y < 0 || in_y >= s.height) continue;
      for (ptrdiff_t kx = 0; kx < s.kernel; kx++) {
        ptrdiff_t in_x = x * s.stride + kx - s.padding;
        if (in_x < 0 || in_x >= s.width) continue;
        const float *restrict in = job->in + ((image * s.height + in_y) * s.width + in_x) * s.in_stride;
        uint8_t place = (uint8_t)(ky * s.kernel + kx);
        if (index) {
          for (ptrdiff_t c = 0; c < s.channels; c++) {
            int wins = in[c] > out[c];
            out[c] = wins ? in[c] : out[c];
            index[c] = wins ? place : index[c];
          }
        } else {
          for (ptrdiff_t c = 0; c < s.channels; c++) out[c] = in[c] > out[c] ? in[c] : out[c];
        }
      }
    }
  }
}

void pl_max_pool(pl_pool_shape shape, const float *in, float *out, uint8_t *index) {
  Pool job = {shape, in, out, index};
  pl_for_blocks(shape.batch * shape.out_height, max_pool_block, &job);
}

typedef struct {
  pl_pool_shape shape;
  const float *gradient;
  ptrdiff_t gradient_stride;
  const uint8_t *index;
  float *out;
  ptrdiff_t out_stride;
} PoolBackward;

// Gathers instead of scattering: each input position asks every window that covers it, so images can be cut anywhere.
PL_CLONES static void max_pool_backward_block(void *context, ptrdiff_t block) {
  PoolBackward *job = context;
  pl_pool_shape s = job->shape;
  ptrdiff_t image = block / s.height, y = block % s.height;
  for (ptrdiff_t x = 0; x < s.width; x++) {
    float *restrict out = job->out + ((image * s.height + y) * s.width + x) * job->out_stride;
    for (ptrdiff_t c = 0; c < s.channels; c++) out[c] = 0;
    for (ptrdiff_t ky = 0; ky < s.kernel; ky++) {
      ptrdiff_t top = y + s.padding - ky;
      if (top < 0 || top % s.stride || top / s.stride >= s.out_height) continue;
      for (ptrdiff_t kx = 0; kx < s.kernel; kx++) {
        ptrdiff_t left = x + s.padding - kx;
        if (left < 0 || left % s.stride || left / s.stride >= s.out_width) continue;
        ptrdiff_t at = (image * s.out_height + top / s.stride) * s.out_width + left / s.stride;
        const float *restrict gradient = job->gradient + at * job->gradient_stride;
        const uint8_t *restrict index = job->index + at * s.channels;
        uint8_t place = (uint8_t)(ky * s.kernel + kx);
        for (ptrdiff_t c = 0; c < s.channels; c++) out[c] += index[c] == place ? gradient[c] : 0;
      }
    }
  }
}

void pl_max_pool_backward(
    pl_pool_shape shape, const float *gradient, ptrdiff_t gradient_stride, const uint8_t *index, float *in_gradient,
    ptrdiff_t in_gradient_stride) {
  PoolBackward job = {shape, gradient, gradient_stride, index, in_gradient, in_gradient_stride};
  pl_for_blocks(shape.batch * shape.height, max_pool_backward_block, &job);
}

typedef struct {
  ptrdiff_t height, width, channels, factor, in_stride, out_stride;
  const float *in;
  float *out;
} Upsample;

static void upsample_block(void *context, ptrdiff_t row) {
  Upsample *job = context;
  const float *in = job->in + row * job->width * job->in_stride;
  ptrdiff_t wide = job->width * job->factor;
  for (ptrdiff_t fy = 0; fy < job->factor; fy++) {
    float *out = job->out + (row * job->factor + fy) * wide * job->out_stride;
    for (ptrdiff_t x = 0; x < wide; x++)
      memcpy(out + x * job->out_stride, in + x / job->factor * job->in_stride, (size_t)job->channels * 4);
  }
}

void pl_upsample_nearest(
    ptrdiff_t batch, ptrdiff_t height, ptrdiff_t width, ptrdiff_t channels, ptrdiff_t factor, const float *in,
    ptrdiff_t in_stride, float *out, ptrdiff_t out_stride) {
  Upsample job = {height, width, channels, factor, in_stride, out_stride, in, out};
  pl_for_blocks(batch * height, upsample_block, &job);
}

PL_CLONES static void upsample_backward_block(void *context, ptrdiff_t row) {
  Upsample *job = context;
  ptrdiff_t wide = job->width * job->factor;
  for (ptrdiff_t x = 0; x < job->width; x++) {
    float *restrict out = job->out + (row * job->width + x) * job->out_stride;
    for (ptrdiff_t c = 0; c < job->channels; c++) out[c] = 0;
    for (ptrdiff_t fy = 0; fy < job->factor; fy++)
      for (ptrdiff_t fx = 0; fx < job->factor; fx++) {
        const float *restrict in =
            job->in + ((row * job->factor + fy) * wide + x * job->factor + fx) * job->in_stride;
        for (ptrdiff_t c = 0; c < job->channels; c++) out[c] += in[c];
      }
  }
}

void pl_upsample_nearest_backward(
    ptrdiff_t batch, ptrdiff_t height, ptrdiff_t width, ptrdiff_t channels, ptrdiff_t factor, const float *gradient,
    ptrdiff_t gradient_stride, float *in_gradient, ptrdiff_t in_gradient_stride) {
  Upsample job = {height, width, channels, factor, gradient_stride, in_gradient_stride, gradient, in_gradient};
  pl_for_blocks(batch * height, upsample_backward_block, &job);
}
