// Groups of parameters with an optimizer each: other rates for some layers, no decay for biases.

import type { Check, Optimizer, OptimizerState, OptionChecks, Parameter, StepOptions, Tensor } from '@sinapse/core';
import {
  SinapseError,
  State,
  checkOptions,
  checkValue,
  fused,
  hostStep,
  mul,
  parametersOf,
  pathMatcher,
  printsAs,
  scope,
  zeros,
} from '@sinapse/core';
import type { ClippingOptions } from './clipping.ts';
import { CLIPPING, limited } from './clipping.ts';
import { OPTIMIZER, described } from './wrapped.ts';

/** Some parameters of a model and their optimizer. */
export interface ParameterGroup {
  /** A pattern of paths in the model, in which `*` stands for any text (`'encoder*'`, `'*bias'`), or a function of the parameter and its path. */
  readonly parameters: string | ((parameter: Parameter, path: string) => boolean);
  readonly optimizer: Optimizer;
}

export interface GroupedOptions extends ClippingOptions {
  /** The optimizer of the parameters of no group. */
  readonly rest: Optimizer;
}

const OPTIONS: OptionChecks<GroupedOptions> = { ...CLIPPING, rest: { ...OPTIMIZER, required: true } };

const isGroup = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const { parameters, optimizer } = value as Partial<ParameterGroup>;
  return (typeof parameters === 'string' || typeof parameters === 'function') && OPTIMIZER.accepts(optimizer);
};

const GROUPS: Check = {
  expected: "a list of groups, e.g. [{ parameters: '*bias', optimizer: sgd() }]",
  accepts: (value) => Array.isArray(value) && value.every(isGroup),
};

/**
 * An optimizer that leaves each parameter to the optimizer of the first group that it belongs to, or to `rest`. Every optimizer has its own
 * learning rate, schedule and weight decay; `clipNorm` and `clipValue`, given here, count the gradients of all.
 *
 *     grouped(model, [{ parameters: 'encoder*', optimizer: adamW({ learningRate: 1e-5 }) }], { rest: adamW() })
 * @param model built, so that its parameters have paths
 * @throws SinapseError when a group's pattern names no parameter, or one optimizer is given twice
 */
export function grouped(model: object, groups: readonly ParameterGroup[], options: GroupedOptions): Grouped {
  checkValue('grouped: model', model, { expected: 'a model', accepts: (value) => typeof value === 'object' && value !== null });
  checkValue('grouped: groups', groups, GROUPS);
  checkOptions('grouped', options, OPTIONS);
  const { rest, ...clipping } = options;
  const paths = new Map(parametersOf(model).map(({ path, cell }) => [cell, path]));
  const members = groups.map(({ parameters, optimizer }) => {
    if (typeof parameters === 'function') return { of: (one: Parameter) => parameters(one, paths.get(one) ?? ''), optimizer };
    const matches = pathMatcher(parameters);
    if (![...paths.values()].some(matches)) throw new SinapseError(`grouped: no parameter of the model has a path like ${parameters}`);
    return { of: (one: Parameter) => matches(paths.get(one) ?? ''), optimizer };
  });
  return groupsOf('grouped', members, rest, clipping);
}

interface Members {
  readonly of: (parameter: Parameter) => boolean;
  readonly optimizer: Optimizer;
}

/** @internal As `grouped`, for groups that need no paths. */
export function groupsOf(name: string, groups: readonly Members[], rest: Optimizer, clipping: ClippingOptions): Grouped {
  const all = [...groups, { of: () => true, optimizer: rest }];
  if (new Set(all.map(({ optimizer }) => optimizer)).size < all.length)
    throw new SinapseError(`${name}: one optimizer is given for two groups; make one for each`);
  return new Grouped(name, all, clipping);
}

const scaledBy = fused((gradient: Tensor, scale: Tensor) => mul(gradient, scale));

/** What a slot of one group holds for the parameters of others. */
const nothing = (): Tensor => zeros([0]);

/** A state that waits for the first step, which tells whose its tensors are. */
interface Waiting {
  readonly step: number;
  readonly slots: Readonly<Record<string, readonly State[]>>;
}

export class Grouped implements Optimizer {
  readonly name: string;
  private readonly groups: readonly Members[];
  private readonly clipping: ClippingOptions;
  private steps = 0;
  /** The group of each parameter, known from the first step on. */
  private places: readonly number[] | undefined;
  private waiting: Waiting | undefined;

  constructor(name: string, groups: readonly Members[], clipping: ClippingOptions) {
    this.name = name;
    this.groups = groups;
    this.clipping = clipping;
  }

  /**
   * Makes a step of the optimizer of every group that has parameters.
   * @param parameters the same at every step, in the same order
   * @param gradients one for each parameter, of its shape
   * @throws SinapseError when the lists do not fit each other or those of earlier steps
   */
  step(parameters: readonly Parameter[], gradients: readonly Tensor[], options: StepOptions = {}): void {
    const { name } = this;
    if (gradients.length !== parameters.length)
      throw new SinapseError(`${name}: ${parameters.length} parameters, but ${gradients.length} gradients`);
    const places = this.placesOf(parameters);
    scope(() => {
      const trainable = [...parameters.keys()].filter((i) => parameters[i]!.trainable);
      const { gradients: within, scale } = limited(trainable.map((i) => gradients[i]!), this.clipping); // prettier-ignore
      const given = gradients.slice();
      (scale === undefined ? within : scaledBy(within, scale)).forEach((gradient, k) => (given[trainable[k]!] = gradient));
      this.groups.forEach(({ optimizer }, group) => {
        const members = [...places.keys()].filter((i) => places[i] === group);
        if (members.length === 0) return;
        optimizer.step(members.map((i) => parameters[i]!), members.map((i) => given[i]!), options); // prettier-ignore
      });
    });
    hostStep(() => void this.steps++);
  }

  /** Returns the number of steps and the slots of all groups by name; a slot that a parameter's optimizer lacks is empty for it. */
  state(): OptimizerState {
    const { places, steps: step, waiting } = this;
    if (waiting !== undefined) return { step, slots: mapValues(waiting.slots, (list) => list.map((held) => held.value)) };
    const states = this.groups.map(({ optimizer }) => optimizer.state().slots);
    const slots = mapValues(this.slotNames(), () => [] as Tensor[]);
    for (const name of Object.keys(slots)) {
      const lists = states.map((state) => [...(state[name] ?? [])]);
      if (places !== undefined && lists.some(({ length }) => length > 0))
        slots[name] = places.map((group) => lists[group]!.shift() ?? nothing());
    }
    return { step, slots };
  }

  /**
   * Continues from a state as if its steps had been made by this optimizer.
   * @throws SinapseError when the state belongs to other optimizers
   */
  restore({ step, slots }: OptimizerState): void {
    if (!Number.isSafeInteger(step) || step < 0)
      throw new SinapseError(`${this.name}: the state's step: expected an integer >= 0, got ${String(step)}`);
    const [given, own] = [Object.keys(slots).sort(), Object.keys(this.slotNames()).sort()];
    if (given.join() !== own.join())
      throw new SinapseError(
        `${this.name}: the state has other slots: expected ${own.join(', ') || 'none'}, got ${given.join(', ') || 'none'}`,
      );
    this.steps = step;
    this.forget();
    this.waiting = { step, slots: mapValues(slots, (list) => list.map((tensor) => new State(tensor))) };
    if (this.places !== undefined) this.giveBack(this.places);
  }

  /** Its name, and the optimizers of its groups, as consoles show it. */
  toString(): string {
    return `${this.name}(${this.groups.map(({ optimizer }) => described(optimizer)).join('; ')})`;
  }

  private slotNames(): Readonly<Record<string, unknown>> {
    return Object.assign({}, ...this.groups.map(({ optimizer }) => scope(() => mapValues(optimizer.state().slots, () => undefined)))) as Record<string, unknown>; // prettier-ignore
  }

  private placesOf(parameters: readonly Parameter[]): readonly number[] {
    const { name } = this;
    this.places ??= parameters.map((parameter) => this.groups.findIndex(({ of }) => of(parameter)));
    if (this.places.length !== parameters.length)
      throw new SinapseError(
        `${name}: ${parameters.length} parameters, but ${this.places.length} in the steps before; make another optimizer for others`,
      );
    this.giveBack(this.places);
    return this.places;
  }

  /** Gives each group's optimizer its part of the state that waits. */
  private giveBack(places: readonly number[]): void {
    if (this.waiting === undefined) return;
    const { step, slots } = this.waiting;
    for (const [slot, { length }] of Object.entries(slots))
      if (length > 0 && length !== places.length)
        throw new SinapseError(`${this.name}: ${places.length} parameters, but the state's slot ${slot} has ${length} tensors`);
    this.groups.forEach(({ optimizer }, group) => {
      if (!places.includes(group)) return;
      const names = scope(() => Object.keys(optimizer.state().slots));
      const mine = names.map((name) => [name, slots[name]!.filter((_, i) => places[i] === group).map(({ tensor }) => tensor)] as const);
      optimizer.restore({ step, slots: Object.fromEntries(mine) });
    });
    this.forget();
  }

  private forget(): void {
    for (const list of Object.values(this.waiting?.slots ?? {})) for (const held of list) held.dispose();
    this.waiting = undefined;
  }
}

printsAs(Grouped, 'Grouped', String, String);

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
