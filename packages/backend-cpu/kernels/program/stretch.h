// An input that is stretched to a larger shape by the rules of broadcasting, written out a tile at a time.
#pragma once
#include "base/arguments.h"
#include "program/tile.h"

namespace SINAPSE_ISA {

/** A position in the nested loops over the larger shape, and the element of the input that belongs to it. */
class Stretch {
  /** Of length 2 at least each: more would have more elements than there are addresses. */
  static constexpr int MOST_LOOPS = 53;
  const u8 *from_;
  int bytes_, count_;
  i64 length_[MOST_LOOPS], stride_[MOST_LOOPS], index_[MOST_LOOPS];
  /** In elements of the input. */
  i64 at_;

public:
  /** The room that `next` needs, in elements. */
  static constexpr i64 ROOM = 2 * TILE;

  /** `axes`: lengths of the larger shape, none 0, each with the input's stride, 0 where it is stretched. From an element of the larger shape on. */
  void begin(const u8 *from, int bytes, Arguments axes, int count, i64 element, u8 *room) {
    from_ = from, bytes_ = bytes, count_ = 0;
    for (int axis = 0; axis < count; axis++) {
      const i64 length = axes.integer(), stride = axes.integer();
      if (length == 1) continue;
      if (count_ > 0 && stride_[count_ - 1] == stride * length) length_[count_ - 1] *= length; // two loops that are stepped through as one
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

  /** The next TILE elements, in `room` or where the input has them; behind the last element begins the first again. */
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
  /** One row, shorter than a tile, for all rows of the larger shape: `room` holds it over and over, for tiles that begin anywhere in it. */
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

  /** By `n` elements, of the innermost loop's that are left. */
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
