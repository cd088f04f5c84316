// Scalar functions written so that loops over them vectorise; not part of the module's interface.
#ifndef POSELAB_FUNCTIONS_H
#define POSELAB_FUNCTIONS_H
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "KernelsElementwise.h"

#if defined(__x86_64__)
#define PL_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PL_CLONES
#endif
#define PL_INLINE static inline __attribute__((always_inline))

/// e^x to about 1 ulp: range reduction by log 2 and a degree-6 polynomial (Cephes' expf coefficients).
PL_INLINE float pl_exp(float x) {
  x = x > 88.3762626f ? 88.3762626f : x;
  x = x < -87.3365447f ? -87.3365447f : x;
  float n = __builtin_rintf(x * 1.44269504088896341f);
  float r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  int32_t bits = ((int32_t)n + 127) << 23;
  float power;
  memcpy(&power, &bits, 4);
  return p * power;
}

PL_INLINE float pl_sigmoid(float x) { return 1.0f / (1.0f + pl_exp(-x)); }

PL_INLINE float pl_apply(pl_unary f, float x) {
  switch (f) {
    case PL_IDENTITY: return x;
    case PL_SILU: return x * pl_sigmoid(x);
    case PL_SIGMOID: return pl_sigmoid(x);
    case PL_RELU: return x > 0 ? x : 0;
    case PL_HARD_SWISH: {
      float t = x + 3;
      t = t < 0 ? 0 : t > 6 ? 6 : t;
      return x * t * (1.0f / 6);
    }
    case PL_HARD_SIGMOID: {
      float t = x + 3;
      t = t < 0 ? 0 : t > 6 ? 6 : t;
      return t * (1.0f / 6);
    }
    case PL_GELU: return 0.5f * x * (1 + erff(x * 0.70710678118654752f));
    case PL_TANH: return tanhf(x);
    case PL_EXP: return expf(x);
    case PL_LOG: return logf(x);
    case PL_SQRT: return sqrtf(x);
    case PL_SQUARE: return x * x;
    case PL_ABS: return fabsf(x);
    case PL_SOFTPLUS: return x > 20 ? x : log1pf(expf(x));
    case PL_LEAKY_RELU: return x > 0 ? x : 0.01f * x;
  }
  return x;
}

/// f'(x).
PL_INLINE float pl_slope(pl_unary f, float x) {
  switch (f) {
    case PL_IDENTITY: return 1;
    case PL_SILU: {
      float s = pl_sigmoid(x);
      return s * (1 + x * (1 - s));
    }
    case PL_SIGMOID: {
      float s = pl_sigmoid(x);
      return s * (1 - s);
    }
    case PL_RELU: return x > 0 ? 1 : 0;
    case PL_HARD_SWISH: return x <= -3 ? 0 : x >= 3 ? 1 : x * (1.0f / 3) + 0.5f;
    case PL_HARD_SIGMOID: return x <= -3 || x >= 3 ? 0 : 1.0f / 6;
    case PL_GELU:
      return 0.5f * (1 + erff(x * 0.70710678118654752f)) + x * 0.39894228040143268f * expf(-0.5f * x * x);
    case PL_TANH: {
      float t = tanhf(x);
      return 1 - t * t;
    }
    case PL_EXP: return expf(x);
    case PL_LOG: return 1 / x;
    case PL_SQRT: return 0.5f / sqrtf(x);
    case PL_SQUARE: return 2 * x;
    case PL_ABS: return x > 0 ? 1 : x < 0 ? -1 : 0;
    case PL_SOFTPLUS: return 1 / (1 + expf(-x));
    case PL_LEAKY_RELU: return x > 0 ? 1 : 0.01f;
  }
  return 1;
}

/// Number i of an array in a format that is known where this is compiled.
PL_INLINE float pl_number(const void *array, ptrdiff_t i, int format) {
  if (format == PL_FLOAT32) return ((const float *)array)[i];
  uint32_t bits = (uint32_t)((const uint16_t *)array)[i] << 16;
  float number;
  memcpy(&number, &bits, 4);
  return number;
}

PL_INLINE void pl_put(void *array, ptrdiff_t i, int format, float number) {
  if (format == PL_FLOAT32) {
    ((float *)array)[i] = number;
    return;
  }
  uint32_t bits;
  memcpy(&bits, &number, 4);
  uint32_t nearest = bits + 0x7FFF + ((bits >> 16) & 1);
  // what is not a number must stay so
  nearest = (bits & 0x7FFFFFFF) > 0x7F800000 ? bits | 0x400000 : nearest;
  ((uint16_t *)array)[i] = (uint16_t)(nearest >> 16);
}

PL_INLINE ptrdiff_t pl_size(int format) { return format == PL_FLOAT32 ? 4 : 2; }
PL_INLINE const void *pl_at(const void *array, ptrdiff_t i, int format) {
  return (const char *)array + i * pl_size(format);
}
PL_INLINE void *pl_to(void *array, ptrdiff_t i, int format) { return (char *)array + i * pl_size(format); }

/// Runs CALL with T a constant, so that each format gets its own loop.
#define PL_FORMATS(format, CALL)                                           \
  if ((format) == PL_FLOAT32) { enum { T = PL_FLOAT32 }; CALL; }           \
  else { enum { T = PL_BFLOAT16 }; CALL; }

/// Rows of a block: about 32 Ki numbers, whatever the number of threads.
PL_INLINE ptrdiff_t pl_block_rows(ptrdiff_t channels) {
  ptrdiff_t rows = 32768 / (channels < 1 ? 1 : channels);
  return rows < 1 ? 1 : rows;
}

// Functions that call the C library stay scalar loops.
#pragma clang diagnostic ignored "-Wpass-failed"

/// For loops whose iterations touch the same place of each array: the result may overwrite an operand.
#define PL_SAFE _Pragma("clang loop vectorize(assume_safety)")

/// Runs CALL with F a constant, so that each function gets its own vector loop.
#define PL_DISPATCH(f, CALL)                          \
  switch (f) {                                        \
    case PL_IDENTITY: { enum { F = PL_IDENTITY }; CALL; break; }         \
    case PL_SILU: { enum { F = PL_SILU }; CALL; break; }                 \
    case PL_SIGMOID: { enum { F = PL_SIGMOID }; CALL; break; }           \
    case PL_RELU: { enum { F = PL_RELU }; CALL; break; }                 \
    case PL_HARD_SWISH: { enum { F = PL_HARD_SWISH }; CALL; break; }     \
    case PL_HARD_SIGMOID: { enum { F = PL_HARD_SIGMOID }; CALL; break; } \
    case PL_GELU: { enum { F = PL_GELU }; CALL; break; }                 \
    case PL_TANH: { enum { F = PL_TANH }; CALL; break; }                 \
    case PL_EXP: { enum { F = PL_EXP }; CALL; break; }                   \
    case PL_LOG: { enum { F = PL_LOG }; CALL; break; }                   \
    case PL_SQRT: { enum { F = PL_SQRT }; CALL; break; }                 \
    case PL_SQUARE: { enum { F = PL_SQUARE }; CALL; break; }             \
    case PL_ABS: { enum { F = PL_ABS }; CALL; break; }                   \
    case PL_SOFTPLUS: { enum { F = PL_SOFTPLUS }; CALL; break; }         \
    case PL_LEAKY_RELU: { enum { F = PL_LEAKY_RELU }; CALL; break; }     \
  }
#endif
