import { existsSync } from 'node:fs';

/** Path of the browser for the tests: `CHROMIUM_PATH`, or Debian's. */
const path = process.env['CHROMIUM_PATH'] || '/usr/bin/chromium';

/** Path of the browser; undefined if there is none. */
export const chromium: string | undefined = existsSync(path) ? path : undefined;
