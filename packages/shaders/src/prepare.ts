// What kernel calls will need to be compiled: runs the kernels on a device that notes their passes and computes nothing.

import type { KernelSignature, KernelTable, Spec, Storage, View } from '@sinapse/core';
import { kernelDefinitions, specOf } from '@sinapse/core';
import { shaderKernels } from './kernels.ts';
import type { Pass, ShaderDevice } from './pass.ts';

type Slots<V> = Record<string, V | readonly V[] | undefined>;

/** Makes a function that gives the passes of a kernel call. Where outputs may take over storages of inputs, it gives the passes of both ways. */
export function passesOn(
  device: Pick<ShaderDevice, 'maxOutputs' | 'maxInputs' | 'workgroups'>,
): (call: KernelSignature) => readonly Pass[] {
  let passes: Pass[] = [];
  const kernels = shaderKernels({
    maxOutputs: device.maxOutputs,
    maxInputs: device.maxInputs,
    workgroups: device.workgroups ?? false,
    aligned: () => true,
    scratch: (spec, body) => body(viewOf(spec)),
    run: (pass) => void (pass.outputs[0]!.size > 0 && passes.push(pass)),
  }) as KernelTable;
  return ({ kernel, inputs, attrs }) => {
    passes = [];
    const definition = kernelDefinitions[kernel] as {
      readonly infer: (inputs: unknown, attrs: unknown) => Slots<Spec>;
      readonly donates?: Readonly<Record<string, string>>;
    };
    const run = kernels[kernel] as ((call: object) => void) | undefined;
    if (run === undefined) return []; // lowered: its caller prepares the calls that the lowering makes
    const views = viewsOf(inputs);
    const outputs = viewsOf(definition.infer(inputs, attrs));
    run({ in: views, out: outputs, attrs, scalars: ANY_NUMBERS });
    if (definition.donates !== undefined)
      run({ in: views, out: takenOver(outputs, views, definition.donates), attrs, scalars: ANY_NUMBERS });
    return passes;
  };
}

/** Scalars of a call: no shader depends on them. */
const ANY_NUMBERS = new Proxy({}, { get: () => 1 });

/** Outputs in the storages of the inputs that give theirs, where those are there. */
function takenOver(outputs: Slots<View>, inputs: Slots<View>, donates: Readonly<Record<string, string>>): Slots<View> {
  const donor = (slot: string, own: View, k?: number): View => {
    const given = inputs[donates[slot] ?? ''];
    const view = k === undefined ? (given as View | undefined) : (given as readonly View[] | undefined)?.[k];
    return view?.dtype === own.dtype && view.size === own.size ? view : own;
  };
  return Object.fromEntries(
    Object.entries(outputs).map(([slot, own]) => [
      slot,
      own === undefined ? own : Array.isArray(own) ? own.map((view, k) => donor(slot, view, k)) : donor(slot, own as View),
    ]),
  );
}

function viewsOf(specs: Slots<Spec>): Slots<View> {
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
