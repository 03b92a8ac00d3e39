import { testRecorded } from '../test/harness.ts';

testRecorded('reduce');
