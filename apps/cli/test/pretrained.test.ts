import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reference } from '@sinapse/backend-reference';
import { parametersOf, use } from '@sinapse/core';
import { decodeSafetensors, encodeNpz } from '@sinapse/formats';
import { exportWeights, lenet5 } from '@sinapse/zoo';
import { beforeAll, expect, test } from 'vitest';
import { sinapse, small, testFolder } from './sinapse.ts';

const folder = testFolder();
const arraysOf = (path: string) => decodeSafetensors(readFileSync(join(folder, path))).arrays;

beforeAll(async () => {
  await sinapse(...small, '--out', 'base');
});

/** The paths of the arrays in which two model files differ. */
function differing(a: string, b: string): string[] {
  const [first, second] = [arraysOf(a), arraysOf(b)];
  expect([...first.keys()].sort()).toEqual([...second.keys()].sort());
  return [...first].filter(([path, { data }]) => data.some((value, i) => value !== second.get(path)!.data[i])).map(([path]) => path);
}

test('a training begins with the weights of a model file; with --fine-tune only the head learns', async () => {
  const tuned = await sinapse(...small, '--pretrained', 'base/model.safetensors', '--fine-tune', '--out', 'tuned', '--seed', '2');
  expect([tuned.code, tuned.stderr]).toEqual([0, '']);
  expect(tuned.events.at(-1)).toMatchObject({ event: 'done', parameters: 850 });
  expect(differing('base/model.safetensors', 'tuned/model.safetensors').sort()).toEqual(['dense3/bias', 'dense3/kernel']);
  expect(JSON.parse(readFileSync(join(folder, 'tuned/config.json'), 'utf8'))).toMatchObject({
    pretrained: join(folder, 'base/model.safetensors'),
    fineTune: true,
  });

  const resumed = await sinapse('train', '--resume', '--out', 'tuned', '--epochs', '2', '--json');
  expect([resumed.code, resumed.stderr]).toEqual([0, '']);
  expect(differing('base/model.safetensors', 'tuned/model.safetensors').sort()).toEqual(['dense3/bias', 'dense3/kernel']);
});

test('or of a file with names and layout of PyTorch; the head is new if the file has it for other classes', async () => {
  use(reference());
  const model = lenet5({ classes: 5 });
  model.build([28, 28, 1], 7);
  writeFileSync(join(folder, 'five.npz'), encodeNpz(await exportWeights(model, { names: {} })));
  const conv1 = [...parametersOf(model)[0]!.cell.value.dataSync()];
  const { code, stdout, stderr } = await sinapse(...small.slice(0, -1), '--pretrained', 'five.npz', '--fine-tune', '--out', 'five');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/begins with 8\s+tensors of .*five\.npz; dense3 is\s+new/);
  expect([...arraysOf('five/model.safetensors').get('conv1/kernel')!.data]).toEqual(conv1);
  expect(arraysOf('five/model.safetensors').get('dense3/bias')!.shape).toEqual([10]);
});

test('a file that does not fit is refused', async () => {
  writeFileSync(join(folder, 'ours.npz'), encodeNpz(arraysOf('base/model.safetensors')));
  const { code, stdout, stderr } = await sinapse(...small, '--pretrained', 'ours.npz', '--out', 'refused');
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    /^sinapse: --pretrained .*ours\.npz: the file does not fit the model: 10 missing, 10 unexpected; the first is "conv1\.weight" of "conv1\/kernel", which is missing; the file has "conv1\/bias", "conv1\/kernel", "conv2\/bias" and 7 more\. If they are of another network, name it with --model; if of this one, save them as "conv1\.weight", "conv1\.bias", "conv2\.weight" and 7 more, or load them in a program: loadPretrained\(model, file, \{ names \}\)\n$/,
  );
});

test.each([
  [['--fine-tune'], 2, '--fine-tune needs weights to begin with: --pretrained FILE'],
  [['--pretrained', 'nothing.pt'], 1, 'nothing.pt does not exist'],
  [['--pretrained', 'text.pt'], 1, /--pretrained .*text\.pt: (safetensors: )?the file has 5 bytes/],
])('%j is refused', async (words, code, message) => {
  writeFileSync(join(folder, 'text.pt'), 'hello');
  const finished = await sinapse(...small, ...words, '--out', 'refused');
  expect([finished.code, finished.stdout]).toEqual([code, '']);
  expect(finished.stderr).toMatch(message);
  expect(finished.stderr.trim()).not.toContain('\n');
});
