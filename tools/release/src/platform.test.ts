// The rules by which tools/setup starts and ends programs, for each platform.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { repository } from './tarball.ts';

interface Rules {
  commandLine: (platform: string, command: string, args: readonly string[]) => { command: string; args: string[]; options: object };
  ending: (platform: string, pid: number) => { group?: number; command?: string; args?: string[] };
  stopSignals: (platform: string) => Record<string, number>;
}

const { commandLine, ending, stopSignals } = (await import(pathToFileURL(join(repository, 'tools/setup/platform.mjs')).href)) as Rules;

it.each(['linux', 'darwin'])('starts programs directly on %s, and ends the group of their processes', (platform) => {
  expect(commandLine(platform, 'npx', ['a b'])).toEqual({ command: 'npx', args: ['a b'], options: {} });
  expect(ending(platform, 7)).toEqual({ group: -7 });
  expect(Object.keys(stopSignals(platform))).toEqual(['SIGHUP', 'SIGINT', 'SIGTERM']);
});

it('starts programs by way of cmd.exe on Windows, and ends the tree of their processes', () => {
  const args = ['--yes', 'pnpm@12.0.0', '--since=HEAD', 'a&b', 'say "x"', 'C:\\a b\\'];
  expect(commandLine('win32', 'C:\\Program Files\\npx', args)).toEqual({
    command: String.raw`"C:\Program Files\npx" --yes pnpm@12.0.0 --since=HEAD "a&b" "say ""x""" "C:\a b\\"`,
    args: [],
    options: { shell: true },
  });
  expect(ending('win32', 7)).toEqual({ command: 'taskkill', args: ['/pid', '7', '/T', '/F'] });
  expect(Object.keys(stopSignals('win32'))).toEqual(['SIGHUP', 'SIGINT', 'SIGBREAK']);
});

it.skipIf(process.platform === 'win32')('ends a program whose shell npm has ended', async () => {
  const watch = pathToFileURL(join(repository, 'tools/setup/npm-shell.mjs')).href;
  const program = `import '${watch}'; process.on('SIGTERM', () => { console.log('SIGTERM'); process.exit(); }); setInterval(() => {}, 1000); console.log('ready');`;
  // The second command keeps the shell from becoming the program.
  const shell = spawn('sh', ['-c', '"$0" --input-type=module -e "$1"; true', process.execPath, program], {
    env: { ...process.env, npm_lifecycle_event: 'start' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  for await (const text of shell.stdout.setEncoding('utf8')) {
    if (printed === '') shell.kill('SIGTERM');
    printed += text;
  }
  expect(printed).toBe('ready\nSIGTERM\n');
});

it('keeps the scripts of package.json free of what only one shell has', () => {
  const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const special = Object.entries(scripts).filter(([, script]) => /^\s*(exec|export|set|cd|rm|cp|mv)\b|['$;|`]|\w=\S+ \w/.test(script));
  expect(special).toEqual([]);
});
