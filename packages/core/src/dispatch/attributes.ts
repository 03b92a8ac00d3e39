// Interned attributes of kernels: equal attributes of one kernel become one frozen object, which can key a cache. Ops with static attributes
// intern them once. Other attributes are interned by the code that looks something up by them, so calls that need no cache pay nothing.

/** The prototype of interned attributes, which marks them. */
class Attributes {
  [name: string]: unknown;
}

/** The most attributes kept for one kernel; then its table is cleared. A program that keeps making new ones (random slices) must not fill memory. */
const MOST = 1024;

interface Table {
  readonly byHash: Map<number, Attributes[]>;
  count: number;
}

const tables = new Map<string, Table>();

/** No attributes. */
export const NO_ATTRS: Readonly<Record<never, never>> = Object.freeze(new Attributes());

/**
 * The one frozen object for all attributes equal to these, of this kernel. A backend may key what it compiled by it. Attributes that are already
 * interned are returned at once; others are looked up in a table.
 */
export function interned<A extends object>(kernel: string, attrs: A): A {
  if (attrs instanceof Attributes) return attrs;
  let table = tables.get(kernel);
  if (table === undefined) tables.set(kernel, (table = { byHash: new Map(), count: 0 }));
  const hash = hashOf(attrs);
  const alike = table.byHash.get(hash);
  if (alike !== undefined) for (const known of alike) if (equal(known, attrs)) return known as A;
  const own = copyOf(attrs);
  if (table.count === MOST) {
    table.byHash.clear();
    table.count = 0;
  }
  table.count++;
  if (alike === undefined || table.count === 1) table.byHash.set(hash, [own]);
  else alike.push(own);
  return own as A;
}

function copyOf(attrs: object): Attributes {
  const copy = new Attributes();
  for (const [name, value] of Object.entries(attrs)) copy[name] = frozen(value);
  return Object.freeze(copy);
}

/** A frozen copy. A part that is itself interned (a program among attributes) is not copied. */
function frozen(value: unknown): unknown {
  if (value instanceof Attributes) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozen));
  if (typeof value !== 'object' || value === null) return value;
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([name, part]) => [name, frozen(part)])));
}

/** A hash that is the same for equal values; the order of an object's properties does not matter. */
function hashOf(value: unknown): number {
  switch (typeof value) {
    case 'number':
      return (value * 31) | 0;
    case 'string':
      return value.length * 31 + value.charCodeAt(0);
    case 'boolean':
      return value ? 1231 : 1237;
    case 'object': {
      if (value === null) return 0;
      let hash = 0;
      if (Array.isArray(value)) for (let i = 0; i < value.length; i++) hash = (Math.imul(hash, 31) + hashOf(value[i]) + 1) | 0;
      else for (const name in value) hash = (hash + Math.imul(hashOf((value as Attributes)[name]), 0x9e3779b1)) | 0;
      return hash;
    }
    default:
      return 0;
  }
}

function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a)) {
    const other = b as readonly unknown[];
    if (a.length !== other.length) return false;
    for (let i = 0; i < a.length; i++) if (!equal(a[i], other[i])) return false;
    return true;
  }
  let names = 0;
  for (const name in a) {
    names++;
    if (!(name in b) || !equal((a as Attributes)[name], (b as Attributes)[name])) return false;
  }
  for (const _ in b) names--;
  return names === 0;
}
