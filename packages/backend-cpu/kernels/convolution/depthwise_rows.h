// The rows of an image that a thread keeps while it goes down a depthwise 3x3 convolution: the three rows under an output row, copied so that sixteen
// channels of neighbouring pixels lie together, with zeros outside the image. The copy reads memory in order, which processors predict. After it, a
// block of channels is in the nearest cache, however many there are, and no loop checks for a border.
#pragma once
#include "base/host.h"
#include "base/row.h"
#include "convolution/geometry.h"

namespace SINAPSE_ISA {

/** How rows are kept: a block of channels of all columns, then the next block. */
struct KeptLayout {
  /** Channels of a block: a line of the cache. */
  static constexpr isize CHANNELS = 16;
  /** The most elements of a kept row: wider images are rare, and this bounds a thread's memory. */
  static constexpr i64 LARGEST = 1 << 18;

  /** Columns under an output row; how many of them lie left of the image, and inside it. */
  i64 columns, left, inside;
  /** Elements from block to block, and of a whole row. */
  i64 block, size;

  explicit KeptLayout(const Pass &p) {
    columns = (p.out_width - 1) * p.stride_x + p.kernel_width;
    left = minimum(maximum<i64>(-p.origin_x, 0), columns);
    inside = maximum<i64>(minimum(p.width - p.origin_x, columns) - left, 0);
    block = columns * CHANNELS;
    size = ceil_div(p.groups, CHANNELS) * block;
  }
};

/** A kept row, or zeros that all its blocks share. */
struct KeptRow {
  const f32 *at;
  isize block;

  const f32 *channel(isize c) const { return at + c / KeptLayout::CHANNELS * block + c % KeptLayout::CHANNELS; }
};

/** A vector of channels that moves along kept rows, column by column. */
template <int ROWS> struct KeptColumns {
  const f32 *rows[ROWS];
  isize at = 0;

  explicit KeptColumns(const f32 *const *first) {
    SINAPSE_UNROLL for (int u = 0; u < ROWS; u++) rows[u] = first[u];
  }
  __attribute__((always_inline)) void next(vf (&x)[ROWS]) {
    SINAPSE_UNROLL for (int u = 0; u < ROWS; u++) x[u] = load(rows[u] + at);
    at += KeptLayout::CHANNELS;
  }
};

/** The rows that one thread keeps. */
class KeptRows {
  f32 *rows_, *zeros_;
  bool cleared_ = false;
  /** The numbers of the kept rows, counted through all images. */
  i64 held_[3] = {-1, -1, -1};

  /** Writes the elements that stay zero. */
  void clear(const KeptLayout &layout) {
    __builtin_memset(zeros_, 0, layout.block * 4);
    const i64 left = layout.left * KeptLayout::CHANNELS, right = left + layout.inside * KeptLayout::CHANNELS;
    for (f32 *block = rows_; block < zeros_; block += layout.block) {
      __builtin_memset(block, 0, left * 4);
      __builtin_memset(block + right, 0, (layout.block - right) * 4);
    }
    cleared_ = true;
  }

  static __attribute__((noinline)) void copy(const Pass &p, const KeptLayout &layout, const f32 *row, f32 *kept) {
    constexpr isize CHANNELS = KeptLayout::CHANNELS;
    const isize whole = static_cast<isize>(p.groups / CHANNELS), rest = static_cast<isize>(p.groups % CHANNELS);
    const f32 *pixel = row + (p.origin_x + layout.left) * p.pixel;
    kept += layout.left * CHANNELS;
    for (i64 j = 0; j < layout.inside; j++, pixel += p.pixel, kept += CHANNELS) {
      const f32 *from = pixel;
      f32 *to = kept;
      for (isize b = 0; b < whole; b++, from += CHANNELS, to += layout.block)
        SINAPSE_UNROLL for (int c = 0; c < CHANNELS; c += WIDTH) store(to + c, load(from + c));
      for (isize c = 0; c < rest; c += WIDTH) store(to + c, load_some(from + c, minimum<isize>(WIDTH, rest - c)));
    }
  }

public:
  static i64 room(const KeptLayout &layout) { return 3 * layout.size + layout.block; }

  KeptRows(const KeptLayout &layout, f32 *room) : rows_(room), zeros_(room + 3 * layout.size) {}

  /** Returns a row of an image, copied if it is not kept yet. Three neighbouring rows are kept at a time. */
  KeptRow see(const Pass &p, const KeptLayout &layout, i64 image, i64 y) {
    if (!cleared_) clear(layout);
    if (y < 0 || y >= p.height) return {zeros_, 0};
    const i64 row = image * p.height + y;
    f32 *kept = rows_ + row % 3 * layout.size;
    if (held_[row % 3] != row) {
      copy(p, layout, p.x + row * p.width * p.pixel, kept);
      held_[row % 3] = row;
    }
    return {kept, static_cast<isize>(layout.block)};
  }

  /** Returns the three rows from `top` on. */
  void see(const Pass &p, const KeptLayout &layout, i64 image, i64 top, KeptRow (&rows)[3]) {
    for (i64 u = 0; u < 3; u++) rows[u] = see(p, layout, image, top + u);
  }
};

/** The kept rows of all threads. */
inline KeptRows *keep_rows(const KeptLayout &layout, Scratch &scratch) {
  const int threads = thread_count();
  KeptRows *all = scratch.take<KeptRows>(threads);
  f32 *room = scratch.floats(threads * KeptRows::room(layout));
  for (int i = 0; i < threads; i++) all[i] = KeptRows(layout, room + i * KeptRows::room(layout));
  return all;
}

/**
 * Whether a pass with stride 2 is faster on kept rows. A copied column serves half as many pixels as with stride 1, so the copy pays only in narrow
 * rows, whose border pixels depthwise.h computes one by one, and with vectors of four.
 */
inline bool strided_rows_gain(const Pass &p) { return WIDTH == 4 || p.out_width <= 128 / WIDTH; }

/** Whether a depthwise pass uses kept rows: for 3x3 filters, and at least two output columns, which the filter's gradient needs. */
inline bool keeps_rows(const Pass &p) {
  return p.kernel_height == 3 && p.kernel_width == 3 && p.dilation_y == 1 && p.dilation_x == 1 && p.out_width >= 2 &&
         (p.stride_x == 1 || (p.stride_x == 2 && strided_rows_gain(p))) && KeptLayout(p).size <= KeptLayout::LARGEST;
}

} // namespace SINAPSE_ISA
