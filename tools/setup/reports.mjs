import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * @typedef {{ passed: number, failed: string[], skipped: string[] }} Result
 */

/**
 * Sums the JSON reports that each package writes by vitest.config.ts: the number of passed tests, and the names of failed and skipped
 * ones. A package with a test script but no report, or a test file that did not load, counts as a failure.
 */
export function readReports(folder, packageFolders) {
  /** @type {Result} */
  const result = { passed: 0, failed: [], skipped: [] };
  for (const packageFolder of packageFolders) {
    const manifest = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
    if (!manifest.scripts?.test) continue;
    const file = join(folder, `${basename(packageFolder)}.json`);
    if (existsSync(file)) readReport(JSON.parse(readFileSync(file, 'utf8')), packageFolder, result);
    else result.failed.push(`${manifest.name}: its tests did not run to their end`);
  }
  return result;
}

function readReport(report, packageFolder, result) {
  const before = result.failed.length;
  for (const file of report.testResults) {
    const where = `${basename(packageFolder)}/${file.name.slice(packageFolder.length + 1)}`;
    for (const test of file.assertionResults) {
      const name = `${where}: ${test.fullName}`;
      if (test.status === 'passed') result.passed++;
      else if (test.status === 'failed') result.failed.push(name);
      else result.skipped.push(name);
    }
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) {
      result.failed.push(`${where}: ${file.message.split('\n')[0] || 'the file failed outside its tests'}`);
    }
  }
  if (!report.success && result.failed.length === before) result.failed.push(`${basename(packageFolder)}: an error outside the tests`);
}
