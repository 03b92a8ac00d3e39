// Every public function answers wrong arguments with one line that names it, never with an error of the JavaScript engine. The test goes over the
// exports, so a new function is tested without being listed.

import { reference } from '@sinapse/backend-reference';
import { beforeEach, describe, expect, test } from 'vitest';
import * as core from './index.ts';

/**
 * What authors of backends, ops and packages build with. They are typed, called with arguments that were checked before, and some at every small
 * op; the name in their messages, if any, is an argument.
 */
const FOR_AUTHORS: ReadonlySet<string> = new Set(
  `
  adamStep allocating apply asMemoryError broadcastShapes bytesIn bytesOf checkClass checkOptions checkScalar checkShape checkSpace checkValue defineKernel
  dispatch elementCount formatShape hostArray interned inverseNormal isFloat isHalf isHostArray isNumeric knownName leavesOf macsOf mapTree nearestName
  normalizeAxes normalizeAxis nothingNamed numberOf ownedByScope pairTrees partMatcher pathMatcher philox4x32 printable problemOf quote readable
  ruleFromLowering sameShape sgdStep shown shownName sizeOf specOf
  stridesOf suggestion typesOf writeAt
  `
    .trim()
    .split(/\s+/),
);

type AnyFunction = (...args: readonly unknown[]) => unknown;

function isClass(value: AnyFunction): boolean {
  return Function.prototype.toString.call(value).startsWith('class');
}

const exported = Object.entries(core).filter((entry): entry is [string, AnyFunction] => typeof entry[1] === 'function');
const functions = exported.filter(([name, value]) => !isClass(value) && !FOR_AUTHORS.has(name));

/** Values that are wrong almost everywhere. */
function wrongValues(): readonly unknown[] {
  const disposed = core.ones([2, 2]);
  disposed.dispose();
  const foreign = core.withBackend(reference(), () => core.ones([2, 2]));
  const primitives = [undefined, null, true, 3, 2n, NaN, -1, 1.5, 'text', Symbol('symbol')];
  return [...primitives, {}, [], [1, 2], [core.ones([2, 2])], () => 1, disposed, foreign];
}

/** Values that are right somewhere, to stand before and after a wrong one. */
function rightValues(): readonly unknown[] {
  return [core.ones([2, 2]), [2, 2], 1, {}, [core.ones([2, 2])], (x: unknown) => x];
}

function argumentLists(): readonly (readonly unknown[])[] {
  const lists: (readonly unknown[])[] = [[]];
  for (const wrong of wrongValues()) {
    lists.push([wrong], [wrong, wrong], [wrong, wrong, wrong]);
    for (const right of rightValues()) {
      lists.push([right, wrong], [right, right, wrong], [right, right, right, wrong], [wrong, right], [right, wrong, wrong]);
    }
  }
  return lists;
}

/** What is wrong with the way a call fails, if it fails. @param name with which the message must begin; any if empty */
async function fault(name: string, call: () => unknown): Promise<string | undefined> {
  let error: unknown;
  try {
    await core.scope(() => [call()])[0];
    return undefined;
  } catch (thrown) {
    error = thrown;
  }
  const { message } = error as Error;
  if (error instanceof core.OutOfMemoryError) return undefined;
  const isRight = error instanceof core.SinapseError && message.startsWith(name === '' ? '' : `${name}: `) && !message.includes('\n');
  return isRight ? undefined : `${(error as Error).name}: ${message}`;
}

async function faults(name: string, call: AnyFunction): Promise<string[]> {
  const found = new Map<string, string>();
  for (const args of argumentLists()) {
    const wrong = await fault(name, () => call(...args));
    if (wrong !== undefined && !found.has(wrong)) found.set(wrong, `${name}(${args.map(core.shown).join(', ')}) throws ${wrong}`);
    core.use(backend); // the function may have changed either
    core.setUnscopedLimit(2 ** 31);
  }
  return [...found.values()];
}

const backend = reference();
beforeEach(() => void core.use(backend));

test('the list of functions for authors is up to date', () => {
  const names = new Set(exported.map(([name]) => name));
  expect([...FOR_AUTHORS].filter((name) => !names.has(name))).toEqual([]);
});

describe('functions', () => {
  test.each(functions)('%s', async (name, call) => expect(await faults(name, call)).toEqual([]));
});

describe('functions that functions make', () => {
  test.each<[string, AnyFunction]>([
    ['grad', core.grad((x) => x.sum()) as AnyFunction],
    ['jacobian', core.jacobian((x) => x) as AnyFunction],
    ['hessian', core.hessian((x) => x.sum()) as AnyFunction],
    ['hvp', core.hvp((x) => x.sum()) as AnyFunction],
    ['vmap', core.vmap((x: core.Tensor) => x) as AnyFunction],
    ['customGradient', core.customGradient((...xs) => ({ value: core.ones([]), gradient: () => xs.map(() => undefined) })) as AnyFunction],
  ])('%s', async (name, call) => expect(await faults(name, call)).toEqual([]));
});

describe('constructors', () => {
  const { Context, Derived, KeyCell, Parameter, RandomKey, RandomStream, State } = core;
  test.each(Object.entries({ Context, Derived, KeyCell, Parameter, RandomKey, RandomStream, State }))('%s', async (_, made) => {
    const construct = (first: unknown): unknown => Reflect.construct(made, [first]) as unknown;
    expect(await faults('', construct)).toEqual([]);
  });
});

/** Methods of tensors that core calls, not users. */
const INTERNAL: ReadonlySet<string> = new Set(['constructor', 'make', 'detached', 'leaveScopes', 'escapeScope', 'assertAlive', 'print']);

describe('methods of tensors', () => {
  const prototypes = [core.Tensor.prototype, Object.getPrototypeOf(core.Tensor.prototype)] as object[];
  const methods = prototypes.flatMap((prototype) =>
    Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, { value }]) =>
      typeof value === 'function' && !INTERNAL.has(name) ? [[name, value as AnyFunction] as const] : [],
    ),
  );

  test.each(methods)('%s', async (name, method) => {
    const call = (...args: readonly unknown[]): unknown =>
      Reflect.apply<unknown, readonly unknown[], unknown>(method, core.ones([2, 2]), args);
    expect(await faults(name, call)).toEqual([]);
  });

  test.each(methods)('%s of a tensor that was disposed of', async (name, method) => {
    const gone = core.ones([2, 2]);
    gone.dispose();
    expect(await fault(name, () => Reflect.apply<unknown, readonly unknown[], unknown>(method, gone, [1]))).toBeUndefined();
  });
});
