// elementwise: runs a program of element-wise ops in one pass over memory, tile by tile, for one or many items.
#pragma once
#include "program/stretch.h"

namespace SINAPSE_ISA {

/** A program as encoded by src/kernels/program-steps.ts. Slots are numbered in this order: inputs, numbers, outputs, buffers. */
struct ElementwiseProgram {
  i64 inputs, scalars, numbers, outputs, buffers, step_count, grain;
  /** For each number, scalars before constants: its DType and, for a constant, its value. For each input and output: its DType. */
  const f64 *number_list, *dtypes;
  const Step *steps;

  explicit ElementwiseProgram(const f64 *code) {
    Arguments header(code);
    inputs = header.integer(), scalars = header.integer(), numbers = header.integer(), outputs = header.integer(), buffers = header.integer();
    step_count = header.integer(), grain = header.integer();
    number_list = code + 7;
    dtypes = number_list + 2 * numbers;
    steps = reinterpret_cast<const Step *>(dtypes + inputs + outputs);
  }

  i64 slots() const { return inputs + numbers + outputs + buffers; }
  int dtype_of_input(i64 input) const { return static_cast<int>(dtypes[input]); }
  int dtype_of_output(i64 output) const { return static_cast<int>(dtypes[inputs + output]); }
};

/** One tensor of an item. `stretched` says how an input is broadcast: -1 not at all, 0 from a single element, else the number of `axes` to read. */
struct ItemTensor {
  u8 *at;
  int stretched;
  const f64 *axes;
};

struct Item {
  /** Elements of all items before this one. */
  i64 before, size;
  /** The inputs, then the outputs. */
  const ItemTensor *tensors;
};

/** The tables and tiles of one thread. */
class Worker {
  const ElementwiseProgram &program_;
  Slot *slots_;
  Stretch *stretches_;
  u8 *rooms_;
  static constexpr i64 ROOM_BYTES = Stretch::ROOM * 4;

  u8 *room(i64 slot) const { return rooms_ + slot * ROOM_BYTES; }

public:
  /** Bytes of memory for one worker, aligned to 64. */
  static i64 bytes(const ElementwiseProgram &program) {
    const i64 tables = program.slots() * static_cast<i64>(sizeof(Slot)) + program.inputs * static_cast<i64>(sizeof(Stretch));
    return round_up(tables, 64) + program.slots() * ROOM_BYTES;
  }

  Worker(const ElementwiseProgram &program, u8 *memory) : program_(program) {
    slots_ = reinterpret_cast<Slot *>(memory);
    stretches_ = reinterpret_cast<Stretch *>(slots_ + program.slots());
    rooms_ = memory + bytes(program) - program.slots() * ROOM_BYTES;
  }

  /** Runs elements begin .. end - 1 of an item. `numbers` has a tile of each number. */
  void run(const Item &item, u8 *numbers, i64 begin, i64 end) const {
    const i64 first_number = program_.inputs, first_output = first_number + program_.numbers, first_buffer = first_output + program_.outputs;
    bool stretches = false;
    for (i64 i = 0; i < first_number; i++) {
      const ItemTensor &input = item.tensors[i];
      slots_[i] = {input.at, input.stretched < 0 ? -1 : 0};
      if (input.stretched < 0) continue;
      slots_[i].at = room(i);
      const int bytes = BYTES[program_.dtype_of_input(i)];
      if (input.stretched == 0) repeat(input.at, bytes, room(i));
      else stretches_[i].begin(input.at, bytes, Arguments(input.axes), input.stretched, begin, room(i)), stretches = true;
    }
    for (i64 i = first_number; i < first_output; i++) slots_[i] = {numbers + (i - first_number) * TILE * 4, 0};
    for (i64 i = first_output; i < first_buffer; i++) slots_[i] = {item.tensors[i - program_.numbers].at, -1};
    for (i64 i = first_buffer; i < program_.slots(); i++) slots_[i] = {room(i), 0};

    for (Tile tile = {slots_, begin}; tile.first < end; tile.first += TILE) {
      if (stretches) {
        for (i64 i = 0; i < first_number; i++)
          if (item.tensors[i].stretched > 0) slots_[i].at = stretches_[i].next(room(i));
      }
      if (end - tile.first < TILE) return run_part(item, tile, end - tile.first);
      run_steps(program_.steps, program_.step_count, tile);
    }
  }

  /** Fills a tile with one element. */
  static void repeat(const u8 *element, int bytes, u8 *tile) {
    if (bytes == 1) __builtin_memset(tile, *element, TILE);
    else write_out(*reinterpret_cast<const u32 *>(element), reinterpret_cast<u32 *>(tile), TILE);
  }

private:
  /** Runs the last n < TILE elements, in a tile that ends with zeros. */
  void run_part(const Item &item, const Tile &tile, i64 n) const {
    for (i64 i = 0; i < program_.inputs; i++) {
      if (item.tensors[i].stretched >= 0) continue;
      const int bytes = BYTES[program_.dtype_of_input(i)];
      __builtin_memcpy(room(i), item.tensors[i].at + tile.first * bytes, n * bytes);
      __builtin_memset(room(i) + n * bytes, 0, (TILE - n) * bytes);
      slots_[i] = {room(i), 0};
    }
    const i64 first_output = program_.inputs + program_.numbers;
    for (i64 i = first_output; i < first_output + program_.outputs; i++) slots_[i] = {room(i), 0};
    run_steps(program_.steps, program_.step_count, tile);
    for (i64 i = 0; i < program_.outputs; i++) {
      const int bytes = BYTES[program_.dtype_of_output(i)];
      __builtin_memcpy(item.tensors[program_.inputs + i].at + tile.first * bytes, room(first_output + i), n * bytes);
    }
  }
};

// program; null, or the address of the list of what follows: the scalars; items; for each item its size, for each input its address, how it is
// stretched (see ItemTensor) and the axes with the input's strides, for each output its address
inline void elementwise(const f64 *from) {
  Arguments arguments(from);
  const ElementwiseProgram program(arguments.pointer<f64>());
  if (const f64 *elsewhere = arguments.pointer<f64>()) arguments = Arguments(elsewhere);
  Scratch scratch;

  u8 *const numbers = scratch.take<u8>(program.numbers * TILE * 4);
  for (i64 i = 0; i < program.numbers; i++) {
    const int dtype = static_cast<int>(program.number_list[2 * i]);
    const f64 constant = program.number_list[2 * i + 1];
    Worker::repeat(element_of(dtype, i < program.scalars ? arguments.real() : constant).bytes, BYTES[dtype], numbers + i * TILE * 4);
  }

  const i64 items = arguments.integer(), tensors = program.inputs + program.outputs;
  Item *const all = scratch.take<Item>(items);
  ItemTensor *tensor = scratch.take<ItemTensor>(items * tensors);
  i64 size = 0;
  for (i64 i = 0; i < items; i++) {
    all[i] = {size, arguments.integer(), tensor};
    size += all[i].size;
    for (i64 t = 0; t < program.inputs; t++, tensor++) {
      tensor->at = arguments.pointer<u8>();
      tensor->stretched = arguments.small();
      tensor->axes = arguments.skip(2 * maximum(tensor->stretched, 0));
    }
    for (i64 t = 0; t < program.outputs; t++, tensor++) tensor->at = arguments.pointer<u8>();
  }

  const i64 bytes = Worker::bytes(program);
  u8 *const memory = scratch.take<u8>(thread_count() * bytes);
  parallel_ranges(size, program.grain, [&](i64 begin, i64 end, int thread) {
    const Worker worker(program, memory + thread * bytes);
    i64 i = 0;
    for (i64 high = items; high - i > 1;) { // the last item that begins at or before `begin`
      const i64 middle = (i + high) / 2;
      (all[middle].before <= begin ? i : high) = middle;
    }
    for (; begin < end; i++) {
      const i64 until = minimum(end, all[i].before + all[i].size);
      if (until > begin) worker.run(all[i], numbers, begin - all[i].before, until - all[i].before);
      begin = until;
    }
  });
}

} // namespace SINAPSE_ISA

#define ELEMENTWISE_KERNELS(KERNEL) KERNEL(elementwise)
