#include "KernelsImaging.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "imaging_vector.h"

// No fused multiply-add: every processor then gives the same picture.
#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

#define INLINE static inline __attribute__((always_inline))

void pl_rgb_rearrange(
    const uint8_t *src, int64_t start, int64_t step_x, int64_t step_y, uint8_t *dst, int width, int height) {
  for (int y = 0; y < height; y++) {
    const uint8_t *from = src + 3 * (start + y * step_y);
    uint8_t *to = dst + 3 * (size_t)y * width;
    if (step_x == 1) {
      memcpy(to, from, 3 * (size_t)width);
      continue;
    }
    if (step_x == -1 && rgb_mirror_row_vector(from, to, width)) continue;
    for (int x = 0; x < width; x++, from += 3 * step_x, to += 3) {
      to[0] = from[0];
      to[1] = from[1];
      to[2] = from[2];
    }
  }
}

// Resize

#define WEIGHT_ONE 2048

typedef struct {
  int32_t first, second;  // source indices, times the element step
  int16_t weight0, weight1;
} Tap;

static void make_taps(Tap *taps, int source, int target, int step, int clamp_weights) {
  double scale = (double)source / target;
  for (int i = 0; i < target; i++) {
    float position = (float)((i + 0.5) * scale - 0.5);
    int index = (int)floorf(position);
    float fraction = position - (float)index;
    if (clamp_weights && index < 0) index = 0, fraction = 0;
    if (clamp_weights && index >= source - 1) index = source - 1, fraction = 0;
    int next = index + 1;
    taps[i].first = (index < 0 ? 0 : index >= source ? source - 1 : index) * step;
    taps[i].second = (next < 0 ? 0 : next >= source ? source - 1 : next) * step;
    taps[i].weight0 = (int16_t)rintf((1.0f - fraction) * WEIGHT_ONE);
    taps[i].weight1 = (int16_t)rintf(fraction * WEIGHT_ONE);
  }
}

// One source row at the target's columns, in 1/128 of a level.
INLINE void resize_row(const uint8_t *row, const Tap *taps, int width, int16_t *out) {
  for (int x = 0; x < width; x++) {
    const uint8_t *a = row + taps[x].first, *b = row + taps[x].second;
    int w0 = taps[x].weight0, w1 = taps[x].weight1;
    out[3 * x] = (int16_t)((a[0] * w0 + b[0] * w1) >> 4);
    out[3 * x + 1] = (int16_t)((a[1] * w0 + b[1] * w1) >> 4);
    out[3 * x + 2] = (int16_t)((a[2] * w0 + b[2] * w1) >> 4);
  }
}

CLONES static void resize_rows(
    const uint8_t *src, size_t src_stride, const Tap *columns, const Tap *rows, int16_t *buffer, uint8_t *dst,
    int width, int height, size_t dst_stride) {
  int16_t *upper = buffer, *lower = buffer + 3 * (size_t)width;
  int upper_row = -1, lower_row = -1;
  for (int y = 0; y < height; y++) {
    int first = rows[y].first, second = rows[y].second;
    if (first == lower_row) {
      int16_t *swap = upper;
      upper = lower;
      lower = swap;
      int row = upper_row;
      upper_row = lower_row;
      lower_row = row;
    }
    if (upper_row != first) {
      resize_row(src + (size_t)first * src_stride, columns, width, upper);
      upper_row = first;
    }
    const int16_t *below = upper;
    if (second != first) {
      if (lower_row != second) {
        resize_row(src + (size_t)second * src_stride, columns, width, lower);
        lower_row = second;
      }
      below = lower;
    }
    uint8_t *out = dst + (size_t)y * dst_stride;
    int32_t w0 = rows[y].weight0, w1 = rows[y].weight1;
    for (int i = 0; i < 3 * width; i++)
      out[i] = (uint8_t)((((upper[i] * w0) >> 16) + ((below[i] * w1) >> 16) + 2) >> 2);
  }
}

int pl_rgb_resize_bilinear(
    const uint8_t *src, int src_width, int src_height, uint8_t *dst, int dst_width, int dst_height,
    size_t dst_stride) {
  if (src_width == dst_width && src_height == dst_height) {
    for (int y = 0; y < dst_height; y++)
      memcpy(dst + y * dst_stride, src + 3 * (size_t)y * src_width, 3 * (size_t)dst_width);
    return 0;
  }
  Tap *columns = malloc(sizeof(Tap) * ((size_t)dst_width + dst_height));
  int16_t *buffer = malloc(sizeof(int16_t) * 6 * (size_t)dst_width);
  if (!columns || !buffer) {
    free(columns);
    free(buffer);
    return -1;
  }
  Tap *rows = columns + dst_width;
  make_taps(columns, src_width, dst_width, 3, 1);
  make_taps(rows, src_height, dst_height, 1, 0);
  resize_rows(src, 3 * (size_t)src_width, columns, rows, buffer, dst, dst_width, dst_height, dst_stride);
  free(columns);
  free(buffer);
  return 0;
}

// Warp

typedef float float4 __attribute__((vector_size(16)));
typedef int32_t int4 __attribute__((vector_size(16)));
typedef uint8_t byte4 __attribute__((vector_size(4)));

#define CHUNK 256

INLINE float4 load_pixel(const uint8_t *from) {
  byte4 bytes;
  memcpy(&bytes, from, 4);
  return __builtin_convertvector(bytes, float4);
}

// Rounds half to even: adding 1.5 * 2^23 leaves the integer in the low bits.
INLINE byte4 round_pixel(float4 value) {
  float4 shifted = value + 12582912.0f;
  int4 bits;
  memcpy(&bits, &shifted, 16);
  return __builtin_convertvector(bits, byte4);
}

INLINE float4 edge_pixel(const uint8_t *src, int width, int height, int x, int y, float border) {
  if (x < 0 || y < 0 || x >= width || y >= height) return (float4){border, border, border, border};
  const uint8_t *from = src + 3 * ((size_t)y * width + x);
  return (float4){from[0], from[1], from[2], 0};
}

// Splits positions into index and fraction; positions far outside are pulled to just outside.
INLINE void split(double position, int size, int32_t *index, float *fraction) {
  double low = -2, high = size + 1;
  position = position > low ? position : low;  // also catches NaN
  position = position < high ? position : high;
  double whole = floor(position);
  *index = (int32_t)whole;
  *fraction = (float)(position - whole);
}

CLONES static void warp(
    const uint8_t *src, int src_width, int src_height, uint8_t *dst, int dst_width, int dst_height,
    const double m[9], int perspective, uint8_t border) {
  int32_t ix[CHUNK], iy[CHUNK];
  float fx[CHUNK], fy[CHUNK];
  const size_t stride = 3 * (size_t)src_width;
  for (int y = 0; y < dst_height; y++) {
    uint8_t *row = dst + 3 * (size_t)y * dst_width;
    const double u0 = m[1] * y + m[2], v0 = m[4] * y + m[5], w0 = m[7] * y + m[8];
    for (int start = 0; start < dst_width; start += CHUNK) {
      int count = dst_width - start < CHUNK ? dst_width - start : CHUNK;
      if (perspective) {
        for (int i = 0; i < count; i++) {
          double x = start + i, w = 1 / (m[6] * x + w0);
          split((m[0] * x + u0) * w, src_width, &ix[i], &fx[i]);
          split((m[3] * x + v0) * w, src_height, &iy[i], &fy[i]);
        }
      } else {
        for (int i = 0; i < count; i++) {
          double x = start + i;
          split(m[0] * x + u0, src_width, &ix[i], &fx[i]);
          split(m[3] * x + v0, src_height, &iy[i], &fy[i]);
        }
      }
      uint8_t *out = row + 3 * (size_t)start;
      for (int i = 0; i < count; i++, out += 3) {
        int x0 = ix[i], y0 = iy[i];
        float4 a, b, c, d;
        // Four bytes are read for each pixel; only at the very last one of the picture is that one too many.
        if (x0 >= 0 && y0 >= 0 && x0 < src_width - 1 && y0 < src_height - 1 &&
            (x0 < src_width - 2 || y0 < src_height - 2)) {
          const uint8_t *from = src + y0 * stride + 3 * (size_t)x0;
          a = load_pixel(from);
          b = load_pixel(from + 3);
          c = load_pixel(from + stride);
          d = load_pixel(from + stride + 3);
        } else if (x0 < -1 || y0 < -1 || x0 >= src_width || y0 >= src_height) {
          out[0] = out[1] = out[2] = border;
          continue;
        } else {
          a = edge_pixel(src, src_width, src_height, x0, y0, border);
          b = edge_pixel(src, src_width, src_height, x0 + 1, y0, border);
          c = edge_pixel(src, src_width, src_height, x0, y0 + 1, border);
          d = edge_pixel(src, src_width, src_height, x0 + 1, y0 + 1, border);
        }
        float4 top = a + (b - a) * fx[i], bottom = c + (d - c) * fx[i];
        byte4 pixel = round_pixel(top + (bottom - top) * fy[i]);
        out[0] = pixel[0];
        out[1] = pixel[1];
        out[2] = pixel[2];
      }
    }
  }
}

void pl_rgb_warp(
    const uint8_t *src, int src_width, int src_height, uint8_t *dst, int dst_width, int dst_height,
    const double m[9], int perspective, uint8_t border) {
  if (!perspective && rgb_warp_vector(src, src_width, src_height, dst, dst_width, dst_height, m, border)) return;
  warp(src, src_width, src_height, dst, dst_width, dst_height, m, perspective, border);
}

// Colour

// round(255 * 4096 / i) and round(180 * 4096 / (6 i)): reciprocals in 12-bit fixed point.
typedef struct {
  int32_t saturation[256], hue[256];
} Reciprocals;

static void make_reciprocals(Reciprocals *table) {
  table->saturation[0] = table->hue[0] = 0;
  for (int i = 1; i < 256; i++) {
    table->saturation[i] = (int32_t)rint(255 * 4096.0 / i);
    table->hue[i] = (int32_t)rint(180 * 4096.0 / (6.0 * i));
  }
}

INLINE void to_hsv(const Reciprocals *table, int r, int g, int b, int *h, int *s, int *v) {
  int high = r > g ? r : g, low = r < g ? r : g;
  high = high > b ? high : b;
  low = low < b ? low : b;
  int difference = high - low;
  int at_green = b - r + 2 * difference, at_blue = r - g + 4 * difference;
  int numerator = high == r ? g - b : high == g ? at_green : at_blue;
  int hue = (numerator * table->hue[difference] + 2048) >> 12;
  *h = hue + (hue < 0 ? 180 : 0);
  *s = (difference * table->saturation[high] + 2048) >> 12;
  *v = high;
}

INLINE void to_rgb(int hue, int saturation, int value, int *r, int *g, int *b) {
  float h = (float)hue * (6.0f / 180.0f), s = (float)saturation * (1.0f / 255.0f), v = (float)value;
  int sector = (int)h;
  h -= (float)sector;
  float p = v * (1.0f - s), q = v * (1.0f - s * h), t = v * (1.0f - s * (1.0f - h));
  sector = sector >= 6 ? sector - 6 : sector;
  float red = sector == 0 || sector == 5 ? v : sector == 1 ? q : sector == 4 ? t : p;
  float green = sector == 1 || sector == 2 ? v : sector == 3 ? q : sector == 0 ? t : p;
  float blue = sector == 3 || sector == 4 ? v : sector == 5 ? q : sector == 2 ? t : p;
  *r = (int)red;
  *g = (int)green;
  *b = (int)blue;
}

CLONES void pl_rgb_to_hsv(const uint8_t *rgb, uint8_t *hsv, size_t count) {
  Reciprocals table;
  make_reciprocals(&table);
  for (size_t i = 0; i < count; i++) {
    int h, s, v;
    to_hsv(&table, rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2], &h, &s, &v);
    hsv[3 * i] = (uint8_t)h;
    hsv[3 * i + 1] = (uint8_t)s;
    hsv[3 * i + 2] = (uint8_t)v;
  }
}

CLONES void pl_hsv_to_rgb(const uint8_t *hsv, uint8_t *rgb, size_t count) {
  for (size_t i = 0; i < count; i++) {
    int r, g, b;
    to_rgb(hsv[3 * i], hsv[3 * i + 1], hsv[3 * i + 2], &r, &g, &b);
    rgb[3 * i] = (uint8_t)r;
    rgb[3 * i + 1] = (uint8_t)g;
    rgb[3 * i + 2] = (uint8_t)b;
  }
}

CLONES static void map_hsv(const uint8_t *from, uint8_t *to, size_t count, const uint8_t tables[3 * 256]) {
  Reciprocals table;
  make_reciprocals(&table);
  // 32-bit tables and one plane a channel, so that the compiler can gather.
  int32_t hue[256], saturation[256], value[256];
  for (int i = 0; i < 256; i++) {
    hue[i] = tables[i];
    saturation[i] = tables[256 + i];
    value[i] = tables[512 + i];
  }
  int32_t planes[3][CHUNK];
  for (size_t start = 0; start < count; start += CHUNK) {
    int length = count - start < CHUNK ? (int)(count - start) : CHUNK;
    const uint8_t *pixels = from + 3 * start;
    uint8_t *mapped = to + 3 * start;
    for (int i = 0; i < length; i++) {
      planes[0][i] = pixels[3 * i];
      planes[1][i] = pixels[3 * i + 1];
      planes[2][i] = pixels[3 * i + 2];
    }
    for (int i = 0; i < length; i++) {
      int h, s, v, r, g, b;
      to_hsv(&table, planes[0][i], planes[1][i], planes[2][i], &h, &s, &v);
      to_rgb(hue[h], saturation[s], value[v], &r, &g, &b);
      planes[0][i] = r;
      planes[1][i] = g;
      planes[2][i] = b;
    }
    for (int i = 0; i < length; i++) {
      mapped[3 * i] = (uint8_t)planes[0][i];
      mapped[3 * i + 1] = (uint8_t)planes[1][i];
      mapped[3 * i + 2] = (uint8_t)planes[2][i];
    }
  }
}

void pl_rgb_map_hsv(const uint8_t *from, uint8_t *to, size_t count, const uint8_t tables[3 * 256]) {
  if (!rgb_map_hsv_vector(from, to, count, tables)) map_hsv(from, to, count, tables);
}

CLONES void pl_u8_blend(const uint8_t *a, const uint8_t *b, double ratio, uint8_t *out, size_t count) {
  const double rest = 1 - ratio;
  for (size_t i = 0; i < count; i++) out[i] = (uint8_t)(int)(a[i] * ratio + b[i] * rest);
}

CLONES void pl_u8_to_unit_f32(const uint8_t *in, float *out, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = (float)in[i] / 255.0f;
}
