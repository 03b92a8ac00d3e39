// The conformance suite over tfjs's backend in JavaScript, and over a stand-in for tfjs-node: on few cases, in the full tier on all.

import { describeBackend } from '@sinapse/backend-testkit';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { enableProdMode, engine } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { tfjs } from '../src/index.ts';
import { standIn } from './stand-in.ts';

enableProdMode(); // or tfjs advertises its package for Node

const full = process.env['SINAPSE_TEST_TIER'] === 'full';

describeBackend('tfjs-cpu', () => tfjs(new MathBackendCPU()), full ? {} : { casesPerKernel: 6 });

describeBackend('the stand-in for tfjs-node', () => tfjs(standIn()), full ? {} : { casesPerKernel: 3, sections: ['kernels', 'behaviour'] });

test('the books of tfjs’s engine are as before', () => {
  const { numTensors, numDataBuffers, numBytes } = engine().memory();
  expect({ numTensors, numDataBuffers, numBytes }).toEqual({ numTensors: 0, numDataBuffers: 0, numBytes: 0 });
});
