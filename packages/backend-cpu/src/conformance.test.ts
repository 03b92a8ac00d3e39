// The reference passes the suite that every backend has to pass.

import { describeBackend } from '@sinapse/backend-testkit';
import { reference } from '@sinapse/backend-cpu/reference';

describeBackend('reference', () => reference({ poison: true }));
