// Checks what JSON holds, with the place of the first thing that is wrong. Members that are not named are let through.

/** Says that JSON does not hold what it should. */
export class ShapeMismatch extends Error {
  override name = 'ShapeMismatch';
}

/** Throws a ShapeMismatch unless the value is as it should be. */
export type Is = (value: unknown, place: string) => void;

function demand(expected: string, accepts: (value: unknown) => boolean): Is {
  return (value, place) => {
    if (!accepts(value)) throw new ShapeMismatch(`${place}: expected ${expected}`);
  };
}

export const text: Is = demand('a text', (value) => typeof value === 'string');
export const finite: Is = demand('a number', Number.isFinite);
/** A number; JSON holds null for one that is not finite. */
export const numberOrNull: Is = demand('a number or null', (value) => value === null || Number.isFinite(value));
export const natural: Is = demand('a whole number >= 0', (value) => Number.isSafeInteger(value) && (value as number) >= 0);
export const probability: Is = demand(
  'a number within [0, 1]',
  (value) => Number.isFinite(value) && (value as number) >= 0 && (value as number) <= 1,
);
export const base64: Is = demand('bytes in base64', (value) => typeof value === 'string' && /^[A-Za-z0-9+/]+={0,2}$/.test(value));
export const anything: Is = () => {};

export function oneOf(...words: readonly string[]): Is {
  return demand(words.join(' or '), (value) => words.includes(value as string));
}

export function list(of: Is, length?: number): Is {
  return (value, place) => {
    if (!Array.isArray(value) || (length !== undefined && value.length !== length))
      throw new ShapeMismatch(`${place}: expected a list${length === undefined ? '' : ` of ${length}`}`);
    value.forEach((each, i) => of(each, `${place}[${i}]`));
  };
}

/** An object whose members are all of one kind. */
export function record(of: Is): Is {
  return (value, place) => {
    for (const [name, member] of Object.entries(objectAt(value, place))) of(member, `${place}.${name}`);
  };
}

/** An object with these members, and perhaps with those. */
export function members(required: Readonly<Record<string, Is>>, optional: Readonly<Record<string, Is>> = {}): Is {
  return (value, place) => {
    const object = objectAt(value, place);
    for (const [name, is] of Object.entries(required)) is(object[name], `${place}.${name}`);
    for (const [name, is] of Object.entries(optional)) if (object[name] !== undefined) is(object[name], `${place}.${name}`);
  };
}

function objectAt(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ShapeMismatch(`${place}: expected an object`);
  return value as Readonly<Record<string, unknown>>;
}
