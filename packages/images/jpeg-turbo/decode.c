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

/*
 * Whether cutting before decoding gives the pixels of the whole picture: not where decoding draws blocks from their neighbours, as of a
 * progressive picture that has not arrived in full, nor where coarse colours are decoded larger than light and yet made wider.
 */
static int can_cut_first(j_decompress_ptr picture)
{
  for (int index = 0; index < picture->num_components; index++) {
    const jpeg_component_info *component = &picture->comp_info[index];
    int across = component->h_samp_factor * component->DCT_scaled_size;
    int down = component->v_samp_factor * component->DCT_scaled_size;
    int is_full = across == picture->max_h_samp_factor * picture->min_DCT_scaled_size &&
                  down == picture->max_v_samp_factor * picture->min_DCT_scaled_size;
    if (component->DCT_scaled_size != picture->min_DCT_scaled_size && !is_full) return FALSE;
    if (picture->coef_bits == NULL) continue;
    for (int place = 0; place < DCTSIZE2; place++) {
      if (picture->coef_bits[index][place] != 0) return FALSE;
    }
  }
  return TRUE;
}

static void read_part(j_decompress_ptr picture, unsigned char *output, unsigned left, unsigned top, unsigned width,
                      unsigned height)
{
  size_t channels = picture->output_components;
  unsigned first = left > NEIGHBOURS ? left - NEIGHBOURS : 0;
  unsigned end = left + width + NEIGHBOURS;
  unsigned across = (end < picture->output_width ? end : picture->output_width) - first;
  int cuts_first = can_cut_first(picture);
  if (cuts_first) jpeg_crop_scanline(picture, &first, &across);
  else {
    first = 0;
    across = picture->output_width;
  }
  JSAMPROW line = malloc(across * channels);
  if (line == NULL) stop();
  if (cuts_first && top > 0) jpeg_skip_scanlines(picture, top);
  while (picture->output_scanline < top) jpeg_read_scanlines(picture, &line, 1);
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
