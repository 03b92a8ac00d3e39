import { use } from '@sinapse/core';
import { openBackend } from '../backend-choice.ts';
import { exitCode } from '../exit-code.ts';
import { Output } from '../output/output.ts';
import { writeNotebook } from '../report/notebook.ts';
import type { Language } from '../report/words.ts';
import { writeReport } from '../report/write-report.ts';

export interface ReportCommandOptions {
  readonly lang: Language;
  readonly notebook?: boolean;
  readonly json?: boolean;
}

/** `sinapse report`: writes the report of a run once more, perhaps in another language or as a notebook. */
export async function report(run: string, { lang, notebook = false, ...options }: ReportCommandOptions): Promise<number> {
  const output = new Output(options);
  const backend = use(await openBackend('auto'));
  try {
    const path = notebook ? await writeNotebook(run, { lang }) : await writeReport(run, { lang });
    output.event({ event: 'report', report: path });
    output.line(`Report: ${output.colors.bold(path)}`);
    return exitCode.done;
  } finally {
    await backend.close();
  }
}
