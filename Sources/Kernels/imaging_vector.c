#include "imaging_vector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// No fused multiply-add: every processor then gives the same picture.
#pragma STDC FP_CONTRACT OFF

#if !defined(__x86_64__)

int rgb_map_hsv_vector(const uint8_t *from, uint8_t *to, size_t count, const uint8_t tables[3 * 256]) {
  (void)from, (void)to, (void)count, (void)tables;
  return 0;
}
int rgb_warp_vector(
    const uint8_t *src, int src_width, int src_height, uint8_t *dst, int dst_width, int dst_height,
    const double m[9], uint8_t border) {
  (void)src, (void)src_width, (void)src_height, (void)dst, (void)dst_width, (void)dst_height, (void)m, (void)border;
  return 0;
}
int rgb_mirror_row_vector(const uint8_t *last, uint8_t *dst, int width) {
  (void)last, (void)dst, (void)width;
  return 0;
}

#else
#include <immintrin.h>

#define INLINE static inline __attribute__((always_inline))

static int is_supported(void) {
  return __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi"))), apply_to = function)

enum { PIXELS = 16, BYTES = 48 };

/// 16 pixels, of which `left` exist. Whole groups are read and written without masks: a masked store and the next
/// group's load would seem to overlap, and wait for each other.
INLINE __m512i load_pixels(const uint8_t *from, size_t left) {
  if (left < PIXELS) return _mm512_maskz_loadu_epi8(((__mmask64)1 << (3 * left)) - 1, from);
  __m512i low = _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)from));
  return _mm512_inserti32x4(low, _mm_loadu_si128((const __m128i *)(from + 32)), 2);
}

INLINE void store_pixels(uint8_t *to, size_t left, __m512i bytes) {
  if (left < PIXELS) {
    _mm512_mask_storeu_epi8(to, ((__mmask64)1 << (3 * left)) - 1, bytes);
    return;
  }
  _mm256_storeu_si256((__m256i *)to, _mm512_castsi512_si256(bytes));
  _mm_storeu_si128((__m128i *)(to + 32), _mm512_extracti32x4_epi32(bytes, 2));
}

/// Byte i of 64 comes from place `body`.
#define INDICES(name, body)                                  \
  uint8_t name##_bytes[64];                                  \
  for (int i = 0; i < 64; i++) name##_bytes[i] = (uint8_t)(body); \
  const __m512i name = _mm512_loadu_si512(name##_bytes)

// MARK: Colour

typedef struct {
  __m512i part[4];
} Lookup;

INLINE Lookup lookup_of(const uint8_t table[256]) {
  Lookup result;
  for (int i = 0; i < 4; i++) result.part[i] = _mm512_loadu_si512(table + 64 * i);
  return result;
}

/// 16 numbers from 0 to 255 through a table.
INLINE __m512i looked_up(const Lookup *table, __m512i values) {
  __m512i index = _mm512_castsi128_si512(_mm512_cvtepi32_epi8(values));
  __m512i low = _mm512_permutex2var_epi8(table->part[0], index, table->part[1]);
  __m512i high = _mm512_permutex2var_epi8(table->part[2], index, table->part[3]);
  __m512i found = _mm512_mask_blend_epi8(_mm512_movepi8_mask(index), low, high);
  return _mm512_cvtepu8_epi32(_mm512_castsi512_si128(found));
}

/// round(numerator / divisor), 0 for a divisor of 0: what the tables of reciprocals hold.
INLINE __m512i reciprocal(float numerator, __m512i divisor) {
  __mmask16 valid = _mm512_test_epi32_mask(divisor, divisor);
  __m512 quotient = _mm512_div_ps(_mm512_set1_ps(numerator), _mm512_cvtepi32_ps(divisor));
  return _mm512_maskz_cvtps_epi32(valid, quotient);
}

int rgb_map_hsv_vector(const uint8_t *from, uint8_t *to, size_t count, const uint8_t tables[3 * 256]) {
  if (!is_supported()) return 0;
  INDICES(to_planes, i < BYTES ? i % PIXELS * 3 + i / PIXELS : 63);
  INDICES(to_pixels, i < BYTES ? i % 3 * PIXELS + i / 3 : 63);
  const Lookup hues = lookup_of(tables), saturations = lookup_of(tables + 256), values = lookup_of(tables + 512);
  const __m512i zero = _mm512_setzero_si512(), half = _mm512_set1_epi32(2048);
  const __m512 one = _mm512_set1_ps(1);
  for (size_t start = 0; start < count; start += PIXELS) {
    size_t left = count - start;
    __m512i planes = _mm512_permutexvar_epi8(to_planes, load_pixels(from + 3 * start, left));
    __m512i r = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(planes));
    __m512i g = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(planes, 1));
    __m512i b = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(planes, 2));

    __m512i high = _mm512_max_epi32(_mm512_max_epi32(r, g), b), low = _mm512_min_epi32(_mm512_min_epi32(r, g), b);
    __m512i difference = _mm512_sub_epi32(high, low);
    __m512i numerator =
        _mm512_add_epi32(_mm512_sub_epi32(r, g), _mm512_slli_epi32(difference, 2));
    numerator = _mm512_mask_mov_epi32(
        numerator, _mm512_cmpeq_epi32_mask(high, g),
        _mm512_add_epi32(_mm512_sub_epi32(b, r), _mm512_slli_epi32(difference, 1)));
    numerator = _mm512_mask_mov_epi32(numerator, _mm512_cmpeq_epi32_mask(high, r), _mm512_sub_epi32(g, b));
    __m512i hue = _mm512_mullo_epi32(numerator, reciprocal(180 * 4096 / 6, difference));
    hue = _mm512_srai_epi32(_mm512_add_epi32(hue, half), 12);
    hue = _mm512_mask_add_epi32(hue, _mm512_cmplt_epi32_mask(hue, zero), hue, _mm512_set1_epi32(180));
    __m512i saturation = _mm512_mullo_epi32(difference, reciprocal(255 * 4096, high));
    saturation = _mm512_srai_epi32(_mm512_add_epi32(saturation, half), 12);

    __m512 h = _mm512_mul_ps(_mm512_cvtepi32_ps(looked_up(&hues, hue)), _mm512_set1_ps(6.0f / 180.0f));
    __m512 s = _mm512_mul_ps(_mm512_cvtepi32_ps(looked_up(&saturations, saturation)), _mm512_set1_ps(1.0f / 255.0f));
    __m512 v = _mm512_cvtepi32_ps(looked_up(&values, high));
    __m512i sector = _mm512_cvttps_epi32(h);
    h = _mm512_sub_ps(h, _mm512_cvtepi32_ps(sector));
    __m512i p = _mm512_cvttps_epi32(_mm512_mul_ps(v, _mm512_sub_ps(one, s)));
    __m512i q = _mm512_cvttps_epi32(_mm512_mul_ps(v, _mm512_sub_ps(one, _mm512_mul_ps(s, h))));
    __m512i t = _mm512_cvttps_epi32(
        _mm512_mul_ps(v, _mm512_sub_ps(one, _mm512_mul_ps(s, _mm512_sub_ps(one, h)))));
    __m512i whole = _mm512_cvttps_epi32(v);
    sector = _mm512_mask_sub_epi32(
        sector, _mm512_cmpge_epi32_mask(sector, _mm512_set1_epi32(6)), sector, _mm512_set1_epi32(6));
    __mmask16 is[6];
    for (int i = 0; i < 6; i++) is[i] = _mm512_cmpeq_epi32_mask(sector, _mm512_set1_epi32(i));
#define CHOOSE(both, of_q, of_t) \
  _mm512_mask_mov_epi32(_mm512_mask_mov_epi32(_mm512_mask_mov_epi32(p, both, whole), of_q, q), of_t, t)
    __m512i red = CHOOSE(is[0] | is[5], is[1], is[4]), green = CHOOSE(is[1] | is[2], is[3], is[0]);
    __m512i blue = CHOOSE(is[3] | is[4], is[5], is[2]);
#undef CHOOSE
    planes = _mm512_castsi128_si512(_mm512_cvtepi32_epi8(red));
    planes = _mm512_inserti32x4(planes, _mm512_cvtepi32_epi8(green), 1);
    planes = _mm512_inserti32x4(planes, _mm512_cvtepi32_epi8(blue), 2);
    store_pixels(to + 3 * start, left, _mm512_permutexvar_epi8(to_pixels, planes));
  }
  return 1;
}

// MARK: Mirror

int rgb_mirror_row_vector(const uint8_t *last, uint8_t *dst, int width) {
  if (!is_supported()) return 0;
  INDICES(reversed, i < BYTES ? 45 - i / 3 * 3 + i % 3 : 63);
  int x = 0;
  for (; x + PIXELS <= width; x += PIXELS) {
    const uint8_t *from = last - 3 * (x + PIXELS - 1);
    store_pixels(dst + 3 * x, PIXELS, _mm512_permutexvar_epi8(reversed, load_pixels(from, PIXELS)));
  }
  for (; x < width; x++) memcpy(dst + 3 * x, last - 3 * x, 3);
  return 1;
}

// MARK: Warp

/// Where 16 pixels of every row come from: bytes of a window of 128 bytes, to the left and to the right.
typedef struct {
  ptrdiff_t start;
  uint8_t left[64], right[64];
  __mmask64 has_left, has_right;
  float fraction[BYTES];
} Columns;

/// Index and fraction of a position; what lies far outside is pulled to just outside.
INLINE int split(double position, int size, float *fraction) {
  position = position > -2 ? position : -2;
  position = position < size + 1 ? position : size + 1;
  double whole = floor(position);
  *fraction = (float)(position - whole);
  return (int)whole;
}

static int plan_columns(Columns *blocks, double scale, double offset, int width, int count) {
  for (int first = 0; first < count; first += PIXELS, blocks++) {
    memset(blocks, 0, sizeof *blocks);
    int index[PIXELS], lowest = width, highest = -1;
    for (int i = 0; i < PIXELS; i++) {
      float fraction;
      int x = first + i < count ? first + i : count - 1;
      index[i] = split(scale * x + offset, width, &fraction);
      for (int c = 0; c < 3; c++) blocks->fraction[3 * i + c] = fraction;
      for (int side = 0; side < 2; side++) {
        int at = index[i] + side;
        if (at < 0 || at >= width) continue;
        lowest = at < lowest ? at : lowest;
        highest = at > highest ? at : highest;
      }
    }
    if (highest < 0) continue;
    if (3 * (highest - lowest + 1) > 128) return 0;
    blocks->start = 3 * (ptrdiff_t)lowest;
    for (int i = 0; i < PIXELS; i++)
      for (int c = 0; c < 3; c++) {
        int at = index[i];
        if (at >= 0 && at < width) {
          blocks->left[3 * i + c] = (uint8_t)(3 * (at - lowest) + c);
          blocks->has_left |= (__mmask64)1 << (3 * i + c);
        }
        if (at + 1 >= 0 && at + 1 < width) {
          blocks->right[3 * i + c] = (uint8_t)(3 * (at + 1 - lowest) + c);
          blocks->has_right |= (__mmask64)1 << (3 * i + c);
        }
      }
  }
  return 1;
}

INLINE __m512 sixteen(__m512i bytes, int part) {
  __m128i some = part == 0   ? _mm512_castsi512_si128(bytes)
                 : part == 1 ? _mm512_extracti32x4_epi32(bytes, 1)
                             : _mm512_extracti32x4_epi32(bytes, 2);
  return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(some));
}

/// A source row between its pixels, at the target's columns; `left` are the bytes up to the picture's end.
static void interpolate_row(
    const Columns *blocks, int count, const uint8_t *row, ptrdiff_t left, uint8_t border, float *out) {
  const __m512i grey = _mm512_set1_epi8((char)border);
  for (int first = 0; first < count; first += PIXELS, blocks++, out += BYTES) {
    const uint8_t *at = row + blocks->start;
    ptrdiff_t rest = left - blocks->start;
    __mmask64 low = rest >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << rest) - 1;
    __mmask64 high = rest >= 128 ? ~(__mmask64)0 : rest <= 64 ? 0 : ((__mmask64)1 << (rest - 64)) - 1;
    __m512i a = _mm512_maskz_loadu_epi8(low, at), b = _mm512_maskz_loadu_epi8(high, at + 64);
    __m512i from = _mm512_permutex2var_epi8(a, _mm512_loadu_si512(blocks->left), b);
    __m512i to = _mm512_permutex2var_epi8(a, _mm512_loadu_si512(blocks->right), b);
    from = _mm512_mask_blend_epi8(blocks->has_left, grey, from);
    to = _mm512_mask_blend_epi8(blocks->has_right, grey, to);
    for (int part = 0; part < 3; part++) {
      __m512 x = sixteen(from, part), y = sixteen(to, part);
      __m512 step = _mm512_mul_ps(_mm512_sub_ps(y, x), _mm512_loadu_ps(blocks->fraction + 16 * part));
      _mm512_storeu_ps(out + 16 * part, _mm512_add_ps(x, step));
    }
  }
}

int rgb_warp_vector(
    const uint8_t *src, int src_width, int src_height, uint8_t *dst, int dst_width, int dst_height,
    const double m[9], uint8_t border) {
  if (m[1] != 0 || m[3] != 0 || !is_supported() || src_width < 1 || src_height < 1) return 0;
  size_t blocks = ((size_t)dst_width + PIXELS - 1) / PIXELS, floats = blocks * BYTES;
  Columns *columns = malloc(blocks * sizeof *columns);
  float *rows = malloc(2 * floats * sizeof *rows);
  if (!columns || !rows || !plan_columns(columns, m[0], m[2], src_width, dst_width)) {
    free(columns);
    free(rows);
    return 0;
  }
  const ptrdiff_t stride = 3 * (ptrdiff_t)src_width, bytes = stride * src_height;
  float *upper = rows, *lower = rows + floats;
  int upper_row = -9, lower_row = -9;
  for (int y = 0; y < dst_height; y++) {
    float fraction;
    int row = split(m[4] * y + m[5], src_height, &fraction);
    // two rows are kept: the one below often is the next one's above
    if (row == lower_row || row + 1 == upper_row) {
      float *rows_before = upper;
      upper = lower;
      lower = rows_before;
      int row_before = upper_row;
      upper_row = lower_row;
      lower_row = row_before;
    }
    for (int side = 0; side < 2; side++) {
      int wanted = row + side, *held = side ? &lower_row : &upper_row;
      float *out = side ? lower : upper;
      if (*held == wanted) continue;
      *held = wanted;
      if (wanted < 0 || wanted >= src_height) {
        for (size_t i = 0; i < floats; i++) out[i] = border;
      } else {
        interpolate_row(columns, dst_width, src + wanted * stride, bytes - wanted * stride, border, out);
      }
    }
    uint8_t *to = dst + 3 * (size_t)y * (size_t)dst_width;
    const __m512 weight = _mm512_set1_ps(fraction), round = _mm512_set1_ps(12582912.0f);
    ptrdiff_t count = 3 * (ptrdiff_t)dst_width;
    for (ptrdiff_t i = 0; i < count; i += 16) {
      __m512 above = _mm512_loadu_ps(upper + i), below = _mm512_loadu_ps(lower + i);
      __m512 value = _mm512_add_ps(above, _mm512_mul_ps(_mm512_sub_ps(below, above), weight));
      __m512i bits = _mm512_castps_si512(_mm512_add_ps(value, round));
      __mmask16 mask = count - i >= 16 ? 0xFFFF : (__mmask16)((1u << (count - i)) - 1);
      _mm512_mask_cvtepi32_storeu_epi8(to + i, mask, bits);
    }
  }
  free(columns);
  free(rows);
  return 1;
}

#pragma clang attribute pop
#endif
