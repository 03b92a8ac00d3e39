// R-CNN finds digits in scenes: regions are proposed, a network gives their features, and each digit has a support vector machine.

import { cpu } from '@sinapse/backend-cpu';
import { use } from '@sinapse/core';
import { Dataset, digitScenes } from '@sinapse/datasets';
import { submodel } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam } from '@sinapse/optimizers';
import { fit, progress } from '@sinapse/training';
import { lenet5 } from '@sinapse/zoo';
import { averagePrecision, labelRegions, regionProposals, trainRcnn, warpRegions } from '@sinapse/zoo/detection';

use(await cpu());

const BACKGROUND = 10; // the class of regions without a digit
const size = /** @type {[number, number]} */ ([28, 28]);
const context = 4; // pixels around a region that the network sees, too
const scenes = digitScenes({ count: 120, seed: 1 });

// The network learns to tell what is in a region: one of ten digits, or none.
const regions = scenes.flatMap(({ image, objects }) => {
  const boxes = [...objects.map(({ box }) => box), ...regionProposals(image)];
  const labels = labelRegions(boxes, objects, { background: BACKGROUND });
  const { data } = warpRegions(image, boxes, { size, context });
  return Array.from(labels, (y, i) => ({ x: { data: data.slice(i * 28 * 28 * 3, (i + 1) * 28 * 28 * 3), shape: [28, 28, 3] }, y }));
});
const network = lenet5({ classes: 11, inputShape: [28, 28, 3] });
network.build([28, 28, 3], 1);
await fit(network, Dataset.from(regions).shuffle(1).batch(32), { optimizer: adam({ learningRate: 2e-3 }), loss: softmaxCrossEntropy, epochs: 6, callbacks: [progress()] }); // prettier-ignore

// Its last layer gives way to support vector machines, and to regressions that correct the boxes.
const features = submodel(network, 'dense2');
const detector = await trainRcnn(scenes, { features, inputShape: [28, 28, 3], context, classes: 10 });

const unseen = digitScenes({ count: 40, seed: 1, split: 'test' });
const found = [];
for (const { image } of unseen) found.push(await detector.detect(image));
export const proposals = regions.length / scenes.length;
export const precision = averagePrecision(found, unseen.map(({ objects }) => objects)).mean; // prettier-ignore
console.log(`${proposals.toFixed(0)} regions a scene; mean average precision on unseen scenes: ${precision.toFixed(3)}`);
