// Walks over two tensors at once, each with its own strides, in as few nested loops as possible.
#pragma once
#include "base/arguments.h"

namespace SINAPSE_ISA {

/** Nested loops over x and y, outermost first; strides in elements. Axes of length 1 are left out, so no tensor needs as many as 64 loops. */
struct Loops {
  static constexpr int MOST = 64;
  int count = 0;
  i64 length[MOST], x[MOST], y[MOST];

  void add(i64 of_length, i64 x_stride, i64 y_stride) {
    length[count] = of_length;
    x[count] = x_stride;
    y[count] = y_stride;
    count++;
  }

  /** The number of steps: the product of all lengths. */
  i64 steps() const {
    i64 steps = 1;
    for (int i = 0; i < count; i++) steps *= length[i];
    return steps;
  }

  /** Removes the innermost loop. */
  void drop_last() { count--; }

  void remove(int loop) {
    count--;
    for (int i = loop; i < count; i++) {
      length[i] = length[i + 1];
      x[i] = x[i + 1];
      y[i] = y[i + 1];
    }
  }

  /** Moves the loops with longer strides in y outward, so that y is walked in order of its addresses. */
  void sort_by_y() {
    for (int i = 1; i < count; i++)
      for (int j = i; j > 0 && y[j] > y[j - 1]; j--) {
        swap(length[j], length[j - 1]);
        swap(x[j], x[j - 1]);
        swap(y[j], y[j - 1]);
      }
  }

  /** Joins neighbouring loops that both tensors can step through as one. */
  void join() {
    int last = 0;
    for (int i = 1; i < count; i++) {
      if (x[last] == x[i] * length[i] && y[last] == y[i] * length[i]) {
        length[last] *= length[i];
      } else {
        last++;
        length[last] = length[i];
      }
      x[last] = x[i];
      y[last] = y[i];
    }
    if (count > 0) count = last + 1;
  }

private:
  static void swap(i64 &a, i64 &b) {
    const i64 c = a;
    a = b;
    b = c;
  }
};

/** Reads a rank and, for each axis, its length and its strides in x and in y. No length is 0. */
inline Loops read_loops(Arguments &arguments) {
  Loops loops;
  const int rank = arguments.small();
  for (int i = 0; i < rank; i++) {
    const i64 length = arguments.integer();
    const i64 x = arguments.integer();
    const i64 y = arguments.integer();
    if (length != 1) loops.add(length, x, y);
  }
  return loops;
}

/** A position in nested loops, and its offsets in x and y. */
class Odometer {
  const Loops &loops_;
  i64 index_[Loops::MOST];

public:
  i64 x = 0, y = 0;

  Odometer(const Loops &loops, i64 position) : loops_(loops) {
    for (int i = loops.count - 1; i >= 0; i--) {
      index_[i] = position % loops.length[i];
      position /= loops.length[i];
      x += index_[i] * loops.x[i];
      y += index_[i] * loops.y[i];
    }
  }

  void next() {
    for (int i = loops_.count - 1; i >= 0; i--) {
      x += loops_.x[i];
      y += loops_.y[i];
      if (++index_[i] < loops_.length[i]) return;
      x -= loops_.x[i] * loops_.length[i];
      y -= loops_.y[i] * loops_.length[i];
      index_[i] = 0;
    }
  }
};

} // namespace SINAPSE_ISA
