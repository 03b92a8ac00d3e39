// The reference passes the suite that every backend has to pass.

import { describeBackend } from '@sinapse/backend-testkit';
import { reference } from './index.ts';

describeBackend('reference', () => reference({ poison: true }));
