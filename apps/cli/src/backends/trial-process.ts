// The program of the process that tries a backend, which its argument names: it sends a `TrialAnswer` to its parent, which ends it.

import type { TrialAnswer, TriedBackend } from './trial.ts';

const reasons: Readonly<Record<TriedBackend, () => Promise<string | undefined>>> = {
  webgpu: async () => (await import('@sinapse/backend-webgpu')).whyNot(),
  'tfjs-node-gpu': async () => (await import('@sinapse/backend-tfjs')).whyNotNodeGpu(),
};

const why = await reasons[process.argv[2] as TriedBackend]();
const answer: TrialAnswer = why === undefined ? {} : { why };
process.send!(answer);
