/* Which of libjpeg-turbo's work is done by vectors here: all of it that decodes to RGB, RGBA and grey. */
#define JPEG_INTERNALS
#include "jinclude.h"
#include "jpeglib.h"
#include "jsimd.h"
#include "jdct.h"
#include "jsimddct.h"
#include "simd/jsimd.h"

#define CAN(what) int jsimd_can_##what(void) { return 1; }
#define CANNOT(what) int jsimd_can_##what(void) { return 0; }
CAN(ycc_rgb)
CAN(h2v1_fancy_upsample) CAN(h2v2_fancy_upsample) CAN(h1v2_fancy_upsample) CAN(h2v1_upsample) CAN(h2v2_upsample)
CAN(idct_islow) CAN(idct_4x4) CAN(idct_2x2)
CANNOT(ycc_rgb565) CANNOT(h2v1_merged_upsample) CANNOT(h2v2_merged_upsample)
CANNOT(int_upsample) CANNOT(idct_ifast) CANNOT(idct_float) CANNOT(idct_6x6) CANNOT(idct_12x12)

void jsimd_ycc_rgb_convert(j_decompress_ptr picture, JSAMPIMAGE input, JDIMENSION row, JSAMPARRAY output, int rows)
{
  if (picture->out_color_components == 4) jsimd_ycc_extrgbx_convert_neon(picture->output_width, input, row, output, rows);
  else jsimd_ycc_extrgb_convert_neon(picture->output_width, input, row, output, rows);
}

#define UPSAMPLE(how, width) \
  void jsimd_##how##_upsample(j_decompress_ptr picture, jpeg_component_info *channel, JSAMPARRAY input, JSAMPARRAY *output) \
  { \
    jsimd_##how##_upsample_neon(picture->max_v_samp_factor, width, input, output); \
  }
UPSAMPLE(h2v1, picture->output_width)
UPSAMPLE(h2v2, picture->output_width)
UPSAMPLE(h2v1_fancy, channel->downsampled_width)
UPSAMPLE(h2v2_fancy, channel->downsampled_width)
UPSAMPLE(h1v2_fancy, channel->downsampled_width)

#define INVERSE(size) \
  void jsimd_idct_##size(j_decompress_ptr picture, jpeg_component_info *channel, JCOEFPTR block, JSAMPARRAY output, JDIMENSION column) \
  { \
    jsimd_idct_##size##_neon(channel->dct_table, block, output, column); \
  }
INVERSE(islow)
INVERSE(4x4)
INVERSE(2x2)

/* Named, but never called. */
#define NEVER(name, ...) void jsimd_##name(__VA_ARGS__) {}
NEVER(ycc_rgb565_convert, j_decompress_ptr a, JSAMPIMAGE b, JDIMENSION c, JSAMPARRAY d, int e)
NEVER(int_upsample, j_decompress_ptr a, jpeg_component_info *b, JSAMPARRAY c, JSAMPARRAY *d)
NEVER(h2v1_merged_upsample, j_decompress_ptr a, JSAMPIMAGE b, JDIMENSION c, JSAMPARRAY d)
NEVER(h2v2_merged_upsample, j_decompress_ptr a, JSAMPIMAGE b, JDIMENSION c, JSAMPARRAY d)
#define NEVER_INVERSE(size) \
  NEVER(idct_##size, j_decompress_ptr a, jpeg_component_info *b, JCOEFPTR c, JSAMPARRAY d, JDIMENSION e)
NEVER_INVERSE(ifast)
NEVER_INVERSE(float)
NEVER_INVERSE(6x6)
NEVER_INVERSE(12x12)
