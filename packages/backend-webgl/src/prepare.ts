// Compiles what kernel calls will need: runs the kernels on a device that notes their passes and draws nothing.

import type { KernelSignature, KernelTable, Spec, Storage, View } from '@sinapse/core';
import { kernelDefinitions, specOf } from '@sinapse/core';
import type { Pass, ShaderDevice } from '@sinapse/shaders';
import { shaderKernels } from '@sinapse/shaders';

type Views<V> = Record<string, V | readonly V[] | undefined>;

/** Makes a function that gives the passes of a kernel call. */
export function passesOn({ maxOutputs, maxInputs }: ShaderDevice): (call: KernelSignature) => readonly Pass[] {
  let passes: Pass[] = [];
  const device: ShaderDevice = {
    maxOutputs,
    maxInputs,
    aligned: () => true,
    scratch: (spec, body) => body(viewOf(spec)),
    run: (pass) => void (pass.outputs[0]!.size > 0 && passes.push(pass)),
  };
  const kernels = shaderKernels(device) as KernelTable;
  return ({ kernel, inputs, attrs }) => {
    passes = [];
    const definition = kernelDefinitions[kernel] as { readonly infer: (inputs: unknown, attrs: unknown) => Views<Spec> };
    const run = kernels[kernel] as (call: object) => void;
    run({ in: viewsOf(inputs), out: viewsOf(definition.infer(inputs, attrs)), attrs, scalars: ANY_NUMBERS });
    return passes;
  };
}

/** Scalars of a call: no shader depends on them. */
const ANY_NUMBERS = new Proxy({}, { get: () => 1 });

function viewsOf(specs: Views<Spec>): Views<View> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [
      name,
      spec === undefined ? spec : Array.isArray(spec) ? spec.map(viewOf) : viewOf(spec as Spec),
    ]),
  );
}

/** A view that nobody reads or writes. */
function viewOf({ dtype, shape }: Spec): View {
  return { ...specOf(dtype, shape), storage: {} as Storage, offset: 0 };
}
