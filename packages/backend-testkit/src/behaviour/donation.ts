// Kernels write in place only by donation: an optimizer's step reuses the storage of a parameter only if nothing else refers to it. (The cases of
// conv2d test the donation of a residual.)

import type { Scalar, Scalars, Tensor } from '@sinapse/core';
import { adamStep, add, fusedUpdate, mul, scope, sgdStep, sub, tensor, withBackend } from '@sinapse/core';
import type { Subject } from '../subject.ts';
import type { Rule } from './rule.ts';
import { demand, demandSame } from './rule.ts';

type Lists = Readonly<Record<string, readonly Tensor[]>>;

/** A step of one parameter: its inputs, how to run it, and whether the backend has a kernel for it. */
interface Step<In extends Lists> {
  readonly inputs: () => In;
  readonly run: (inputs: In) => Lists;
  readonly isNative: (subject: Subject, inputs: In) => boolean;
}

const SGD: Scalars<'sgdStep'> = { learningRate: 0.1, momentum: 0.9, weightDecay: 0 };
const ADAM: Scalars<'adamStep'> = { learningRate: 0.1, weightDecay: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, correction1: 0.1, correction2: 0.001 }; // prettier-ignore

const list = (...values: number[]): readonly Tensor[] => [tensor(values)];

const sgd: Step<{ param: readonly Tensor[]; grad: readonly Tensor[]; velocity: readonly Tensor[] }> = {
  inputs: () => ({ param: list(1, -2, 3), grad: list(0.5, 1, -1), velocity: list(0.1, 0, 2) }),
  run: (inputs) => ({ ...sgdStep(inputs, { nesterov: false }, SGD) }),
  isNative: ({ backend }, inputs) =>
    backend.kernels.sgdStep !== undefined && (backend.accepts?.('sgdStep', inputs, { nesterov: false }) ?? true) === true,
};

const adam: Step<{ param: readonly Tensor[]; grad: readonly Tensor[]; m: readonly Tensor[]; v: readonly Tensor[] }> = {
  inputs: () => ({ param: list(1, -2, 3), grad: list(0.5, 1, -1), m: list(0.1, 0, 2), v: list(1, 2, 3) }),
  run: (inputs) => ({ ...adamStep(inputs, { decoupled: false }, ADAM) }),
  isNative: ({ backend }, inputs) =>
    backend.kernels.adamStep !== undefined && (backend.accepts?.('adamStep', inputs, { decoupled: false }) ?? true) === true,
};

const update = fusedUpdate(({ param, mean }: { param: Tensor; mean: Tensor }, { grad, rate }: { grad: Tensor; rate: Scalar }) => {
  const next = add(mul(mean, 0.9), grad);
  return { param: sub(param, mul(next, rate)), mean: next };
});

const program: Step<{ param: readonly Tensor[]; grad: readonly Tensor[]; mean: readonly Tensor[] }> = {
  inputs: () => ({ param: list(1, -2, 3), grad: list(0.5, 1, -1), mean: list(0.1, 0, 2) }),
  run: ({ param, grad, mean }) => ({ ...update({ param, mean }, { grad, rate: 0.1 }) }),
  isNative: ({ backend }) => backend.kernels.elementwise !== undefined,
};

/** Takes the step with parameters that something else refers to, and again with others; checks which storages the results use. */
async function checkStep<In extends Lists>(subject: Subject, { inputs, run, isNative }: Step<In>): Promise<void> {
  const { before, kept, fresh, reused } = withBackend(subject.backend, () =>
    scope(() => {
      const shared = inputs();
      const held = mapLists(shared, (x) => x.alias());
      const native = isNative(subject, shared);
      const copied = run(shared);
      eachOf(copied, (name, i, x) =>
        demand(x.storage !== shared[name]?.[i]?.storage, `${name} was overwritten although something else refers to it`),
      );
      const own = inputs();
      const versions = mapLists(own, (x) => x.storage.version);
      const updated = run(own);
      eachOf(updated, (name, i, x) => {
        const inPlace = x.storage === own[name]![i]!.storage;
        demand(inPlace || !native, `${name} was copied although nothing else refers to it`);
        demand(!inPlace || x.storage.version > versions[name]![i]!, `${name} was overwritten and its version did not grow`);
      });
      return { before: inputs(), kept: held, fresh: copied, reused: updated };
    }),
  );
  try {
    for (const [name, [x]] of Object.entries(kept))
      demandSame(`${name}, to which something else refers, after the step`, await x!.data(), await before[name]![0]!.data());
    for (const [name, [x]] of Object.entries(fresh)) {
      if (x !== undefined) demandSame(`${name}, in place and not`, await reused[name]![0]!.data(), await x.data());
    }
  } finally {
    for (const lists of [before, kept, fresh, reused]) eachOf(lists, (_, __, x) => x.dispose());
  }
}

function eachOf(lists: Lists, visit: (name: string, index: number, x: Tensor) => void): void {
  for (const [name, tensors] of Object.entries(lists)) tensors.forEach((x, i) => visit(name, i, x));
}

function mapLists<V>(lists: Lists, change: (x: Tensor) => V): Record<string, V[]> {
  return Object.fromEntries(Object.entries(lists).map(([name, tensors]) => [name, tensors.map(change)]));
}

export const donationRules: readonly Rule[] = [
  { name: 'elementwise works in place where nothing else refers to a parameter', run: (subject) => checkStep(subject, program) },
  { name: 'sgdStep works in place where nothing else refers to a parameter', run: (subject) => checkStep(subject, sgd) },
  { name: 'adamStep works in place where nothing else refers to a parameter', run: (subject) => checkStep(subject, adam) },
];
