// oneDNN's functions, found at run time: oneDNN brings libgomp, which must not be loaded before its settings are made.
// Where the library is missing, there are no primitives and the portable engine does the work.
#ifndef POSELAB_CDNNL_FUNCTIONS_H
#define POSELAB_CDNNL_FUNCTIONS_H
#include <dlfcn.h>
#include <oneapi/dnnl/dnnl.h>

#define COMMON_FUNCTIONS(X) \
  X(dnnl_engine_create) \
  X(dnnl_stream_create) \
  X(dnnl_stream_wait) \
  X(dnnl_memory_create) \
  X(dnnl_memory_destroy) \
  X(dnnl_memory_set_data_handle) \
  X(dnnl_memory_desc_equal) \
  X(dnnl_memory_desc_get_size) \
  X(dnnl_post_ops_create) \
  X(dnnl_post_ops_destroy) \
  X(dnnl_post_ops_append_eltwise) \
  X(dnnl_primitive_attr_create) \
  X(dnnl_primitive_attr_destroy) \
  X(dnnl_primitive_attr_set_post_ops) \
  X(dnnl_primitive_create) \
  X(dnnl_primitive_destroy) \
  X(dnnl_primitive_execute) \
  X(dnnl_primitive_desc_destroy) \
  X(dnnl_primitive_desc_query) \
  X(dnnl_primitive_desc_query_md) \
  X(dnnl_reorder_primitive_desc_create) \
  X(dnnl_version)

#if DNNL_VERSION_MAJOR >= 3
#define FUNCTIONS_OF_VERSION(X) \
  X(dnnl_convolution_forward_primitive_desc_create) \
  X(dnnl_convolution_backward_data_primitive_desc_create) \
  X(dnnl_convolution_backward_weights_primitive_desc_create) \
  X(dnnl_memory_desc_create_with_strides) \
  X(dnnl_memory_desc_create_with_tag) \
  X(dnnl_memory_desc_destroy)
#define LIBRARY "libdnnl.so.3"
#else
#define FUNCTIONS_OF_VERSION(X) \
  X(dnnl_dilated_convolution_forward_desc_init) \
  X(dnnl_dilated_convolution_backward_data_desc_init) \
  X(dnnl_dilated_convolution_backward_weights_desc_init) \
  X(dnnl_memory_desc_init_by_strides) \
  X(dnnl_memory_desc_init_by_tag) \
  X(dnnl_primitive_desc_create)
#define LIBRARY "libdnnl.so.2"
#endif

#define MEMBER(name) __typeof__(&name) name;
static struct {
  COMMON_FUNCTIONS(MEMBER)
  FUNCTIONS_OF_VERSION(MEMBER)
} at_run_time;

static int load_functions(void) {
  void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (!library) return 0;
#define FIND(name)                                                      \
  at_run_time.name = (__typeof__(at_run_time.name))dlsym(library, #name); \
  if (!at_run_time.name) return 0;
  COMMON_FUNCTIONS(FIND)
  FUNCTIONS_OF_VERSION(FIND)
  return 1;
}

#define dnnl_engine_create at_run_time.dnnl_engine_create
#define dnnl_stream_create at_run_time.dnnl_stream_create
#define dnnl_stream_wait at_run_time.dnnl_stream_wait
#define dnnl_memory_create at_run_time.dnnl_memory_create
#define dnnl_memory_destroy at_run_time.dnnl_memory_destroy
#define dnnl_memory_set_data_handle at_run_time.dnnl_memory_set_data_handle
#define dnnl_memory_desc_equal at_run_time.dnnl_memory_desc_equal
#define dnnl_memory_desc_get_size at_run_time.dnnl_memory_desc_get_size
#define dnnl_post_ops_create at_run_time.dnnl_post_ops_create
#define dnnl_post_ops_destroy at_run_time.dnnl_post_ops_destroy
#define dnnl_post_ops_append_eltwise at_run_time.dnnl_post_ops_append_eltwise
#define dnnl_primitive_attr_create at_run_time.dnnl_primitive_attr_create
#define dnnl_primitive_attr_destroy at_run_time.dnnl_primitive_attr_destroy
#define dnnl_primitive_attr_set_post_ops at_run_time.dnnl_primitive_attr_set_post_ops
#define dnnl_primitive_create at_run_time.dnnl_primitive_create
#define dnnl_primitive_destroy at_run_time.dnnl_primitive_destroy
#define dnnl_primitive_execute at_run_time.dnnl_primitive_execute
#define dnnl_primitive_desc_destroy at_run_time.dnnl_primitive_desc_destroy
#define dnnl_primitive_desc_query at_run_time.dnnl_primitive_desc_query
#define dnnl_primitive_desc_query_md at_run_time.dnnl_primitive_desc_query_md
#define dnnl_reorder_primitive_desc_create at_run_time.dnnl_reorder_primitive_desc_create
#define dnnl_version at_run_time.dnnl_version
#if DNNL_VERSION_MAJOR >= 3
#define dnnl_convolution_forward_primitive_desc_create at_run_time.dnnl_convolution_forward_primitive_desc_create
#define dnnl_convolution_backward_data_primitive_desc_create at_run_time.dnnl_convolution_backward_data_primitive_desc_create
#define dnnl_convolution_backward_weights_primitive_desc_create at_run_time.dnnl_convolution_backward_weights_primitive_desc_create
#define dnnl_memory_desc_create_with_strides at_run_time.dnnl_memory_desc_create_with_strides
#define dnnl_memory_desc_create_with_tag at_run_time.dnnl_memory_desc_create_with_tag
#define dnnl_memory_desc_destroy at_run_time.dnnl_memory_desc_destroy
#else
#define dnnl_dilated_convolution_forward_desc_init at_run_time.dnnl_dilated_convolution_forward_desc_init
#define dnnl_dilated_convolution_backward_data_desc_init at_run_time.dnnl_dilated_convolution_backward_data_desc_init
#define dnnl_dilated_convolution_backward_weights_desc_init at_run_time.dnnl_dilated_convolution_backward_weights_desc_init
#define dnnl_memory_desc_init_by_strides at_run_time.dnnl_memory_desc_init_by_strides
#define dnnl_memory_desc_init_by_tag at_run_time.dnnl_memory_desc_init_by_tag
#define dnnl_primitive_desc_create at_run_time.dnnl_primitive_desc_create
#endif
#endif
