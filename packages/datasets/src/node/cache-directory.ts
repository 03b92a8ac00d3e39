import { checkValue } from '@sinapse/core';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The user's folder for downloaded data: `$SINAPSE_CACHE`, or `sinapse` in the platform's cache folder (`$XDG_CACHE_HOME` or `~/.cache`
 * on Linux, `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows). It may not exist yet.
 */
export function cacheDirectory(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
  home: string = homedir(),
): string {
  checkValue('cacheDirectory: environment', environment, {
    expected: 'variables by name',
    accepts: (value) => typeof value === 'object' && value !== null,
  });
  checkValue('cacheDirectory: home', home, { expected: 'the path of a folder', accepts: (value) => typeof value === 'string' });
  const { SINAPSE_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = environment;
  if (SINAPSE_CACHE) return SINAPSE_CACHE;
  if (platform === 'win32') return join(LOCALAPPDATA || join(home, 'AppData', 'Local'), 'sinapse', 'Cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'sinapse');
  return join(XDG_CACHE_HOME || join(home, '.cache'), 'sinapse');
}
