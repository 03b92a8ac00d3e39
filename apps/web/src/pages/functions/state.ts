// What the page "functions" shows, and what the worker made of it.

import { effect, signal } from '@preact/signals';
import type { Failure } from '../../experiment/failure.ts';
import { caught } from '../../experiment/laboratory-error.ts';
import { backendGeneration, laboratory } from '../../experiment/laboratory.ts';
import { page, query, writeQuery } from '../../router.ts';
import type { FunctionName } from './functions.ts';
import { REACH, functionNames } from './functions.ts';
import type { Curve, Softened } from './machine.ts';

export interface FunctionsState {
  readonly first: FunctionName;
  /** To compare with. */
  readonly second: FunctionName | 'none';
  readonly x: number;
  readonly scores: readonly number[];
  /** The right class. */
  readonly target: number;
}

const usual: FunctionsState = { first: 'sigmoid', second: 'tanh', x: 1, scores: [2, 1, 0.1], target: 0 };

/** Scores lie within this on either side of 0. */
export const MOST_SCORE = 8;

/** Reads the state from an address, which may come from anywhere. */
function fromQuery(given: URLSearchParams): FunctionsState {
  const named = <T extends string>(name: string, values: readonly T[], other: T) =>
    values.find((value) => value === given.get(name)) ?? other;
  const within = (value: number, most: number) => Math.abs(value) <= most;
  const scores = (given.get('scores') ?? '').split('_').map(Number);
  const x = Number(given.get('x') ?? NaN);
  const target = Number(given.get('class') ?? NaN);
  return {
    first: named('f', functionNames, usual.first),
    second: named('with', [...functionNames, 'none'], usual.second),
    x: within(x, REACH) ? x : usual.x,
    scores:
      scores.length === 3 && scores.every((score) => within(score, MOST_SCORE)) && given.get('scores') !== null ? scores : usual.scores,
    target: [0, 1, 2].includes(target) ? target : usual.target,
  };
}

function toQuery({ first, second, x, scores, target }: FunctionsState): Record<string, string | undefined> {
  const unless = (value: unknown, other: unknown) => (String(value) === String(other) ? undefined : String(value));
  return {
    f: unless(first, usual.first),
    with: unless(second, usual.second),
    x: unless(Number(x.toFixed(2)), usual.x),
    scores: scores.join() === usual.scores.join() ? undefined : scores.join('_'),
    class: unless(target, usual.target),
  };
}

export const state = signal<FunctionsState>(fromQuery(page.peek() === 'functions' ? query.peek() : new URLSearchParams()));

/** Whether the user has changed anything. */
export const touched = signal(false);

export function change(changes: Partial<FunctionsState>): void {
  state.value = { ...state.value, ...changes };
  touched.value = true;
  writeQuery(toQuery(state.value));
}

/** Moves x, without a mark in the address: it moves by itself. At the end it begins again. */
export function moveX(by: number): void {
  const x = state.value.x + by;
  state.value = { ...state.value, x: x > REACH ? -REACH : x };
}

/** Begins with the usual functions and scores. */
export function restart(): void {
  state.value = usual;
  writeQuery(toQuery(usual));
}

/** A function with its curve and with its value at x. */
export interface ShownFunction {
  readonly name: FunctionName;
  readonly curve: Curve;
  readonly at: Curve;
}

export const shown = signal<readonly ShownFunction[]>([]);
export const softened = signal<Softened | undefined>(undefined);
export const failure = signal<Failure | undefined>(undefined);

const curves = new Map<string, Promise<Curve>>();

/** A curve does not depend on x: it is computed once on each backend. */
function curveOf(name: FunctionName): Promise<Curve> {
  const key = `${name} ${backendGeneration.peek()}`;
  if (!curves.has(key)) curves.set(key, laboratory.curveOf(name));
  return curves.get(key)!;
}

/** Calls the worker for what is newest, one call at a time. */
function newest<T>(ask: (state: FunctionsState) => Promise<T>, take: (answer: T) => void): (wanted: FunctionsState) => void {
  let next: FunctionsState | undefined;
  let busy = false;
  return (wanted) => {
    next = wanted;
    if (busy) return;
    busy = true;
    void (async () => {
      while (next !== undefined) {
        const mine: FunctionsState = next;
        next = undefined;
        try {
          take(await ask(mine));
          failure.value = undefined;
        } catch (error) {
          failure.value = caught(error);
        }
      }
      busy = false;
    })();
  };
}

const showFunctions = newest(
  ({ first, second, x }) =>
    Promise.all(
      [...new Set([first, second])]
        .filter((name) => name !== 'none')
        .map(async (name) => ({ name, curve: await curveOf(name), at: await laboratory.curveAt(name, [x]) })),
    ),
  (answer) => void (shown.value = answer),
);

const showSoftmax = newest(
  ({ scores, target }) => laboratory.soften(scores, target),
  (answer) => void (softened.value = answer),
);

effect(() => {
  const wanted = state.value;
  if (backendGeneration.value === 0 || page.value !== 'functions') return;
  showFunctions(wanted);
  showSoftmax(wanted);
});
