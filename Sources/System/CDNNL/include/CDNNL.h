/// oneDNN's convolutions on dense f32 channels-last tensors, for oneDNN 2.x and 3.x alike.
///
/// A `pl_dnnl_convolution` is one compiled primitive. It may be used by one thread at a time. Weights are handed over
/// in the order the primitive prefers: `pl_dnnl_pack` makes it from `[out, in / groups, kernel_h, kernel_w]`.
#ifndef POSELAB_CDNNL_H
#define POSELAB_CDNNL_H
#include <stddef.h>
#include <stdint.h>

typedef struct {
  int64_t batch, height, width, in_channels;
  int64_t out_height, out_width, out_channels;
  int64_t kernel_height, kernel_width;
  int64_t stride, pad_top, pad_left, dilation, groups;
} pl_dnnl_geometry;

typedef enum { PL_DNNL_FORWARD, PL_DNNL_INPUT_GRADIENT, PL_DNNL_WEIGHT_GRADIENT } pl_dnnl_kind;

/// Activations that oneDNN applies while the result is still in registers.
typedef enum { PL_DNNL_LINEAR, PL_DNNL_SILU, PL_DNNL_RELU } pl_dnnl_activation;

/// Which sides keep their numbers as bfloat16; the others are 32-bit floats, as plain weights and biases always are.
typedef struct {
  int half_input, half_output;
} pl_dnnl_formats;

typedef struct pl_dnnl_convolution pl_dnnl_convolution;

/// Null where oneDNN has no fast kernel for it or fails.
pl_dnnl_convolution *pl_dnnl_create(
    pl_dnnl_kind kind, const pl_dnnl_geometry *geometry, pl_dnnl_formats formats, int has_bias,
    pl_dnnl_activation activation);
void pl_dnnl_destroy(pl_dnnl_convolution *convolution);
/// Bytes of a packed weight; 0 if the plain order serves.
size_t pl_dnnl_packed_size(const pl_dnnl_convolution *convolution);
/// Returns 0 on success, as the others do.
int pl_dnnl_pack(pl_dnnl_convolution *convolution, const float *weight, void *packed);
/// For a weight gradient: from the primitive's order to the plain one.
int pl_dnnl_unpack(pl_dnnl_convolution *convolution, const void *packed, float *weight);
/// Forward: input, weight, bias → output. Input gradient: output is the input's gradient, input the output's.
/// Weight gradient: `weight` is written.
int pl_dnnl_run(
    pl_dnnl_convolution *convolution, const void *input, void *weight, const float *bias, const void *output);
/// Name of the kernel that oneDNN chose.
const char *pl_dnnl_implementation(const pl_dnnl_convolution *convolution);
/// Library version: 10000 · major + 100 · minor + patch.
int pl_dnnl_version(void);
#endif
