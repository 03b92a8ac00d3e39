import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { commandLine, quoteArgument, shellOf, stopSignals } from './platform.ts';

const words = ['plain', 'a b', "it's", 'a"b', '$HOME', '`x`', '%PATH%', 'a&b', 'C:\\my run\\', '', '*.jpg', '@x', 'naïve'];

it('quotes for sh', () => {
  expect(['runs/a', 'my run', "it's", 'C:\\x'].map((word) => quoteArgument(word, 'sh'))).toEqual([
    'runs/a',
    `'my run'`,
    `'it'\\''s'`,
    `'C:\\x'`,
  ]);
});

it.skipIf(process.platform === 'win32')('quotes for sh so that a real one takes each word literally', () => {
  const typed = words.map((word) => quoteArgument(word, 'sh')).join(' ');
  const printed = execFileSync('sh', ['-c', `"${process.execPath}" -e 'console.log(JSON.stringify(process.argv.slice(1)))' -- ${typed}`], {
    encoding: 'utf8',
  });
  expect(JSON.parse(printed)).toEqual(words);
});

it('quotes for cmd.exe with double quotes', () => {
  expect(['runs\\a', 'my run', "it's", 'a"b', 'a&b', 'C:\\my run\\', ''].map((word) => quoteArgument(word, 'cmd'))).toEqual([
    'runs\\a',
    '"my run"',
    `"it's"`,
    '"a""b"',
    '"a&b"',
    '"C:\\my run\\\\"',
    '""',
  ]);
});

it('quotes for PowerShell with double quotes', () => {
  expect(['runs\\a', 'my run', "it's", '$HOME', 'a`b', 'a"b', '@x'].map((word) => quoteArgument(word, 'powershell'))).toEqual([
    'runs\\a',
    '"my run"',
    `"it's"`,
    '"`$HOME"',
    '"a``b"',
    '"a`"b"',
    '"@x"',
  ]);
});

it('knows the shell', () => {
  expect(shellOf('linux', {})).toBe('sh');
  expect(shellOf('darwin', { PROMPT: '%' })).toBe('sh');
  expect(shellOf('win32', { PROMPT: '$P$G' })).toBe('cmd');
  expect(shellOf('win32', {})).toBe('powershell');
  expect(shellOf('win32', { MSYSTEM: 'MINGW64', PROMPT: '$P$G' })).toBe('sh');
});

it('starts programs by way of cmd.exe only on Windows', () => {
  expect(commandLine('linux', 'npm', ['install', 'my folder'])).toEqual({ program: 'npm', args: ['install', 'my folder'], shell: false });
  expect(commandLine('win32', 'npm', ['install', 'my folder'])).toEqual({ program: 'npm install "my folder"', args: [], shell: true });
});

it('listens to the signals that a platform has', () => {
  expect(stopSignals('linux')).toEqual(['SIGINT', 'SIGTERM', 'SIGHUP']);
  expect(stopSignals('darwin')).toEqual(stopSignals('linux'));
  expect(stopSignals('win32')).toEqual(['SIGINT', 'SIGBREAK', 'SIGHUP']);
});
