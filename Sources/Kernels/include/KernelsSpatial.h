#ifndef POSELAB_KERNELS_SPATIAL_H
#define POSELAB_KERNELS_SPATIAL_H
#include <stddef.h>
#include <stdint.h>

#include "KernelsElementwise.h"

typedef struct {
  ptrdiff_t batch, height, width, channels, out_height, out_width;
  ptrdiff_t kernel, stride, padding;
  ptrdiff_t in_stride, out_stride;
} pl_pool_shape;

/// Maximum over square windows; padding never wins. `index` (may be null) keeps each winner's offset in its window.
void pl_max_pool(pl_format format, pl_pool_shape shape, const void *in, void *out, uint8_t *index);
/// in_gradient (written whole, dense by `gradient_in_stride`) from the winners.
void pl_max_pool_backward(
    pl_format format, pl_pool_shape shape, const void *gradient, ptrdiff_t gradient_stride, const uint8_t *index,
    void *in_gradient, ptrdiff_t in_gradient_stride);
/// Repeats each row `factor` times in both directions.
void pl_upsample_nearest(
    pl_format format, ptrdiff_t batch, ptrdiff_t height, ptrdiff_t width, ptrdiff_t channels, ptrdiff_t factor,
    const void *in, ptrdiff_t in_stride, void *out, ptrdiff_t out_stride);
void pl_upsample_nearest_backward(
    pl_format format, ptrdiff_t batch, ptrdiff_t height, ptrdiff_t width, ptrdiff_t channels, ptrdiff_t factor,
    const void *gradient, ptrdiff_t gradient_stride, void *in_gradient, ptrdiff_t in_gradient_stride);
#endif
