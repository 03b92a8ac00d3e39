// A Vulkan driver for the tests: SwiftShader, which comes with Chromium. It computes on the processor.

import { existsSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = process.env['SINAPSE_SWIFTSHADER'] ?? '/usr/lib/chromium';

/** The environment of a process that has the driver; undefined where there is none. */
export function vulkanEnvironment(): NodeJS.ProcessEnv | undefined {
  const [loader, driver] = ['libvulkan.so.1', 'libvk_swiftshader.so'].map((file) => join(folder, file)) as [string, string];
  if (!existsSync(loader) || !existsSync(driver)) return undefined;
  const own = mkdtempSync(join(tmpdir(), 'sinapse-vulkan-'));
  symlinkSync(loader, join(own, 'libvulkan.so.1'));
  const manifest = { file_format_version: '1.0.0', ICD: { library_path: driver, api_version: '1.1.0' } };
  writeFileSync(join(own, 'driver.json'), JSON.stringify(manifest));
  return { ...process.env, LD_LIBRARY_PATH: own, VK_DRIVER_FILES: join(own, 'driver.json') };
}
