// The double keeps the contract of a backend, with views and without.

import { describeBackend } from '../describe-backend.ts';
import { double } from './double.ts';

describeBackend('double', () => double({ timer: true }), { casesPerKernel: 60 });
describeBackend('double with views', () => double({ offsets: true }), { casesPerKernel: 20 });
