// What passes over normalised maps share; not part of the module's interface.
#ifndef POSELAB_NORMALIZATION_H
#define POSELAB_NORMALIZATION_H
#include "KernelsElementwise.h"

typedef struct {
  pl_format format;
  pl_unary f;
  ptrdiff_t rows, channels, width, block_rows, blocks;
  ptrdiff_t in_stride, gradient_stride, out_stride;
  const void *in, *gradient;
  const float *scale, *shift, *mean, *a, *b;
  void *out;
  double *partial;  // [blocks, 2, width]
} NormalizationJob;

/// Rows whose sums are taken in single precision.
enum { SHORT_ROWS = 32 };

// SiLU over bfloat16 maps, where `pl_has_wide_bfloat16`.
void pl_silu_activate_block(void *context, ptrdiff_t block);
void pl_silu_reduce_block(void *context, ptrdiff_t block);
void pl_silu_apply_block(void *context, ptrdiff_t block);
#endif
