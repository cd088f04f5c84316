// The tiles of the minimal filtering form F(4 × 4, 3 × 3); not part of the module's interface.
#ifndef POSELAB_WINOGRAD_H
#define POSELAB_WINOGRAD_H
#include "KernelsConvolution.h"
#include "bfloat16.h"
#include "vectors.h"

#if defined(__x86_64__)
#pragma clang attribute push(PL_WIDE_VECTORS, apply_to = function)

enum { PLACES = 36, SIDE = 6, OUT = 4, PANEL = 2 * LANES };

/// How a convolution's output is cut into tiles of 4 × 4.
typedef struct {
  ptrdiff_t x, y, count;          // in a row, rows of an image, in the whole batch
  ptrdiff_t in_width, out_width;  // channels, rounded up to whole vectors
} Tiles;

PL_INLINE Tiles tiles_of(const pl_convolution_shape *s) {
  Tiles t = {(s->out_width + OUT - 1) / OUT, (s->out_height + OUT - 1) / OUT, 0, round_up(s->in_channels, LANES),
             round_up(s->out_channels, LANES)};
  t.count = s->batch * t.x * t.y;
  return t;
}

/// From one place to the next: a little more than the numbers take, so that places do not meet in one cache set.
PL_INLINE ptrdiff_t place_step(ptrdiff_t count, ptrdiff_t width) { return count * width + LANES; }

/// Bᵀ d: six numbers to six.
PL_INLINE void to_places(const __m512 d[SIDE], __m512 t[SIDE]) {
  __m512 four = _mm512_set1_ps(4), five = _mm512_set1_ps(5), two = _mm512_set1_ps(2);
  __m512 a = _mm512_fnmadd_ps(four, d[2], d[4]), b = _mm512_fnmadd_ps(four, d[1], d[3]);
  __m512 c = _mm512_sub_ps(d[4], d[2]), e = _mm512_sub_ps(d[3], d[1]);
  t[0] = _mm512_fmadd_ps(four, d[0], _mm512_fnmadd_ps(five, d[2], d[4]));
  t[1] = _mm512_add_ps(a, b);
  t[2] = _mm512_sub_ps(a, b);
  t[3] = _mm512_fmadd_ps(two, e, c);
  t[4] = _mm512_fnmadd_ps(two, e, c);
  t[5] = _mm512_fmadd_ps(four, d[1], _mm512_fnmadd_ps(five, d[3], d[5]));
}

/// Transforms channels c…c+15 of a tile: `to` holds [place][tile][channel].
PL_INLINE void transform_input(
    int format, const void *from, ptrdiff_t row, ptrdiff_t column, __mmask16 mask, float *to, ptrdiff_t step) {
  __m512 half[SIDE][SIDE], d[SIDE], t[SIDE];
#pragma unroll
  for (int x = 0; x < SIDE; x++) {
#pragma unroll
    for (int y = 0; y < SIDE; y++) d[y] = load_lanes(format, mask, from, y * row + x * column);
    to_places(d, t);
#pragma unroll
    for (int y = 0; y < SIDE; y++) half[y][x] = t[y];
  }
#pragma unroll
  for (int y = 0; y < SIDE; y++) {
    to_places(half[y], t);
#pragma unroll
    for (int x = 0; x < SIDE; x++) _mm512_storeu_ps(to + (y * SIDE + x) * step, t[x]);
  }
}

/// Transforms tiles first..<last to [place][tile][channel]; `edge` holds 36 positions of all channels.
PL_INLINE void transform_tiles(
    int format, const pl_convolution_shape *s, const Tiles *t, const void *in, ptrdiff_t first, ptrdiff_t last,
    void *edge, float *to, ptrdiff_t step) {
  ptrdiff_t channels = s->in_channels;
  for (ptrdiff_t tile = first; tile < last; tile++, to += t->in_width) {
    ptrdiff_t image = tile / (t->x * t->y), within = tile % (t->x * t->y);
    ptrdiff_t y = within / t->x * OUT - s->pad_top, x = within % t->x * OUT - s->pad_left;
    const void *from = pl_at(in, ((image * s->height + y) * s->width + x) * s->in_stride, format);
    ptrdiff_t row = s->width * s->in_stride, column = s->in_stride;
    if (y < 0 || x < 0 || y + SIDE > s->height || x + SIDE > s->width) {
      // a tile over the border is completed by zeros first
      for (ptrdiff_t i = 0; i < SIDE; i++)
        for (ptrdiff_t j = 0; j < SIDE; j++) {
          void *place = pl_to(edge, (i * SIDE + j) * t->in_width, format);
          int inside = y + i >= 0 && y + i < s->height && x + j >= 0 && x + j < s->width;
          if (inside)
            memcpy(place, pl_at(from, i * row + j * column, format), (size_t)(channels * pl_size(format)));
          else
            memset(place, 0, (size_t)(channels * pl_size(format)));
        }
      from = edge;
      row = SIDE * t->in_width;
      column = t->in_width;
    }
    for (ptrdiff_t c = 0; c < channels; c += LANES)
      transform_input(format, pl_at(from, c, format), row, column, lanes(channels, c), to + c, step);
  }
}

#pragma clang attribute pop
#endif
#endif
