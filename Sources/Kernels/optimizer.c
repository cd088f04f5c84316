#include <stdlib.h>

#include "Kernels.h"
#include "functions.h"

enum { BLOCK = 32768 };

typedef struct {
  ptrdiff_t count;
  float *weights, *first, *second, *mean;
  const float *gradients;
  float scale, lr, momentum, decay, beta1, beta2, step_size, root_correction, epsilon;
  int nesterov, is_first, decoupled;
  double *partial;
} Step;

#define BOUNDS                                                                      \
  Step *job = context;                                                              \
  ptrdiff_t begin = block * BLOCK, end = begin + BLOCK < job->count ? begin + BLOCK : job->count;

PL_CLONES static void squares_block(void *context, ptrdiff_t block) {
  BOUNDS
  double lanes[16] = {0};
  ptrdiff_t i = begin;
  for (; i + 16 <= end; i += 16)
    for (int lane = 0; lane < 16; lane++) {
      double value = job->gradients[i + lane];
      lanes[lane] += value * value;
    }
  double sum = 0;
  for (; i < end; i++) sum += (double)job->gradients[i] * job->gradients[i];
  for (int lane = 0; lane < 16; lane++) sum += lanes[lane];
  job->partial[block] = sum;
}

double pl_sum_of_squares(ptrdiff_t count, const float *values) {
  ptrdiff_t blocks = (count + BLOCK - 1) / BLOCK;
  Step job = {.count = count, .gradients = values, .partial = malloc((size_t)(blocks + 1) * 8)};
  pl_for_blocks(blocks, squares_block, &job);
  double sum = 0;
  for (ptrdiff_t block = 0; block < blocks; block++) sum += job.partial[block];
  free(job.partial);
  return sum;
}

PL_CLONES int pl_any_not_finite(ptrdiff_t count, const float *values) {
  int found = 0;
  for (ptrdiff_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, values + i, 4);
    found |= (bits & 0x7f800000u) == 0x7f800000u;
  }
  return found;
}

PL_CLONES static void sgd_block(void *context, ptrdiff_t block) {
  BOUNDS
  float *restrict w = job->weights, *restrict m = job->first;
  const float *restrict gradients = job->gradients;
  float scale = job->scale, lr = job->lr, momentum = job->momentum, decay = job->decay;
  float keep = job->is_first ? 0 : momentum, ahead = job->nesterov ? momentum : 0, direct = job->nesterov ? 1 : 0;
  for (ptrdiff_t i = begin; i < end; i++) {
    float g = gradients[i] * scale + decay * w[i];
    float v = keep * m[i] + g;
    m[i] = v;
    float step = job->nesterov ? direct * g + ahead * v : v;
    w[i] -= lr * step;
  }
}

void pl_sgd_step(
    ptrdiff_t count, float *weights, const float *gradients, float *momentum_buffer, float gradient_scale, float lr,
    float momentum, float decay, int nesterov, int first) {
  Step job = {.count = count, .weights = weights, .gradients = gradients, .first = momentum_buffer,
              .scale = gradient_scale, .lr = lr, .momentum = momentum, .decay = decay, .nesterov = nesterov,
              .is_first = first};
  pl_for_blocks((count + BLOCK - 1) / BLOCK, sgd_block, &job);
}

PL_CLONES static void adam_block(void *context, ptrdiff_t block) {
  BOUNDS
  float *restrict w = job->weights, *restrict m = job->first, *restrict v = job->second;
  const float *restrict gradients = job->gradients;
  float scale = job->scale, decay = job->decay, shrink = job->decoupled ? 1 - job->lr * decay : 1;
  float coupled = job->decoupled ? 0 : decay;
  for (ptrdiff_t i = begin; i < end; i++) {
    float g = gradients[i] * scale + coupled * w[i];
    float first = m[i] + (1 - job->beta1) * (g - m[i]);
    float second = job->beta2 * v[i] + (1 - job->beta2) * g * g;
    m[i] = first;
    v[i] = second;
    float denominator = sqrtf(second) / job->root_correction + job->epsilon;
    w[i] = w[i] * shrink - job->step_size * first / denominator;
  }
}

void pl_adam_step(
    ptrdiff_t count, float *weights, const float *gradients, float *first_moment, float *second_moment,
    float gradient_scale, double lr, double beta1, double beta2, double epsilon, double decay, int decoupled,
    double step) {
  Step job = {.count = count, .weights = weights, .gradients = gradients, .first = first_moment,
              .second = second_moment, .scale = gradient_scale, .lr = (float)lr, .beta1 = (float)beta1,
              .beta2 = (float)beta2, .epsilon = (float)epsilon, .decay = (float)decay, .decoupled = decoupled,
              .step_size = (float)(lr / (1 - pow(beta1, step))), .root_correction = (float)sqrt(1 - pow(beta2, step))};
  pl_for_blocks((count + BLOCK - 1) / BLOCK, adam_block, &job);
}

PL_CLONES static void rmsprop_block(void *context, ptrdiff_t block) {
  BOUNDS
  float *restrict w = job->weights, *restrict m = job->first, *restrict v = job->second, *restrict mean = job->mean;
  const float *restrict gradients = job->gradients;
  float scale = job->scale, decay = job->decay, keep = job->beta2;
  for (ptrdiff_t i = begin; i < end; i++) {
    float g = gradients[i] * scale + decay * w[i];
    float second = keep * v[i] + (1 - keep) * g * g;
    v[i] = second;
    if (mean) {
      float average = mean[i] + (1 - keep) * (g - mean[i]);
      mean[i] = average;
      second -= average * average;
      second = second > 0 ? second : 0;
    }
    float velocity = job->momentum * m[i] + g / (sqrtf(second) + job->epsilon);
    m[i] = velocity;
    w[i] -= job->lr * velocity;
  }
}

void pl_rmsprop_step(
    ptrdiff_t count, float *weights, const float *gradients, float *velocity, float *squares, float *mean,
    float gradient_scale, float lr, float momentum, float smoothing, float epsilon, float decay) {
  Step job = {.count = count, .weights = weights, .gradients = gradients, .first = velocity, .second = squares,
              .mean = mean, .scale = gradient_scale, .lr = lr, .momentum = momentum, .beta2 = smoothing,
              .epsilon = epsilon, .decay = decay};
  pl_for_blocks((count + BLOCK - 1) / BLOCK, rmsprop_block, &job);
}

PL_CLONES static void lion_block(void *context, ptrdiff_t block) {
  BOUNDS
  float *restrict w = job->weights, *restrict m = job->first;
  const float *restrict gradients = job->gradients;
  float scale = job->scale, shrink = 1 - job->lr * job->decay, beta1 = job->beta1, beta2 = job->beta2;
  for (ptrdiff_t i = begin; i < end; i++) {
    float g = gradients[i] * scale;
    float direction = beta1 * m[i] + (1 - beta1) * g;
    float sign = (float)((direction > 0) - (direction < 0));
    m[i] = beta2 * m[i] + (1 - beta2) * g;
    w[i] = w[i] * shrink - job->lr * sign;
  }
}

void pl_lion_step(
    ptrdiff_t count, float *weights, const float *gradients, float *momentum_buffer, float gradient_scale, float lr,
    float beta1, float beta2, float decay) {
  Step job = {.count = count, .weights = weights, .gradients = gradients, .first = momentum_buffer,
              .scale = gradient_scale, .lr = lr, .beta1 = beta1, .beta2 = beta2, .decay = decay};
  pl_for_blocks((count + BLOCK - 1) / BLOCK, lion_block, &job);
}

PL_CLONES static void ema_block(void *context, ptrdiff_t block) {
  BOUNDS
  float *restrict average = job->weights;
  const float *restrict values = job->gradients;
  float decay = job->decay, rest = 1 - job->decay;
  for (ptrdiff_t i = begin; i < end; i++) average[i] = average[i] * decay + values[i] * rest;
}

void pl_ema_step(ptrdiff_t count, float *average, const float *values, float decay) {
  Step job = {.count = count, .weights = average, .gradients = values, .decay = decay};
  pl_for_blocks((count + BLOCK - 1) / BLOCK, ema_block, &job);
}
