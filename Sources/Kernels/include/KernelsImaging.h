#ifndef POSELAB_KERNELS_IMAGING_H
#define POSELAB_KERNELS_IMAGING_H
#include <stddef.h>
#include <stdint.h>

// Loops over 8-bit RGB pictures: rows from the top, three bytes a pixel. Single-threaded, because they run in
// loader threads. `stride` is the distance between rows in bytes. Results are the same on every processor.

/// dst(x, y) = src[start + x * step_x + y * step_y], offsets in pixels; any mirror or quarter turn.
void pl_rgb_rearrange(
    const uint8_t *src, int64_t start, int64_t step_x, int64_t step_y, uint8_t *dst, int width, int height);

/// Bilinear resize in the 11-bit fixed-point arithmetic usual for 8-bit pictures: pixel centres at +0.5, edges
/// repeated, no antialiasing. Returns 0, or -1 without memory.
int pl_rgb_resize_bilinear(
    const uint8_t *src, int src_width, int src_height, uint8_t *dst, int dst_width, int dst_height,
    size_t dst_stride);

/// dst(x, y) = src at m (x, y, 1), bilinear between pixel indices, `border` outside and blended into the edge.
/// m is row-major 3x3; with perspective 0 its last row is taken as 0 0 1.
void pl_rgb_warp(
    const uint8_t *src, int src_width, int src_height, uint8_t *dst, int dst_width, int dst_height,
    const double m[9], int perspective, uint8_t border);

/// RGB to HSV and back for `count` pixels; hue in half degrees, 0...179. May work in place.
void pl_rgb_to_hsv(const uint8_t *rgb, uint8_t *hsv, size_t count);
void pl_hsv_to_rgb(const uint8_t *hsv, uint8_t *rgb, size_t count);
/// To HSV, each channel through its table of 256, back to RGB. May work in place.
void pl_rgb_map_hsv(const uint8_t *from, uint8_t *to, size_t count, const uint8_t tables[3 * 256]);

/// out[i] = truncate(a[i] * ratio + b[i] * (1 - ratio)) in double precision; out may be a.
void pl_u8_blend(const uint8_t *a, const uint8_t *b, double ratio, uint8_t *out, size_t count);

/// out[i] = in[i] / 255, correctly rounded.
void pl_u8_to_unit_f32(const uint8_t *in, float *out, size_t count);
#endif
