// What one can try on the page "train", and how the page sees that it was done.

import type { Task } from '../../experiment/tasks.tsx';
import type { TrainSettings } from './settings.ts';

/** What the tasks look at. */
export interface TrainProgress {
  readonly settings: TrainSettings;
  readonly parameters: number;
  readonly firstLoss: number;
  readonly lastLoss: number;
  /** On the test data; 0 before it was measured. */
  readonly accuracy: number;
  readonly diverged: boolean;
}

/** A loss so many times the first one is of a training that diverges. */
const DIVERGED = 5;

const isDigits = ({ settings }: TrainProgress): boolean => settings.data === 'digits';

export const trainTasks: readonly Task<TrainProgress>[] = [
  { id: 'ninety', isDone: (progress) => isDigits(progress) && progress.accuracy >= 0.9 },
  { id: 'diverge', isDone: ({ firstLoss, lastLoss, diverged }) => diverged || lastLoss > DIVERGED * firstLoss },
  { id: 'xor', isDone: ({ settings, accuracy }) => settings.data === 'xor' && accuracy >= 0.97 && isSmall(settings) },
  { id: 'spirals', isDone: ({ settings, accuracy }) => settings.data === 'spirals' && accuracy >= 0.95 },
  {
    id: 'own',
    isDone: (progress) =>
      isDigits(progress) && progress.settings.network === 'own' && progress.parameters < 10_000 && progress.accuracy >= 0.9,
  },
];

/** Whether there is one hidden layer of at most four neurons. */
function isSmall({ network, layers }: TrainSettings): boolean {
  const [first] = layers;
  return network === 'own' && layers.length === 1 && first?.kind === 'dense' && first.units <= 4;
}
