// The folder that the results are written to.

import { lstatSync, mkdtempSync, rmdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * Tries whether files can be made in a folder, or in what there is of the way to it: measuring takes long, and it is better to know
 * beforehand. Nothing stays behind.
 * @throws Error of one line that names the folder
 */
export function checkFolder(path: string): void {
  let existing = resolve(path);
  while (!isThere(existing)) existing = dirname(existing);
  try {
    rmdirSync(mkdtempSync(join(existing, '.bench-'))); // trying is the only way to know: there are read-only disks
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`--out ${path}: cannot write in ${existing} (${code}); choose another folder`, { cause: error });
  }
}

/** A link that leads nowhere is there as well. */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
