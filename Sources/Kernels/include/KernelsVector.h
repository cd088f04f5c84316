#ifndef POSELAB_KERNELS_VECTOR_H
#define POSELAB_KERNELS_VECTOR_H
#include <stddef.h>

#include "KernelsConvolution.h"
#include "KernelsElementwise.h"

// Convolutions for processors with vectors of 512 bits. Where there are none, `pl_has_wide_vectors` says so and
// nothing else here may be called.

int pl_has_wide_vectors(void);
/// Whether bfloat16 is among what they can do: what takes a format takes PL_BFLOAT16 only then.
int pl_has_wide_bfloat16(void);

/// 3 × 3 convolution with stride 1 in the minimal filtering form F(4 × 4, 3 × 3): a quarter of the multiplications.
///
/// Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, arXiv:1509.09308. Rounding is a few times that
/// of the plain sum. Rows may lie apart. Results do not depend on the number of threads.
///
/// Floats of a transformed weight.
ptrdiff_t pl_winograd_weight_count(ptrdiff_t in_channels, ptrdiff_t out_channels);
/// Transforms weight [out, in, 3, 3]. With `reverse`, for the gradient of the input: that is a convolution from
/// `out_channels` to `in_channels` channels by the turned kernels.
void pl_winograd_weight(
    ptrdiff_t in_channels, ptrdiff_t out_channels, const float *weight, int reverse, float *transformed);
/// Floats of working memory, for the present number of threads.
ptrdiff_t pl_winograd_scratch(const pl_convolution_shape *shape);
/// `format` is that of `in` and `out`; between them all is done in 32 bits. `bias` may be null; `f` is PL_IDENTITY, PL_SILU or PL_RELU. `scratch` is aligned to 64 bytes.
void pl_winograd(
    pl_format format, const pl_convolution_shape *shape, const void *in, const float *transformed, const float *bias,
    pl_unary f, void *out, float *scratch);

/// 3 × 3 convolution in forms with two outputs a row and column: with stride 1 by F(2 × 2, 3 × 3), 0.44 of the
/// multiplications; with stride 2 by F(2, 2) for even rows and columns, 0.69. `format` is that of input and output, and of
/// the numbers that are multiplied: in bfloat16 with a little more error than the plain sum. Else as above.
ptrdiff_t pl_winograd_two_weight_count(pl_format format, ptrdiff_t in_channels, ptrdiff_t out_channels);
void pl_winograd_two_weight(
    pl_format format, int stride, ptrdiff_t in_channels, ptrdiff_t out_channels, const float *weight,
    float *transformed);
ptrdiff_t pl_winograd_two_scratch(pl_format format, const pl_convolution_shape *shape);
void pl_winograd_two(
    pl_format format, const pl_convolution_shape *shape, const void *in, const float *transformed, const float *bias,
    pl_unary f, void *out, float *scratch);

/// Gradient of the weight [out, in, 3, 3] of a 3 × 3 convolution with stride 1, likewise.
ptrdiff_t pl_winograd_gradient_scratch(const pl_convolution_shape *shape);
void pl_winograd_gradient(
    pl_format format, const pl_convolution_shape *shape, const void *in, const void *gradient, float *weight_gradient,
    float *scratch);

/// 1 × 1 convolution in one product of matrices. Rows may lie apart; a bfloat16 map has an even number of input
/// channels. Results do not depend on the number of threads.
typedef struct {
  ptrdiff_t rows, in_channels, out_channels, in_stride, out_stride;
  pl_format in_format, out_format;
} pl_pointwise_shape;

/// Floats that a weight takes up in the order of the products, rounded to `format`, which is that of the input.
ptrdiff_t pl_pointwise_weight_count(pl_format format, ptrdiff_t in_channels, ptrdiff_t out_channels);
/// weight is [out, in], or with `reverse`, for the gradient of the input, [in, out].
void pl_pointwise_weight(
    pl_format format, ptrdiff_t in_channels, ptrdiff_t out_channels, const float *weight, int reverse, float *packed);
/// `bias` may be null; `f` is PL_IDENTITY, PL_SILU or PL_RELU.
void pl_pointwise(
    const pl_pointwise_shape *shape, const void *in, const float *packed, const float *bias, pl_unary f, void *out);

/// Convolution of a map with few channels, such as a picture, without groups or dilation: at most 4 channels, kernels of
/// at most 7 × 7 and stride 1 or 2. Rows may lie apart. Results do not depend on the number of threads.
///
/// Whether a convolution is such a one.
int pl_direct_has(const pl_convolution_shape *shape);
/// Floats that a weight takes up.
ptrdiff_t pl_direct_weight_count(pl_format format, const pl_convolution_shape *shape);
/// weight is [out, in, kernel_height, kernel_width]. For PL_BFLOAT16 it is rounded.
void pl_direct_weight(pl_format format, const pl_convolution_shape *shape, const float *weight, float *packed);
/// `format` is that of `in` and `out`; sums are those of 32-bit floats. `bias` may be null; `f` is PL_IDENTITY, PL_SILU
/// or PL_RELU. With PL_BFLOAT16 a number that is not finite may reach outputs one column beside those that see it.
void pl_direct(
    pl_format format, const pl_convolution_shape *shape, const void *in, const float *packed, const float *bias,
    pl_unary f, void *out);

/// Depthwise convolution: one channel in and out a group, by square kernels of 3, 5 or 7 with stride 1 or 2, without
/// dilation. Rows may lie apart. Results do not depend on the number of threads.
///
/// Whether a convolution is such a one.
int pl_wide_depthwise_has(const pl_convolution_shape *shape);
/// Floats that a weight takes up.
ptrdiff_t pl_wide_depthwise_weight_count(const pl_convolution_shape *shape);
/// weight is [channel, 1, kernel_height, kernel_width]. With `reverse` the kernels are turned, as the gradient of the
/// input of a convolution with stride 1 wants them.
void pl_wide_depthwise_weight(const pl_convolution_shape *shape, const float *weight, int reverse, float *packed);
/// `format` is that of `in` and `out`; sums and weights are 32-bit floats. `bias` may be null; `f` is PL_IDENTITY,
/// PL_SILU or PL_RELU.
void pl_wide_depthwise(
    pl_format format, const pl_convolution_shape *shape, const void *in, const float *packed, const float *bias,
    pl_unary f, void *out);

/// Gradient of a depthwise weight: as above, by kernels of 3 or 5.
int pl_wide_depthwise_gradient_has(const pl_convolution_shape *shape);
/// Floats of working memory.
ptrdiff_t pl_wide_depthwise_gradient_scratch(const pl_convolution_shape *shape);
/// `format` is that of `in` and `gradient`.
void pl_wide_depthwise_gradient(
    pl_format format, const pl_convolution_shape *shape, const void *in, const void *gradient, float *weight_gradient,
    float *scratch);

/// Gradient of the weight [out, in, kernel_height, kernel_width] of a convolution without groups or dilation.
///
/// Rows may lie apart. Results do not depend on the number of threads.
ptrdiff_t pl_weight_gradient_scratch(const pl_convolution_shape *shape);
void pl_weight_gradient(
    const pl_convolution_shape *shape, const float *in, const float *gradient, float *weight_gradient,
    float *scratch);
#endif
