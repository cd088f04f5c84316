// Tiles of depthwise convolutions; not part of the module's interface.
#ifndef POSELAB_DEPTHWISE_H
#define POSELAB_DEPTHWISE_H
#include "KernelsConvolution.h"
#include "bfloat16.h"

#if defined(__x86_64__)
#pragma clang attribute push(PL_WIDE_VECTORS, apply_to = function)

/// Outputs of a tile, and the most inputs it sees along an axis.
enum { ROWS = 2, COLUMNS = 4, MOST_KERNEL = 7, MOST_SEEN = 2 * (COLUMNS - 1) + MOST_KERNEL };

/// What a tile sees and where its outputs are: numbers from the start of the maps.
typedef struct {
  ptrdiff_t row[MOST_SEEN], column[MOST_SEEN];
  unsigned rows, columns;  // bits of those inside the map
  int rows_are_inside, is_inside;
  ptrdiff_t out_row, out, out_rows, out_columns;
} Tile;

/// A tile whose first output is in row y, still without columns.
PL_INLINE Tile tile_in_row(const pl_convolution_shape *s, int kernel, int stride, ptrdiff_t image, ptrdiff_t y) {
  Tile t = {.rows = 0, .out_rows = s->out_height - y, .out_row = (image * s->out_height + y) * s->out_width};
  int rows = (ROWS - 1) * stride + kernel;
  // what lies outside is not loaded; its place is that of the nearest inside
  for (ptrdiff_t i = 0; i < rows; i++) {
    ptrdiff_t in = y * stride - s->pad_top + i, inside = larger(0, smaller(in, s->height - 1));
    t.row[i] = (image * s->height + inside) * s->width * s->in_stride;
    t.rows |= (unsigned)(in == inside) << i;
  }
  t.rows_are_inside = t.rows == (1u << rows) - 1;
  return t;
}

PL_INLINE void move_to_column(Tile *t, const pl_convolution_shape *s, int kernel, int stride, ptrdiff_t x) {
  ptrdiff_t left = x * stride - s->pad_left, columns = (COLUMNS - 1) * stride + kernel;
  int columns_are_inside = left >= 0 && left + columns <= s->width;
  t->is_inside = columns_are_inside && t->rows_are_inside;
  t->out_columns = s->out_width - x;
  t->out = (t->out_row + x) * s->out_stride;
  t->columns = (1u << columns) - 1;
  for (ptrdiff_t j = 0; j < columns; j++) {
    ptrdiff_t inside = columns_are_inside ? left + j : larger(0, smaller(left + j, s->width - 1));
    t->column[j] = inside * s->in_stride;
    if (inside != left + j) t->columns &= ~(1u << j);
  }
}

PL_INLINE __m512 load_full(int format, const void *array, ptrdiff_t index) {
  return format == PL_FLOAT32 ? _mm512_loadu_ps((const float *)array + index)
                              : load_halves((const uint16_t *)array + index);
}

/// Channels from `channel` on at place (i, j) of what a tile sees.
PL_INLINE __m512 load_seen(
    int format, int masked, const Tile *t, const void *in, ptrdiff_t channel, __mmask16 mask, int i, int j) {
  ptrdiff_t at = t->row[i] + t->column[j] + channel;
  if (!masked) return load_full(format, in, at);
  return load_lanes(format, t->rows >> i & t->columns >> j & 1 ? mask : 0, in, at);
}

#pragma clang attribute pop
#endif
#endif
