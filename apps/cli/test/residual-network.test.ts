// Trains and uses, from the command line, a network with running averages and a folded form for predictions.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sinapse, testFolder } from './sinapse.ts';

const folder = testFolder();
const model = (run: string): Buffer => readFileSync(join(folder, run, 'model.safetensors'));

const few = [
  '--model',
  'resnet20',
  '--dataset',
  'digits',
  '--train-limit',
  '4',
  '--test-limit',
  '2',
  '--batch-size',
  '2',
  '--schedule',
  'constant',
  '--json',
];

it('ResNet-20 is trained, resumed to the same bits, and used from its file', { timeout: 120_000 }, async () => {
  const whole = await sinapse('train', ...few, '--epochs', '2', '--out', 'whole');
  expect(whole.code).toBe(0);

  await sinapse('train', ...few, '--epochs', '1', '--out', 'parts');
  await sinapse('train', '--resume', '--out', 'parts', '--epochs', '2', '--json');
  expect(model('parts').equals(model('whole'))).toBe(true);

  const { events } = await sinapse('evaluate', 'whole/model.safetensors', '--dataset', 'digits', '--test-limit', '2', '--json');
  const { testAccuracy, testLoss } = whole.events.at(-1)!;
  expect(events).toMatchObject([{ event: 'evaluated', accuracy: testAccuracy, loss: testLoss, examples: 2 }]);

  const summary = await sinapse('summary', 'whole/model.safetensors', '--json');
  const parameters = 269_722 - 2 * 9 * 16; // one input channel instead of three
  expect(summary.events[0]).toMatchObject({ model: 'resnet20', parameters, nonTrainable: 1376, inputShape: [28, 28, 1] });
});
