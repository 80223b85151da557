import { resolve } from 'node:path';
import type { PlatformModule } from '@batuta/platform';
import { type Command, CommanderError } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { type CommandContext, exitCodes, type GlobalOptions } from './command-context.ts';
import type { Client, ClientTarget } from './connection/client.ts';
import { buildProgram } from './program/program.ts';
import { namedCommand } from './program/named-command.ts';
import { usageMessage } from './program/usage-error.ts';
import { renderError } from './render-error.ts';
import type { Io } from './terminal/io.ts';
import { styleFor } from './terminal/style.ts';
import { commandOf, languageOf, loadTranslate, type Translate } from './text/language.ts';

/** What the command line cannot make itself. */
export interface Surroundings {
  io: Io;
  loadPlatform(): Promise<PlatformModule>;
  inspectConfiguration: PlatformModule['inspectConfiguration'];
  makeClient(target: ClientTarget): Promise<Client>;
}

/** Carries out one typed command, without its program name. Never throws; gives the exit code. */
export async function runProgram(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const { io } = surroundings;
  const say = await loadTranslate(languageOf(io.environment), commandOf(io.environment));
  let code: number = exitCodes.done;
  const program = buildProgram(
    {
      say,
      perform: async (command, task) => {
        code = await perform(contextOf(command, surroundings, say), task);
      },
    },
    { version: manifest.version, output: outputTo(io) },
  );
  try {
    if (words.length === 0) program.outputHelp();
    else await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    return reportUsage(error, io, { say, command: namedCommand(program, words) });
  }
}

async function perform(
  context: CommandContext,
  task: (context: CommandContext) => Promise<number>,
): Promise<number> {
  try {
    return await task(context);
  } catch (error) {
    if (error instanceof CommanderError) throw error;
    context.io.error.write(renderError(error, context));
    return exitCodes.failed;
  }
}

function contextOf(command: Command, surroundings: Surroundings, say: Translate): CommandContext {
  const { io } = surroundings;
  const options = command.optsWithGlobals<GlobalOptions>();
  const { color } = options;
  return {
    io,
    say,
    options,
    style: styleFor(io.output, { color, environment: io.environment }),
    errorStyle: styleFor(io.error, { color, environment: io.environment }),
    projectFolder: resolve(io.folder, options.project ?? '.'),
    loadPlatform: () => surroundings.loadPlatform(),
    inspectConfiguration: (project) => surroundings.inspectConfiguration(project),
    makeClient: (target) => surroundings.makeClient(target),
  };
}

function outputTo(io: Io) {
  return {
    writeOut: (text: string) => void io.output.write(text),
    writeErr: (text: string) => void io.error.write(text),
    // Usage errors are told in the user's language by `reportUsage`.
    outputError: () => undefined,
    getOutHelpWidth: () => io.output.columns ?? 100,
    getErrHelpWidth: () => io.error.columns ?? 100,
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  };
}

function reportUsage(
  error: unknown,
  io: Io,
  { say, command }: { say: Translate; command: readonly string[] },
): number {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode === 0) return exitCodes.done;
  const seeHelp = say('usage.seeHelp', { help: [...command, '--help'].join(' ') });
  if (error.code !== 'commander.help')
    io.error.write(`${say('error.label')}: ${usageMessage(error, say)}\n${seeHelp}\n`);
  return exitCodes.usage;
}
