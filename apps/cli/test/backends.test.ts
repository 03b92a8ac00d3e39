import { describe, expect, it } from 'vitest';
import { vulkanEnvironment } from '../../../packages/backend-webgpu/test/vulkan.ts';
import { sinapse, start, testFolder } from './sinapse.ts';

testFolder();
const vulkan = vulkanEnvironment();

describe('the list of backends', () => {
  it('says of each whether it computes here, and if not, why and what to do', async () => {
    const { code, events, stderr } = await sinapse('backends', '--json');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(events.map(({ event, name, status }) => [event, name, status])).toEqual([
      ['backend', 'cpu', 'usable'],
      ['backend', 'native', expect.any(String)], // without a C++ compiler there is none
      ['backend', 'wasm', 'usable'],
      ['backend', 'reference', 'usable'],
      ['backend', 'webgpu', expect.any(String)],
      ['backend', 'tfjs-node-gpu', expect.any(String)],
      ['backend', 'webgl', 'for browsers'],
      ['backend', 'tfjs-webgl', 'for browsers'],
      ['backend', 'cuda', 'not in this version'],
    ]);
    for (const { available, status, engine, notes } of events) {
      expect(available).toBe(status === 'usable');
      if (available === true) expect(engine).toBeTypeOf('string');
      else expect(notes).toEqual([expect.stringMatching(/\S/)]);
    }
    expect(events[1]!['engine'] ?? events[2]!['engine']).toBe(events[0]!['engine']);
  });

  it('gives the reason why an engine of the processor was not chosen', async () => {
    const { events } = await start(['backends', '--json'], { env: { SINAPSE_CPU: 'reference' } }).finished;
    expect(events[0]).toMatchObject({ name: 'cpu', engine: 'TypeScript', notes: [] });
    const { events: others } = await start(['backends', '--json'], { env: { SINAPSE_CPU: 'fastest' } }).finished;
    expect(others[0]).toMatchObject({ name: 'cpu', available: false });
    expect(others[0]!['notes']).toEqual(["SINAPSE_CPU: takes native, wasm, reference, got 'fastest'"]);
    expect(others[2]).toMatchObject({ name: 'wasm', available: true });
  });

  it('is a table for people', async () => {
    const { stdout } = await sinapse('backends');
    expect(stdout).toMatch(/^cpu +\S.*, \d+ threads?\n {4}the processor, /);
    expect(stdout).toMatch(/\nwasm +wasm \S+, \d+ threads?\n {4}the processor, in WebAssembly\nreference +TypeScript, 1 thread\n/);
    expect(stdout).toMatch(/\nwebgl +for browsers\n {4}.*\n {4}runs in browsers, not in Node; use cpu\n/);
  });
});

describe('WebGPU without a graphics card', () => {
  const env = { VK_DRIVER_FILES: '/nowhere', VK_ICD_FILENAMES: '/nowhere' };

  it('is listed with the reason and the remedy', async () => {
    const { code, events, stderr } = await start(['backends', '--json'], { env }).finished;
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(events.find(({ name }) => name === 'webgpu')).toMatchObject({
      available: false,
      status: 'not usable here',
      notes: [expect.stringMatching(/^there is no graphics adapter; install a Vulkan driver/)],
    });
  });

  it('ends a command with one line, and leaves nothing behind', async () => {
    for (const command of [
      ['train', '--quick-start'],
      ['evaluate', 'm', '--dataset', 'digits'],
      ['predict', 'm', 'f'],
    ]) {
      const { code, stdout, stderr } = await start([...command, '--backend', 'webgpu'], { env }).finished;
      expect(code).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^sinapse: the backend webgpu cannot be used here: there is no graphics adapter; .*; or use cpu\n$/);
    }
  });
});

it.skipIf(vulkan === undefined)(
  'lists WebGPU with its adapter (needs the driver of Chromium: install it, or name its folder in SINAPSE_SWIFTSHADER)',
  async () => {
    const { events } = await start(['backends', '--json'], { env: vulkan! }).finished;
    expect(events.find(({ name }) => name === 'webgpu')).toMatchObject({
      available: true,
      engine: 'WebGPU',
      device: expect.stringMatching(/SwiftShader/),
      notes: [],
    });
  },
);
