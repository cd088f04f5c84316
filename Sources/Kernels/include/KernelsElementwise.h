#ifndef POSELAB_KERNELS_ELEMENTWISE_H
#define POSELAB_KERNELS_ELEMENTWISE_H
#include <stddef.h>
#include <stdint.h>

/// How the numbers of a tensor are kept: as 32-bit floats, or as their upper halves (bfloat16), rounded to nearest even.
/// Arithmetic is always that of 32-bit floats.
typedef enum { PL_FLOAT32 = 0, PL_BFLOAT16 = 1 } pl_format;

/// Functions of one number. The order is that of `Activation` and `UnaryOperation` in Swift.
typedef enum {
  PL_IDENTITY = 0,
  PL_SILU = 1,
  PL_SIGMOID = 2,
  PL_RELU = 3,
  PL_HARD_SWISH = 4,
  PL_HARD_SIGMOID = 5,
  PL_GELU = 6,
  PL_TANH = 7,
  PL_EXP = 8,
  PL_LOG = 9,
  PL_SQRT = 10,
  PL_SQUARE = 11,
  PL_ABS = 12,
  PL_SOFTPLUS = 13,
  PL_LEAKY_RELU = 14,
} pl_unary;

typedef enum { PL_ADD = 0, PL_SUBTRACT = 1, PL_MULTIPLY = 2, PL_DIVIDE = 3, PL_MAXIMUM = 4, PL_MINIMUM = 5 } pl_binary;

/// out = f(in), row by row.
void pl_unary_forward(
    pl_format format, pl_unary f, ptrdiff_t rows, ptrdiff_t channels, const void *in, ptrdiff_t in_stride, void *out,
    ptrdiff_t out_stride);
/// in_gradient = gradient · f'(in).
void pl_unary_backward(
    pl_format format, pl_unary f, ptrdiff_t rows, ptrdiff_t channels, const void *in, ptrdiff_t in_stride,
    const void *gradient, ptrdiff_t gradient_stride, void *in_gradient, ptrdiff_t in_gradient_stride);
/// out = op(a, b), row by row; equal shapes.
void pl_binary_rows(
    pl_format format, pl_binary op, ptrdiff_t rows, ptrdiff_t channels, const void *a, ptrdiff_t a_stride,
    const void *b, ptrdiff_t b_stride, void *out, ptrdiff_t out_stride);
/// out = op(a, b) where each operand has its own stride an axis (0 where it is broadcast); out is dense.
void pl_binary_broadcast(
    pl_binary op, int rank, const ptrdiff_t *shape, const float *a, const ptrdiff_t *a_strides, const float *b,
    const ptrdiff_t *b_strides, float *out);
/// out = scale · in + offset.
void pl_affine_rows(
    ptrdiff_t rows, ptrdiff_t channels, float scale, float offset, const float *in, ptrdiff_t in_stride, float *out,
    ptrdiff_t out_stride);
/// sum += addend.
void pl_accumulate_rows(
    pl_format format, ptrdiff_t rows, ptrdiff_t channels, void *sum, ptrdiff_t sum_stride, const void *addend,
    ptrdiff_t addend_stride);
void pl_copy_rows(
    pl_format format, ptrdiff_t rows, ptrdiff_t channels, const void *in, ptrdiff_t in_stride, void *out,
    ptrdiff_t out_stride);
/// From one format to the other.
void pl_convert_rows(
    pl_format from, ptrdiff_t rows, ptrdiff_t channels, const void *in, ptrdiff_t in_stride, void *out,
    ptrdiff_t out_stride);
void pl_fill_rows(
    pl_format format, ptrdiff_t rows, ptrdiff_t channels, float value, void *out, ptrdiff_t out_stride);
/// out (dense, `shape`) = in with any strides: permutations and broadcasts.
void pl_copy_strided(int rank, const ptrdiff_t *shape, const float *in, const ptrdiff_t *in_strides, float *out);
/// out[outer, inner] = Σ over middle of in[outer, middle, inner], dense.
void pl_sum_middle(ptrdiff_t outer, ptrdiff_t middle, ptrdiff_t inner, const float *in, float *out);
/// out[row] = the largest number of each row.
void pl_max_rows(ptrdiff_t rows, ptrdiff_t channels, const float *in, ptrdiff_t in_stride, float *out);
/// Gives each row's gradient to the first of its largest numbers.
void pl_max_rows_backward(
    ptrdiff_t rows, ptrdiff_t channels, const float *in, ptrdiff_t in_stride, const float *gradient,
    ptrdiff_t gradient_stride, float *in_gradient, ptrdiff_t in_gradient_stride);
/// Softmax over each row.
void pl_softmax_rows(
    ptrdiff_t rows, ptrdiff_t channels, const float *in, ptrdiff_t in_stride, float *out, ptrdiff_t out_stride);
void pl_softmax_rows_backward(
    ptrdiff_t rows, ptrdiff_t channels, const float *out, ptrdiff_t out_stride, const float *gradient,
    ptrdiff_t gradient_stride, float *in_gradient, ptrdiff_t in_gradient_stride);
/// The same on one block by the calling thread; `in` and `out` may be one buffer.
void pl_softmax_block(ptrdiff_t rows, ptrdiff_t channels, float scale, float *values);
void pl_softmax_block_backward(
    ptrdiff_t rows, ptrdiff_t channels, float scale, const float *out, float *gradient_in_place);
/// out = bytes / 255.
void pl_bytes_to_unit(pl_format format, ptrdiff_t count, const uint8_t *bytes, void *out);
/// out_i = sigmoid(in_i), contiguous, by the calling thread.
void pl_sigmoid_block(ptrdiff_t count, const float *in, float *out);
#endif
