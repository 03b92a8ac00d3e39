// What `sinapse doctor` looks at: each part of the machine, what was found, and what to do where something is missing.

import { cacheDirectory } from '@sinapse/datasets/node';
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, statfsSync } from 'node:fs';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { BackendDescription } from '../backends/describe-backends.ts';
import { describeBackends } from '../backends/describe-backends.ts';
import { commandLine } from '../platform.ts';

export interface Finding {
  readonly name: string;
  /** Whether nothing is missing. */
  readonly ok: boolean;
  /** Whether the command line can do without. */
  readonly optional: boolean;
  readonly found: string;
  /** What to do, where something is missing. */
  readonly advice?: string;
}

const GIBIBYTE = 2 ** 30;
const LEAST_NODE = 20;
/** Training a small network takes less; a picture folder is held in memory. */
const LEAST_MEMORY = 1 * GIBIBYTE;
const LEAST_DISK = 1 * GIBIBYTE;

const gibibytes = (bytes: number): string => `${(bytes / GIBIBYTE).toFixed(1)} GiB`;

function node(): Finding {
  const ok = Number.parseInt(process.versions.node, 10) >= LEAST_NODE;
  const advice = ok ? {} : { advice: `install Node ${LEAST_NODE} or newer` };
  return { name: 'Node', ok, optional: false, found: `${process.version}, ${process.platform} ${process.arch}`, ...advice };
}

function processor(): Finding {
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  return { name: 'processor', ok: true, optional: false, found: `${model}, ${availableParallelism()} cores for us` };
}

function memory(): Finding {
  const ok = freemem() >= LEAST_MEMORY;
  const advice = ok ? {} : { advice: 'close other programs, or train with a smaller --batch-size' };
  return { name: 'memory', ok, optional: true, found: `${gibibytes(freemem())} free of ${gibibytes(totalmem())}`, ...advice };
}

/** The folder itself, or the nearest one above that exists. */
function existing(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : existing(dirname(folder));
}

function cache(): Finding {
  const folder = cacheDirectory();
  const there = existing(folder);
  const common = { name: 'cache folder', optional: true };
  try {
    accessSync(there, constants.W_OK);
  } catch {
    return { ...common, ok: false, found: `${folder} cannot be written`, advice: 'name another with the variable SINAPSE_CACHE' };
  }
  const { bavail, bsize } = statfsSync(there);
  const free = bavail * bsize;
  const holds = existsSync(folder) ? readdirSync(folder).join(', ') : '';
  const found = `${folder}, ${gibibytes(free)} free${holds === '' ? '' : `; holds ${holds}`}`;
  return free >= LEAST_DISK
    ? { ...common, ok: true, found }
    : { ...common, ok: false, found, advice: 'data sets take up to 1 GiB: free some space' };
}

async function pictures(): Promise<Finding> {
  const common = { name: 'pictures', optional: true };
  try {
    const { default: sharp } = await import('sharp');
    return { ...common, ok: true, found: `sharp ${sharp.versions.sharp ?? ''}: JPEG, PNG, WebP, GIF, TIFF` };
  } catch {
    return {
      ...common,
      ok: false,
      found: 'the package sharp does not load',
      advice: 'run npm install again on this machine: it has a binary for each platform',
    };
  }
}

async function npm(): Promise<Finding> {
  const common = { name: 'npm', optional: true };
  const line = commandLine(process.platform, 'npm', ['--version']);
  try {
    const { stdout } = await promisify(execFile)(line.program, line.args, { shell: line.shell, timeout: 20_000 });
    return { ...common, ok: true, found: stdout.trim() };
  } catch {
    return { ...common, ok: false, found: 'not found', advice: 'sinapse new needs it; it comes with Node' };
  }
}

/** Backends of other machines, or of browsers, are no lack of this one. */
function backend({ name, available, engine, device, notes }: BackendDescription): Finding {
  const found = available ? (device === undefined ? engine! : `${engine} on ${device}`) : 'not usable here';
  const advice = notes[0] === undefined ? {} : { advice: notes[0] };
  return { name: `backend ${name}`, ok: available, optional: name !== 'cpu', found, ...advice };
}

/** Looks at everything. */
export async function findings(): Promise<Finding[]> {
  const [backends, ofPictures, ofNpm] = await Promise.all([describeBackends(), pictures(), npm()]);
  const inNode = backends.filter(({ status }) => status === 'usable' || status === 'not usable here');
  return [node(), processor(), memory(), ...inNode.map(backend), ofPictures, cache(), ofNpm];
}
