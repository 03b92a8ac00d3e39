// The suite must find faults: each backend here has one deliberate mistake, and a test names the check that finds it.

import type { Backend, KernelName, Storage, TypedArray, View } from '@sinapse/core';
import { describe, expect, test } from 'vitest';
import type { Changes } from '../test/altered.ts';
import { edit, whileChanged, withChanges, withKernel } from '../test/altered.ts';
import { conformance } from './conformance/conformance.ts';
import type { ConformanceOptions } from './options.ts';

/** The names of the failed checks of a run. */
async function failures(create: () => Backend, options: ConformanceOptions): Promise<string[]> {
  const { checks } = await conformance(create, options);
  return checks.flatMap(({ section, name, error }) => (error === undefined ? [] : [`${section} ${name}: ${error}`]));
}

/** Reports a failure of each of the kernels, and shows the message of one. */
async function caught(create: () => Backend, kernel: KernelName, options: ConformanceOptions = { sections: ['kernels'] }): Promise<string> {
  const found = await failures(create, { ...options, only: [kernel] });
  expect(found.length).toBeGreaterThan(0);
  return found.join('\n');
}

describe('kernels with a mistake', () => {
  test('matmul that ignores transposeB', async () => {
    const create = withKernel('matmul', (right) => (call) => {
      const { a, b } = call.in;
      const [batch, rows, columns] = b.shape as [number, number, number];
      const stored = call.attrs.transposeB ? { ...b, shape: [batch, columns, rows] } : b;
      right({ ...call, in: { a, b: stored }, attrs: { ...call.attrs, transposeB: false } });
    });
    expect(await caught(create, 'matmul')).toMatch(/"transposeB":true.* seed 1, case \d+: y\[\d+\] = .*, expected .* allowed/);
  });

  test('conv2d that is off by one in its dilation', async () => {
    const create = withKernel('conv2d', (right) => (call) => {
      const [vertical, horizontal] = call.attrs.dilation;
      right({ ...call, attrs: { ...call.attrs, dilation: [Math.max(1, vertical - 1), horizontal] } });
    });
    expect(await caught(create, 'conv2d')).toContain('"dilation":[2,2]');
  });

  test('maxPool2dGrad that gives ties to the last element', async () => {
    const create = withKernel('maxPool2dGrad', (_, backend) => ({ in: { x, dy }, out, attrs: { window, strides, padding } }) => {
      const [batch, height, width, channels] = x.shape as [number, number, number, number];
      const [values, gradients, dx] = [backend.readSync!(x), backend.readSync!(dy), new Float32Array(x.size)];
      gradients.forEach((gradient, i) => {
        const [channel, column, row] = [
          i % channels,
          Math.floor(i / channels) % dy.shape[2]!,
          Math.floor(i / channels / dy.shape[2]!) % dy.shape[1]!,
        ];
        const image = Math.floor((i * batch) / dy.size);
        let best = -1;
        for (let tap = 0; tap < window[0] * window[1]; tap++) {
          const y = row * strides[0] - padding[0] + Math.floor(tap / window[1]);
          const at = column * strides[1] - padding[2] + (tap % window[1]);
          if (y < 0 || y >= height || at < 0 || at >= width) continue;
          const index = ((image * height + y) * width + at) * channels + channel;
          if (best < 0 || !(values[index]! < values[best]!)) best = index;
        }
        dx[best] = dx[best]! + gradient;
      });
      backend.write(out.dx, dx);
    });
    const message = await caught(create, 'maxPool2dGrad');
    expect(message).toMatch(/values (ties|zeros|nan|infinities)/);
    expect(message).not.toContain('values ordinary');
  });

  test('a kernel that leaves the last element unwritten', async () => {
    const create = withKernel('unary', (right) => (call) => right({ ...call, out: { y: { ...call.out.y, size: call.out.y.size - 1 } } }));
    expect(await caught(create, 'unary')).toContain('(1 of');
  });

  test('a kernel that ignores the offset of a view', async () => {
    const create = withKernel('transpose', (right) => (call) => right({ ...call, in: { x: { ...call.in.x, offset: 0 } } }));
    expect(await caught(create, 'transpose')).toContain(', views,');
  });

  test('a kernel that writes its input', async () => {
    const create = withKernel('biasActivation', (right, backend) => (call) => {
      right(call);
      if (call.in.x.size > 0) backend.write(call.in.x, backend.readSync!(call.out.y));
    });
    expect(await caught(create, 'biasActivation')).toMatch(/element \d+ of the input x was changed/);
  });

  test('a kernel that writes beside a donated view', async () => {
    const create = withKernel('sgdStep', (right, backend) => (call) => {
      right(call);
      for (const param of call.out.param)
        if (param.offset > 0) backend.write({ ...param, offset: param.offset - 1, size: 1, shape: [1] }, Float32Array.of(0));
    });
    expect(await caught(create, 'sgdStep')).toContain('an element beside the input param was changed');
  });

  test('a kernel that keeps its workspace', async () => {
    const create = withKernel('softmax', (right, backend) => (call) => {
      backend.allocate({ dtype: 'float32', shape: [4], size: 4 });
      right(call);
    });
    expect(await caught(create, 'softmax')).toContain('storages are leaked');
  });

  test('sort that is not stable', async () => {
    const create = withKernel('sort', (right, backend) => (call) => {
      right(call);
      const last = call.in.x.shape.at(-1)!;
      const values = backend.readSync!(call.out.values);
      edit(backend, call.out.indices, (order) => {
        for (let i = 1; i < order.length; i++) {
          if (i % last !== 0 && values[i] === values[i - 1]) [order[i - 1], order[i]] = [order[i]!, order[i - 1]!];
        }
      });
    });
    expect(await caught(create, 'sort')).toContain('indices[');
  });

  test('a maximum that ignores NaN', async () => {
    const create = withKernel('reduce', (right, backend) => (call) => {
      const ignore = call.attrs.op === 'max' && call.in.x.dtype === 'float32';
      whileChanged(backend, call.in.x, (value) => (ignore && Number.isNaN(value) ? -Infinity : value), () => right(call)); // prettier-ignore
    });
    expect(await caught(create, 'reduce')).toContain('must be NaN');
  });

  test('select that loses the sign of zero', async () => {
    const create = withKernel('select', (right, backend) => (call) => {
      right(call);
      edit(backend, call.out.y, (values) => values.forEach((value, i) => (values[i] = value + 0)));
    });
    expect(await caught(create, 'select')).toMatch(/= 0, expected -0: zero has the other sign/);
  });

  test('adamStep that ignores skip', async () => {
    const create = withKernel('adamStep', (right) => (call) => {
      const { skip: _, ...inputs } = call.in;
      right({ ...call, in: inputs });
    });
    expect(await caught(create, 'adamStep')).toContain('skip bool[]');
  });

  test('products with 10 bits instead of 23', async () => {
    const shorter = (value: number): number => Math.fround(value * 8193) - Math.fround(Math.fround(value * 8193) - value);
    const create = withKernel('matmul', (right, backend) => (call) => whileChanged(backend, call.in.a, shorter, () => right(call)));
    expect(await caught(create, 'matmul')).toContain('is off by');
  });

  test('dropout with the threshold on the wrong side', async () => {
    const create = withKernel(
      'dropout',
      (right) => (call) => right({ ...call, scalars: { ...call.scalars, rate: 1 - call.scalars.rate } }),
    );
    expect(await caught(create, 'dropout')).toContain('cases failed');
  });

  test('gather that clamps its indices', async () => {
    const create = withKernel('gather', (right, backend) => (call) => {
      const length = call.in.x.shape[call.attrs.axis]!;
      whileChanged(backend, call.in.indices, (index) => Math.min(length - 1, Math.max(0, index)), () => right(call)); // prettier-ignore
    });
    expect(await caught(create, 'gather')).toMatch(/\d+ of \d+ cases failed/);
  });

  test('integers that do not wrap', async () => {
    const create = withKernel('binaryScalar', (right, backend) => (call) => {
      right(call);
      if (call.attrs.op !== 'add' || call.out.y.dtype !== 'int32') return;
      const sums = Array.from(backend.readSync!(call.in.x), (x) => Math.max(-0x80000000, Math.min(0x7fffffff, x + call.scalars.value)));
      backend.write(call.out.y, Int32Array.from(sums));
    });
    expect(await caught(create, 'binaryScalar')).toMatch(/int32\[.*\]\) attrs \{"op":"add"/);
  });

  test('batchNorm that takes the variance from sums of squares', async () => {
    const create = withKernel('batchNorm', (right, backend) => (call) => {
      right(call);
      const [x, channels] = [backend.readSync!(call.in.x), call.in.scale.size];
      const sums = new Float32Array(2 * channels); // of x and of x²
      x.forEach((value, i) => {
        sums[i % channels]! += value;
        sums[channels + (i % channels)]! += value * value;
      });
      const count = x.length / channels;
      edit(backend, call.out.variance, (values) =>
        values.forEach((_, c) => (values[c] = sums[channels + c]! / count - (sums[c]! / count) ** 2)),
      );
    });
    expect(await caught(create, 'batchNorm')).toContain('variance[');
  });

  test('batchNormGrad that takes the statistics for constants', async () => {
    const create = withKernel('batchNormGrad', (right, backend) => (call) => {
      right(call);
      const [dy, scale, variance] = [backend.readSync!(call.in.dy), backend.readSync!(call.in.scale), backend.readSync!(call.in.variance)];
      if (call.attrs.activation !== 'linear') return;
      const factor = (c: number): number => scale[c]! / Math.sqrt(variance[c]! + call.scalars.epsilon);
      backend.write(
        call.out.dx,
        Float32Array.from(dy, (value, i) => value * factor(i % scale.length)),
      );
    });
    expect(await caught(create, 'batchNormGrad')).toContain('dx[');
  });

  test('conv2d that forgets the residual', async () => {
    const create = withKernel('conv2d', (right) => (call) => {
      const { residual: _, ...inputs } = call.in;
      right({ ...call, in: inputs });
    });
    expect(await caught(create, 'conv2d')).toContain('residual float32[');
  });

  test('a lowering that disagrees with its kernel', async () => {
    const create = withKernel('avgPool2d', (right) => (call) => right({ ...call, attrs: { ...call.attrs, includePadding: false } }));
    expect(await caught(create, 'avgPool2d', { sections: ['lowerings'] })).toContain('the lowering, the kernel expected');
  });

  test('a gradient kernel that is wrong', async () => {
    const create = withKernel('conv2dFilterGrad', (right, backend) => (call) => {
      right(call);
      edit(backend, call.out.dfilter, (values) => void (values[0] = values[0]! + 0.01));
    });
    const found = await failures(create, { sections: ['gradients'] });
    expect(found.length).toBeGreaterThan(5);
    expect(found.every((message) => message.startsWith('gradients conv'))).toBe(true);
  });
});

describe('backends that break a rule', () => {
  const broken = (changes: (right: Backend) => Changes) =>
    failures(() => withChanges(changes), { sections: ['behaviour'], only: ['unary', 'reduce', 'matmul'] });

  test('a read that gives the memory itself', async () => {
    const live = (view: View): TypedArray =>
      (view.storage as Storage & { data: TypedArray }).data.subarray(view.offset, view.offset + view.size);
    const found = await broken(() => ({ read: (view) => Promise.resolve(live(view)) }));
    expect(found.some((message) => message.includes('a read before a write'))).toBe(true);
  });

  test('a leak', async () => {
    let released = 0;
    const found = await broken((right) => ({ release: (storage) => (released++ % 5 === 4 ? undefined : right.release(storage)) }));
    expect(found.some((message) => message.includes('leaked'))).toBe(true);
  });

  test('a recycled storage with an old version', async () => {
    const found = await broken((right) => ({ allocate: (spec) => Object.assign(right.allocate(spec), { version: 0 }) }));
    expect(found.some((message) => message.includes('a recycled storage has version 0'))).toBe(true);
  });

  test('results that change from run to run', async () => {
    let calls = 0;
    const found = await broken((right) => ({
      kernels: {
        reduce: (call) => {
          right.kernels.reduce(call);
          if (call.out.y.dtype === 'float32')
            edit(right, call.out.y, (values) => values.forEach((value, i) => (values[i] = value * (1 + (++calls % 2) * 2 ** -23))));
        },
      },
    }));
    expect(found.some((message) => message.includes('run twice'))).toBe(true);
  });

  test('integers that are not as exact as promised', async () => {
    const rounding = (right: Backend): NonNullable<Changes['kernels']> => ({
      binaryScalar: (call) => {
        right.kernels.binaryScalar!(call);
        if (call.out.y.dtype === 'int32')
          edit(right, call.out.y, (values) => values.forEach((value, i) => (values[i] = Math.fround(value))));
      },
    });
    const promising = (limit: number) =>
      broken((right) => ({ kernels: rounding(right), info: { ...right.info, exactIntegerLimit: limit } }));
    expect(await promising(2 ** 24)).toEqual([]);
    expect((await promising(2 ** 31)).some((message) => message.includes('int32 arithmetic near 2147483647'))).toBe(true);
  });

  test('a close() that closes other instances', async () => {
    const made: Backend[] = [];
    const found = await broken((right) => {
      made.push(right);
      return { close: () => Promise.all(made.map((each) => each.close())).then(() => undefined) };
    });
    expect(found.join()).toContain('close() gives everything back, and closes no other instance: the backend is closed');
  });

  test('a required kernel that is refused', async () => {
    const tooMany = (inputs: object): boolean => (inputs as { xs: readonly unknown[] }).xs.length > 4;
    const create = (): Backend =>
      withChanges(() => ({ accepts: (kernel, inputs) => (kernel === 'concat' && tooMany(inputs) ? 'too many parts' : true) }));
    expect(await caught(create, 'concat')).toContain('concat is required, but too many parts');
  });

  test('a kernel that the table does not know, and one that is missing', async () => {
    const found = await broken(() => ({ kernels: { matMul: () => {} } as Changes['kernels'] & object }));
    expect(found.join()).toContain('matMul is not a kernel of the table');
    const { checks } = await conformance(() => withChanges(() => ({ kernels: { concat: undefined } })), { only: ['concat'] });
    expect(checks[0]!.error).toContain('concat is required, but the backend has no such kernel');
  });
});
