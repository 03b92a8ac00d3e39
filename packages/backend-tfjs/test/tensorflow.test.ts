// The conformance suite over TensorFlow itself, where tfjs-node-gpu is found with its native part, which also runs without a card.

import { describeBackend } from '@sinapse/backend-testkit';
import type { KernelBackend } from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { tfjs } from '../src/index.ts';

/** A folder that has the package in its node_modules. */
const project = process.env['SINAPSE_TFJS_NODE'];

const load = () => createRequire(`${project}/package.json`)('@tensorflow/tfjs-node-gpu') as { backend(): KernelBackend };

test.skipIf(project === undefined)(
  'tfjs-node is recognised (needs SINAPSE_TFJS_NODE: a folder with tfjs-node-gpu in its node_modules)',
  () => {
    expect(tfjs(load().backend()).name).toBe('tfjs-tensorflow');
  },
);

if (project !== undefined)
  describeBackend('tfjs-node', () => tfjs(load().backend()), process.env['SINAPSE_TEST_TIER'] === 'full' ? {} : { casesPerKernel: 8 });
