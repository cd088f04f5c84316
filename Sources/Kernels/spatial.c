#include "Kernels.h"
#include "functions.h"

typedef struct {
  pl_format format;
  pl_pool_shape shape;
  const void *in;
  void *out;
  uint8_t *index;
} Pool;

// One output row of one image a block.
PL_CLONES static void max_pool_block(void *context, ptrdiff_t block) {
  Pool *job = context;
  pl_pool_shape s = job->shape;
  ptrdiff_t image = block / s.out_height, y = block % s.out_height;
  for (ptrdiff_t x = 0; x < s.out_width; x++) {
    void *out = pl_to(job->out, ((image * s.out_height + y) * s.out_width + x) * s.out_stride, job->format);
    uint8_t *restrict index =
        job->index ? job->index + ((image * s.out_height + y) * s.out_width + x) * s.channels : 0;
    PL_FORMATS(job->format, for (ptrdiff_t c = 0; c < s.channels; c++) pl_put(out, c, T, -INFINITY))
    if (index) memset(index, 0, (size_t)s.channels);
    for (ptrdiff_t ky = 0; ky < s.kernel; ky++) {
      ptrdiff_t in_y = y * s.stride + ky - s.padding;
      if (in_y < 0 || in_y >= s.height) continue;
      for (ptrdiff_t kx = 0; kx < s.kernel; kx++) {
        ptrdiff_t in_x = x * s.stride + kx - s.padding;
        if (in_x < 0 || in_x >= s.width) continue;
        const void *in = pl_at(job->in, ((image * s.height + in_y) * s.width + in_x) * s.in_stride, job->format);
        uint8_t place = (uint8_t)(ky * s.kernel + kx);
        if (index) {
          PL_FORMATS(job->format, PL_SAFE for (ptrdiff_t c = 0; c < s.channels; c++) {
            float a = pl_number(in, c, T);
            float b = pl_number(out, c, T);
            int wins = a > b;
            pl_put(out, c, T, wins ? a : b);
            index[c] = wins ? place : index[c];
          })
        } else {
          PL_FORMATS(job->format, PL_SAFE for (ptrdiff_t c = 0; c < s.channels; c++) {
            float a = pl_number(in, c, T);
            float b = pl_number(out, c, T);
            pl_put(out, c, T, a > b ? a : b);
          })
        }
      }
    }
  }
}

void pl_max_pool(pl_format format, pl_pool_shape shape, const void *in, void *out, uint8_t *index) {
  Pool job = {format, shape, in, out, index};
  pl_for_blocks(shape.batch * shape.out_height, max_pool_block, &job);
}

enum { SPAN = 512 };

typedef struct {
  pl_format format;
  pl_pool_shape shape;
  const void *gradient;
  ptrdiff_t gradient_stride;
  const uint8_t *index;
  void *out;
  ptrdiff_t out_stride;
} PoolBackward;

// Gathers instead of scattering: each input position asks every window that covers it, so images can be cut anywhere.
PL_CLONES static void max_pool_backward_block(void *context, ptrdiff_t block) {
  PoolBackward *job = context;
  pl_pool_shape s = job->shape;
  ptrdiff_t image = block / s.height, y = block % s.height, spans = (s.channels + SPAN - 1) / SPAN;
  for (ptrdiff_t turn = 0; turn < s.width * spans; turn++) {
    ptrdiff_t x = turn / spans, start = turn % spans * SPAN;
    ptrdiff_t n = s.channels - start < SPAN ? s.channels - start : SPAN;
    float sums[SPAN] = {0};
    for (ptrdiff_t ky = 0; ky < s.kernel; ky++) {
      ptrdiff_t top = y + s.padding - ky;
      if (top < 0 || top % s.stride || top / s.stride >= s.out_height) continue;
      for (ptrdiff_t kx = 0; kx < s.kernel; kx++) {
        ptrdiff_t left = x + s.padding - kx;
        if (left < 0 || left % s.stride || left / s.stride >= s.out_width) continue;
        ptrdiff_t at = (image * s.out_height + top / s.stride) * s.out_width + left / s.stride;
        const void *gradient = pl_at(job->gradient, at * job->gradient_stride + start, job->format);
        const uint8_t *restrict index = job->index + at * s.channels + start;
        uint8_t place = (uint8_t)(ky * s.kernel + kx);
        PL_FORMATS(job->format, for (ptrdiff_t c = 0; c < n; c++) sums[c] +=
                                index[c] == place ? pl_number(gradient, c, T) : 0)
      }
    }
    void *out = pl_to(job->out, ((image * s.height + y) * s.width + x) * job->out_stride + start, job->format);
    PL_FORMATS(job->format, for (ptrdiff_t c = 0; c < n; c++) pl_put(out, c, T, sums[c]))
  }
}

void pl_max_pool_backward(
    pl_format format, pl_pool_shape shape, const void *gradient, ptrdiff_t gradient_stride, const uint8_t *index,
    void *in_gradient, ptrdiff_t in_gradient_stride) {
  PoolBackward job = {format, shape, gradient, gradient_stride, index, in_gradient, in_gradient_stride};
  pl_for_blocks(shape.batch * shape.height, max_pool_backward_block, &job);
}

typedef struct {
  pl_format format;
  ptrdiff_t height, width, channels, factor, in_stride, out_stride;
  const void *in;
  void *out;
} Upsample;

static void upsample_block(void *context, ptrdiff_t row) {
  Upsample *job = context;
  const void *in = pl_at(job->in, row * job->width * job->in_stride, job->format);
  ptrdiff_t wide = job->width * job->factor;
  size_t bytes = (size_t)(job->channels * pl_size(job->format));
  for (ptrdiff_t fy = 0; fy < job->factor; fy++) {
    void *out = pl_to(job->out, (row * job->factor + fy) * wide * job->out_stride, job->format);
    for (ptrdiff_t x = 0; x < wide; x++)
      memcpy(
          pl_to(out, x * job->out_stride, job->format), pl_at(in, x / job->factor * job->in_stride, job->format), bytes);
  }
}

void pl_upsample_nearest(
    pl_format format, ptrdiff_t batch, ptrdiff_t height, ptrdiff_t width, ptrdiff_t channels, ptrdiff_t factor,
    const void *in, ptrdiff_t in_stride, void *out, ptrdiff_t out_stride) {
  Upsample job = {format, height, width, channels, factor, in_stride, out_stride, in, out};
  pl_for_blocks(batch * height, upsample_block, &job);
}

PL_CLONES static void upsample_backward_block(void *context, ptrdiff_t row) {
  Upsample *job = context;
  ptrdiff_t wide = job->width * job->factor, spans = (job->channels + SPAN - 1) / SPAN;
  for (ptrdiff_t turn = 0; turn < job->width * spans; turn++) {
    ptrdiff_t x = turn / spans, start = turn % spans * SPAN;
    ptrdiff_t n = job->channels - start < SPAN ? job->channels - start : SPAN;
    float sums[SPAN] = {0};
    for (ptrdiff_t fy = 0; fy < job->factor; fy++)
      for (ptrdiff_t fx = 0; fx < job->factor; fx++) {
        ptrdiff_t at = (row * job->factor + fy) * wide + x * job->factor + fx;
        const void *in = pl_at(job->in, at * job->in_stride + start, job->format);
        PL_FORMATS(job->format, for (ptrdiff_t c = 0; c < n; c++) sums[c] += pl_number(in, c, T))
      }
    void *out = pl_to(job->out, (row * job->width + x) * job->out_stride + start, job->format);
    PL_FORMATS(job->format, for (ptrdiff_t c = 0; c < n; c++) pl_put(out, c, T, sums[c]))
  }
}

void pl_upsample_nearest_backward(
    pl_format format, ptrdiff_t batch, ptrdiff_t height, ptrdiff_t width, ptrdiff_t channels, ptrdiff_t factor,
    const void *gradient, ptrdiff_t gradient_stride, void *in_gradient, ptrdiff_t in_gradient_stride) {
  Upsample job = {format, height, width, channels, factor, gradient_stride, in_gradient_stride, gradient, in_gradient};
  pl_for_blocks(batch * height, upsample_backward_block, &job);
}
