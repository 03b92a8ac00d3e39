#!/usr/bin/env node
// The binary; `run` does all the work. `process.exitCode` is set instead of calling `process.exit`, so that all output is written first.

import { endQuietlyWhenNobodyReads } from './output/closed-output.ts';
import { run } from './run.ts';

endQuietlyWhenNobodyReads();
process.exitCode = await run(process.argv.slice(2));
