#ifndef POSELAB_CIMAGECODECS_H
#define POSELAB_CIMAGECODECS_H
#include <stddef.h>
#include <stdint.h>
#include <turbojpeg.h>

// libpng reports errors by longjmp, which Swift cannot cross; these calls return instead.

typedef enum {
  PL_PNG_OK = 0,
  PL_PNG_TRUNCATED,   // the input ended before the image did
  PL_PNG_CORRUPT,     // libpng refused the data; see the message
  PL_PNG_NO_MEMORY,
} pl_png_status;

#define PL_PNG_MESSAGE 160

/// Decodes to 8-bit RGB, rows from the top without padding. Grey and palette are expanded, 16 bits cut to the
/// high 8, alpha dropped. `width` and `height` must be those of the header; `rgb` holds width * height * 3 bytes.
pl_png_status pl_png_decode(
    const uint8_t *data, size_t size, uint32_t width, uint32_t height, uint8_t *rgb, char message[PL_PNG_MESSAGE]);

/// Encodes 8-bit RGB; `compression` is zlib's level 0...9. On success `*out` is owned by the caller: pl_png_free.
pl_png_status pl_png_encode(
    const uint8_t *rgb, uint32_t width, uint32_t height, int compression, uint8_t **out, size_t *out_size,
    char message[PL_PNG_MESSAGE]);

void pl_png_free(uint8_t *bytes);
#endif
