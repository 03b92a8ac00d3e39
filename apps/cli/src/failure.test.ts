import { expect, it } from 'vitest';
import { failureCode, failureLine } from './failure.ts';
import { UsageError } from './usage-error.ts';

const system = (code: string) => Object.assign(new Error(`${code}: something`), { code, path: '/data/x' });

it('says in words what the operating system said', () => {
  expect(failureLine(system('ENOENT'))).toBe('/data/x does not exist');
  expect(failureLine(system('ENOSPC'))).toMatch(/^the disk is full: \/data\/x could not be written/);
  expect(failureLine(system('EACCES'))).toMatch(/^no permission for \/data\/x/);
});

it('passes the message of an expected error on, as one line', () => {
  expect(failureLine(new UsageError('two\n  lines'))).toBe('two lines');
});

it('owns up to what it did not expect', () => {
  expect(failureLine(new TypeError('x is undefined'))).toMatch(/^unexpected error: x is undefined .*--verbose/);
});

it('tells wrong usage from a failure', () => {
  expect(failureCode(new UsageError('x'))).toBe(2);
  expect(failureCode(system('ENOENT'))).toBe(1);
});

it('lets no message speak to the terminal', () => {
  expect(failureLine(new UsageError('evil\u001b[2J\u202Ename\r'))).toBe('evil?[2J?name?');
});
