#ifndef POSELAB_KERNELS_NORMALIZATION_H
#define POSELAB_KERNELS_NORMALIZATION_H
#include <stddef.h>
#include "KernelsElementwise.h"

/// Mean and biased variance of each channel over all rows.
void pl_channel_statistics(
    pl_format format, ptrdiff_t rows, ptrdiff_t channels, const void *in, ptrdiff_t in_stride, float *mean,
    float *variance);
/// Sum of each channel over all rows.
void pl_channel_sums(
    pl_format format, ptrdiff_t rows, ptrdiff_t channels, const void *in, ptrdiff_t in_stride, float *sums);
/// out = f(in · scale[channel] + shift[channel]).
void pl_scale_shift_activate(
    pl_format format, pl_unary f, ptrdiff_t rows, ptrdiff_t channels, const void *in, ptrdiff_t in_stride,
    const float *scale, const float *shift, void *out, ptrdiff_t out_stride);
/// First pass of batch normalisation's gradient. With u = in · scale + shift and d = gradient · f'(u):
/// sum_d[channel] = Σ d, sum_dx[channel] = Σ d · (in − mean).
void pl_normalize_activate_reduce(
    pl_format format, pl_unary f, ptrdiff_t rows, ptrdiff_t channels, const void *in, ptrdiff_t in_stride,
    const void *gradient, ptrdiff_t gradient_stride, const float *scale, const float *shift, const float *mean,
    float *sum_d, float *sum_dx);
/// Second pass: out = d · scale + (in − mean) · a[channel] + b[channel]; `out` may be `in` or `gradient`.
void pl_normalize_activate_apply(
    pl_format format, pl_unary f, ptrdiff_t rows, ptrdiff_t channels, const void *in, ptrdiff_t in_stride,
    const void *gradient, ptrdiff_t gradient_stride, const float *scale, const float *shift, const float *mean,
    const float *a, const float *b, void *out, ptrdiff_t out_stride);
#endif
