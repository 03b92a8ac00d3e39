#!/usr/bin/env node
// The binary: everything it does is in `run`. The exit code is set, not forced, so that all output is written first.

import { endQuietlyWhenNobodyReads } from './output/closed-output.ts';
import { run } from './run.ts';

endQuietlyWhenNobodyReads();
process.exitCode = await run(process.argv.slice(2));
