// From arguments to an exit code. Every error ends here, as one line on standard error.

import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { exitCode } from './exit-code.ts';
import { failureCode, failureLine } from './failure.ts';
import { asTyped } from './invocation.ts';
import { note } from './output/note.ts';
import { printable } from './output/printable.ts';
import { createProgram } from './program.ts';
import { UsageError } from './usage-error.ts';

/** Runs one command line and returns its exit code. */
export async function run(args: readonly string[]): Promise<number> {
  let code: number = exitCode.done;
  const program = createProgram((result) => (code = result));
  if (args.length === 0) {
    program.outputHelp();
    return code;
  }
  try {
    if (args[0] === 'help') checkCommand(args[1], program);
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCode.done;
      const command = program.commands.find((candidate) => candidate.name() === args[0])?.name();
      note(failureLine(new UsageError(whatIsWrong(error, asTyped(command === undefined ? ['--help'] : [command, '--help'])))));
      return exitCode.wrongUsage;
    }
    note(failureLine(error));
    if (args.includes('--verbose') && error instanceof Error) process.stderr.write(`${stackOf(error)}\n`);
    return failureCode(error);
  }
}

/** An error of commander, shortened where commander's own message is long. */
function whatIsWrong({ code, message }: CommanderError, help: string): string {
  const bare = message.replace(/^error: /, '').replace(/\.$/, '');
  if (code === 'commander.invalidArgument') {
    const { name, given, reason } =
      /^option '(?<name>--[\w-]+).*?' argument '(?<given>.*)' is invalid\. (?<reason>.*)$/s.exec(bare)?.groups ??
      /^command-argument value '(?<given>.*)' is invalid for argument '(?<name>.*?)'\. (?<reason>.*)$/s.exec(bare)?.groups ??
      {};
    if (name !== undefined) return `${name} ${given || "''"}: ${reason}`;
  }
  return `${bare}; see: ${help}`;
}

/** Throws if there is no such command: for `help trian`, commander shows the program's help and fails without a reason. */
function checkCommand(name: string | undefined, { commands }: Command): void {
  const names = commands.map((command) => command.name());
  if (name !== undefined && !names.includes(name)) throw new UsageError(`unknown command '${name}'; there are: ${names.join(', ')}`);
}

/** The longest stack that is shown: it repeats the message, which may quote a file. */
const LONGEST_STACK = 20_000;

function stackOf(error: Error): string {
  return withCauses(error).slice(0, LONGEST_STACK).split('\n').map(printable).join('\n');
}

function withCauses(error: Error): string {
  const own = error.stack ?? String(error);
  return error.cause instanceof Error ? `${own}\ncaused by ${withCauses(error.cause)}` : own;
}
