// The double passes the conformance suite, with views that have an offset and without.

import { describeBackend } from '../describe-backend.ts';
import { double } from './double.ts';

describeBackend('double', () => double({ timer: true }), { casesPerKernel: 60 });
describeBackend('double with views', () => double({ offsets: true }), { casesPerKernel: 20 });
