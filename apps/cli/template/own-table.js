// Learns a column of a table, and says how well it foresees it in rows that it has never seen. Run it with: node own-table.js

import { cpu } from '@sinapse/backend-cpu';
import { use } from '@sinapse/core';
import { readTable } from '@sinapse/datasets/node';
import { columnOf, encodeTable, fitTable, rowsWith, stratifiedSplit, takeTableRows } from '@sinapse/datasets/tables';
import { dense, sequential } from '@sinapse/layers';
import { meanSquaredError, softmaxCrossEntropy } from '@sinapse/layers/losses';
import { evaluate, train } from '@sinapse/training';

/** Your table, and the column to foresee. */
const [path, target] = ['data/fruit.csv', 'fruit'];

use(await cpu());

const whole = await readTable(path);
const table = takeTableRows(whole, rowsWith(whole, target)); // rows without an answer teach nothing
const answers = columnOf(table, target);
const [first = [], second = []] = stratifiedSplit(answers.kind === 'category' ? answers.values : table.rows, {
  shares: [0.8, 0.2],
  seed: 1,
});
const encoding = fitTable(takeTableRows(table, first), { target }); // how columns become numbers: learnt from training rows alone
const [seen, unseen] = [first, second].map((rows) => encodeTable(takeTableRows(table, rows), encoding));

const units = answers.kind === 'category' ? answers.classes.length : 1;
const model = sequential([dense({ units: 32, activation: 'relu' }), dense({ units })]);
await train(model, { ...seen, batchSize: 16, epochs: 40 });

const { accuracy, loss } = await evaluate(model, unseen, { loss: units > 1 ? softmaxCrossEntropy : meanSquaredError });
console.log(
  accuracy === undefined ? `mean squared error ${loss.toFixed(3)}` : `foresees ${target} in ${(100 * accuracy).toFixed(0)} % of rows`,
);
