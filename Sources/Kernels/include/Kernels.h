#ifndef POSELAB_KERNELS_H
#define POSELAB_KERNELS_H
#include <stddef.h>
#include <stdint.h>
#include "KernelsImaging.h"

/// The one thread team of the process: libgomp's, which oneDNN shares.
void pl_set_threads(int count);
int pl_threads(void);
/// Runs body(context, part, parts) on each member of the team; the caller is part 0.
void pl_parallel(void (*body)(void *context, int part, int parts), void *context);
#endif
