// The report of a conformance run: one entry for each kernel, one for each other check, and a table of both.

import type { BackendInfo, KernelName } from '@sinapse/core';
import type { Comparison } from './compare.ts';

/** The results of one kernel. */
export interface KernelReport {
  readonly kernel: KernelName;
  /** How many cases the backend's kernel ran. */
  readonly native: number;
  /** How many cases core's lowering ran. */
  readonly lowered: number;
  /** Why cases were lowered, and how many for each reason. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly failed: number;
  /** The largest error as a share of what is allowed. */
  readonly worst: number;
  /** The largest error in ulps of float32, among results where little cancels. */
  readonly worstUlps: number;
  /** The largest difference between the kernel and its lowering, as a share of what is allowed; undefined if none was compared. */
  readonly lowering: number | undefined;
  /** The factor on the allowed error (option `tolerance`). */
  readonly factor: number;
}

/** One check: a kernel's grid, a lowering, an op's gradient, a rule of the interface. */
export interface CheckReport {
  readonly section: string;
  readonly name: string;
  /** The message of the failure; undefined if the check passed. */
  readonly error: string | undefined;
}

export interface ConformanceReport {
  readonly backend: string;
  readonly info: BackendInfo;
  readonly tier: 'quick' | 'full';
  readonly seed: number;
  readonly kernels: readonly KernelReport[];
  readonly checks: readonly CheckReport[];
  readonly passed: boolean;
}

/** Collects a kernel's results while its cases run. */
export class KernelTally {
  readonly kernel: KernelName;
  readonly factor: number;
  private native = 0;
  private lowered = 0;
  private readonly reasons: Record<string, number> = {};
  private failed = 0;
  private worst = 0;
  private worstUlps = 0;
  private lowering: number | undefined;

  constructor(kernel: KernelName, factor: number) {
    this.kernel = kernel;
    this.factor = factor;
  }

  /** Counts a case; `reason` says why it was lowered, if it was. */
  ran(reason: string | undefined): void {
    if (reason === undefined) this.native++;
    else {
      this.lowered++;
      this.reasons[reason] = (this.reasons[reason] ?? 0) + 1;
    }
  }

  compared({ worst, worstUlps }: Comparison): void {
    this.worst = Math.max(this.worst, worst);
    this.worstUlps = Math.max(this.worstUlps, worstUlps);
  }

  comparedLowering({ worst }: Comparison): void {
    this.lowering = Math.max(this.lowering ?? 0, worst);
  }

  fail(): void {
    this.failed++;
  }

  report(): KernelReport {
    const { kernel, native, lowered, reasons, failed, worst, worstUlps, lowering, factor } = this;
    return { kernel, native, lowered, reasons, failed, worst, worstUlps, lowering, factor };
  }
}

/** The report as text: a table (kernel, cases, worst error, how it ran), then the failures, then one line of summary. */
export function formatReport({ backend, info, tier, seed, kernels, checks, passed }: ConformanceReport): string {
  const rows = kernels.map((kernel) => [
    kernel.kernel,
    String(kernel.native + kernel.lowered),
    share(kernel.worst),
    kernel.worstUlps === 0 ? '' : kernel.worstUlps < 1000 ? kernel.worstUlps.toFixed(1) : kernel.worstUlps.toExponential(1),
    kernel.lowering === undefined ? '' : share(kernel.lowering),
    howItRan(kernel),
  ]);
  const table = formatTable(['kernel', 'cases', 'worst error / allowed', 'ulps', 'lowering / allowed', 'how'], rows);
  const failures = checks
    .filter(({ error }) => error !== undefined)
    .map(({ section, name, error }) => `FAILED ${section} > ${name}: ${error}`);
  const count = checks.length - failures.length;
  const summary = `${backend} (${info.engine}), tier ${tier}, seed ${seed}: ${count} of ${checks.length} checks passed${passed ? '' : ', the backend does not conform'}`;
  return [...(kernels.length > 0 ? [table, ''] : []), ...failures, summary].join('\n');
}

function share(worst: number): string {
  return worst === 0 ? 'exact' : worst.toFixed(3);
}

function howItRan({ native, lowered, reasons, failed, factor }: KernelReport): string {
  const parts = failed > 0 ? [`${failed} FAILED`] : [];
  if (native > 0) parts.push(lowered > 0 ? `${native} native` : 'native');
  for (const [reason, count] of Object.entries(reasons)) parts.push(`${native > 0 ? `${count} ` : ''}lowered (${reason})`);
  if (factor !== 1) parts.push(`allowed ${factor} times the usual error`);
  return parts.join(', ');
}

/** A table as text. Columns are as wide as needed; the numbers in the middle are aligned to the right. */
function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 || column === cells.length - 1 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}
