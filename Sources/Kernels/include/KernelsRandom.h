#ifndef POSELAB_KERNELS_RANDOM_H
#define POSELAB_KERNELS_RANDOM_H
#include <stddef.h>
#include <stdint.h>

/// A stream of Philox 4 × 32-10 (Salmon et al., SC 2011): its key and the upper half of its counter.
typedef struct {
  uint32_t key[2], address[2];
} pl_random_stream;

/// Numbers of the stream, uniform in lower..<upper: each takes 53 bits and is rounded to single precision last.
///
/// `first_block` is where to begin, in pairs of numbers.
void pl_random_uniform(
    const pl_random_stream *stream, uint64_t first_block, ptrdiff_t count, double lower, double upper, float *output);
#endif
