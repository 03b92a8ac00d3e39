import { existsSync } from 'node:fs';

/** The browser that the tests drive: `CHROMIUM_PATH`, or Debian's. */
const path = process.env['CHROMIUM_PATH'] || '/usr/bin/chromium';

/** Its path; undefined where there is none. */
export const chromium: string | undefined = existsSync(path) ? path : undefined;
