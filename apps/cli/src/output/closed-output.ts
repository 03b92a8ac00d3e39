// Output that cannot be written.

import { exitCode } from '../exit-code.ts';
import { failureLine } from '../failure.ts';
import { note } from './note.ts';

/**
 * `sinapse … | head -1` closes our output early: that is no error of ours, and there is nobody left to tell. A terminal that went away
 * takes standard error with it, and a training has still its checkpoint to write.
 */
export function endQuietlyWhenNobodyReads(): void {
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EIO') return;
    if (error.code === 'EPIPE') process.exit(exitCode.done);
    note(failureLine(Object.assign(error, { path: 'standard output' })));
    process.exit(exitCode.failure);
  });
}
