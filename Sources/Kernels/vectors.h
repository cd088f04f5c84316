// What the kernels for 512-bit vectors share; not part of the module's interface.
#ifndef POSELAB_VECTORS_H
#define POSELAB_VECTORS_H
#if defined(__x86_64__)
#include <immintrin.h>

#include "functions.h"

/// What these kernels are compiled for. Of the instructions for bfloat16 compilers make use only where asked to, and
/// what asks for them runs behind `pl_has_wide_bfloat16`.
#define PL_WIDE_VECTORS __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx512bf16,avx2,fma")))

enum { LANES = 16 };

PL_INLINE ptrdiff_t round_up(ptrdiff_t value, ptrdiff_t step) { return (value + step - 1) / step * step; }
PL_INLINE ptrdiff_t smaller(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
PL_INLINE ptrdiff_t larger(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }

/// Lanes first…15 of a run of `count` numbers that exist.
PL_INLINE __mmask16 lanes(ptrdiff_t count, ptrdiff_t first) {
  ptrdiff_t left = count - first;
  return left >= LANES ? 0xFFFF : left <= 0 ? 0 : (__mmask16)((1u << left) - 1);
}
#endif
#endif
