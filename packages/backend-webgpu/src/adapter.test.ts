import { expect, test } from 'vitest';
import type { Sources } from './adapter.ts';
import { findAdapter } from './adapter.ts';

const none: Sources = { browser: () => undefined, node: true, importDawn: () => Promise.reject(new Error('unused')) };
const gpu = (adapter: unknown): GPU => ({ requestAdapter: () => Promise.resolve(adapter) }) as unknown as GPU;

test.each<[string, Sources, RegExp]>([
  [
    'Node without the package',
    { ...none, importDawn: () => Promise.reject(Object.assign(new Error('x'), { code: 'ERR_MODULE_NOT_FOUND' })) },
    /^the package webgpu is not installed; install it: npm install webgpu$/,
  ],
  [
    'a package that does not load',
    { ...none, importDawn: () => Promise.reject(new Error('dawn.node: wrong ELF class\nat …')) },
    /^the package webgpu does not load: dawn\.node: wrong ELF class$/,
  ],
  ['a page without WebGPU', { ...none, node: false }, /^this page has no WebGPU; open it from https or localhost/],
  ['a browser without an adapter', { ...none, node: false, browser: () => gpu(null) }, /^the browser found no graphics adapter/],
  [
    'Node without a driver',
    { ...none, importDawn: () => Promise.resolve({ create: () => gpu(null), globals: {} }) },
    /^there is no graphics adapter; install a Vulkan driver/,
  ],
])('%s says why and what to do', async (_, sources, expected) => {
  const found = await findAdapter({}, sources);
  expect('why' in found && found.why).toMatch(expected);
});

test('the adapter of a browser is taken', async () => {
  const adapter = {};
  expect(await findAdapter({}, { ...none, node: false, browser: () => gpu(adapter) })).toEqual({ adapter });
});
