// A neuron with two inputs, and what it can learn from, as plain data.

export const activationNames = ['step', 'linear', 'sigmoid'] as const;
export type ActivationName = (typeof activationNames)[number];

export interface Neuron {
  readonly weights: readonly [number, number];
  readonly bias: number;
  readonly activation: ActivationName;
}

/** A point of the plane and the output that is wanted for it. */
export interface Example {
  readonly x: readonly [number, number];
  readonly target: 0 | 1;
}

/** What both inputs lie within. */
export const RANGE = [-0.5, 1.5] as const;

export const gateNames = ['and', 'or', 'nand', 'xor'] as const;
export type GateName = (typeof gateNames)[number];

export const dataNames = [...gateNames, 'clouds', 'own'] as const;
export type DataName = (typeof dataNames)[number];

/** What each gate gives for (0, 0), (0, 1), (1, 0) and (1, 1). */
const outputs: Readonly<Record<GateName, readonly (0 | 1)[]>> = {
  and: [0, 0, 0, 1],
  or: [0, 1, 1, 1],
  nand: [1, 1, 1, 0],
  xor: [0, 1, 1, 0],
};

/** The truth table of a gate. */
export const gate = (name: GateName): Example[] => outputs[name].map((target, i) => ({ x: [i >> 1, i & 1] as const, target }));

/** The class of an output: the second one from a half on. */
export const classOf = (output: number): 0 | 1 => (output >= 0.5 ? 1 : 0);
