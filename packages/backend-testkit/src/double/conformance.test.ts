// The double passes the conformance suite, with views that have an offset and without.

import { describeBackend } from '../describe-backend.ts';
import { double } from './double.ts';

const full = process.env['SINAPSE_TEST_TIER'] === 'full';

describeBackend('double', () => double({ timer: true }), { casesPerKernel: full ? 60 : 8 });
// Gradients are made of the same kernels: once is enough in the first tier.
describeBackend('double with views', () => double({ offsets: true }), {
  casesPerKernel: full ? 20 : 8,
  ...(!full && { sections: ['kernels', 'lowerings', 'behaviour'] }),
});
