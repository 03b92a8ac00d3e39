// Decision regions by depth, after Lippmann 1987: networks of one, two and three layers learn two discs, are drawn as text, and their regions counted.

import { cpu } from '@sinapse/backend-cpu';
import { Context, argMax, scope, tensor, use } from '@sinapse/core';
import { Dataset } from '@sinapse/datasets';
import { dense, sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { fit } from '@sinapse/training';

use(await cpu());

const side = 30;
/** @type {[x: number, y: number][]} */
const cells = Array.from({ length: side * side }, (_, i) => [
  (2 * (i % side)) / (side - 1) - 1,
  (2 * Math.floor(i / side)) / (side - 1) - 1,
]);
const inDisc = (/** @type {readonly [x: number, y: number]} */ [x, y]) =>
  Number(Math.min(Math.hypot(x + 0.5, y + 0.4), Math.hypot(x - 0.5, y - 0.4)) < 0.35);
const data = Dataset.from(cells.map((x) => ({ x, y: inDisc(x) })));

/** How many connected regions a picture has; cells are neighbours along rows and columns. */
function countRegions(/** @type {ArrayLike<number>} */ picture) {
  const seen = new Set();
  let regions = 0;
  for (let start = 0; start < picture.length; start++) {
    if (seen.has(start)) continue;
    regions++;
    const waiting = [start];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const next = [at - side, at + side, ...(at % side > 0 ? [at - 1] : []), ...(at % side < side - 1 ? [at + 1] : [])];
      waiting.push(...next.filter((to) => picture[to] === picture[start]));
    }
  }
  return regions;
}

/** @type {Record<string, { regions: number, accuracy: number }>} */
export const byDepth = {};
for (const [name, widths] of Object.entries({ one: [], two: [16], three: [16, 16] })) {
  const model = sequential([...widths.map((units) => dense({ units, activation: 'tanh' })), dense({ units: 2 })]);
  model.build([2], 1);
  await fit(model, data.shuffle(1).batch(60), { optimizer: adam({ learningRate: 0.02 }), loss: softmaxCrossEntropy, epochs: 60 });
  const picture = scope(() => argMax(model.call(tensor(cells), new Context()), { axis: 1 }).dataSync());
  const right = cells.filter((cell, i) => picture[i] === inDisc(cell)).length;
  byDepth[name] = { regions: countRegions(picture), accuracy: right / cells.length };
  console.log(
    `\n${name} layer${widths.length > 0 ? 's' : ''}: ${byDepth[name].regions} regions, ${((100 * right) / cells.length).toFixed(1)} % right`,
  );
  for (let row = 0; row < side; row++) console.log([...picture.subarray(row * side, (row + 1) * side)].map((kind) => '·█'[kind]).join(' '));
}
