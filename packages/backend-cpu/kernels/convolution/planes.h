// An image taken apart: every channel a plane of its own, in which neighbouring elements are neighbouring pixels. Where an image has few channels
// these fill no vector, but pixels do.
#pragma once
#include "base/host.h"
#include "convolution/direct.h"

namespace SINAPSE_ISA {

/** Some rows and columns of an image whose channels lie together; they may reach beyond it. */
struct Part {
  const f32 *image;
  i64 height, width, channels;
  i64 row, rows, column, columns;
};

/** Vectors that are read from a plane at once, at most. */
constexpr int MOST_PLANAR_VECTORS = 4;

/**
 * How planes lie in memory: row after row of `line` elements each, so that a whole plane is one long row too, and the pixel that lies u rows below
 * and v columns behind another one is u * line + v elements from it. Behind the last row there are zeros for the last vectors.
 */
struct Planes {
  isize line, size;

  Planes(i64 rows, i64 columns) : line(static_cast<isize>(columns)), size(static_cast<isize>(round_up(rows * columns + MOST_PLANAR_VECTORS * WIDTH, 16))) {}
};

/** Element c of each of some pixels goes to plane c. */
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
  // A vector of pixels by four channels at a time; the last of both begin among those before them.
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

/** The planes of a part, with zeros where there is no image, between the lines and behind the last line. */
inline void make_planes(const Part &part, const Planes &planes, f32 *to) {
  __builtin_memset(to, 0, part.channels * planes.size * 4);
  const i64 low = minimum(maximum<i64>(-part.column, 0), part.columns), high = maximum(low, minimum(part.width - part.column, part.columns));
  for (i64 i = maximum<i64>(0, part.row); i < minimum(part.height, part.row + part.rows); i++) {
    const f32 *row = part.image + (i * part.width + part.column + low) * part.channels;
    take_apart(row, static_cast<isize>(part.channels), static_cast<isize>(high - low), to + (i - part.row) * planes.line + low, planes.size);
  }
}

/** The reverse, for some pixels of `channels` planes. Writes up to 4 pixels and a vector beyond them, anything. */
__attribute__((noinline)) inline void put_together(const f32 *from, isize plane, isize channels, isize pixels, f32 *to) {
  // Vectors that reach into the next pixel come first, then those that belong there.
  for (isize c = (channels - 1) / WIDTH * WIDTH; c >= 0; c -= WIDTH)
    pack_across(from + c * plane, plane, static_cast<int>(minimum<isize>(WIDTH, channels - c)), static_cast<isize>(round_up(pixels, 4)), to + c, channels);
}

/** Whether a convolution to so many results in a row of so many output pixels is better done in planes. */
inline bool worth_planes(i64 columns, i64 reach, i64 taps, i64 channels, i64 results) {
  // A single place does not pay for the planes.
  if (taps == 1 || columns < WIDTH || results > TILE_COLUMNS || results % WIDTH == 0) return false;
  const i64 depth = taps * channels;
  // In vectors of multiplications for a pixel. Vectors of few filters wait for loads: measured, a half more.
  const f64 direct = 1.5 * static_cast<f64>(depth * ceil_div(results, WIDTH));
  const f64 planar = static_cast<f64>(depth * results * (columns + reach)) / static_cast<f64>(WIDTH * columns);
  return planar < direct;
}

} // namespace SINAPSE_ISA
