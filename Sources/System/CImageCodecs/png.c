#include "CImageCodecs.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const uint8_t *data;
  size_t size, position;
  volatile int ended;  // read after longjmp
  char *message;
} Source;

typedef struct {
  uint8_t *data;
  size_t size, capacity;
  char *message;
} Sink;

static void copy_message(char *to, const char *from) {
  strncpy(to, from, PL_PNG_MESSAGE - 1);
  to[PL_PNG_MESSAGE - 1] = 0;
}

// The error pointer is the message buffer.
static void on_error(png_structp png, png_const_charp text) {
  copy_message(png_get_error_ptr(png), text);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void read_bytes(png_structp png, png_bytep to, size_t count) {
  Source *source = png_get_io_ptr(png);
  if (count > source->size - source->position) {
    source->ended = 1;
    png_error(png, "the data end too early");
  }
  memcpy(to, source->data + source->position, count);
  source->position += count;
}

static void write_bytes(png_structp png, png_bytep from, size_t count) {
  Sink *sink = png_get_io_ptr(png);
  if (count > sink->capacity - sink->size) {
    size_t capacity = sink->capacity * 2;
    if (capacity < sink->size + count) capacity = sink->size + count;
    uint8_t *grown = realloc(sink->data, capacity);
    if (!grown) png_error(png, "out of memory");
    sink->data = grown;
    sink->capacity = capacity;
  }
  memcpy(sink->data + sink->size, from, count);
  sink->size += count;
}

static void flush_bytes(png_structp png) { (void)png; }

pl_png_status pl_png_decode(
    const uint8_t *data, size_t size, uint32_t width, uint32_t height, uint8_t *rgb, char message[PL_PNG_MESSAGE]) {
  message[0] = 0;
  Source source = {data, size, 0, 0, message};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, message, on_error, on_warning);
  if (!png) return PL_PNG_NO_MEMORY;
  png_infop info = png_create_info_struct(png);
  if (!info) {
    png_destroy_read_struct(&png, NULL, NULL);
    return PL_PNG_NO_MEMORY;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return source.ended ? PL_PNG_TRUNCATED : PL_PNG_CORRUPT;
  }
  png_set_read_fn(png, &source, read_bytes);
  png_set_user_limits(png, width, height);
  // No text, profile or other ancillary chunk is of use here, and compressed ones can be bombs.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_read_info(png, info);
  if (png_get_image_width(png, info) != width || png_get_image_height(png, info) != height)
    png_error(png, "the header changed while it was read");
  png_byte type = png_get_color_type(png, info);
  if (png_get_bit_depth(png, info) == 16) png_set_strip_16(png);
  if (type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
  if (!(type & PNG_COLOR_MASK_COLOR)) {
    if (png_get_bit_depth(png, info) < 8) png_set_expand_gray_1_2_4_to_8(png);
    png_set_gray_to_rgb(png);
  }
  png_set_strip_alpha(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  size_t stride = (size_t)width * 3;
  if (png_get_rowbytes(png, info) != stride) png_error(png, "unexpected row size");
  for (int pass = 0; pass < passes; pass++)
    for (uint32_t y = 0; y < height; y++) png_read_row(png, rgb + y * stride, NULL);
  png_read_end(png, NULL);
  png_destroy_read_struct(&png, &info, NULL);
  return PL_PNG_OK;
}

pl_png_status pl_png_encode(
    const uint8_t *rgb, uint32_t width, uint32_t height, int compression, uint8_t **out, size_t *out_size,
    char message[PL_PNG_MESSAGE]) {
  message[0] = 0;
  *out = NULL;
  *out_size = 0;
  Sink sink = {malloc(1 << 16), 0, 1 << 16, message};
  png_structp png = sink.data ? png_create_write_struct(PNG_LIBPNG_VER_STRING, message, on_error, on_warning) : NULL;
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_write_struct(&png, NULL);
    free(sink.data);
    return PL_PNG_NO_MEMORY;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    free(sink.data);
    return PL_PNG_CORRUPT;
  }
  png_set_write_fn(png, &sink, write_bytes, flush_bytes);
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_set_compression_level(png, compression);
  png_set_IHDR(
      png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
      PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (uint32_t y = 0; y < height; y++) png_write_row(png, rgb + (size_t)y * width * 3);
  png_write_end(png, NULL);
  png_destroy_write_struct(&png, &info);
  *out = sink.data;
  *out_size = sink.size;
  return PL_PNG_OK;
}

void pl_png_free(uint8_t *bytes) { free(bytes); }
