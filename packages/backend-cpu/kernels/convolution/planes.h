// An image split into planes: each channel is a plane in which neighbouring elements are neighbouring pixels. Where channels are too few to fill a
// vector, pixels do.
#pragma once
#include "base/host.h"
#include "convolution/direct.h"

namespace SINAPSE_ISA {

/** Some rows and columns of an image whose channels lie together; they may extend beyond the image. */
struct Part {
  const f32 *image;
  i64 height, width, channels;
  i64 row, rows, column, columns;
};

/** The most vectors that are read from a plane at once. */
constexpr int MOST_PLANAR_VECTORS = 4;

/**
 * The layout of planes: rows of `line` elements each, one after another, so that a whole plane is also one long row. A pixel u rows below and v
 * columns right of another lies u * line + v elements after it. Zeros follow the last row, for the last vectors.
 */
struct Planes {
  isize line, size;

  Planes(i64 rows, i64 columns) : line(static_cast<isize>(columns)), size(static_cast<isize>(round_up(rows * columns + MOST_PLANAR_VECTORS * WIDTH, 16))) {}
};

/** Copies element c of each pixel to plane c. */
__attribute__((noinline)) inline void take_apart(const f32 *from, isize channels, isize pixels, f32 *to, isize plane) {
  if (channels == 1) {
    __builtin_memcpy(to, from, pixels * 4);
    return;
  }
  if (channels < 4 || pixels < WIDTH) {
    for (isize j = 0; j < pixels; j++)
      for (isize c = 0; c < channels; c++) to[c * plane + j] = *from++;
    return;
  }
  const f32 *pixel[WIDTH];
  for (isize lane = 0; lane < WIDTH; lane++) pixel[lane] = from + lane * channels;
  // Handles a vector of pixels by four channels at a time. The last of both overlap those before them.
  for (isize next = 0; next < pixels; next += WIDTH) {
    const isize j = minimum(next, pixels - WIDTH);
    for (isize other = 0; other < channels; other += 4) {
      const isize c = minimum(other, channels - 4);
      vf column[4];
      load_transposed(pixel, j * channels + c, column);
      SINAPSE_UNROLL for (isize i = 0; i < 4; i++) store(to + (c + i) * plane + j, column[i]);
    }
  }
}

/** Makes the planes of a part, with zeros outside the image, between the lines and after the last line. */
inline void make_planes(const Part &part, const Planes &planes, f32 *to) {
  __builtin_memset(to, 0, part.channels * planes.size * 4);
  const i64 low = minimum(maximum<i64>(-part.column, 0), part.columns), high = maximum(low, minimum(part.width - part.column, part.columns));
  for (i64 i = maximum<i64>(0, part.row); i < minimum(part.height, part.row + part.rows); i++) {
    const f32 *row = part.image + (i * part.width + part.column + low) * part.channels;
    take_apart(row, static_cast<isize>(part.channels), static_cast<isize>(high - low), to + (i - part.row) * planes.line + low, planes.size);
  }
}

/** Joins planes to pixels again: some pixels of `channels` planes. Writes up to 4 pixels and a vector of undefined elements beyond them. */
__attribute__((noinline)) inline void put_together(const f32 *from, isize plane, isize channels, isize pixels, f32 *to) {
  // Goes from the last vector to the first: what a vector writes into the next pixel is overwritten later.
  for (isize c = (channels - 1) / WIDTH * WIDTH; c >= 0; c -= WIDTH)
    pack_across(from + c * plane, plane, static_cast<int>(minimum<isize>(WIDTH, channels - c)), static_cast<isize>(round_up(pixels, 4)), to + c, channels);
}

/** Whether a convolution with `results` results for each of `columns` output pixels in a row is faster in planes. */
inline bool worth_planes(i64 columns, i64 reach, i64 taps, i64 channels, i64 results) {
  // A single tap does not pay for the planes.
  if (taps == 1 || columns < WIDTH || results > TILE_COLUMNS || results % WIDTH == 0) return false;
  const i64 depth = taps * channels;
  // Costs in vectors of multiplications for a pixel. Vectors of few filters wait for loads, which costs half as much again (measured).
  const f64 direct = 1.5 * static_cast<f64>(depth * ceil_div(results, WIDTH));
  const f64 planar = static_cast<f64>(depth * results * (columns + reach)) / static_cast<f64>(WIDTH * columns);
  return planar < direct;
}

} // namespace SINAPSE_ISA
