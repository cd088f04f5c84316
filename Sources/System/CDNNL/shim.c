#include "CDNNL.h"

#include <dlfcn.h>
#include <oneapi/dnnl/dnnl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "functions.h"

static dnnl_engine_t engine;
static dnnl_stream_t stream;
static int ready;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start(void) {
  ready = load_functions() && dnnl_engine_create(&engine, dnnl_cpu, 0) == dnnl_success &&
          dnnl_stream_create(&stream, engine, dnnl_stream_default_flags) == dnnl_success;
}

#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t Layout;
typedef const_dnnl_memory_desc_t ConstLayout;
#define LAYOUT(x) (x)
static dnnl_status_t by_strides(
    Layout *out, int rank, const int64_t *dims, dnnl_data_type_t type, const int64_t *strides) {
  return dnnl_memory_desc_create_with_strides(out, rank, dims, type, strides);
}
static dnnl_status_t by_tag(
    Layout *out, int rank, const int64_t *dims, dnnl_data_type_t type, dnnl_format_tag_t tag) {
  return dnnl_memory_desc_create_with_tag(out, rank, dims, type, tag);
}
static void drop(Layout *layout) {
  if (*layout) dnnl_memory_desc_destroy(*layout);
}
static int same(ConstLayout a, ConstLayout b) { return dnnl_memory_desc_equal(a, b); }
#else
typedef dnnl_memory_desc_t Layout;
typedef const dnnl_memory_desc_t *ConstLayout;
#define LAYOUT(x) (&(x))
static dnnl_status_t by_strides(
    Layout *out, int rank, const int64_t *dims, dnnl_data_type_t type, const int64_t *strides) {
  return dnnl_memory_desc_init_by_strides(out, rank, dims, type, strides);
}
static dnnl_status_t by_tag(
    Layout *out, int rank, const int64_t *dims, dnnl_data_type_t type, dnnl_format_tag_t tag) {
  return dnnl_memory_desc_init_by_tag(out, rank, dims, type, tag);
}
static void drop(Layout *layout) { (void)layout; }
static int same(ConstLayout a, ConstLayout b) { return dnnl_memory_desc_equal(a, b); }
#endif

struct pl_dnnl_convolution {
  pl_dnnl_kind kind;
  dnnl_primitive_desc_t description;
  dnnl_primitive_t primitive, reorder;
  dnnl_memory_t input, weight, bias, output, plain;
  size_t packed_size;
  const char *implementation;
};

typedef struct {
  Layout input, output, weight_any, weight_forward, weight_plain, bias;
  dnnl_dims_t strides, dilations, padding;
} Layouts;

static int describe(pl_dnnl_kind kind, const pl_dnnl_geometry *g, pl_dnnl_formats formats, Layouts *l) {
  int64_t in_dims[4] = {g->batch, g->in_channels, g->height, g->width};
  int64_t in_strides[4] = {g->height * g->width * g->in_channels, 1, g->width * g->in_channels, g->in_channels};
  int64_t out_dims[4] = {g->batch, g->out_channels, g->out_height, g->out_width};
  int64_t out_strides[4] = {g->out_height * g->out_width * g->out_channels, 1, g->out_width * g->out_channels,
                            g->out_channels};
  int64_t weight[5] = {g->groups, g->out_channels / g->groups, g->in_channels / g->groups, g->kernel_height,
                       g->kernel_width};
  int grouped = g->groups > 1;
  const int64_t *dims = grouped ? weight : weight + 1;
  int rank = grouped ? 5 : 4;
  l->strides[0] = l->strides[1] = g->stride;
  l->dilations[0] = l->dilations[1] = g->dilation - 1;
  l->padding[0] = g->pad_top;
  l->padding[1] = g->pad_left;
  dnnl_data_type_t in_type = formats.half_input ? dnnl_bf16 : dnnl_f32;
  dnnl_data_type_t out_type = formats.half_output ? dnnl_bf16 : dnnl_f32;
  // gradients of weights are added up in 32 bits
  dnnl_data_type_t weight_type = kind == PL_DNNL_WEIGHT_GRADIENT ? dnnl_f32 : in_type;
  return by_strides(&l->input, 4, in_dims, in_type, in_strides) ||
         by_strides(&l->output, 4, out_dims, out_type, out_strides) ||
         by_tag(&l->weight_any, rank, dims, weight_type, dnnl_format_tag_any) ||
         by_tag(&l->weight_forward, rank, dims, in_type, dnnl_format_tag_any) ||
         by_tag(&l->weight_plain, rank, dims, dnnl_f32, grouped ? dnnl_goihw : dnnl_oihw) ||
         by_tag(&l->bias, 1, &g->out_channels, dnnl_f32, dnnl_a);
}

static void forget(Layouts *l) {
  drop(&l->input);
  drop(&l->output);
  drop(&l->weight_any);
  drop(&l->weight_forward);
  drop(&l->weight_plain);
  drop(&l->bias);
}

static dnnl_status_t forward_description(
    dnnl_primitive_desc_t *out, Layouts *l, int has_bias, dnnl_prop_kind_t prop, const_dnnl_primitive_attr_t attr) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_convolution_forward_primitive_desc_create(
      out, engine, prop, dnnl_convolution_direct, l->input, l->weight_forward, has_bias ? l->bias : NULL, l->output,
      l->strides, l->dilations, l->padding, l->padding, attr);
#else
  dnnl_convolution_desc_t d;
  dnnl_status_t status = dnnl_dilated_convolution_forward_desc_init(
      &d, prop, dnnl_convolution_direct, &l->input, &l->weight_forward, has_bias ? &l->bias : NULL, &l->output, l->strides,
      l->dilations, l->padding, l->padding);
  return status ? status : dnnl_primitive_desc_create(out, &d, attr, engine, NULL);
#endif
}

static dnnl_status_t gradient_description(
    dnnl_primitive_desc_t *out, Layouts *l, pl_dnnl_kind kind, const_dnnl_primitive_desc_t hint) {
#if DNNL_VERSION_MAJOR >= 3
  return kind == PL_DNNL_INPUT_GRADIENT
             ? dnnl_convolution_backward_data_primitive_desc_create(
                   out, engine, dnnl_convolution_direct, l->input, l->weight_any, l->output, l->strides, l->dilations,
                   l->padding, l->padding, hint, NULL)
             : dnnl_convolution_backward_weights_primitive_desc_create(
                   out, engine, dnnl_convolution_direct, l->input, l->weight_any, NULL, l->output, l->strides,
                   l->dilations, l->padding, l->padding, hint, NULL);
#else
  dnnl_convolution_desc_t d;
  dnnl_status_t status =
      kind == PL_DNNL_INPUT_GRADIENT
          ? dnnl_dilated_convolution_backward_data_desc_init(
                &d, dnnl_convolution_direct, &l->input, &l->weight_any, &l->output, l->strides, l->dilations,
                l->padding, l->padding)
          : dnnl_dilated_convolution_backward_weights_desc_init(
                &d, dnnl_convolution_direct, &l->input, &l->weight_any, NULL, &l->output, l->strides, l->dilations,
                l->padding, l->padding);
  return status ? status : dnnl_primitive_desc_create(out, &d, NULL, engine, hint);
#endif
}

static dnnl_status_t activation_attributes(dnnl_primitive_attr_t *attr, pl_dnnl_activation activation) {
  *attr = NULL;
  if (activation == PL_DNNL_LINEAR) return dnnl_success;
  dnnl_alg_kind_t kind = activation == PL_DNNL_SILU ? dnnl_eltwise_swish : dnnl_eltwise_relu;
  float alpha = activation == PL_DNNL_SILU ? 1.0f : 0.0f;
  dnnl_post_ops_t operations;
  dnnl_status_t status = dnnl_post_ops_create(&operations);
  if (status) return status;
#if DNNL_VERSION_MAJOR >= 3
  status = dnnl_post_ops_append_eltwise(operations, kind, alpha, 0);
#else
  status = dnnl_post_ops_append_eltwise(operations, 1.0f, kind, alpha, 0);
#endif
  if (!status) status = dnnl_primitive_attr_create(attr);
  if (!status) status = dnnl_primitive_attr_set_post_ops(*attr, operations);
  dnnl_post_ops_destroy(operations);
  return status;
}

/// The reorder between the plain order of weights and the primitive's.
static int prepare_reorder(pl_dnnl_convolution *c, ConstLayout plain, ConstLayout packed) {
  if (same(plain, packed)) return 0;
  int to_plain = c->kind == PL_DNNL_WEIGHT_GRADIENT;
  dnnl_primitive_desc_t description = NULL;
  if (dnnl_reorder_primitive_desc_create(
          &description, to_plain ? packed : plain, engine, to_plain ? plain : packed, engine, NULL))
    return 1;
  int status = dnnl_primitive_create(&c->reorder, description);
  dnnl_primitive_desc_destroy(description);
  c->packed_size = dnnl_memory_desc_get_size(packed);
  return status || dnnl_memory_create(&c->plain, plain, engine, DNNL_MEMORY_NONE);
}

pl_dnnl_convolution *pl_dnnl_create(
    pl_dnnl_kind kind, const pl_dnnl_geometry *geometry, pl_dnnl_formats formats, int has_bias,
    pl_dnnl_activation activation) {
  pthread_once(&once, start);
  if (!ready) return NULL;
  Layouts layouts;
  memset(&layouts, 0, sizeof layouts);
  pl_dnnl_convolution *c = calloc(1, sizeof *c);
  if (!c) return NULL;
  c->kind = kind;
  dnnl_primitive_attr_t attr = NULL;
  dnnl_primitive_desc_t hint = NULL;
  int failed = describe(kind, geometry, formats, &layouts) || activation_attributes(&attr, activation);
  dnnl_prop_kind_t prop = kind == PL_DNNL_FORWARD && has_bias ? dnnl_forward_inference : dnnl_forward_training;
  failed = failed || forward_description(&hint, &layouts, has_bias, prop, attr);
  if (!failed && kind == PL_DNNL_FORWARD) {
    c->description = hint;
    hint = NULL;
  } else if (!failed) {
    failed = gradient_description(&c->description, &layouts, kind, hint);
  }
  if (!failed)
    failed = dnnl_primitive_desc_query(c->description, dnnl_query_impl_info_str, 0, &c->implementation) != dnnl_success;
  // the reference kernels are far slower than im2col
  failed = failed || strncmp(c->implementation, "ref", 3) == 0;
  failed = failed || dnnl_primitive_create(&c->primitive, c->description) != dnnl_success;
  if (!failed) {
    ConstLayout packed = dnnl_primitive_desc_query_md(
        c->description, kind == PL_DNNL_WEIGHT_GRADIENT ? dnnl_query_diff_weights_md : dnnl_query_weights_md, 0);
    failed = prepare_reorder(c, LAYOUT(layouts.weight_plain), packed) ||
             dnnl_memory_create(&c->weight, packed, engine, DNNL_MEMORY_NONE) ||
             dnnl_memory_create(&c->input, LAYOUT(layouts.input), engine, DNNL_MEMORY_NONE) ||
             dnnl_memory_create(&c->output, LAYOUT(layouts.output), engine, DNNL_MEMORY_NONE) ||
             (has_bias && dnnl_memory_create(&c->bias, LAYOUT(layouts.bias), engine, DNNL_MEMORY_NONE));
  }
  if (hint) dnnl_primitive_desc_destroy(hint);
  if (attr) dnnl_primitive_attr_destroy(attr);
  forget(&layouts);
  if (failed) {
    pl_dnnl_destroy(c);
    return NULL;
  }
  return c;
}

void pl_dnnl_destroy(pl_dnnl_convolution *c) {
  if (!c) return;
  dnnl_memory_t memories[5] = {c->input, c->weight, c->bias, c->output, c->plain};
  for (int i = 0; i < 5; i++)
    if (memories[i]) dnnl_memory_destroy(memories[i]);
  if (c->reorder) dnnl_primitive_destroy(c->reorder);
  if (c->primitive) dnnl_primitive_destroy(c->primitive);
  if (c->description) dnnl_primitive_desc_destroy(c->description);
  free(c);
}

size_t pl_dnnl_packed_size(const pl_dnnl_convolution *c) { return c->packed_size; }

static int move(pl_dnnl_convolution *c, void *plain, void *packed) {
  int to_plain = c->kind == PL_DNNL_WEIGHT_GRADIENT;
  dnnl_exec_arg_t arguments[2] = {{DNNL_ARG_FROM, to_plain ? c->weight : c->plain},
                                  {DNNL_ARG_TO, to_plain ? c->plain : c->weight}};
  return dnnl_memory_set_data_handle(c->plain, plain) || dnnl_memory_set_data_handle(c->weight, packed) ||
         dnnl_primitive_execute(c->reorder, stream, 2, arguments) || dnnl_stream_wait(stream);
}

int pl_dnnl_pack(pl_dnnl_convolution *c, const float *weight, void *packed) {
  return move(c, (void *)weight, packed);
}

int pl_dnnl_unpack(pl_dnnl_convolution *c, const void *packed, float *weight) {
  return move(c, weight, (void *)packed);
}

int pl_dnnl_run(
    pl_dnnl_convolution *c, const void *input, void *weight, const float *bias, const void *output) {
  int gradient = c->kind == PL_DNNL_INPUT_GRADIENT, weights = c->kind == PL_DNNL_WEIGHT_GRADIENT;
  dnnl_exec_arg_t arguments[4] = {{gradient ? DNNL_ARG_DIFF_SRC : DNNL_ARG_SRC, c->input},
                                  {weights ? DNNL_ARG_DIFF_WEIGHTS : DNNL_ARG_WEIGHTS, c->weight},
                                  {gradient || weights ? DNNL_ARG_DIFF_DST : DNNL_ARG_DST, c->output},
                                  {DNNL_ARG_BIAS, c->bias}};
  return dnnl_memory_set_data_handle(c->input, (void *)input) || dnnl_memory_set_data_handle(c->weight, weight) ||
         dnnl_memory_set_data_handle(c->output, (void *)output) ||
         (c->bias && dnnl_memory_set_data_handle(c->bias, (void *)bias)) ||
         dnnl_primitive_execute(c->primitive, stream, c->bias ? 4 : 3, arguments) || dnnl_stream_wait(stream);
}

const char *pl_dnnl_implementation(const pl_dnnl_convolution *c) { return c->implementation; }

int pl_dnnl_version(void) {
  pthread_once(&once, start);
  if (!ready) return 0;
  const dnnl_version_t *version = dnnl_version();
  return version->major * 10000 + version->minor * 100 + version->patch;
}
