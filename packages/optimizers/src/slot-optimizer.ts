// The part that all optimizers share. It keeps a few tensors (slots) for each parameter and updates all of them with one kernel call.

import type { OptionChecks, Optimizer, OptimizerState, Parameter, StepOptions, Tensor } from '@sinapse/core';
import { ShapeError, SinapseError, State, cell, check, fillAt, formatShape, hostStep, printsAs, sameShape, scope } from '@sinapse/core';
import type { ClippingOptions } from './clipping.ts';
import { CLIPPING, limited } from './clipping.ts';
import type { LearningRate, Schedule } from './schedules.ts';
import { rateOrSchedule, scheduleOf } from './schedules.ts';
import type { ParameterState, StepCells, Update, UpdateRule } from './update-rule.ts';
import { updateOf } from './update-rule.ts';

/** The options that every optimizer takes. */
export interface CommonOptions extends ClippingOptions {
  /** A number > 0, or a schedule: a function of the number of steps already made. */
  readonly learningRate?: LearningRate;
  /** How strongly parameters are pulled towards 0, >= 0. */
  readonly weightDecay?: number;
  /** Which parameters `weightDecay` applies to, e.g. `(parameter) => parameter.shape.length > 1` for kernels only. Default all. */
  readonly decay?: (parameter: Parameter) => boolean;
}

/** The checks of the common options. */
export const COMMON_OPTIONS: OptionChecks<CommonOptions> = {
  learningRate: rateOrSchedule,
  weightDecay: check.notNegative,
  decay: check.callable,
  ...CLIPPING,
};

/** Makes an optimizer from its rule. */
export function slotOptimizer<State extends ParameterState, Name extends string>(
  name: string,
  options: CommonOptions & { readonly learningRate: LearningRate },
  rule: UpdateRule<State, Name>,
): SlotOptimizer {
  return new SlotOptimizer(name, options, rule.slots, (cells) => updateOf(rule, cells) as unknown as Update<AnyState>, rule.initial);
}

/** The state of a parameter under any rule. */
export type AnyState = Readonly<Record<string, Tensor>>;

export class SlotOptimizer implements Optimizer {
  readonly name: string;
  private readonly slotNames: readonly string[];
  private readonly update: Update<AnyState>;
  private readonly initial: Readonly<Record<string, number>>;
  private readonly learningRate: Schedule;
  private readonly rate = cell(0);
  /** The number of the step being made, from 1. */
  private readonly next = cell(0);
  private readonly options: CommonOptions;
  private steps = 0;
  /** By the name of the slot, one State for each parameter. Empty until the first step. */
  private slots = new Map<string, State[]>();

  constructor(
    name: string,
    options: CommonOptions & { readonly learningRate: LearningRate },
    slotNames: readonly string[],
    update: (cells: StepCells) => Update<AnyState>,
    initial: Readonly<Record<string, number>> = {},
  ) {
    this.learningRate = scheduleOf(name, options.learningRate);
    this.name = name;
    this.options = options;
    this.slotNames = slotNames;
    this.initial = initial;
    this.update = update({ learningRate: this.rate, step: this.next });
  }

  /**
   * Updates the trainable parameters by their gradients, in place where nothing else refers to their values.
   * @param parameters the same at every step, in the same order
   * @param gradients one for each parameter, of its shape
   * @throws SinapseError when the lists do not fit each other or those of earlier steps
   */
  step(parameters: readonly Parameter[], gradients: readonly Tensor[], { skip }: StepOptions = {}): void {
    this.check(parameters, gradients);
    hostStep(() => {
      this.rate.value = this.learningRate(this.steps);
      this.next.value = this.steps + 1;
    });
    scope(() => {
      const trainable = [...parameters.keys()].filter((i) => parameters[i]!.trainable);
      // Only the gradients of trainable parameters are clipped, so that those of frozen ones do not count in the norm.
      const { gradients: within, scale } = limited(trainable.map((i) => gradients[i]!), this.options); // prettier-ignore
      const grad = gradients.slice();
      trainable.forEach((i, k) => (grad[i] = within[k]!));
      this.makeSlots(parameters);
      for (const { members, weightDecay } of this.groups(parameters, trainable)) {
        const pick = <T>(list: readonly T[]): readonly T[] => (members.length === list.length ? list : members.map((i) => list[i]!));
        const state: Record<string, readonly Tensor[]> = { param: pick(parameters).map(({ tensor }) => tensor) };
        for (const [name, cells] of this.slots) state[name] = pick(cells).map(({ tensor }) => tensor);
        const updated = this.update(state, { grad: pick(grad), scale, skip, weightDecay });
        pick(parameters).forEach((parameter, i) => parameter.assign(updated['param']![i]!));
        for (const [name, cells] of this.slots) pick(cells).forEach((cell, i) => cell.assign(updated[name]![i]!));
      }
    });
    hostStep(() => void this.steps++);
  }

  /** Returns the number of steps and all slots. Later steps do not change these tensors. The caller disposes of them. */
  state(): OptimizerState {
    return {
      step: this.steps,
      slots: Object.fromEntries(this.slotNames.map((name) => [name, (this.slots.get(name) ?? []).map((cell) => cell.value)])),
    };
  }

  /**
   * Continues from a state as if its steps had been made by this optimizer.
   * @throws SinapseError when the state belongs to another kind of optimizer
   */
  restore({ step, slots }: OptimizerState): void {
    if (!Number.isSafeInteger(step) || step < 0)
      throw new SinapseError(`${this.name}: the state's step: expected an integer >= 0, got ${String(step)}`);
    const given = Object.keys(slots);
    if (given.length !== this.slotNames.length || !this.slotNames.every((name) => Object.hasOwn(slots, name))) {
      const list = (names: readonly string[]): string => names.join(', ') || 'none';
      throw new SinapseError(`${this.name}: the state has other slots: expected ${list(this.slotNames)}, got ${list(given)}`);
    }
    const lengths = new Set(this.slotNames.map((name) => slots[name]!.length));
    if (lengths.size > 1 || (step > 0 && lengths.has(0)))
      throw new SinapseError(`${this.name}: the state is incomplete: its slots hold ${[...lengths].join(' and ')} tensors`);
    for (const cells of this.slots.values()) for (const cell of cells) cell.dispose();
    this.slots = new Map(lengths.has(0) ? [] : this.slotNames.map((name) => [name, slots[name]!.map((tensor) => new State(tensor))]));
    this.steps = step;
  }

  /** Its name, options and number of steps, as consoles show it. */
  toString(): string {
    const options = Object.entries(this.options).filter(([, value]) => value !== undefined);
    const texts = options.map(([name, value]) => `${name}: ${typeof value === 'function' ? 'a function' : String(value)}`);
    return `${this.name}({ ${texts.join(', ')} }), steps made: ${this.steps}`;
  }

  private check(parameters: readonly Parameter[], gradients: readonly Tensor[]): void {
    const { name } = this;
    if (gradients.length !== parameters.length)
      throw new SinapseError(`${name}: ${parameters.length} parameters, but ${gradients.length} gradients`);
    if (new Set(parameters).size !== parameters.length) throw new SinapseError(`${name}: a parameter is given twice; add its gradients up`);
    for (const cells of this.slots.values()) {
      if (cells.length !== parameters.length)
        throw new SinapseError(
          `${name}: ${parameters.length} parameters, but ${cells.length} in the steps before; make another optimizer for others`,
        );
      const other = parameters.findIndex(({ shape }, i) => !sameShape(shape, cells[i]!.shape));
      if (other >= 0)
        throw new ShapeError(
          `${name}: parameter ${other} is ${formatShape(parameters[other]!.shape)}, but ${formatShape(cells[other]!.shape)} in the steps before; make another optimizer for another model`,
        );
    }
    parameters.forEach(({ shape }, i) => {
      const gradient = gradients[i]!.shape;
      if (!sameShape(shape, gradient))
        throw new ShapeError(`${name}: parameter ${i} is ${formatShape(shape)}, its gradient ${formatShape(gradient)}`);
    });
  }

  /**
   * Makes all slots, filled with their initial number, or none if memory runs out. The scope leaves each cell the only holder of its storage, so that the
   * first step, too, is in place.
   */
  private makeSlots(parameters: readonly Parameter[]): void {
    if (this.slots.size === this.slotNames.length) return;
    scope(() => {
      const made = this.slotNames.map((name) => {
        const initial = this.initial[name] ?? 0;
        return [name, parameters.map(({ tensor }) => fillAt(tensor, tensor.shape, initial, tensor.dtype))] as const;
      });
      this.slots = new Map(made.map(([name, list]) => [name, list.map((tensor) => new State(tensor))]));
    });
  }

  /** Splits the trainable parameters into those with and without weight decay. Each group that is not empty costs one kernel call. */
  private groups(parameters: readonly Parameter[], trainable: readonly number[]): { members: number[]; weightDecay: number }[] {
    const { decay, weightDecay = 0 } = this.options;
    const isDecayed = (i: number): boolean => weightDecay > 0 && (decay?.(parameters[i]!) ?? true);
    return [
      { members: trainable.filter(isDecayed), weightDecay },
      { members: trainable.filter((i) => !isDecayed(i)), weightDecay: 0 },
    ].filter(({ members }) => members.length > 0);
  }
}

printsAs(SlotOptimizer, 'SlotOptimizer', String, String);
