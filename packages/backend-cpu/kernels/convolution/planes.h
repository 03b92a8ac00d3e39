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

/** Elements i of `pixels` pixels go to plane i, in whole vectors: up to WIDTH - 1 elements behind the last one are anything. */
inline void take_apart(const f32 *from, isize channels, isize pixels, f32 *to, isize plane) {
  if (channels == 1) {
    __builtin_memcpy(to, from, pixels * 4);
    return;
  }
  if (channels < 4) {
    for (isize j = 0; j < pixels; j++)
      for (isize c = 0; c < channels; c++) to[c * plane + j] = *from++;
    return;
  }
  for (isize j = 0; j < pixels; j += WIDTH) {
    const f32 *pixel[WIDTH];
    for (isize lane = 0; lane < WIDTH; lane++) pixel[lane] = from + minimum(j + lane, pixels - 1) * channels;
    // Four channels at a time; the last four may begin among those before them.
    for (isize next = 0; next < channels; next += 4) {
      const isize c = minimum(next, channels - 4);
      vf column[4];
      load_transposed(pixel, c, column);
      for (isize i = 0; i < 4; i++) store(to + (c + i) * plane + j, column[i]);
    }
  }
}

/** The planes of a part, with zeros where there is no image, behind the columns of a line and behind the last line. */
inline void make_planes(const Part &part, const Planes &planes, f32 *to) {
  const isize channels = static_cast<isize>(part.channels);
  const i64 low = minimum(maximum<i64>(-part.column, 0), part.columns), high = maximum(low, minimum(part.width - part.column, part.columns));
  const auto clear = [&](f32 *from, i64 count) {
    for (isize c = 0; c < channels; c++) __builtin_memset(from + c * planes.size, 0, count * 4);
  };
  f32 *line = to;
  for (i64 i = part.row; i < part.row + part.rows; i++, line += planes.line) {
    if (i < 0 || i >= part.height || low == high) {
      clear(line, planes.line);
      continue;
    }
    if (low > 0) clear(line, low);
    const f32 *row = part.image + (i * part.width + part.column + low) * part.channels;
    take_apart(row, channels, static_cast<isize>(high - low), line + low, planes.size);
    if (high < planes.line) clear(line + high, planes.line - high);
  }
  clear(line, planes.size - (line - to));
}

/** The reverse, for some pixels of `channels` planes. Writes up to 4 pixels and a vector beyond them, anything. */
inline void put_together(const f32 *from, isize plane, isize channels, isize pixels, f32 *to) {
  // Vectors that reach into the next pixel come first, then those that belong there.
  for (isize c = (channels - 1) / WIDTH * WIDTH; c >= 0; c -= WIDTH)
    pack_across(from + c * plane, plane, static_cast<int>(minimum<isize>(WIDTH, channels - c)), static_cast<isize>(round_up(pixels, 4)), to + c, channels);
}

/** Whether a convolution with so many terms and results in a row of so many output pixels is better done in planes. */
inline bool worth_planes(i64 columns, i64 reach, i64 depth, i64 results) {
  if (columns < WIDTH || results > TILE_COLUMNS || results % WIDTH == 0) return false;
  // In vectors of multiplications for a pixel; the constants are measured.
  const f64 direct = 1.5 * static_cast<f64>(depth * ceil_div(results, WIDTH));
  const f64 planar = static_cast<f64>(depth * results * (columns + reach)) / static_cast<f64>(WIDTH * columns);
  return planar < direct;
}

} // namespace SINAPSE_ISA
