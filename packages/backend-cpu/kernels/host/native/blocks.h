// The blocks of memory that one JavaScript thread holds, by address.
#pragma once
#include "base/types.h"
#include <cstdlib>
#include <map>
#include <memory>
#if defined(__linux__)
#include <sys/mman.h>
#endif

/**
 * Memory aligned to 64 bytes, or null. A large block starts on a large page and asks for large pages, where the system gives them on request: a
 * processor keeps translations for fewer pages of 4 KB than a matrix of a few MB has.
 */
inline void *allocate_block(size_t bytes) {
  void *block = nullptr;
  constexpr size_t PAGE = 1 << 21;
  if (posix_memalign(&block, bytes >= PAGE ? PAGE : 64, bytes) != 0) return nullptr;
#if defined(MADV_HUGEPAGE)
  const size_t first = (reinterpret_cast<size_t>(block) + PAGE - 1) / PAGE * PAGE, last = (reinterpret_cast<size_t>(block) + bytes) / PAGE * PAGE;
  if (last > first) madvise(reinterpret_cast<void *>(first), last - first, MADV_HUGEPAGE);
#endif
  return block;
}

class Blocks {
  struct Free {
    void operator()(void *block) const { free(block); }
  };
  struct Block {
    std::unique_ptr<void, Free> start;
    size_t bytes;
  };
  std::map<size_t, Block> blocks_;

public:
  /** The address of a block, 0 where memory is refused, for the block or for its entry here. */
  size_t allocate(size_t bytes) {
    Block block{std::unique_ptr<void, Free>(allocate_block(bytes == 0 ? 1 : bytes)), bytes};
    const size_t address = reinterpret_cast<size_t>(block.start.get());
    if (address == 0) return 0;
    try {
      blocks_.emplace(address, std::move(block));
    } catch (const std::bad_alloc &) {
      return 0;
    }
    return address;
  }

  /** Whether there was such a block. */
  bool release(size_t address, size_t bytes) {
    const auto found = blocks_.find(address);
    if (found == blocks_.end() || found->second.bytes != bytes) return false;
    blocks_.erase(found);
    return true;
  }

  /** Whether `bytes` bytes from an address on lie inside a block. */
  bool hold(size_t address, size_t bytes) const {
    auto after = blocks_.upper_bound(address);
    if (after == blocks_.begin()) return false;
    const auto &[start, block] = *--after;
    return bytes <= block.bytes && address - start <= block.bytes - bytes;
  }
};
