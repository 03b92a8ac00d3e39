import { reference } from '@sinapse/backend-reference';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { use } from '../dispatch/active-backend.ts';
import { tensor, zeros } from './creation.ts';
import { memory } from './memory.ts';
import { setUnscopedLimit } from './handle.ts';
import type { Owned } from './scope.ts';
import { scope } from './scope.ts';
import type { Tensor } from './tensor.ts';

let before: number;
beforeEach(() => {
  use(reference());
  before = memory().tensors;
});
afterEach(() => setUnscopedLimit(2 ** 31));

const made = (): number => memory().tensors - before;

describe('scope', () => {
  test('releases what is not returned', () => {
    const y = scope(() => {
      const x = tensor([1, 2]);
      x.exp();
      return x.add(1);
    });
    expect(made()).toBe(1);
    expect([...y.dataSync()]).toEqual([2, 3]);
    y.dispose();
    expect(memory().backend.liveBytes).toBe(0);
  });

  test('returns tensors inside arrays, objects and maps', () => {
    const result = scope(() => ({ list: [tensor(1), { deep: tensor(2) }], map: new Map([['a', tensor(3)]]), lost: [1, 'text', null] }));
    expect(made()).toBe(3);
    expect((result.map.get('a') as Tensor).dataSync()[0]).toBe(3);
  });

  test('nests: what an inner one returns belongs to the outer one', () => {
    scope(() => {
      const inner = scope(() => tensor(1).add(1));
      expect(inner.disposed).toBe(false);
      expect(made()).toBe(1);
    });
    expect(made()).toBe(0);
  });

  test('releases everything when the callback throws', () => {
    expect(() =>
      scope(() => {
        zeros([1000]);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(made()).toBe(0);
  });

  test('refuses a promise, and releases what was made', () => {
    expect(() => scope(async () => tensor(1))).toThrow('scope: the callback returned a promise');
    expect(() => scope(() => Promise.reject(new Error('unheard of')))).toThrow('scope: the callback returned a promise'); // and nothing rejects later
    expect(made()).toBe(0);
  });

  test('holds no chain of what a loop has disposed of', () => {
    scope(() => {
      const first = tensor([0]);
      let last = first;
      for (let i = 1; i < 50; i++) {
        const next = last.add(1);
        if (last !== first) last.dispose();
        last = next;
      }
      const chain: unknown[] = [];
      for (let at: Owned | undefined = last; at !== undefined; at = at.previous) chain.push(at);
      expect(chain.length).toBeLessThanOrEqual(3); // the last, the one before it, the first
      expect([...last.dataSync(), ...first.dataSync()]).toEqual([49, 0]);
    });
  });

  test('does not touch tensors from outside, nor kept ones', () => {
    const outside = tensor(1);
    let kept: Tensor | undefined;
    scope(() => {
      outside.add(1);
      kept = tensor(5).keep();
    });
    expect(outside.disposed).toBe(false);
    expect(kept!.dataSync()[0]).toBe(5);
  });
});

describe('dispose', () => {
  test('twice is harmless, use afterwards is an error that says what to do', () => {
    const x = tensor([1, 2]);
    x.dispose();
    x.dispose();
    expect(() => x.add(1)).toThrow(
      'add: the float32 tensor [2] was disposed of (by its scope, or by dispose()); return it from the scope or keep() it',
    );
    expect(String(x)).toBe('float32 [2] (disposed)');
  });

  test('`using` releases at the end of the block', () => {
    {
      using x = tensor([1, 2]);
      expect(x.size).toBe(2);
    }
    expect(made()).toBe(0);
  });

  test('a view keeps the values alive', () => {
    const rows = tensor([
      [1, 2],
      [3, 4],
    ]);
    const second = rows.slice([1]);
    rows.dispose();
    expect([...second.dataSync()]).toEqual([3, 4]);
  });
});

describe('outside every scope', () => {
  const collect = (): void => {
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
  };

  test('the garbage collector releases', async () => {
    (() => {
      for (let i = 0; i < 100; i++) zeros([100]);
    })();
    expect(made()).toBeGreaterThan(0);
    // The test checks this backend alone: it holds nothing else, while tensors of other tests may be collected at any time.
    for (let i = 0; i < 50 && memory().backend.liveBytes > 0; i++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(memory().backend.liveBytes).toBe(0);
  });

  test('a loop that outgrows the limit is told to use a scope', () => {
    setUnscopedLimit(memory().unscopedBytes + 1_000_000);
    expect(() => {
      for (let i = 0; i < 1000; i++) zeros([1000]);
    }).toThrow("wrap the loop's body in scope(() => …)");
    expect(() => {
      for (let i = 0; i < 1000; i++) scope(() => zeros([1000]).sum().dispose());
    }).not.toThrow();
  });
});
