// The checks of changesets in continuous integration; neither changes the work tree.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { commandLine } from './platform.mjs';
import { packageFolders, program, root } from './workspace.mjs';

function execute(command, args, cwd = root) {
  try {
    const line = commandLine(process.platform, command, args);
    return execFileSync(line.command, line.args, { ...line.options, cwd, encoding: 'utf8', stdio: 'pipe', maxBuffer: 1 << 26 });
  } catch (error) {
    throw new Error(`${error.stdout ?? ''}${error.stderr ?? ''}` || error.message);
  }
}

const git = (...args) => execute('git', args).trim();

/** The commit of the last release, or the first commit. Only git history is read, so no branch or remote is needed. */
function lastRelease() {
  const release = git('log', '-1', '--format=%H', '--', 'packages/*/CHANGELOG.md');
  return release || git('rev-list', '--max-parents=0', 'HEAD').split('\n').at(-1);
}

async function status() {
  execute(program('changeset'), ['status', `--since=${lastRelease()}`]);
}

/** Applies the pending changesets to a copy and checks the result. */
async function versionBump() {
  const copy = mkdtempSync(join(tmpdir(), 'sinapse-version-'));
  try {
    for (const file of git('ls-files', '--cached', '--others', '--exclude-standard', '-z').split('\0').filter(Boolean)) {
      if (existsSync(join(root, file))) cpSync(join(root, file), join(copy, file));
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction'); // which Windows makes without privileges
    execute(program('changeset'), ['version'], copy);
    const left = readdirSync(join(copy, '.changeset')).filter((file) => file.endsWith('.md') && file !== 'README.md');
    if (left.length > 0) throw new Error(`changeset version left ${left.join(', ')}`);
    const versions = new Set();
    for (const folder of packageFolders().filter((folder) => dirname(folder) === join(root, 'packages'))) {
      versions.add(JSON.parse(readFileSync(join(copy, folder.slice(root.length), 'package.json'), 'utf8')).version);
    }
    if (versions.size !== 1) throw new Error(`all packages share one version, but the next ones would be ${[...versions].join(', ')}`);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

export const changesetChecks = [
  { name: 'changeset status', work: status },
  { name: 'version bump', work: versionBump },
];
