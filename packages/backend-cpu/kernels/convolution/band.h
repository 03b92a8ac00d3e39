// Copies the part of an image that a few output rows read, with zeros around it, so that later loops need no checks for the image's border.
#pragma once
#include "convolution/geometry.h"

namespace SINAPSE_ISA {

/** Copies one row of `columns` pixels from `column` on, of an image `width` wide: `channels` of the `pixel` elements of each pixel. */
inline void copy_row(const f32 *row, i64 width, i64 pixel, i64 channels, i64 column, i64 columns, f32 *to) {
  const i64 low = minimum(maximum<i64>(-column, 0), columns), high = maximum(low, minimum(width - column, columns));
  __builtin_memset(to, 0, low * channels * 4);
  const f32 *from = row + (column + low) * pixel;
  f32 *at = to + low * channels;
  if (pixel == channels) {
    __builtin_memcpy(at, from, (high - low) * channels * 4);
  } else {
    for (i64 j = low; j < high; j++, from += pixel, at += channels)
      for (i64 c = 0; c < channels; c++) at[c] = from[c];
  }
  __builtin_memset(to + high * channels, 0, (columns - high) * channels * 4);
}

/** Copies rows [row, row + rows) and columns [column, column + columns) of an image, with zeros outside the image. */
inline void copy_band(const Pass &pass, const f32 *image, i64 row, i64 rows, i64 column, i64 columns, f32 *to) {
  for (i64 i = row; i < row + rows; i++, to += columns * pass.channels) {
    if (i < 0 || i >= pass.height) __builtin_memset(to, 0, columns * pass.channels * 4);
    else copy_row(image + i * pass.width * pass.pixel, pass.width, pass.pixel, pass.channels, column, columns, to);
  }
}

} // namespace SINAPSE_ISA
