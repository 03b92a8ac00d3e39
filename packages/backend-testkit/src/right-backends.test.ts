// The suite must pass backends that are right, even if they have few kernels, are slow, or round.

import type { Backend, FloatProperties, Kernel, KernelCall, KernelName, KernelTable, View } from '@sinapse/core';
import { kernelDefinitions } from '@sinapse/core';
import { reference } from '@sinapse/backend-reference';
import { describe, expect, test } from 'vitest';
import type { Changes } from '../test/altered.ts';
import { edit, withChanges, withKernel } from '../test/altered.ts';
import { conformance } from './conformance/conformance.ts';
import { entriesOf } from './grid/slots.ts';
import type { ConformanceReport } from './report.ts';
import { formatReport } from './report.ts';

const full = process.env['SINAPSE_TEST_TIER'] === 'full';

const required = (right: Backend): KernelTable =>
  Object.fromEntries(
    Object.entries(right.kernels).filter(([name]) => kernelDefinitions[name as KernelName].lower === undefined),
  ) as unknown as KernelTable;

test('the required kernels alone', async () => {
  const create = (): Backend => {
    const right = reference({ poison: true });
    return Object.assign(Object.create(right) as Backend, { kernels: required(right) });
  };
  const report = await conformance(
    create,
    full ? { casesPerKernel: 20 } : { casesPerKernel: 6, sections: ['kernels', 'lowerings', 'behaviour'] },
  );
  expect(report.checks.filter(({ error }) => error !== undefined)).toEqual([]);
  expect(formatReport(report)).toMatch(/conv2d +\d+ .*lowered \(the backend has no such kernel\)/);
});

test('no views, no synchronous reads, and refusals', async () => {
  const create = (): Backend =>
    withChanges((right) => ({
      info: { ...right.info, offsets: false, reading: 'waits' },
      readSync: undefined as never,
      read: async (view) => {
        const values = right.readSync!(view);
        await new Promise((resolve) => setTimeout(resolve, 0));
        return values;
      },
      accepts: (kernel) => (kernel === 'linear' ? 'no tensor cores' : true),
    }));
  const report = await conformance(create, {
    only: ['linear', 'slice', 'sgdStep'],
    casesPerKernel: 30,
    sections: ['kernels', 'lowerings', 'behaviour'],
  });
  expect(report.checks.filter(({ error }) => error !== undefined)).toEqual([]);
  expect(report.kernels.find(({ kernel }) => kernel === 'linear')).toMatchObject({
    native: 0,
    reasons: { 'no tensor cores': expect.any(Number) as number },
  });
});

test('sums in float32, one after another', async () => {
  const matmul = withKernel('matmul', (_, backend) => ({ in: { a, b }, out: { y }, attrs: { transposeA, transposeB } }) => {
    const [batch, m, n] = y.shape as [number, number, number];
    const k = a.shape[transposeA ? 1 : 2]!;
    const [left, right, out] = [backend.readSync!(a), backend.readSync!(b), new Float32Array(y.size)];
    for (let i = 0; i < batch; i++) {
      const aAt = a.shape[0] === 1 ? 0 : i * m * k;
      const bAt = b.shape[0] === 1 ? 0 : i * k * n;
      for (let row = 0; row < m; row++) {
        for (let column = 0; column < n; column++) {
          let sum = 0;
          for (let t = 0; t < k; t++) {
            const x = left[aAt + (transposeA ? t * m + row : row * k + t)]!;
            sum = Math.fround(sum + Math.fround(x * right[bAt + (transposeB ? column * k + t : t * n + column)]!));
          }
          out[(i * m + row) * n + column] = sum;
        }
      }
    }
    backend.write(y, out);
  });
  const { kernels, passed } = await conformance(matmul, { only: ['matmul'] });
  expect(passed).toBe(true);
  expect(kernels[0]!.worst).toBeGreaterThan(0.1); // the allowance is no wider than it needs to be
});

/** A backend whose kernels change floats before or after they compute. Kernels that only move values do not. */
function inexact(
  floats: Partial<FloatProperties>,
  { before, after }: { before?: (x: number) => number; after?: (x: number) => number },
): Backend {
  return withChanges((right) => {
    const kernels = Object.entries(right.kernels).map(([name, kernel]) => {
      if (kernelDefinitions[name as KernelName].moves || name === 'fill') return [name, kernel];
      const run = (call: KernelCall<KernelName>): void => {
        const inputs = entriesOf<View>(call.in).filter(({ value }) => value.dtype === 'float32');
        const originals = inputs.map(({ value }) => right.readSync!(value));
        if (before !== undefined)
          for (const { value } of inputs) edit(right, value, (values) => values.forEach((x, i) => (values[i] = before(x))));
        (kernel as Kernel<KernelName>)(call);
        const outputs = entriesOf<View>(call.out).filter(({ value }) => value.dtype === 'float32');
        inputs.forEach(({ value }, i) => {
          if (!outputs.some((output) => output.value.storage === value.storage)) right.write(value, originals[i]!);
        });
        if (after !== undefined)
          for (const { value } of outputs) edit(right, value, (values) => values.forEach((x, i) => (values[i] = after(x))));
      };
      return [name, run];
    });
    return {
      info: { ...right.info, floats: { ...right.info.floats, ...floats } },
      kernels: Object.fromEntries(kernels) as Changes['kernels'] & {},
    };
  });
}

const LARGEST = 3.4028234663852886e38;
const flush = (x: number): number => (Number.isNaN(x) || x === 0 || Math.abs(x) >= 2 ** -126 ? x : x < 0 ? -0 : 0);

describe('floats that are not all of IEEE 754', () => {
  const only: KernelName[] = [
    'unary',
    'binary',
    'binaryScalar',
    'reduce',
    'softmax',
    'batchNorm',
    'biasActivationGrad',
    'lstmCellGrad',
    'maxPool2d',
    'adamStep',
  ];
  const run = (create: () => Backend, kernels: KernelName[]): Promise<ConformanceReport> =>
    conformance(create, { only: kernels, sections: ['kernels'], casesPerKernel: full ? 400 : 120 });

  test.each<[keyof FloatProperties, Parameters<typeof inexact>[1]]>([
    ['nan', { after: (x) => (Number.isNaN(x) ? 0 : x) }],
    ['infinities', { after: (x) => Math.max(-LARGEST, Math.min(LARGEST, x)) }],
    ['signedZeros', { after: (x) => (x === 0 ? 0 : x) }],
    ['subnormals', { before: flush, after: flush }],
  ])('%s are asked for where the backend says that it keeps them, and only there', async (property, changes) => {
    const said = await run(() => inexact({ [property]: false }, changes), only);
    expect(said.checks.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(said.kernels.every(({ native }) => native > 20)).toBe(true);
    expect((await run(() => inexact({}, changes), only)).passed).toBe(false);
  });

  test('so is the first of equal values', async () => {
    const last = (floats: Partial<FloatProperties>): Backend =>
      withChanges((right) => ({
        info: { ...right.info, floats: { ...right.info.floats, ...floats } },
        kernels: {
          argReduce: (call) => {
            right.kernels.argReduce!(call);
            const { x } = call.in;
            const values = right.readSync!(x);
            if (call.attrs.axis !== x.shape.length - 1) return;
            const n = x.shape.at(-1)!;
            edit(right, call.out.y, (indices) =>
              indices.forEach(
                (index, row) => (indices[row] = values.subarray(row * n, (row + 1) * n).lastIndexOf(values[row * n + index]!)),
              ),
            );
          },
        },
      }));
    const said = await run(() => last({ ties: false, nan: false }), ['argReduce', 'sort', 'maxPool2dGrad']);
    expect(said.checks.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(said.kernels.every(({ native }) => native > 5)).toBe(true);
    expect((await run(() => last({ nan: false }), ['argReduce'])).passed).toBe(false);
  });
});

test('integers carried as float32', async () => {
  const rounded = (values: readonly number[]): Int32Array =>
    Int32Array.from(values, (value) => Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.fround(value))));
  const create = (): Backend =>
    withChanges((right) => ({
      info: { ...right.info, exactIntegerLimit: 2 ** 24 },
      kernels: {
        cumulativeSum: (call) => {
          right.kernels.cumulativeSum!(call);
          const { x } = call.in;
          const { axis, exclusive, reverse } = call.attrs;
          if (x.dtype !== 'int32' || axis !== x.shape.length - 1) return;
          const [values, length] = [right.readSync!(x), x.shape[axis]!];
          const sums = Array.from(values, (value, i) => {
            let sum = exclusive ? 0 : value;
            for (let at = i + (reverse ? 1 : -1); at >= 0 && Math.floor(at / length) === Math.floor(i / length); at += reverse ? 1 : -1)
              sum = Math.fround(sum + (values[at] ?? 0));
            return sum;
          });
          right.write(call.out.y, rounded(sums));
        },
        binaryScalar: (call) => {
          right.kernels.binaryScalar!(call);
          if (call.in.x.dtype !== 'int32' || call.attrs.op !== 'mul') return;
          right.write(
            call.out.y,
            rounded(Array.from(right.readSync!(call.in.x), (x) => Math.fround(x) * Math.trunc(call.scalars.value || 0))),
          );
        },
      },
    }));
  const report = await conformance(create, { only: ['cumulativeSum', 'binaryScalar'] });
  expect(report.checks.filter(({ error }) => error !== undefined)).toEqual([]);
});
