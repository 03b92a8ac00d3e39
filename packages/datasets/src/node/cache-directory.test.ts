import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheDirectory } from './cache-directory.ts';

describe('cacheDirectory', () => {
  it('follows the platform', () => {
    expect(cacheDirectory({}, 'linux', '/home/ada')).toBe(join('/home/ada', '.cache', 'sinapse'));
    expect(cacheDirectory({ XDG_CACHE_HOME: '/xdg' }, 'linux', '/home/ada')).toBe(join('/xdg', 'sinapse'));
    expect(cacheDirectory({ XDG_CACHE_HOME: '/xdg' }, 'darwin', '/Users/ada')).toBe(join('/Users/ada', 'Library', 'Caches', 'sinapse'));
    expect(cacheDirectory({ LOCALAPPDATA: '/local' }, 'win32', '/ada')).toBe(join('/local', 'sinapse', 'Cache'));
    expect(cacheDirectory({}, 'win32', '/ada')).toBe(join('/ada', 'AppData', 'Local', 'sinapse', 'Cache'));
  });

  it('is where SINAPSE_CACHE says, on every platform; an empty variable counts as none', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      expect(cacheDirectory({ SINAPSE_CACHE: '/data', XDG_CACHE_HOME: '/xdg' }, platform, '/home')).toBe('/data');
    }
    expect(cacheDirectory({ SINAPSE_CACHE: '', XDG_CACHE_HOME: '' }, 'linux', '/h')).toBe(join('/h', '.cache', 'sinapse'));
  });
});
