// The folder that the results are written to.

import { lstatSync, mkdtempSync, rmdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * Tests before a long measurement whether files can be made in a folder or, if it does not exist, in its nearest existing parent. The
 * test leaves nothing behind.
 * @throws Error of one line that names the folder
 */
export function checkFolder(path: string): void {
  let existing = resolve(path);
  while (!isThere(existing)) existing = dirname(existing);
  try {
    rmdirSync(mkdtempSync(join(existing, '.bench-'))); // only trying shows it: there are read-only disks
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`--out ${path}: cannot write in ${existing} (${code}); choose another folder`, { cause: error });
  }
}

/** Whether a path exists; a broken link exists too. */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
