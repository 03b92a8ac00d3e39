// The last use of each value of an element-wise program.

import type { Program } from '@sinapse/core';

/** For each value, the number of the last instruction that takes it; -1 if no output needs it. Outputs are taken after the last instruction. */
export function lastUses({ instructions, outputs }: Program, first: number): Int32Array {
  const last = new Int32Array(first + instructions.length).fill(-1);
  for (const output of outputs) last[output] = instructions.length;
  for (let i = instructions.length - 1; i >= 0; i--) {
    if (last[first + i] < 0) continue;
    for (const operand of instructions[i].of) last[operand] = Math.max(last[operand], i);
  }
  return last;
}
