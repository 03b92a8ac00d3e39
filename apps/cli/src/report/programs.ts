// Programs that use the model of a run. They are TypeScript that runs in its folder; the tests run them.

import type { RunData } from './run-data.ts';

/** Opens the model. @param names what of the file is used: `model`, `inputShape`, `card` */
export function openingProgram({ model }: RunData, names: readonly string[]): string {
  const several = model.networks > 1;
  return `import { cpu } from '@sinapse/backend-cpu';
import { use } from '@sinapse/core';
import { allLayers } from '@sinapse/layers';
import { openModel } from '@sinapse/training';
import { loadModel } from '@sinapse/training/node';
${several ? "import { ensembleLayers } from '@sinapse/training/selection';\n" : ''}import { allModels } from '@sinapse/zoo';

use(await cpu());
const { ${names.join(', ')} } = openModel(await loadModel('model.safetensors'), { ...allLayers, ...allModels${several ? ', ...ensembleLayers' : ''} });`;
}

/** Opens the model and asks it something. */
export function usageProgram(run: RunData): string {
  const names = run.data.kind === 'images' ? ['model', 'inputShape', 'card'] : ['model', 'card'];
  return `${openingProgram(run, names)}\n\n${run.data.kind === 'images' ? pictures : run.task === 'regression' ? values : rows}`;
}

const pictures = `import { readFile } from 'node:fs/promises';
import { parsePreprocessing, preprocessImages } from '@sinapse/datasets';
import { decodeImage } from '@sinapse/datasets/node';
import { classify } from '@sinapse/training';

const preprocessing = parsePreprocessing(card.preprocessing);
const { pad = 0, fit = 'contain' } = preprocessing;
const [height, width, channels] = inputShape as [number, number, 1 | 3];
const size: [number, number] = [height - 2 * pad, width - 2 * pad];
const picture = await decodeImage(await readFile('picture.jpg'), { size, channels, fit });
const x = preprocessImages({ images: picture.data, height: size[0], width: size[1], channels }, preprocessing);
const [answers] = await classify(model, x, { labels: card.labels!, top: 3 });
console.log(answers);`;

const table = `import { readTable } from '@sinapse/datasets/node';
import { encodeFeatures } from '@sinapse/datasets/tables';
import type { TableEncoding } from '@sinapse/datasets/tables';`;

const rows = `${table}
import { classify } from '@sinapse/training';

const { table: encoding } = card.preprocessing as unknown as { table: TableEncoding };
const kinds = Object.fromEntries(encoding.features.map(({ name, kind }) => [name, kind]));
const x = encodeFeatures(await readTable('rows.csv', { kinds }), encoding);
for (const answers of await classify(model, x, { labels: card.labels!, top: 3 })) console.log(answers);`;

const values = `${table}
import { predict } from '@sinapse/training';

const { table: encoding } = card.preprocessing as unknown as { table: TableEncoding & { target: { mean: number; std: number } } };
const kinds = Object.fromEntries(encoding.features.map(({ name, kind }) => [name, kind]));
const x = encodeFeatures(await readTable('rows.csv', { kinds }), encoding);
const { data } = await predict(model, x);
for (const value of data) console.log(value * encoding.target.std + encoding.target.mean);`;
