// The scratch memory of one thread that calls kernels: a stack of blocks. A call that outgrows the first block adds another; when all is given back
// they are joined, so that one block suffices for the next such call.
#pragma once
#include "base/host.h"

class ScratchStack {
  static constexpr int LIMIT = 64;
  /** A larger stack is not kept between calls. */
  static constexpr i64 KEPT = 256 << 20;
  struct Block {
    char *start;
    i64 size;
  };
  Block blocks_[LIMIT];
  int count_ = 0;
  /** Bytes taken: in all blocks before the last one, and in the last one. */
  i64 before_ = 0, used_ = 0;

public:
  /** Bytes held. */
  i64 held = 0;

  i64 mark() const { return before_ + used_; }

  /** Ends the call if memory is refused. */
  void *take(i64 bytes) {
    bytes = round_up(maximum<i64>(bytes, 1), 64);
    if (count_ == 0 || used_ + bytes > blocks_[count_ - 1].size) {
      const i64 before = held;
      if (!add(maximum<i64>(bytes, 1 << 16))) host_refuse(bytes);
      before_ = before;
      used_ = 0;
    }
    void *start = blocks_[count_ - 1].start + used_;
    used_ += bytes;
    return start;
  }

  /** Goes back to a mark. At the end of the outermost call, added blocks are joined. */
  void give_back(i64 mark) {
    while (count_ > 1 && mark <= before_) {
      if (mark == 0) break;
      release_last();
      before_ -= blocks_[count_ - 1].size;
    }
    used_ = mark - before_;
    if (mark != 0) return;
    if (count_ > 1 || held > KEPT) {
      const i64 all = held;
      release_all();
      if (all <= KEPT) add(all); // if that is refused, nothing is kept
    }
    before_ = used_ = 0;
  }

  void release_all() {
    while (count_ > 0) release_last();
    before_ = used_ = 0;
  }

private:
  /** Adds a block, if there is memory for it; otherwise nothing changes. */
  bool add(i64 size) {
    if (count_ == LIMIT) return false;
    char *const start = static_cast<char *>(host_allocate(size));
    if (start == nullptr) return false;
    blocks_[count_++] = {start, size};
    held += size;
    return true;
  }
  void release_last() {
    held -= blocks_[--count_].size;
    host_free(blocks_[count_].start);
  }
};
