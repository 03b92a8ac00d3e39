// An input that is broadcast to a larger shape, written out tile by tile.
#pragma once
#include "base/arguments.h"
#include "program/tile.h"

namespace SINAPSE_ISA {

/** A position in the nested loops over the larger shape, and the element of the input there. */
class Stretch {
  /** Each loop has length 2 or more, so 53 loops have more elements than there are addresses. */
  static constexpr int MOST_LOOPS = 53;
  const u8 *from_;
  int bytes_, count_;
  i64 length_[MOST_LOOPS], stride_[MOST_LOOPS], index_[MOST_LOOPS];
  /** The offset of the current element, in elements of the input. */
  i64 at_;

public:
  /** Elements of room that `next` needs. */
  static constexpr i64 ROOM = 2 * TILE;

  /** Begins at `element` of the larger shape. `axes`: the lengths of that shape, none 0, each with the input's stride, 0 where it is stretched. */
  void begin(const u8 *from, int bytes, Arguments axes, int count, i64 element, u8 *room) {
    from_ = from, bytes_ = bytes, count_ = 0;
    for (int axis = 0; axis < count; axis++) {
      const i64 length = axes.integer(), stride = axes.integer();
      if (length == 1) continue;
      if (count_ > 0 && stride_[count_ - 1] == stride * length) length_[count_ - 1] *= length; // both loops step through memory as one
      else length_[count_++] = length;
      stride_[count_ - 1] = stride;
    }
    at_ = 0;
    for (int i = count_ - 1; i >= 0; i--) {
      index_[i] = element % length_[i];
      element /= length_[i];
      at_ += index_[i] * stride_[i];
    }
    if (is_short_row()) {
      const i64 start = at_;
      at_ = index_[1] = 0;
      write(room, length_[1] + TILE);
      at_ = index_[1] = start;
    }
  }

  /** Returns the next TILE elements, in `room` or in the input itself. After the last element it starts again with the first. */
  u8 *next(u8 *room) {
    if (is_short_row()) {
      u8 *const tile = room + at_ * bytes_;
      at_ = index_[1] = (at_ + TILE) % length_[1];
      return tile;
    }
    const int inner = count_ - 1;
    if (stride_[inner] == 1 && index_[inner] + TILE <= length_[inner]) {
      const u8 *const tile = from_ + at_ * bytes_;
      advance(TILE);
      return const_cast<u8 *>(tile);
    }
    write(room, TILE);
    return room;
  }

private:
  /**
   * Whether one row, shorter than a tile, serves all rows of the larger shape. `room` then holds copies of it, for tiles that begin anywhere in it.
   */
  bool is_short_row() const { return count_ == 2 && stride_[0] == 0 && stride_[1] == 1 && length_[1] <= TILE; }

  void write(u8 *to, i64 n) {
    const int inner = count_ - 1;
    while (n > 0) {
      const i64 run = minimum(n, length_[inner] - index_[inner]);
      const u8 *from = from_ + at_ * bytes_;
      if (stride_[inner] != 0) __builtin_memcpy(to, from, run * bytes_);
      else if (bytes_ == 1) __builtin_memset(to, *from, run);
      else write_out(*reinterpret_cast<const u32 *>(from), reinterpret_cast<u32 *>(to), run);
      advance(run);
      to += run * bytes_;
      n -= run;
    }
  }

  /** Advances by `n` elements, at most those left in the innermost loop. */
  void advance(i64 n) {
    const int inner = count_ - 1;
    index_[inner] += n;
    at_ += n * stride_[inner];
    for (int i = inner; index_[i] == length_[i]; i--) {
      at_ -= length_[i] * stride_[i];
      index_[i] = 0;
      if (i == 0) return;
      index_[i - 1]++;
      at_ += stride_[i - 1];
    }
  }
};

} // namespace SINAPSE_ISA
