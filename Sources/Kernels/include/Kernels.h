/// Memory-bound CPU kernels and the process's one thread team.
///
/// A "row" is one position of a `[batch, height, width, channels]` tensor: `channels` numbers in a run; `…_stride` is
/// the distance between rows in elements, at least `channels`. Work is cut into blocks whose size does not depend on
/// the number of threads, and partial sums are joined in block order, so results are the same for any team.
#ifndef POSELAB_KERNELS_H
#define POSELAB_KERNELS_H
#include <stddef.h>
#include <stdint.h>
#include "KernelsImaging.h"

#include "KernelsConvolution.h"
#include "KernelsElementwise.h"
#include "KernelsNormalization.h"
#include "KernelsOptimizer.h"
#include "KernelsRandom.h"
#include "KernelsSpatial.h"
#include "KernelsVector.h"

/// The one thread team of the process: libgomp's, which oneDNN shares. Without libgomp the caller does all the work.
/// Must run before anything else loads libgomp; every function here does it.
void pl_load_threads(void);
void pl_set_threads(int count);
int pl_threads(void);
/// Runs body(context, part, parts) on each member of the team; the caller is part 0.
void pl_parallel(void (*body)(void *context, int part, int parts), void *context);
/// Runs body(context, block) for each block in 0..<blocks, blocks spread over the team.
void pl_for_blocks(ptrdiff_t blocks, void (*body)(void *context, ptrdiff_t block), void *context);
#endif
