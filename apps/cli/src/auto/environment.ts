// Where and with what a training ran, for those who want to repeat it.

import { readFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import type { Backend } from '@sinapse/core';

export interface Environment {
  readonly sinapse: string;
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly threads: number;
  readonly memoryGiB: number;
  readonly backend: string;
  readonly engine: string;
}

export function environmentOf({ name, info }: Backend): Environment {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  const processors = cpus();
  return {
    sinapse: manifest.version,
    node: process.version,
    platform: `${platform()} ${release()} ${arch()}`,
    processor: processors[0]?.model.trim() ?? 'unknown',
    threads: processors.length,
    memoryGiB: Number((totalmem() / 2 ** 30).toFixed(1)),
    backend: name,
    engine: info.engine,
  };
}
