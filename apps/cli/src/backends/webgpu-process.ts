// The program of the process that tries WebGPU: it sends a `WebGpuAnswer` to its parent, which ends it.

import { whyNot } from '@sinapse/backend-webgpu';
import type { WebGpuAnswer } from './webgpu.ts';

const why = await whyNot();
const answer: WebGpuAnswer = why === undefined ? {} : { why };
process.send!(answer);
