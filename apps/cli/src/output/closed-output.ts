// Handles output that cannot be written.

import { exitCode } from '../exit-code.ts';
import { failureLine } from '../failure.ts';
import { note } from './note.ts';

/**
 * Handles closed outputs. `sinapse … | head -1` closes our output early: the process ends, without an error. A closed terminal (EIO)
 * takes standard error with it too, but the process goes on, because a training must still write its checkpoint.
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
