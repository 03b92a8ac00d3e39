// The functions that a pass may call: those of this folder, each with the functions that it calls.

import { functions as bitTests } from './bit-tests.ts';
import { functions as conversion } from './conversion.ts';
import { functions as exact } from './exact.ts';
import { functions as exponential } from './exponential.ts';
import type { FunctionList } from './function-list.ts';
import { functions as logarithm } from './logarithm.ts';
import { functions as sums } from './sums.ts';
import { functions as trigonometric } from './trigonometric.ts';

const all: FunctionList = { ...bitTests, ...exponential, ...logarithm, ...trigonometric, ...exact, ...conversion, ...sums };

/** The library's functions that code calls, directly or through others, each before its first use. */
export function libraryFor(code: string): string {
  const taken = new Set<string>();
  const parts: string[] = [];
  const take = (text: string): void => {
    for (const [, name] of text.matchAll(/\b(\w+)\(/g)) {
      if (name === undefined || taken.has(name) || !Object.hasOwn(all, name)) continue;
      taken.add(name);
      take(all[name]!.replace(/^.*\{/, '')); // its body
      parts.push(all[name]!);
    }
  };
  take(code);
  return parts.join('');
}
