#ifndef POSELAB_KERNELS_CONVOLUTION_H
#define POSELAB_KERNELS_CONVOLUTION_H
#include <stddef.h>

typedef struct {
  ptrdiff_t batch, height, width, in_channels;
  ptrdiff_t out_height, out_width, out_channels;
  ptrdiff_t kernel_height, kernel_width;
  ptrdiff_t stride_y, stride_x, pad_top, pad_left, dilation;
  ptrdiff_t groups;
  ptrdiff_t in_stride, out_stride;
} pl_convolution_shape;

/// Columns of output rows first..<first+count of one image (`in` points at it): each row holds kernel_height ×
/// kernel_width × channels numbers, channels fastest. `channel` and `channels` pick the group's slice.
void pl_im2col(
    const pl_convolution_shape *shape, const float *in, ptrdiff_t channel, ptrdiff_t channels, ptrdiff_t first,
    ptrdiff_t count, float *columns);
/// Adds columns back to one image: the transpose of `pl_im2col`.
void pl_col2im_add(
    const pl_convolution_shape *shape, const float *columns, ptrdiff_t channel, ptrdiff_t channels, ptrdiff_t first,
    ptrdiff_t count, float *in_gradient, ptrdiff_t in_gradient_stride);
/// One input channel and one output channel a group. weight is [kernel_height, kernel_width, channels].
void pl_depthwise(
    const pl_convolution_shape *shape, const float *in, const float *weight, const float *bias, float *out);
void pl_depthwise_input_gradient(
    const pl_convolution_shape *shape, const float *gradient, const float *weight, float *in_gradient);
void pl_depthwise_weight_gradient(
    const pl_convolution_shape *shape, const float *in, const float *gradient, float *weight_gradient);
#endif
