// The conformance suite over tfjs's backend in JavaScript, over a stand-in for tfjs-node, and over the real one where it is found: on few cases, in
// the full tier on all.

import { describeBackend } from '@sinapse/backend-testkit';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { KernelBackend } from '@tensorflow/tfjs-core';
import { enableProdMode, engine } from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { tfjs } from '../src/index.ts';
import { standIn } from './stand-in.ts';

enableProdMode(); // or tfjs advertises its package for Node

const full = process.env['SINAPSE_TEST_TIER'] === 'full';

/** A folder whose node_modules has @tensorflow/tfjs-node-gpu with its native part, which also runs without a card. */
const project = process.env['SINAPSE_TFJS_NODE'];

describeBackend('tfjs-cpu', () => tfjs(new MathBackendCPU()), full ? {} : { casesPerKernel: 8 });

describeBackend('the stand-in for tfjs-node', () => tfjs(standIn()), full ? {} : { casesPerKernel: 3 });

test('the books of tfjs’s engine are as before', () => {
  const { numTensors, numDataBuffers, numBytes } = engine().memory();
  expect({ numTensors, numDataBuffers, numBytes }).toEqual({ numTensors: 0, numDataBuffers: 0, numBytes: 0 });
});

if (project !== undefined) {
  const tf = createRequire(`${project}/package.json`)('@tensorflow/tfjs-node-gpu') as { backend(): KernelBackend };
  describeBackend('tfjs-node', () => tfjs(tf.backend()), full ? {} : { casesPerKernel: 8 });
}
