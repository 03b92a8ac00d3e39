// What all optimizers have in common: they keep a few tensors (slots) for each parameter, and update everything with one kernel call.

import type { OptionChecks, Optimizer, OptimizerState, Parameter, StepOptions, Tensor } from '@sinapse/core';
import { ShapeError, SinapseError, State, cell, check, formatShape, hostStep, sameShape, scope, zerosLike } from '@sinapse/core';
import type { ClippingOptions } from './clipping.ts';
import { limited } from './clipping.ts';
import type { LearningRate, Schedule } from './schedules.ts';
import { rateOrSchedule, scheduleOf } from './schedules.ts';
import type { ParameterState, StepCells, Update, UpdateRule } from './update-rule.ts';
import { updateOf } from './update-rule.ts';

/** The options that every optimizer takes. */
export interface CommonOptions extends ClippingOptions {
  /** A number > 0, or a schedule: the rate as a function of the number of steps already made. */
  readonly learningRate?: LearningRate;
  /** The pull of parameters towards 0, >= 0. */
  readonly weightDecay?: number;
  /** Which parameters `weightDecay` applies to, e.g. `(parameter) => parameter.shape.length > 1` for kernels only; all unless given. */
  readonly decay?: (parameter: Parameter) => boolean;
}

/** What the common options may be. */
export const COMMON_OPTIONS: OptionChecks<CommonOptions> = {
  learningRate: rateOrSchedule,
  weightDecay: check.notNegative,
  decay: check.callable,
  clipNorm: check.positive,
  clipValue: check.positive,
};

/** An optimizer of a rule. */
export function slotOptimizer<State extends ParameterState, Name extends string>(
  name: string,
  options: CommonOptions & { readonly learningRate: LearningRate },
  rule: UpdateRule<State, Name>,
): SlotOptimizer {
  return new SlotOptimizer(name, options, rule.slots, (cells) => updateOf(rule, cells) as unknown as Update<AnyState>);
}

/** The state of a parameter when it does not matter whose rule it is for. */
type AnyState = Readonly<Record<string, Tensor>>;

export class SlotOptimizer implements Optimizer {
  readonly name: string;
  private readonly slotNames: readonly string[];
  private readonly update: Update<AnyState>;
  private readonly learningRate: Schedule;
  private readonly rate = cell(0);
  /** The number of the step that is being made. */
  private readonly next = cell(0);
  private readonly options: CommonOptions;
  private steps = 0;
  /** Under the name of each slot, one state for each parameter; empty until the first step. */
  private slots = new Map<string, State[]>();

  constructor(
    name: string,
    options: CommonOptions & { readonly learningRate: LearningRate },
    slotNames: readonly string[],
    update: (cells: StepCells) => Update<AnyState>,
  ) {
    this.learningRate = scheduleOf(name, options.learningRate);
    this.name = name;
    this.options = options;
    this.slotNames = slotNames;
    this.update = update({ learningRate: this.rate, step: this.next });
  }

  /**
   * Moves parameters against their gradients, in place where nobody else holds their values. Parameters that are not trainable stay.
   * @param parameters the same at every step, in the same order
   * @param gradients one for each parameter, of its shape
   * @throws SinapseError when the lists do not fit each other, or those of the steps before
   */
  step(parameters: readonly Parameter[], gradients: readonly Tensor[], { skip }: StepOptions = {}): void {
    this.check(parameters, gradients);
    hostStep(() => {
      this.rate.value = this.learningRate(this.steps);
      this.next.value = this.steps + 1;
    });
    scope(() => {
      const { gradients: grad, scale } = limited(gradients, this.options);
      this.makeSlots(parameters);
      for (const { members, weightDecay } of this.groups(parameters)) {
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

  /** The count of steps and all slots, as they are now: later steps leave them as they are. The caller disposes of the tensors. */
  state(): OptimizerState {
    return {
      step: this.steps,
      slots: Object.fromEntries(this.slotNames.map((name) => [name, (this.slots.get(name) ?? []).map((cell) => cell.value)])),
    };
  }

  /**
   * Goes on from a state, as if the steps before it had been made here.
   * @throws SinapseError when the state is not one of this kind of optimizer
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
    }
    parameters.forEach(({ shape }, i) => {
      const gradient = gradients[i]!.shape;
      if (!sameShape(shape, gradient))
        throw new ShapeError(`${name}: parameter ${i} is ${formatShape(shape)}, its gradient ${formatShape(gradient)}`);
    });
  }

  /**
   * Slots begin as zeros: all of them, or none where memory runs out. The scope leaves each cell the only holder of its storage, so that the first
   * step is in place, too.
   */
  private makeSlots(parameters: readonly Parameter[]): void {
    if (this.slots.size === this.slotNames.length) return;
    scope(() => {
      const zeros = this.slotNames.map((name) => [name, parameters.map(({ tensor }) => zerosLike(tensor))] as const);
      this.slots = new Map(zeros.map(([name, list]) => [name, list.map((tensor) => new State(tensor))]));
    });
  }

  /** The trainable parameters that are decayed and those that are not: one kernel call for each group, as a rule one group. */
  private groups(parameters: readonly Parameter[]): { members: number[]; weightDecay: number }[] {
    const { decay, weightDecay = 0 } = this.options;
    const trainable = parameters.flatMap((parameter, i) => (parameter.trainable ? [i] : []));
    const isDecayed = (i: number): boolean => weightDecay > 0 && (decay?.(parameters[i]!) ?? true);
    return [
      { members: trainable.filter(isDecayed), weightDecay },
      { members: trainable.filter((i) => !isDecayed(i)), weightDecay: 0 },
    ].filter(({ members }) => members.length > 0);
  }
}
