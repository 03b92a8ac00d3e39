// No op may produce float32 where it should keep the dtype of its input. Shapes and dtypes are enough to show this, so the cases and gradients of
// the suite run in half precision on a backend without values.

import type { Backend, DType, KernelName, KernelTable, Program, Tensor, TypedArray } from '@sinapse/core';
import {
  dispatch,
  hostArray,
  IEEE_754,
  isFloat,
  kernelDefinitions,
  meta,
  makerOn,
  scope,
  specOf,
  sum,
  valueAndGrad,
  withBackend,
  writeAt,
} from '@sinapse/core';
import { describe, expect, test } from 'vitest';
import { gradientCases } from '@sinapse/core/cases';
import { inputsOf } from './gradients/draw.ts';
import type { Grid } from './grid/kernel-case.ts';
import { entriesOf, mapSlots } from './grid/slots.ts';
import type { HostTensor } from './grid/values.ts';
import { recordOf } from './kernels/records.ts';
import { definitionOf } from './tolerances/expectation.ts';

const grid: Grid = {
  seed: 1,
  full: false,
  dtypes: ['float32', 'int32', 'bool'],
  offsets: false,
  integerLimit: 2 ** 31,
  floats: IEEE_754,
  limit: 25,
};

/** Means and variances of a batch are float32, whatever the dtype of the batch. */
const STATISTICS = ['batchNorm mean', 'batchNorm variance', 'batchNormGrad mean', 'batchNormGrad variance'];

/** Cases with a float32 result by their own formula, and cases that add such a result to a tensor of the inputs' dtype. */
const FLOAT32_RESULTS = ['cast to the same dtype', 'statistics of batchNorm'];
const MIXED = ['prod with a zero', 'all of batchNorm'];

/** A backend without values. With `lowering` it has only the required kernels, so that all others are lowered. */
function shapesOnly(lowering: boolean): Backend {
  const backend = meta();
  const required = Object.keys(kernelDefinitions).filter((name) => kernelDefinitions[name as KernelName].lower === undefined);
  const kernels = Object.fromEntries(required.map((name) => [name, () => undefined])) as unknown as KernelTable;
  return {
    ...backend,
    ...(lowering && { kernels }),
    write: (view, data) => expect(data.constructor, `data of a ${view.dtype} tensor`).toBe(hostArray(view.dtype, 0).constructor),
  };
}

function halved(backend: Backend, tensor: HostTensor, to: DType): Tensor {
  const dtype = isFloat(tensor.dtype) ? to : tensor.dtype;
  const data: TypedArray = isFloat(tensor.dtype) ? hostArray(dtype, tensor.size) : tensor.data;
  return writeAt(makerOn(backend), specOf(dtype, tensor.shape), data);
}

/** Attributes that name dtypes, with float16 for float32. */
function halvedAttrs(attrs: object): object {
  if ('precision' in attrs) return { ...attrs, precision: { output: 'float16', accumulation: 'float32' } };
  if (!('program' in attrs)) return attrs;
  const { inputs, scalars, instructions, outputs } = attrs.program as Program;
  const half = (dtype: DType): DType => (dtype === 'float32' ? 'float16' : dtype);
  const program: Program = {
    inputs: inputs.map(half),
    scalars: scalars.map((scalar) => ({ ...scalar, dtype: half(scalar.dtype) })),
    instructions: instructions.map((each) => ('dtype' in each ? { ...each, dtype: half(each.dtype) } : each)),
    outputs,
  };
  return { ...attrs, program };
}

describe.each([
  ['by its kernel', false],
  ['by its lowering', true],
])('%s', (_, lowering) => {
  test.each(Object.keys(kernelDefinitions) as KernelName[])('%s of float16 gives float16', (kernel) => {
    const backend = shapesOnly(lowering);
    let compared = 0;
    for (const call of recordOf(kernel).cases(grid)) {
      scope(() => {
        const wide = entriesOf<HostTensor>(call.inputs).map(({ name, value }) => [name, value.dtype] as const);
        if (!wide.some(([, dtype]) => dtype === 'float32')) return;
        const inputs = mapSlots<HostTensor, Tensor>(call.inputs, (tensor, slot) =>
          STATISTICS.includes(`${kernel} ${slot}`) ? halved(backend, tensor, 'float32') : halved(backend, tensor, 'float16'),
        );
        const attrs = halvedAttrs(call.attrs);
        const outputs = dispatch(definitionOf(kernel), inputs as never, attrs as never, call.scalars, makerOn(backend));
        const expected = entriesOf<{ readonly dtype: DType }>(kernelDefinitions[kernel].infer(call.inputs as never, call.attrs as never));
        entriesOf<Tensor>(outputs).forEach(({ name, value }, i) => {
          const float = expected[i]!.value.dtype === 'float32' && kernel !== 'cast' && !STATISTICS.includes(`${kernel} ${name}`);
          expect(value.dtype, `${kernel} ${name}`).toBe(float ? 'float16' : expected[i]!.value.dtype);
          compared++;
        });
      });
    }
    if (kernel !== 'fill' && kernel !== 'randomBits') expect(compared).toBeGreaterThan(5);
  });

  const gradients = Object.values(gradientCases).flat();
  test.each(gradients.filter(({ name }) => !MIXED.includes(name)))(
    'the gradient of $name in bfloat16 is bfloat16, the second too',
    (gradientCase) => {
      const { name, f } = gradientCase;
      const backend = shapesOnly(lowering);
      withBackend(backend, () =>
        scope(() => {
          const xs = inputsOf(gradientCase).map((input) => halved(backend, input, 'bfloat16'));
          const floats = xs.filter(({ dtype }) => dtype === 'bfloat16');
          const loss = (...ys: Tensor[]): Tensor => {
            const y = f(...ys);
            expect(y.dtype).toBe(FLOAT32_RESULTS.includes(name) ? 'float32' : 'bfloat16');
            return sum(y.square());
          };
          const first = (...ys: Tensor[]): Tensor =>
            valueAndGrad(loss, ys)
              .gradients.map((gradient, i) => {
                expect(gradient.dtype).toBe(ys[i]!.dtype);
                return sum(gradient.square());
              })
              .reduce((a, b) => a.add(b));
          expect(floats.length).toBeGreaterThan(0);
          for (const gradient of valueAndGrad(first, xs).gradients) expect(gradient.dtype).toBe('bfloat16');
        }),
      );
    },
  );
});
