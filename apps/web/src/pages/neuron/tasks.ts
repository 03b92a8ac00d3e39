// What one can try on the page "neuron".

import type { Task } from '../../experiment/tasks.tsx';
import type { ActivationName, DataName, Example } from './neuron.ts';

/** What the tasks look at. */
export interface NeuronProgress {
  readonly data: DataName;
  readonly activation: ActivationName;
  readonly examples: readonly Example[];
  /** Examples in the wrong class now; undefined before it is known. */
  readonly wrong: number | undefined;
  readonly steps: number;
  readonly passes: number;
  readonly byHand: boolean;
  readonly weights: readonly number[];
}

const ofBoth = (examples: readonly Example[]): boolean => new Set(examples.map(({ target }) => target)).size === 2;

export const neuronTasks: readonly Task<NeuronProgress>[] = [
  { id: 'hand', isDone: ({ data, byHand, steps, wrong }) => data === 'and' && byHand && steps === 0 && wrong === 0 },
  { id: 'or', isDone: ({ data, byHand, steps, wrong }) => data === 'or' && !byHand && steps > 0 && wrong === 0 },
  { id: 'xor', isDone: ({ data, passes, wrong }) => data === 'xor' && passes >= 10 && wrong !== undefined && wrong > 0 },
  {
    id: 'own',
    isDone: ({ data, examples, steps, wrong }) => data === 'own' && examples.length >= 6 && ofBoth(examples) && steps > 0 && wrong === 0,
  },
  { id: 'explode', isDone: ({ activation, weights }) => activation === 'linear' && weights.some((weight) => !(Math.abs(weight) < 1000)) },
];
