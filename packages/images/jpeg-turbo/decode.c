/* What is asked of libjpeg-turbo: a picture, or a part of it, at its size or at a half, a quarter or an eighth of that. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "jpeglib.h"

/* Throws through all that is called here; the instance is of no use afterwards. */
__attribute__((import_module("env"), import_name("stop"))) _Noreturn void stop(void);

static void end_decoding(j_common_ptr picture) { stop(); }
static void count_warning(j_common_ptr picture, int level)
{
  if (level < 0) picture->err->num_warnings++;
}
static void say_nothing(j_common_ptr picture) {}
static void forget_warnings(j_common_ptr picture) { picture->err->num_warnings = 0; }

/* Where colours are stored coarser than light, a pixel takes those of its neighbours: at the cut it must have them. */
#define NEIGHBOURS 2

/* Orders of a pixel's values, by the numbers that the caller has for them. */
static const J_COLOR_SPACE formats[] = { JCS_EXT_RGB, JCS_GRAYSCALE, JCS_EXT_RGBA, JCS_CMYK };

static void read_all(j_decompress_ptr picture, unsigned char *output)
{
  size_t pitch = (size_t)picture->output_width * picture->output_components;
  JSAMPROW rows[4];
  while (picture->output_scanline < picture->output_height) {
    for (int row = 0; row < 4; row++) rows[row] = output + (picture->output_scanline + row) * pitch;
    jpeg_read_scanlines(picture, rows, 4);
  }
  jpeg_finish_decompress(picture);
}

static void read_part(j_decompress_ptr picture, unsigned char *output, unsigned left, unsigned top, unsigned width,
                      unsigned height)
{
  size_t channels = picture->output_components;
  unsigned first = left > NEIGHBOURS ? left - NEIGHBOURS : 0;
  unsigned end = left + width + NEIGHBOURS;
  unsigned across = (end < picture->output_width ? end : picture->output_width) - first;
  jpeg_crop_scanline(picture, &first, &across);
  JSAMPROW line = malloc(across * channels);
  if (line == NULL) stop();
  if (top > 0) jpeg_skip_scanlines(picture, top);
  for (unsigned row = 0; row < height; row++) {
    jpeg_read_scanlines(picture, &line, 1);
    memcpy(output + row * width * channels, line + (left - first) * channels, width * channels);
  }
  free(line);
}

/*
 * Decodes to `output`, `height` lines of `width` pixels, and returns how many warnings there were.
 *
 * denominator: 1, 2, 4 or 8; whole_width, whole_height: of all of the picture at that scale; the part lies within them.
 */
__attribute__((export_name("decode")))
int decode(const unsigned char *input, unsigned long length, unsigned char *output, int format, int denominator,
           unsigned whole_width, unsigned whole_height, unsigned left, unsigned top, unsigned width, unsigned height)
{
  struct jpeg_error_mgr errors = {
    .error_exit = end_decoding,
    .emit_message = count_warning,
    .output_message = say_nothing,
    .reset_error_mgr = forget_warnings,
  };
  struct jpeg_decompress_struct picture = { .err = &errors };
  jpeg_create_decompress(&picture);
  jpeg_mem_src(&picture, input, length);
  jpeg_read_header(&picture, TRUE);
  picture.out_color_space = formats[format];
  picture.scale_num = 1;
  picture.scale_denom = denominator;
  jpeg_start_decompress(&picture);
  if (picture.output_width != whole_width || picture.output_height != whole_height) stop();
  if (width == whole_width && height == whole_height) read_all(&picture, output);
  else read_part(&picture, output, left, top, width, height);
  jpeg_destroy_decompress(&picture);
  return errors.num_warnings;
}
