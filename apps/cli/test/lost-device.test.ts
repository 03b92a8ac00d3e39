// Trainings whose device is lost or out of memory: on the testkit's double in the place of WebGPU, and on WebGPU with a device that is destroyed.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Double, DoubleOptions } from '@sinapse/backend-testkit';
import { double } from '@sinapse/backend-testkit';
import type { Backend, Spec } from '@sinapse/core';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { vulkanEnvironment } from '../../../packages/backend-webgpu/test/vulkan.ts';
import { sinapse, start, testFolder } from './sinapse.ts';

const folder = testFolder();
const size = ['--train-limit', '48', '--batch-size', '16', '--test-limit', '10', '--epochs', '2'];
const training = ['train', '--quick-start', ...size, '--backend', 'webgpu', '--no-report', '--json'];
const weights = (out: string) => readFileSync(`${folder}/${out}/model.safetensors`);

/** The devices that the next commands get, in order; after them, devices that last. */
let devices: DoubleOptions[] = [];
beforeEach(() => void (devices = []));

/** What the last device was asked for. */
const asked = { kernels: 0, storages: 0 };

function counted(device: Double): Backend {
  Object.assign(asked, { kernels: 0, storages: 0 });
  const kernels = Object.entries(device.kernels).map(([name, run]) => [
    name,
    (call: never) => {
      asked.kernels++;
      (run as (call: never) => void)(call);
    },
  ]);
  const allocate = (spec: Spec) => {
    asked.storages++;
    return device.allocate(spec);
  };
  return Object.assign(Object.create(device) as Backend, { kernels: Object.fromEntries(kernels) as Backend['kernels'], allocate });
}

vi.mock('../src/backends/trial.ts', () => ({ tryBackend: () => Promise.resolve() }));
vi.mock('@sinapse/backend-webgpu', () => ({
  webgpu: () => Promise.resolve(counted(double({ readLatency: 0, ...devices.shift() }))),
}));

/** What an undisturbed training asks for, up to the middle of its second epoch. The report at the end asks for the same after any number of epochs. */
const untilSecondEpoch = { kernels: 0, storages: 0 };
beforeAll(async () => {
  await sinapse(...training, '--epochs', '1', '--out', 'one-epoch');
  const ofOne = { ...asked };
  await sinapse(...training, '--out', 'whole');
  untilSecondEpoch.kernels = Math.round(1.4 * (asked.kernels - ofOne.kernels));
  untilSecondEpoch.storages = Math.round(1.4 * (asked.storages - ofOne.storages));
});

describe('a lost device', () => {
  it('is replaced by another, which goes on from the last checkpoint to the same model', async () => {
    devices = [{ loseAfter: untilSecondEpoch.kernels }];
    const { code, events, stderr } = await sinapse(...training, '--out', 'lost');
    expect(code).toBe(0);
    expect(events.map(({ event }) => event)).toEqual(['epoch', 'lost', 'epoch', 'done']);
    expect(events[1]).toEqual({ event: 'lost', reason: expect.stringMatching(/^the device .* is lost/), step: 3 });
    expect(stderr).toMatch(
      /^sinapse: the device of the backend double is lost: [^;]*; a new one goes on from the last checkpoint, after 3 steps\n$/,
    );
    expect(weights('lost')).toEqual(weights('whole'));
  });

  it('that is lost again and again ends the training, with the command that goes on', async () => {
    devices = [{ loseAfter: untilSecondEpoch.kernels }, { loseAfter: 20 }, { loseAfter: 20 }];
    const { code, events, stderr } = await sinapse(...training, '--out', 'again');
    expect(code).toBe(1);
    expect(events.map(({ event }) => event)).toEqual(['epoch', 'lost', 'lost']);
    expect(stderr.trimEnd().split('\n')).toHaveLength(3);
    expect(stderr).toMatch(
      /\nsinapse: the device .* is lost: [^;]*; the last good state is in again\/checkpoint\.safetensors; to go on: .* train --resume --out again\n$/,
    );
    expect((await sinapse('train', '--resume', '--out', 'again', '--json')).code).toBe(0);
    expect(weights('again')).toEqual(weights('whole'));
  });

  it('ends an evaluation with one line that says what to do', async () => {
    devices = [{ loseAfter: 5 }];
    const evaluation = ['evaluate', 'whole/model.safetensors', '--dataset', 'digits', '--test-limit', '10', '--backend', 'webgpu'];
    const { code, stdout, stderr } = await sinapse(...evaluation);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^sinapse: .*the device .* is lost: [^;]*; start the command again, or with --backend cpu\n$/);
  });

  it('before anything was saved ends the training', async () => {
    devices = [{ loseAfter: 5 }];
    const { code, stdout, stderr } = await sinapse(...training, '--out', 'early');
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^sinapse: the device .* is lost: [^;]*; start the command again, or with --backend cpu\n$/);
  });
});

describe('memory that runs out', () => {
  it('ends the training with one line, and --resume goes on from the last checkpoint', async () => {
    devices = [{ outOfMemoryAfter: untilSecondEpoch.storages }];
    const { code, events, stderr } = await sinapse(...training, '--out', 'full');
    expect(code).toBe(1);
    expect(events.map(({ event }) => event)).toEqual(['epoch']);
    expect(stderr).toMatch(
      /^sinapse: not enough memory \(.*\); a smaller --batch-size needs less; the last good state is in full\/checkpoint\.safetensors; to go on: .* train --resume --out full --backend cpu\n$/,
    );
    expect((await sinapse('train', '--resume', '--out', 'full', '--json')).code).toBe(0);
    expect(weights('full')).toEqual(weights('whole'));
  });
});

const vulkan = vulkanEnvironment();

it.skipIf(vulkan === undefined)(
  'a device of WebGPU that is destroyed in the second epoch costs no more than the steps since the checkpoint',
  async () => {
    const preload = `--import=${fileURLToPath(new URL('destroy-device.mjs', import.meta.url))}`;
    const { code, events, stderr } = await start([...training, '--out', 'destroyed'], {
      env: { ...vulkan, XDG_RUNTIME_DIR: folder, NODE_OPTIONS: preload },
    }).finished;
    expect(stderr).toMatch(
      /^sinapse: the device of the backend webgpu is lost: .*; a new one goes on from the last checkpoint, after 3 steps\n$/,
    );
    expect(code).toBe(0);
    expect(events.map(({ event }) => event)).toEqual(['epoch', 'lost', 'epoch', 'done']);
    const processor = training.map((word) => (word === 'webgpu' ? 'cpu' : word));
    const { events: expected } = await start([...processor, '--out', 'processor']).finished;
    expect(events[2]!['loss']).toBeCloseTo(expected[1]!['loss'] as number, 4); // six steps of float32, rounded in another order
    if (process.env['SINAPSE_TEST_TIER'] !== 'full') return;
    expect((await start([...training, '--out', 'undisturbed'], { env: vulkan! }).finished).code).toBe(0);
    expect(weights('destroyed')).toEqual(weights('undisturbed'));
  },
);
