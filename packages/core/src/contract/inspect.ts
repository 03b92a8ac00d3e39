// How objects show themselves in consoles. Node, Deno and Bun call a method of an object to print it; a browser shows the object's name.

import type { Backend } from './backend.ts';
import { checkValue } from './options.ts';

/** The name of that method. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** What `util.inspect` passes on: the depth and colours that it was asked for. */
interface InspectOptions {
  readonly depth?: number | null;
  readonly stylize?: (text: string, style: 'special') => string;
}

/**
 * Has consoles print the objects of a class as text: in full by themselves, on one line among the members of others, and `[Name]` beyond the depth
 * asked for. It adds to the prototype, so objects cost nothing more.
 * @param name of the class, which browsers show also where a bundler shortened it
 */
export function printsAs<T extends object>(
  type: { readonly prototype: T },
  name: string,
  full: (object: T) => string,
  line: (object: T) => string,
): void {
  checkClass('printsAs', type, name);
  Object.defineProperty(type.prototype, Symbol.toStringTag, { value: name, configurable: true });
  Object.defineProperty(type.prototype, INSPECT, {
    configurable: true,
    value(this: T, depth: number | null, { depth: asked, stylize = (text) => text }: InspectOptions = {}): string {
      if (depth !== null && depth < 0) return stylize(`[${name}]`, 'special');
      const text = depth === asked ? full(this) : line(this);
      return text.split('\n').map((row) => stylize(row, 'special')).join('\n'); // prettier-ignore
    },
  });
}

/** @throws SinapseError unless it is a class (an object with a prototype), with its name as text */
export function checkClass(owner: string, type: unknown, name: unknown): void {
  const isClass = (value: unknown): boolean => typeof (value as { prototype?: unknown } | null | undefined)?.prototype === 'object';
  checkValue(owner, type, { expected: 'a class', accepts: isClass });
  checkValue(owner, name, { expected: 'a text', accepts: (value) => typeof value === 'string' }, 'name');
}

/** Has consoles print a class of backends: `Backend cpu: native avx512, 2 threads`. */
export function printsAsBackend(type: { readonly prototype: Pick<Backend, 'name' | 'info'> }, name: string): void {
  checkClass('printsAsBackend', type, name);
  const line = ({ name: called, info: { engine, threads } }: Pick<Backend, 'name' | 'info'>): string =>
    `Backend ${called}: ${engine}${threads === 0 ? '' : `, ${threads} thread${threads === 1 ? '' : 's'}`}`;
  printsAs(type, name, line, line);
}
