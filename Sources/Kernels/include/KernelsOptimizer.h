#ifndef POSELAB_KERNELS_OPTIMIZER_H
#define POSELAB_KERNELS_OPTIMIZER_H
#include <stddef.h>

/// Σ x² in double precision, joined in block order.
double pl_sum_of_squares(ptrdiff_t count, const float *values);
/// Whether any value is NaN or infinite.
int pl_any_not_finite(ptrdiff_t count, const float *values);
/// SGD with (Nesterov) momentum as PyTorch defines it: g += decay · w; m = momentum · m + g (m = g on the first step);
/// w −= lr · (nesterov ? g + momentum · m : m). Gradients are multiplied by `gradient_scale` first.
void pl_sgd_step(
    ptrdiff_t count, float *weights, const float *gradients, float *momentum_buffer, float gradient_scale, float lr,
    float momentum, float decay, int nesterov, int first);
/// AdamW (Loshchilov and Hutter, arXiv:1711.05101); decoupled 0 gives Adam with L2 decay.
void pl_adam_step(
    ptrdiff_t count, float *weights, const float *gradients, float *first_moment, float *second_moment,
    float gradient_scale, double lr, double beta1, double beta2, double epsilon, double decay, int decoupled,
    double step);
/// RMSprop as PyTorch defines it (Graves, arXiv:1308.0850, where `mean` is not null: centred): g += decay · w;
/// squares = s · squares + (1 − s) · g²; velocity = momentum · velocity + g / (√(squares − mean²) + epsilon);
/// w −= lr · velocity.
void pl_rmsprop_step(
    ptrdiff_t count, float *weights, const float *gradients, float *velocity, float *squares, float *mean,
    float gradient_scale, float lr, float momentum, float smoothing, float epsilon, float decay);
/// Lion (Chen et al., arXiv:2302.06675): w −= lr · (sign(beta1 · m + (1 − beta1) · g) + decay · w); then
/// m = beta2 · m + (1 − beta2) · g.
void pl_lion_step(
    ptrdiff_t count, float *weights, const float *gradients, float *momentum_buffer, float gradient_scale, float lr,
    float beta1, float beta2, float decay);
/// average = decay · average + (1 − decay) · values.
void pl_ema_step(ptrdiff_t count, float *average, const float *values, float decay);
#endif
