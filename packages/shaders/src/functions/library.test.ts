import { expect, test } from 'vitest';
import { libraryFor } from './library.ts';

/** The names of the functions that a piece of code defines, in order. */
const definedIn = (code: string): string[] => [...code.matchAll(/^(?:bool|f32|u32) (\w+)\(/gm)].map(([, name]) => name!);

test('the library gives what code calls, each function once and before its first use', () => {
  expect(definedIn(libraryFor('r0 = sigmoid_(x0(i));'))).toEqual(['isNan', 'exp_', 'sigmoid_']);
  const names = definedIn(libraryFor('r0 = power_(tanh_(a), log_(b));'));
  expect(new Set(names).size).toBe(names.length);
  for (const [user, used] of [
    ['power_', 'exp_'],
    ['power_', 'log_'],
    ['log_', 'logTail'],
    ['tanh_', 'exp_'],
  ] as const)
    expect(names.indexOf(used)).toBeLessThan(names.indexOf(user));
});

test('code that calls nothing needs nothing', () => {
  expect(libraryFor('r0 = x0(i);')).toBe('');
});
