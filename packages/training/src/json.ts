// Reads JSON from files that are not trusted: every value is checked before it is used.

import { printable, quote, shownName } from '@sinapse/core';
import { TrainingError } from './errors.ts';

/** A value that JSON represents without loss. Numbers must be finite. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The deepest nesting allowed. Sinapse writes nothing deeper; a hostile file could exhaust the stack. */
export const DEEPEST = 64;

/** @throws TrainingError when the value is not JSON (a function, NaN, …) or is nested deeper than 64 levels */
export function checkJson(value: unknown, label: string, depth = 0): asserts value is Json {
  if (depth > DEEPEST) throw new TrainingError(`${label} is nested deeper than ${DEEPEST} levels`);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TrainingError(`${label} is ${value}, which JSON cannot hold`);
  } else if (Array.isArray(value)) {
    value.forEach((item: unknown, i) => checkJson(item, `${label}[${i}]`, depth + 1));
  } else if (typeof value === 'object') {
    for (const [name, item] of Object.entries(value)) checkJson(item, depth < 3 ? `${label}.${shownName(name)}` : label, depth + 1);
  } else throw new TrainingError(`${label} is a ${typeof value}, which JSON cannot hold`);
}

/**
 * @throws TrainingError when the text is not JSON
 */
export function parseJson(text: string, label: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new TrainingError(`${label} is not JSON`);
  }
  checkJson(value, label);
  return value;
}

/** Whether two values are the same JSON. The order of names does not matter. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: Json | undefined): string | undefined {
  return JSON.stringify(value, (_, item: Json) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

/** Formats a value for a message. */
export function formatJson(value: Json | undefined): string {
  return value === undefined ? 'not given' : printable(JSON.stringify(value));
}

/** Whether a value is a JSON object, not a list. */
export function isObject(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Converts any number to JSON. NaN, infinities and -0, which JSON has not, become strings. */
export function numberToJson(value: number): Json {
  return Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? '-0' : String(value);
}

const SPECIAL_NUMBERS: ReadonlyMap<Json | undefined, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
]);

function numberFromJson(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : SPECIAL_NUMBERS.get(value);
}

/** Reads the members of a JSON object by type. Every method throws TrainingError when the member has another type. */
export class JsonObject {
  private readonly members: ReadonlyMap<string, Json>;
  private readonly label: string;

  /** @param label the beginning of error messages */
  constructor(value: Json | undefined, label: string) {
    if (!isObject(value)) throw new TrainingError(`${label} must be an object`);
    this.members = new Map(Object.entries(value));
    this.label = label;
  }

  has(name: string): boolean {
    return this.members.has(name);
  }

  names(): string[] {
    return [...this.members.keys()];
  }

  json(name: string): Json | undefined {
    return this.members.get(name);
  }

  object(name: string): JsonObject {
    return new JsonObject(this.members.get(name), `${this.label}: ${quote(name)}`);
  }

  list(name: string): readonly Json[] {
    const value = this.members.get(name);
    if (!Array.isArray(value)) throw this.wrong(name, 'a list');
    return value as readonly Json[];
  }

  strings(name: string): readonly string[] {
    const list = this.list(name);
    if (!list.every((item) => typeof item === 'string')) throw this.wrong(name, 'a list of strings');
    return list;
  }

  string(name: string): string {
    const value = this.members.get(name);
    if (typeof value !== 'string') throw this.wrong(name, 'a string');
    return value;
  }

  integer(name: string, least: number): number {
    const value = this.members.get(name);
    if (!Number.isSafeInteger(value) || (value as number) < least) throw this.wrong(name, `an integer of at least ${least}`);
    return value as number;
  }

  /** Any number, including NaN and the infinities. */
  number(name: string): number {
    const number = numberFromJson(this.members.get(name));
    if (number === undefined) throw this.wrong(name, 'a number');
    return number;
  }

  /** A list of such numbers. */
  numberList(name: string): number[] {
    return this.list(name).map((item) => {
      const number = numberFromJson(item);
      if (number === undefined) throw this.wrong(name, 'a list of numbers');
      return number;
    });
  }

  /** All members; each must be a number. */
  numbers(): Record<string, number> {
    return Object.fromEntries(this.names().map((name) => [name, this.number(name)]));
  }

  private wrong(name: string, what: string): TrainingError {
    const value = this.members.get(name);
    const found = value === undefined ? 'it is missing' : `got ${formatJson(value)}`;
    return new TrainingError(`${this.label}: ${quote(name)} must be ${what}; ${found}`);
  }
}
