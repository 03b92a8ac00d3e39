// The parts of results that must be the same bit for bit.

import type { Checkpoint, EpochResult } from '../src/index.ts';

/** A history without its times. */
export function untimed(history: readonly EpochResult[]): object[] {
  return history.map(({ seconds: _, examplesPerSecond: __, ...rest }) => rest);
}

/** All of a checkpoint except times, with floats as their bits. */
export function bitsOfCheckpoint({ seconds: _, history, weights, optimizer, callbacks, ...rest }: Checkpoint): object {
  return {
    ...rest,
    history: untimed(history),
    weights: bitsOfArrays(weights),
    optimizer: { step: optimizer.step, slots: [...optimizer.slots].map(([slot, arrays]) => [slot, bitsOfArrays(arrays)]) },
    callbacks: [...callbacks].map(([name, { values, arrays }]) => [name, values, bitsOfArrays(arrays)]),
  };
}

function bitsOfArrays(arrays: Checkpoint['weights']): Record<string, unknown> {
  return Object.fromEntries(
    [...arrays]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { dtype, shape, data }]) => [
        name,
        { dtype, shape: [...shape], bytes: [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)] },
      ]),
  );
}
