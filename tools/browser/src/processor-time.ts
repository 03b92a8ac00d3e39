// How long processors have worked for a process and all that it started: unlike time on a clock, it does not depend on what else the machine does.

import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second. */
const TICKS = 100;

interface Entry {
  readonly parent: number;
  readonly seconds: number;
}

/** What Linux says of a process; undefined for one that has ended. */
function entryOf(pid: string): Entry | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' '); // from the third field on
    return { parent: Number(fields[1]), seconds: (Number(fields[11]) + Number(fields[12])) / TICKS };
  } catch {
    return undefined;
  }
}

/** Seconds of processor time of this process's children, grandchildren and so on that still run; undefined where there is no /proc. */
export function processorSeconds(): number | undefined {
  let pids: string[];
  try {
    pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return undefined;
  }
  const entries = new Map(pids.map((pid) => [Number(pid), entryOf(pid)]));
  const isOurs = (pid: number): boolean => {
    const parent = entries.get(pid)?.parent;
    return parent === process.pid || (parent !== undefined && parent > 1 && isOurs(parent));
  };
  return [...entries].reduce((sum, [pid, entry]) => sum + (entry !== undefined && isOurs(pid) ? entry.seconds : 0), 0);
}
