import { expect, it } from 'vitest';
import { specOf } from '@sinapse/core';
import { cpu } from './index.ts';
import { reference } from '@sinapse/backend-reference';

it('cpu() is a complete backend that says what runs it', async () => {
  const backend = await cpu({ engine: 'reference' });
  expect(backend.name).toBe('cpu');
  expect(backend.info).toMatchObject({ engine: 'TypeScript', threads: 1, offsets: true });
  expect(backend.info.notes.length).toBeGreaterThan(0);
  const spec = specOf('float32', [2]);
  const view = { ...spec, storage: backend.allocate(spec), offset: 0 };
  backend.write(view, Float32Array.of(1, 2));
  backend.kernels.binary({ in: { a: view, b: view }, out: { y: view }, attrs: { op: 'add' }, scalars: {} });
  expect(await backend.read(view)).toEqual(Float32Array.of(2, 4));
  await backend.close();
});

it('the reference says when it is not what float32 means', () => {
  expect(reference()).toMatchObject({ name: 'reference', info: { engine: 'TypeScript', notes: [] } });
  expect(reference({ precision: 'float64' }).info).toMatchObject({ engine: 'TypeScript float64' });
});

it('an instruction set that nothing here has is an error, not another engine', async () => {
  await expect(cpu({ instructionSet: 'mmx' })).rejects.toThrow('cpu: the instruction set mmx cannot be had: native: ');
  await expect(cpu({ engine: 'reference', instructionSet: 'avx2' })).rejects.toThrow(
    'the instruction set avx2 cannot be had: the reference has none',
  );
});

it('an activation that the kernels do not have is refused, never ignored', async () => {
  const backend = await cpu();
  const specs = { x: specOf('float32', [2]) };
  expect(backend.accepts?.('biasActivation', specs, { activation: 'relu' })).toBe(true);
  expect(backend.accepts?.('biasActivation', specs, { activation: 'mish' as 'relu' })).toBe('no kernel has the activation mish');
  await backend.close();
});
