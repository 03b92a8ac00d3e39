// The gradient of a derived kernel by way of its lowering, for kernels without a gradient formula. Second derivatives of fused kernels rest on it.

import type { KernelName, Inputs } from '../contract/kernels.ts';
import type { KernelDefinition } from '../dispatch/definition.ts';
import { runLowering } from '../dispatch/lowered.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { GradientCall, InputGradients, Rule } from './apply.ts';
import { backward } from './backward.ts';
import { leafOf } from './leaf.ts';
import type { GradientNode } from './node.ts';
import { recorded } from './recording.ts';

/** The rule of a kernel that is differentiated through its lowering. @param inputs the names of all its inputs */
export function ruleFromLowering<K extends KernelName>(kernel: KernelDefinition<K, Tensor>, inputs: Rule<K>['save']): Rule<K> {
  return { kernel, save: inputs, gradient: (call) => gradientOfLowering(kernel, call) };
}

/** Runs the lowering with recording on, and takes its gradient. */
function gradientOfLowering<K extends KernelName>(kernel: KernelDefinition<K, Tensor>, call: GradientCall<K>): InputGradients<K> {
  const saved = call.saved as unknown as Record<string, Tensor>;
  const needs = call.needs as Readonly<Record<string, boolean>>;
  return recorded(
    () => {
      const leaves = new Map<string, GradientNode>();
      const inputs: Record<string, Tensor> = {};
      for (const name of Object.keys(call.specs)) {
        const value = saved[name]!;
        if (!needs[name]) {
          inputs[name] = value;
          continue;
        }
        const leaf = leafOf(value);
        inputs[name] = leaf.tensor;
        leaves.set(name, leaf.node);
      }
      return {
        leaves,
        outputs: runLowering(
          kernel,
          inputs as unknown as Inputs<K, Tensor>,
          call.attrs,
          call.scalars,
          Object.values(saved)[0]!,
        ) as unknown as Record<string, Tensor>,
      };
    },
    ({ leaves, outputs }, outermost) => {
      const names = Object.keys(outputs);
      const d = call.d as Readonly<Record<string, Tensor | undefined>>;
      const gradients = backward(
        names.map((name) => outputs[name]!),
        names.map((name) => d[name]),
        [...leaves.values()],
        outermost,
      );
      return Object.fromEntries([...leaves.keys()].map((name, i) => [name, gradients[i]])) as InputGradients<K>;
    },
  );
}
