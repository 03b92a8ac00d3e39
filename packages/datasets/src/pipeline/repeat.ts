// Repetition. Each repetition is an epoch of its own to the stages before it, so that a shuffle gives each another order.

import type { Indexed } from './indexed.ts';
import type { Source } from './join.ts';
import type { Streamed } from './stream.ts';
import { toStream } from './stream.ts';

/** Repeats an epoch `count` times; `Infinity` does not end. Repetition r of epoch e is epoch e · count + r, or e + r without an end, of the source. */
export function repeatSource<T, B>(source: Source<T>, count: number): Indexed<T, B> | Streamed<T> {
  if (source.kind === 'indexed' && count !== Infinity) {
    const { length } = source as Indexed<T, B>;
    return {
      kind: 'indexed',
      length: length * count,
      open(epoch) {
        let opened = -1;
        let elements = source.open(epoch * count);
        return {
          get(index) {
            const repetition = Math.floor(index / length);
            if (repetition !== opened) elements = source.open(epoch * count + (opened = repetition));
            return elements.get(index - repetition * length);
          },
        };
      },
    };
  }
  const stream = toStream(source);
  const { length } = stream;
  return {
    kind: 'streamed',
    length: length === undefined || count === Infinity ? undefined : length * count,
    async *open({ epoch, skip }) {
      const first = count === Infinity ? epoch : epoch * count;
      let repetition = length ? Math.floor(skip / length) : 0;
      let left = length ? skip % length : skip;
      for (; repetition < count; repetition++) {
        let read = 0;
        // A source of unknown length may end within the part to skip, so its elements are counted.
        for await (const element of stream.open({ epoch: first + repetition, skip: length === undefined ? 0 : left })) {
          read++;
          if (length === undefined && left > 0) left--;
          else yield element;
        }
        if (length !== undefined) {
          read += left;
          left = 0;
        }
        if (read === 0) return; // repeating nothing would never end
      }
    },
  };
}
