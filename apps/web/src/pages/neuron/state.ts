// What the page "neuron" shows: the neuron, the examples, and what the worker made of them.

import { batch, computed, effect, signal } from '@preact/signals';
import type { Failure } from '../../experiment/failure.ts';
import { caught } from '../../experiment/laboratory-error.ts';
import { backendGeneration, laboratory } from '../../experiment/laboratory.ts';
import { page, query, writeQuery } from '../../router.ts';
import type { Lesson, Shown } from './machine.ts';
import type { DataName, Example, GateName, Neuron } from './neuron.ts';
import { activationNames, classOf, dataNames, gate, gateNames } from './neuron.ts';

export interface NeuronSettings {
  readonly data: DataName;
  readonly rate: number;
  readonly seed: number;
}

/** Weights and bias lie within this on either side of 0, as far as sliders and addresses go. */
export const MOST_WEIGHT = 3;

const blank: Neuron = { weights: [0, 0], bias: 0, activation: 'step' };
const usual: NeuronSettings = { data: 'and', rate: 0.2, seed: 1 };

/** Reads settings and neuron from an address, which may come from anywhere. */
function fromQuery(given: URLSearchParams): { settings: NeuronSettings; neuron: Neuron } {
  const oneOf = <T extends string>(values: readonly T[], name: string, other: T) =>
    values.find((value) => value === given.get(name)) ?? other;
  const within = (text: string | null | undefined, least: number, most: number, other: number) => {
    const value = Number(text || NaN);
    return value >= least && value <= most ? value : other;
  };
  const numbers = (given.get('w') ?? '').split('_');
  const [first, second, bias] = [0, 1, 2].map((i) => within(numbers[i], -MOST_WEIGHT, MOST_WEIGHT, 0)) as [number, number, number];
  return {
    settings: {
      data: oneOf(dataNames, 'data', usual.data),
      rate: within(given.get('lr'), 0.001, 10, usual.rate),
      seed: Math.round(within(given.get('seed'), 0, 999_999, usual.seed)),
    },
    neuron: { weights: [first, second], bias, activation: oneOf(activationNames, 'f', 'step') },
  };
}

const begun = fromQuery(page.peek() === 'neuron' ? query.peek() : new URLSearchParams());

export const settings = signal(begun.settings);
export const neuron = signal(begun.neuron);
export const examples = signal<readonly Example[]>([]);

/** The class of points that are added. */
export const added = signal<0 | 1>(1);

/** The example that comes next. */
export const next = signal(0);

/** How many examples it has learnt from since it began, and how many of them the answer was wrong for in the pass so far and the one before. */
export const progress = signal({ steps: 0, passes: 0, wrongInPass: 0, wrongInLastPass: NaN });

/** Whether weights were set by hand since it began. */
export const byHand = signal(false);

export const lesson = signal<Lesson | undefined>(undefined);
export const shown = signal<Shown | undefined>(undefined);
export const failure = signal<Failure | undefined>(undefined);

/** How many examples it now puts into the wrong class; undefined before it was asked. */
export const wrong = computed(() => {
  const outputs = shown.value?.outputs;
  return outputs?.length === examples.value.length
    ? examples.value.filter(({ target }, i) => classOf(outputs[i]!) !== target).length
    : undefined;
});

function writeAddress(): void {
  const { data, rate, seed } = settings.value;
  const { weights, bias, activation } = neuron.value;
  const unless = (value: unknown, other: unknown) => (value === other ? undefined : String(value));
  writeQuery({
    data: unless(data, usual.data),
    f: unless(activation, 'step'),
    lr: unless(rate, usual.rate),
    seed: unless(seed, usual.seed),
    w: byHand.value ? [...weights, bias].map((value) => Number(value.toFixed(3))).join('_') : undefined,
  });
}

/** Begins anew: weights of 0, unless they were set by hand. */
export function restart(): void {
  batch(() => {
    byHand.value = false;
    begin({ ...blank, activation: neuron.value.activation });
  });
  writeAddress();
}

function begin(from: Neuron): void {
  neuron.value = from;
  next.value = 0;
  lesson.value = undefined;
  progress.value = { steps: 0, passes: 0, wrongInPass: 0, wrongInLastPass: NaN };
}

export function change(changes: Partial<NeuronSettings>): void {
  const before = settings.value;
  settings.value = { ...before, ...changes };
  if (settings.value.data !== before.data || settings.value.seed !== before.seed) void load().then(restart);
  else writeAddress();
}

export function setNeuron(changes: Partial<Neuron>): void {
  batch(() => {
    if (changes.activation === undefined) byHand.value = true;
    begin({ ...neuron.value, ...changes });
  });
  writeAddress();
}

/** Makes the examples of the settings. One's own are those that were there, to be added to. */
export async function load(): Promise<void> {
  const { data, seed } = settings.value;
  if (data === 'own') return;
  if (gateNames.includes(data as GateName)) examples.value = gate(data as GateName);
  else await asking(async () => void (examples.value = await laboratory.clouds(seed)));
}

/** Adds an example of one's own. */
export function addExample(x: number, y: number): void {
  batch(() => {
    examples.value = [...(settings.value.data === 'own' ? examples.value : []), { x: [x, y], target: added.value }];
    settings.value = { ...settings.value, data: 'own' };
  });
  writeAddress();
}

export function removeExamples(): void {
  examples.value = [];
  settings.value = { ...settings.value, data: 'own' };
  restart();
}

/** Teaches the next example. Resolves when it has learnt. */
export async function teachNext(): Promise<void> {
  const example = examples.value[next.value];
  if (example === undefined) return;
  const from = neuron.value;
  await asking(async () => {
    const learnt = await laboratory.teachNeuron(from, example, settings.value.rate);
    if (neuron.value !== from) return; // changed by hand meanwhile
    batch(() => {
      lesson.value = learnt;
      neuron.value = learnt.neuron;
      const { steps, passes, wrongInPass, wrongInLastPass } = progress.value;
      const wrongNow = wrongInPass + Number(classOf(learnt.output) !== example.target);
      const ends = next.value + 1 >= examples.value.length;
      next.value = ends ? 0 : next.value + 1;
      progress.value = ends
        ? { steps: steps + 1, passes: passes + 1, wrongInPass: 0, wrongInLastPass: wrongNow }
        : { steps: steps + 1, passes, wrongInPass: wrongNow, wrongInLastPass };
    });
  });
}

async function asking(call: () => Promise<void>): Promise<void> {
  try {
    await call();
    failure.value = undefined;
  } catch (error) {
    failure.value = caught(error);
  }
}

let asked = 0;

// Each change is shown to the neuron in the worker; only the newest answer counts.
effect(() => {
  const [from, points] = [neuron.value, examples.value];
  if (backendGeneration.value === 0 || page.value !== 'neuron') return;
  const mine = ++asked;
  void asking(async () => {
    const answer = await laboratory.showNeuron(from, points);
    if (mine === asked) shown.value = answer;
  });
});
