import { testRecorded } from '../test/harness.ts';

testRecorded('scan');
