// Image kernels for processors with AVX-512 VBMI; each gives the bytes of the plain one in imaging.c.
#ifndef POSELAB_IMAGING_VECTOR_H
#define POSELAB_IMAGING_VECTOR_H
#include <stddef.h>
#include <stdint.h>

/// These return 0 where they cannot do the work; then nothing has been written.
int rgb_map_hsv_vector(const uint8_t *from, uint8_t *to, size_t count, const uint8_t tables[3 * 256]);
/// For maps without rotation and shear.
int rgb_warp_vector(
    const uint8_t *src, int src_width, int src_height, uint8_t *dst, int dst_width, int dst_height,
    const double m[9], uint8_t border);
int rgb_mirror_row_vector(const uint8_t *last, uint8_t *dst, int width);
#endif
