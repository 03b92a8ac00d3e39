// The items to sort: an element's key, an unsigned number in the order of the elements, in the high bits, and its index in the low bits. No two items
// are equal, so any sort of them is stable.
#pragma once
#include "base/types.h"
#include "base/vector.h"

namespace SINAPSE_ISA {

/**
 * Maps floats to unsigned numbers in the same order: negative ones have all bits flipped, others only the sign. The zeros are equal; NaN comes last.
 */
inline u32 sort_key(f32 x, bool descending) {
  if (x != x) return 0xffffffffu;
  u32 bits;
  const f32 value = x == 0 ? 0.0f : x;
  __builtin_memcpy(&bits, &value, sizeof bits);
  const u32 key = (bits & 0x80000000u) ? ~bits : bits | 0x80000000u;
  return descending ? ~key : key;
}
inline u32 sort_key(i32 x, bool descending) {
  const u32 key = static_cast<u32>(x) ^ 0x80000000u;
  return descending ? ~key : key;
}

template <class T> inline void make_items(const T *x, i64 from, i64 to, bool descending, u64 *items) {
  for (i64 i = from; i < to; i++) items[i] = static_cast<u64>(sort_key(x[i], descending)) << 32 | static_cast<u64>(i);
}

/** Fewer items are sorted by insertion. */
constexpr i64 RADIX_LEAST = 40;

inline void sort_by_insertion(u64 *items, i64 n) {
  for (i64 i = 1; i < n; i++) {
    const u64 item = items[i];
    i64 at = i;
    for (; at > 0 && items[at - 1] > item; at--) items[at] = items[at - 1];
    items[at] = item;
  }
}

/**
 * Sorts items that are in order of their indices: one byte of the key at a time, the lowest first; a byte in which all agree is skipped. `spare` has
 * room for n.
 */
inline void sort_by_digits(u64 *items, u64 *spare, i64 n) {
  constexpr int digits = 4, values = 256;
  u32 counts[digits][values] = {};
  for (i64 i = 0; i < n; i++)
    for (int d = 0; d < digits; d++) counts[d][items[i] >> (32 + 8 * d) & 255]++;
  u64 *from = items, *to = spare;
  for (int d = 0; d < digits; d++) {
    const int shift = 32 + 8 * d;
    u32 *next = counts[d];
    if (next[from[0] >> shift & 255] == static_cast<u32>(n)) continue;
    u32 first = 0;
    for (int value = 0; value < values; value++) {
      const u32 count = next[value];
      next[value] = first;
      first += count;
    }
    for (i64 i = 0; i < n; i++) to[next[from[i] >> shift & 255]++] = from[i];
    u64 *const other = from;
    from = to;
    to = other;
  }
  if (from != items) __builtin_memcpy(items, from, n * 8);
}

inline void sort_items(u64 *items, u64 *spare, i64 n) {
  if (n < RADIX_LEAST) sort_by_insertion(items, n);
  else sort_by_digits(items, spare, n);
}

/**
 * How many of the first `n` items of two merged lists come from the first list: Odeh, Green, Mwassi, Shmueli, Birk 2012, "Merge Path"; the crossing
 * of a diagonal is found by bisection.
 */
inline i64 merge_crossing(const u64 *a, i64 a_length, const u64 *b, i64 b_length, i64 n) {
  i64 low = maximum<i64>(0, n - b_length), high = minimum(n, a_length);
  while (low < high) {
    const i64 middle = (low + high) / 2;
    if (a[middle] < b[n - 1 - middle]) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Items `from` .. `to` - 1 of two merged lists. */
inline void merge_items(const u64 *a, i64 a_length, const u64 *b, i64 b_length, i64 from, i64 to, u64 *into) {
  i64 i = merge_crossing(a, a_length, b, b_length, from), j = from - i;
  for (i64 at = from; at < to; at++) {
    const bool first = j == b_length || (i < a_length && a[i] < b[j]);
    into[at] = first ? a[i] : b[j];
    i += first;
    j += !first;
  }
}

} // namespace SINAPSE_ISA
