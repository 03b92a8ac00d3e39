// Walks over several tensors that are broadcast to one shape.
#pragma once
#include "base/arguments.h"
#include "base/host.h"

namespace SINAPSE_ISA {

/**
 * As few nested loops as possible over N operands and a row-major result. The innermost loop is a row, in which every operand has step 1, or 0 where
 * it is stretched.
 */
template <int N> class Broadcast {
  /** Each loop has length 2 or more, so 53 loops have more elements than there are addresses. */
  static constexpr int MOST_LOOPS = 53;
  /** Loops around the rows. */
  int outer_ = -1;
  i64 lengths_[MOST_LOOPS];
  i64 strides_[MOST_LOOPS][N];
  i64 step_[N];
  i64 rows_ = 1, columns_ = 1;

public:
  /**
   * Reads the rank of the result, then for each axis its length and every operand's stride, 0 where it is stretched. No length is 0, unless it is the
   * only one.
   */
  explicit Broadcast(Arguments &arguments) {
    const int rank = arguments.small();
    for (int axis = 0; axis < rank; axis++) {
      const i64 length = arguments.integer();
      i64 strides[N];
      for (int operand = 0; operand < N; operand++) strides[operand] = arguments.integer();
      if (length != 1) add(length, strides);
    }
    for (int operand = 0; operand < N; operand++) step_[operand] = outer_ < 0 ? 1 : strides_[outer_][operand];
    if (outer_ < 0) outer_ = 0;
    else columns_ = lengths_[outer_];
    for (int i = 0; i < outer_; i++) rows_ *= lengths_[i];
  }
  /** A single row. */
  Broadcast(i64 columns, const i64 (&step)[N]) : outer_(0), columns_(columns) {
    for (int operand = 0; operand < N; operand++) step_[operand] = step[operand];
  }

  i64 step(int operand) const { return step_[operand]; }

  /**
   * Calls `body(at, y, n)` in parallel for rows or parts of rows. `at` is where each operand begins, `y` where the result does, `n` the number of
   * elements.
   */
  template <class Body> void run(i64 grain, const Body &body) const {
    if (columns_ > grain) {
      const i64 pieces = ceil_div(columns_, grain);
      parallel(rows_ * pieces, [&](i64 task, int) {
        const i64 begin = task % pieces * grain;
        Position position(*this, task / pieces);
        for (int operand = 0; operand < N; operand++) position.at[operand] += begin * step_[operand];
        body(position.at, task / pieces * columns_ + begin, minimum(grain, columns_ - begin));
      });
    } else if (columns_ > 0) {
      parallel_ranges(rows_, maximum<i64>(1, grain / columns_), [&](i64 begin, i64 end, int) {
        Position position(*this, begin);
        for (i64 row = begin; row < end; row++, position.next(*this)) body(position.at, row * columns_, columns_);
      });
    }
  }

private:
  /** Adds an innermost loop, or lengthens the present one where every operand can step through both as one. */
  void add(i64 length, const i64 (&strides)[N]) {
    bool joins = outer_ >= 0;
    for (int operand = 0; joins && operand < N; operand++) joins = strides_[outer_][operand] == strides[operand] * length;
    if (joins) lengths_[outer_] *= length;
    else lengths_[++outer_] = length;
    for (int operand = 0; operand < N; operand++) strides_[outer_][operand] = strides[operand];
  }

  /** A position in the outer loops, and the offset of every operand there. */
  struct Position {
    i64 index[MOST_LOOPS];
    i64 at[N] = {};

    Position(const Broadcast &of, i64 row) {
      for (int i = of.outer_ - 1; i >= 0; i--) {
        index[i] = row % of.lengths_[i];
        row /= of.lengths_[i];
        for (int operand = 0; operand < N; operand++) at[operand] += index[i] * of.strides_[i][operand];
      }
    }
    void next(const Broadcast &of) {
      for (int i = of.outer_ - 1; i >= 0; i--) {
        for (int operand = 0; operand < N; operand++) at[operand] += of.strides_[i][operand];
        if (++index[i] < of.lengths_[i]) return;
        index[i] = 0;
        for (int operand = 0; operand < N; operand++) at[operand] -= of.lengths_[i] * of.strides_[i][operand];
      }
    }
  };
};

/** A stretched operand's value is copied this often, so that loops see one value for each result. */
constexpr i64 STRETCH = 512;

template <class T> __attribute__((noinline)) inline void write_out(T value, T *copies, i64 n) {
  for (i64 i = 0; i < n; i++) copies[i] = value;
}

/** The part of an operand that belongs to a row. */
template <class T> class Row {
  const T *from_;
  bool stretched_;
  alignas(64) T copies_[STRETCH];

public:
  Row(const T *from, i64 step, i64 n) : from_(from), stretched_(step == 0) {
    if (stretched_) write_out(*from, copies_, minimum(n, STRETCH));
  }
  /** Elements i .. i + STRETCH - 1. */
  const T *at(i64 i) const { return stretched_ ? copies_ : from_ + i; }
};

} // namespace SINAPSE_ISA
