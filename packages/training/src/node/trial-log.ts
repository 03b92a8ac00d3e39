// The log of a search as a file of JSON lines.

import { checkValue } from '@sinapse/core';
import { appendFile, readFile, truncate } from 'node:fs/promises';
import { TrainingError } from '../errors.ts';
import type { TrialLog } from '../selection/trial-log.ts';
import { PATH, codeOf } from './write-file-atomic.ts';

/**
 * Keeps the trials of a search in a file, one line of JSON each: `randomSearch(objective, space, { trials: 50, log: trialLog('search.jsonl') })`.
 * If the program is killed, the same call goes on behind the last whole line.
 * @throws TrainingError, when it is read or written, if the system refuses it
 */
export function trialLog(path: string): TrialLog {
  checkValue('trialLog: path', path, PATH);
  const failed = (what: string, error: unknown): TrainingError =>
    new TrainingError(`${what} ${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  return {
    async read() {
      try {
        const bytes = await readFile(path);
        const whole = bytes.lastIndexOf(0x0a) + 1;
        if (whole < bytes.length) await truncate(path, whole); // half a line of a killed program
        return bytes.subarray(0, whole).toString('utf8');
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return '';
        throw failed('read', error);
      }
    },
    async append(line) {
      await appendFile(path, `${line}\n`).catch((error: unknown) => {
        throw failed('write', error);
      });
    },
  };
}
