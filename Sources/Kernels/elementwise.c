#include "Kernels.h"
#include "functions.h"

// Rows that lie one after the other are one long row: short channel counts then still fill the vectors.
#define DENSE(stride) ((stride) == channels)

typedef struct {
  pl_format format;
  int op;
  ptrdiff_t rows, channels, block_rows;
  const void *a, *b;
  ptrdiff_t a_stride, b_stride, dense_count;
  void *out;
  ptrdiff_t out_stride;
  float scale, offset;
} Rows;

static void flatten(Rows *job) {
  ptrdiff_t channels = job->channels;
  int dense = DENSE(job->out_stride) && (!job->a || DENSE(job->a_stride)) && (!job->b || DENSE(job->b_stride));
  if (dense && job->rows > 1) {
    ptrdiff_t count = job->rows * channels, width = 4096;
    // whole long rows first; the remainder is handled by the last, shorter row
    job->rows = (count + width - 1) / width;
    job->channels = width;
    job->a_stride = job->b_stride = job->out_stride = width;
    job->dense_count = count;
  } else {
    job->dense_count = 0;
  }
  job->block_rows = pl_block_rows(job->channels);
}

PL_INLINE ptrdiff_t width_of(const Rows *job, ptrdiff_t row) {
  if (job->dense_count == 0) return job->channels;
  ptrdiff_t left = job->dense_count - row * job->channels;
  return left < job->channels ? left : job->channels;
}

static void for_rows(Rows *job, void (*body)(void *, ptrdiff_t)) {
  flatten(job);
  pl_for_blocks((job->rows + job->block_rows - 1) / job->block_rows, body, job);
}

#define EACH_ROW                                                                  \
  Rows *job = context;                                                            \
  ptrdiff_t first = block * job->block_rows, last = first + job->block_rows;      \
  if (last > job->rows) last = job->rows;                                         \
  for (ptrdiff_t row = first; row < last; row++)

PL_CLONES static void unary_block(void *context, ptrdiff_t block) {
  EACH_ROW {
    ptrdiff_t n = width_of(job, row);
    const void *in = pl_at(job->a, row * job->a_stride, job->format);
    void *out = pl_to(job->out, row * job->out_stride, job->format);
    PL_DISPATCH((pl_unary)job->op, PL_FORMATS(job->format, PL_SAFE for (ptrdiff_t i = 0; i < n; i++)
                                                  pl_put(out, i, T, pl_apply((pl_unary)F, pl_number(in, i, T)))))
  }
}

void pl_unary_forward(
    pl_format format, pl_unary f, ptrdiff_t rows, ptrdiff_t channels, const void *in, ptrdiff_t in_stride, void *out,
    ptrdiff_t out_stride) {
  Rows job = {.format = format, .op = f, .rows = rows, .channels = channels, .a = in, .a_stride = in_stride, .out = out,
              .out_stride = out_stride};
  for_rows(&job, unary_block);
}

PL_CLONES static void unary_backward_block(void *context, ptrdiff_t block) {
  EACH_ROW {
    ptrdiff_t n = width_of(job, row);
    const void *in = pl_at(job->a, row * job->a_stride, job->format);
    const void *gradient = pl_at(job->b, row * job->b_stride, job->format);
    void *out = pl_to(job->out, row * job->out_stride, job->format);
    PL_DISPATCH((pl_unary)job->op,
                PL_FORMATS(job->format, PL_SAFE for (ptrdiff_t i = 0; i < n; i++) pl_put(
                                            out, i, T,
                                            pl_number(gradient, i, T) * pl_slope((pl_unary)F, pl_number(in, i, T)))))
  }
}

void pl_unary_backward(
    pl_format format, pl_unary f, ptrdiff_t rows, ptrdiff_t channels, const void *in, ptrdiff_t in_stride,
    const void *gradient, ptrdiff_t gradient_stride, void *in_gradient, ptrdiff_t in_gradient_stride) {
  Rows job = {.format = format, .op = f, .rows = rows, .channels = channels, .a = in, .a_stride = in_stride, .b = gradient,
              .b_stride = gradient_stride, .out = in_gradient, .out_stride = in_gradient_stride};
  for_rows(&job, unary_backward_block);
}

PL_INLINE float binary(pl_binary op, float a, float b) {
  switch (op) {
    case PL_ADD: return a + b;
    case PL_SUBTRACT: return a - b;
    case PL_MULTIPLY: return a * b;
    case PL_DIVIDE: return a / b;
    case PL_MAXIMUM: return a > b ? a : b;
    case PL_MINIMUM: return a < b ? a : b;
  }
  return a;
}

#define BINARY_LOOP(OP, A, B) PL_SAFE for (ptrdiff_t i = 0; i < n; i++) pl_put(out, i, T, binary(OP, A, B))
#define BINARY_DISPATCH(op, A, B)                            \
  switch (op) {                                              \
    case PL_ADD: BINARY_LOOP(PL_ADD, A, B); break;           \
    case PL_SUBTRACT: BINARY_LOOP(PL_SUBTRACT, A, B); break; \
    case PL_MULTIPLY: BINARY_LOOP(PL_MULTIPLY, A, B); break; \
    case PL_DIVIDE: BINARY_LOOP(PL_DIVIDE, A, B); break;     \
    case PL_MAXIMUM: BINARY_LOOP(PL_MAXIMUM, A, B); break;   \
    case PL_MINIMUM: BINARY_LOOP(PL_MINIMUM, A, B); break;   \
  }

PL_CLONES static void binary_block(void *context, ptrdiff_t block) {
  EACH_ROW {
    ptrdiff_t n = width_of(job, row);
    const void *a = pl_at(job->a, row * job->a_stride, job->format);
    const void *b = pl_at(job->b, row * job->b_stride, job->format);
    void *out = pl_to(job->out, row * job->out_stride, job->format);
    PL_FORMATS(job->format, BINARY_DISPATCH((pl_binary)job->op, pl_number(a, i, T), pl_number(b, i, T)))
  }
}

void pl_binary_rows(
    pl_format format, pl_binary op, ptrdiff_t rows, ptrdiff_t channels, const void *a, ptrdiff_t a_stride,
    const void *b, ptrdiff_t b_stride, void *out, ptrdiff_t out_stride) {
  Rows job = {.format = format, .op = op, .rows = rows, .channels = channels, .a = a, .a_stride = a_stride, .b = b,
              .b_stride = b_stride, .out = out, .out_stride = out_stride};
  for_rows(&job, binary_block);
}

PL_CLONES static void affine_block(void *context, ptrdiff_t block) {
  EACH_ROW {
    ptrdiff_t n = width_of(job, row);
    const float *in = (const float *)job->a + row * job->a_stride;
    float *out = (float *)job->out + row * job->out_stride, scale = job->scale, offset = job->offset;
    PL_SAFE for (ptrdiff_t i = 0; i < n; i++) out[i] = in[i] * scale + offset;
  }
}

void pl_affine_rows(
    ptrdiff_t rows, ptrdiff_t channels, float scale, float offset, const float *in, ptrdiff_t in_stride, float *out,
    ptrdiff_t out_stride) {
  Rows job = {.rows = rows, .channels = channels, .a = in, .a_stride = in_stride, .out = out,
              .out_stride = out_stride, .scale = scale, .offset = offset};
  for_rows(&job, affine_block);
}

void pl_accumulate_rows(
    pl_format format, ptrdiff_t rows, ptrdiff_t channels, void *sum, ptrdiff_t sum_stride, const void *addend,
    ptrdiff_t addend_stride) {
  pl_binary_rows(format, PL_ADD, rows, channels, sum, sum_stride, addend, addend_stride, sum, sum_stride);
}

static void copy_block(void *context, ptrdiff_t block) {
  EACH_ROW {
    memcpy(
        pl_to(job->out, row * job->out_stride, job->format), pl_at(job->a, row * job->a_stride, job->format),
        (size_t)(width_of(job, row) * pl_size(job->format)));
  }
}

void pl_copy_rows(
    pl_format format, ptrdiff_t rows, ptrdiff_t channels, const void *in, ptrdiff_t in_stride, void *out,
    ptrdiff_t out_stride) {
  Rows job = {.format = format, .rows = rows, .channels = channels, .a = in, .a_stride = in_stride, .out = out,
              .out_stride = out_stride};
  for_rows(&job, copy_block);
}

PL_CLONES static void convert_block(void *context, ptrdiff_t block) {
  EACH_ROW {
    ptrdiff_t n = width_of(job, row);
    const void *in = pl_at(job->a, row * job->a_stride, job->format);
    void *out = pl_to(job->out, row * job->out_stride, 1 - job->format);
    PL_FORMATS(job->format, PL_SAFE for (ptrdiff_t i = 0; i < n; i++) pl_put(out, i, 1 - T, pl_number(in, i, T)))
  }
}

void pl_convert_rows(
    pl_format from, ptrdiff_t rows, ptrdiff_t channels, const void *in, ptrdiff_t in_stride, void *out,
    ptrdiff_t out_stride) {
  Rows job = {.format = from, .rows = rows, .channels = channels, .a = in, .a_stride = in_stride, .out = out,
              .out_stride = out_stride};
  for_rows(&job, convert_block);
}

PL_CLONES static void fill_block(void *context, ptrdiff_t block) {
  EACH_ROW {
    ptrdiff_t n = width_of(job, row);
    void *out = pl_to(job->out, row * job->out_stride, job->format);
    float value = job->scale;
    PL_FORMATS(job->format, for (ptrdiff_t i = 0; i < n; i++) pl_put(out, i, T, value))
  }
}

void pl_fill_rows(
    pl_format format, ptrdiff_t rows, ptrdiff_t channels, float value, void *out, ptrdiff_t out_stride) {
  Rows job = {.format = format, .rows = rows, .channels = channels, .out = out, .out_stride = out_stride, .scale = value};
  for_rows(&job, fill_block);
}

// Broadcasting: the last axis is the inner loop, the others are counted up.

enum { MAX_RANK = 8 };

typedef struct {
  int op, rank;
  const ptrdiff_t *shape, *a_strides, *b_strides;
  const float *a, *b;
  float *out;
  ptrdiff_t outer, inner, per_block;
} Broadcast;

static void locate(const Broadcast *job, ptrdiff_t index, const float **a, const float **b) {
  ptrdiff_t at_a = 0, at_b = 0;
  for (int axis = job->rank - 2; axis >= 0; axis--) {
    ptrdiff_t position = index % job->shape[axis];
    index /= job->shape[axis];
    at_a += position * job->a_strides[axis];
    if (job->b) at_b += position * job->b_strides[axis];
  }
  *a = job->a + at_a;
  if (job->b) *b = job->b + at_b;
}

PL_CLONES static void broadcast_block(void *context, ptrdiff_t block) {
  enum { T = PL_FLOAT32 };
  Broadcast *job = context;
  ptrdiff_t first = block * job->per_block, last = first + job->per_block, n = job->inner;
  if (last > job->outer) last = job->outer;
  for (ptrdiff_t row = first; row < last; row++) {
    const float *a = 0, *b = 0;
    locate(job, row, &a, &b);
    float *out = job->out + row * n;
    ptrdiff_t sa = job->a_strides[job->rank - 1], sb = job->b_strides[job->rank - 1];
    if (sa == 1 && sb == 1) {
      BINARY_DISPATCH((pl_binary)job->op, a[i], b[i])
    } else if (sa == 1 && sb == 0) {
      float constant = *b;
      BINARY_DISPATCH((pl_binary)job->op, a[i], constant)
    } else if (sa == 0 && sb == 1) {
      float constant = *a;
      BINARY_DISPATCH((pl_binary)job->op, constant, b[i])
    } else {
      BINARY_DISPATCH((pl_binary)job->op, a[i * sa], b[i * sb])
    }
  }
}

void pl_binary_broadcast(
    pl_binary op, int rank, const ptrdiff_t *shape, const float *a, const ptrdiff_t *a_strides, const float *b,
    const ptrdiff_t *b_strides, float *out) {
  ptrdiff_t outer = 1;
  for (int axis = 0; axis < rank - 1; axis++) outer *= shape[axis];
  Broadcast job = {.op = op, .rank = rank, .shape = shape, .a_strides = a_strides, .b_strides = b_strides, .a = a,
                   .b = b, .out = out, .outer = outer, .inner = shape[rank - 1]};
  job.per_block = pl_block_rows(job.inner);
  pl_for_blocks((outer + job.per_block - 1) / job.per_block, broadcast_block, &job);
}

static void strided_copy_block(void *context, ptrdiff_t block) {
  Broadcast *job = context;
  ptrdiff_t first = block * job->per_block, last = first + job->per_block, n = job->inner;
  if (last > job->outer) last = job->outer;
  ptrdiff_t stride = job->a_strides[job->rank - 1];
  for (ptrdiff_t row = first; row < last; row++) {
    const float *in = 0;
    locate(job, row, &in, 0);
    float *out = job->out + row * n;
    if (stride == 1) {
      memcpy(out, in, (size_t)n * 4);
    } else {
      for (ptrdiff_t i = 0; i < n; i++) out[i] = in[i * stride];
    }
  }
}

void pl_copy_strided(int rank, const ptrdiff_t *shape, const float *in, const ptrdiff_t *in_strides, float *out) {
  ptrdiff_t outer = 1;
  for (int axis = 0; axis < rank - 1; axis++) outer *= shape[axis];
  Broadcast job = {.rank = rank, .shape = shape, .a_strides = in_strides, .a = in, .out = out, .outer = outer,
                   .inner = shape[rank - 1]};
  job.per_block = pl_block_rows(job.inner);
  pl_for_blocks((outer + job.per_block - 1) / job.per_block, strided_copy_block, &job);
}

typedef struct {
  ptrdiff_t middle, inner;
  const float *in;
  float *out;
} SumMiddle;

PL_CLONES static void sum_middle_block(void *context, ptrdiff_t outer) {
  SumMiddle *job = context;
  enum { WIDTH = 256 };
  for (ptrdiff_t start = 0; start < job->inner; start += WIDTH) {
    ptrdiff_t n = job->inner - start < WIDTH ? job->inner - start : WIDTH;
    double sums[WIDTH] = {0};
    const float *in = job->in + outer * job->middle * job->inner + start;
    for (ptrdiff_t row = 0; row < job->middle; row++, in += job->inner)
      for (ptrdiff_t i = 0; i < n; i++) sums[i] += in[i];
    float *out = job->out + outer * job->inner + start;
    for (ptrdiff_t i = 0; i < n; i++) out[i] = (float)sums[i];
  }
}

void pl_sum_middle(ptrdiff_t outer, ptrdiff_t middle, ptrdiff_t inner, const float *in, float *out) {
  SumMiddle job = {middle, inner, in, out};
  pl_for_blocks(outer, sum_middle_block, &job);
}

typedef struct {
  pl_format format;
  ptrdiff_t count;
  const uint8_t *bytes;
  void *out;
} Bytes;

PL_CLONES static void bytes_block(void *context, ptrdiff_t block) {
  Bytes *job = context;
  ptrdiff_t first = block * 65536, last = first + 65536;
  if (last > job->count) last = job->count;
  const uint8_t *restrict bytes = job->bytes;
  void *out = job->out;
  PL_FORMATS(job->format, PL_SAFE for (ptrdiff_t i = first; i < last; i++) pl_put(out, i, T, (float)bytes[i] / 255.0f))
}

void pl_bytes_to_unit(pl_format format, ptrdiff_t count, const uint8_t *bytes, void *out) {
  Bytes job = {format, count, bytes, out};
  pl_for_blocks((count + 65535) / 65536, bytes_block, &job);
}

PL_CLONES void pl_sigmoid_block(ptrdiff_t count, const float *in, float *out) {
  for (ptrdiff_t i = 0; i < count; i++) out[i] = pl_sigmoid(in[i]);
}
