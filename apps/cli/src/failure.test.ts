import { BackendLostError, OutOfMemoryError } from '@sinapse/core';
import { expect, it } from 'vitest';
import { failureCode, failureLine } from './failure.ts';
import { UsageError } from './usage-error.ts';

const system = (code: string) => Object.assign(new Error(`${code}: something`), { code, path: '/data/x' });

it('says in words what the operating system said', () => {
  expect(failureLine(system('ENOENT'))).toBe('/data/x does not exist');
  expect(failureLine(system('ENOSPC'))).toMatch(/^the disk is full: \/data\/x could not be written/);
  expect(failureLine(system('EACCES'))).toMatch(/^no permission for \/data\/x/);
  expect(failureLine(system('ELOOP'))).toBe('/data/x leads nowhere: its symbolic links go round in a circle');
  expect(failureLine(system('EFBIG'))).toBe('/data/x would be larger than the disk or a limit of the system (ulimit -f) allows');
});

it('says it in words also where another error passes it on', () => {
  const cause = Object.assign(new Error('EFBIG: file too large, write'), { code: 'EFBIG' });
  const passedOn = Object.assign(new Error(`write x: ${cause.message}; nothing was saved`, { cause }), { name: 'TrainingError' });
  expect(failureLine(passedOn)).toMatch(/^write x: the file would be larger than .* allows; nothing was saved$/);
});

it('passes the message of an expected error on, as one line', () => {
  expect(failureLine(new UsageError('two\n  lines'))).toBe('two lines');
});

it('says what to do when memory is used up', () => {
  const shortage = new OutOfMemoryError('a float32 tensor [1024,1024] on cpu', { asked: 2 ** 22 });
  expect(failureLine(shortage)).toBe(`not enough memory (${shortage.message}); a smaller --batch-size needs less`);
  expect(failureLine(new RangeError('Array buffer allocation failed'))).toMatch(/^not enough memory/);
  expect(failureLine(new UsageError('the shape could not be allocated'))).toBe('the shape could not be allocated');
});

it('says what to do when a device is lost', () => {
  const lost = new BackendLostError('the device of the backend webgpu is lost: reset; make a new backend and go on from a checkpoint');
  expect(failureLine(lost)).toBe('the device of the backend webgpu is lost: reset; start the command again, or with --backend cpu');
});

it('owns up to what it did not expect', () => {
  expect(failureLine(new TypeError('x is undefined'))).toMatch(/^unexpected error: x is undefined .*--verbose/);
});

it('tells wrong usage from a failure', () => {
  expect(failureCode(new UsageError('x'))).toBe(2);
  expect(failureCode(system('ENOENT'))).toBe(1);
});

it('lets no message speak to the terminal', () => {
  expect(failureLine(new UsageError('evil\u001b[2J\u202Ena\rme'))).toBe('evil?[2J?na?me');
});
