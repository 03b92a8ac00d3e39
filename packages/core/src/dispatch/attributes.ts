// Attributes of kernels, interned: equal attributes of one kernel are one frozen object, so that what is prepared for them can be kept under the object
// itself. Ops whose attributes are static intern them once; whoever keeps something by attributes asks for the others where it looks it up, so that
// calls that nobody keeps anything for pay nothing.

/** The prototype of interned attributes, by which they are known at once. */
class Attributes {
  [name: string]: unknown;
}

/** Attributes kept for one kernel. Then its table begins anew: a program that makes ever new ones (slices at random places) must not fill memory. */
const MOST = 1024;

interface Table {
  readonly byHash: Map<number, Attributes[]>;
  count: number;
}

const tables = new Map<string, Table>();

/** No attributes. */
export const NO_ATTRS: Readonly<Record<never, never>> = Object.freeze(new Attributes());

/**
 * The one frozen object for attributes like these, of a kernel of this name: under it a backend may keep what it compiled for them. At once where they
 * are interned already, else by a look into a table.
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

/** A frozen copy; what is interned itself (a program among attributes) stays the object that it is. */
function frozen(value: unknown): unknown {
  if (value instanceof Attributes) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozen));
  if (typeof value !== 'object' || value === null) return value;
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([name, part]) => [name, frozen(part)])));
}

/** The same for equal values, in whatever order an object's properties stand. */
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
