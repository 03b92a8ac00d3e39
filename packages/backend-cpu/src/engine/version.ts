// The version of a build of the kernels: a build that would misunderstand this package is refused.

import { BackendError } from '@sinapse/core';
import { ABI } from './names.ts';

/**
 * @param found what the build says of itself
 * @throws BackendError unless it is the version that this package needs
 */
export function checkVersion(what: string, found: number | undefined): void {
  if (found === ABI) return;
  const has = found === undefined ? 'does not say its version' : `has version ${found}`;
  throw new BackendError(`${what} ${has}, this package needs ${ABI}: install matching versions, or in a clone run npm run build`);
}

/** The version of a WebAssembly module, which says it in the name of an export; undefined where it does not. */
export function versionOf(module: WebAssembly.Module): number | undefined {
  const { name } = WebAssembly.Module.exports(module).find((each) => each.name.startsWith('abi_')) ?? {};
  return name === undefined ? undefined : Number(name.slice('abi_'.length));
}
