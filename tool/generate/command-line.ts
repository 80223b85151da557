import { exitCodes } from '../../cli/src/command-context.ts';
import { buildProgram } from '../../cli/src/program/program.ts';
import { english } from '../../cli/src/text/english.ts';
import { translateWith } from '../../cli/src/text/language.ts';
import type { GeneratedFile } from './generated-file.ts';

type Command = ReturnType<typeof buildProgram>;
type Option = Command['options'][number];
type Argument = Command['registeredArguments'][number];

const introduction = `# Commands

Every command of \`batuta\`, made from the command line itself by \`npm run generate\`. \`docs/guide/command-line.md\` tells how they are used.
`;

const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  done: 'done',
  failed: 'failed; standard error says why and how to mend it',
  pending: '`migrate --check`: migrations are pending',
  unfinished: '`run`, `chat`: the work goes on, or waits for a person',
  usage: 'the command was typed wrongly',
  interrupted: 'interrupted, or the run was cancelled',
};

/** The page of all commands, options and exit codes. */
export function generateCommandLine(): GeneratedFile {
  const parts = { say: translateWith(english), perform: async () => undefined };
  const program = buildProgram(parts, { version: '' });
  const text = [
    introduction,
    '## Options of every command',
    '',
    ...optionTable(program.options),
    ...leaves(program).flatMap(renderCommand),
    '## Exit codes',
    '',
    '| code | meaning |',
    '|---|---|',
    ...Object.entries(exitCodes).map(
      ([name, code]) => `| ${code} | ${meanings[name as keyof typeof exitCodes]} |`,
    ),
    '',
  ];
  return { path: 'docs/reference/command-line.md', text: text.join('\n') };
}

/** The commands that do something, with the words that lead to them. */
function leaves(command: Command, before: readonly string[] = []): { words: string[]; command: Command }[] {
  const words = [...before, command.name()];
  if (command.commands.length === 0) return [{ words, command }];
  return command.commands.flatMap((child) => leaves(child, words));
}

function renderCommand({ words, command }: { words: string[]; command: Command }): string[] {
  const signature = [...words, ...command.registeredArguments.map(argumentTerm)].join(' ');
  const rows = [
    ...command.registeredArguments.map((one) => row(argumentTerm(one), one.description)),
    ...command.options.map((one) => row(one.flags, optionMeaning(one))),
  ];
  const table = rows.length === 0 ? [] : [...heading, ...rows, ''];
  return [`## \`${signature}\``, '', `${capitalised(command.description())}.`, '', ...table];
}

const heading = ['| | |', '|---|---|'];

function optionTable(options: readonly Option[]): string[] {
  return [...heading, ...options.map((one) => row(one.flags, optionMeaning(one))), ''];
}

function optionMeaning(option: Option): string {
  if (option.defaultValue === undefined || option.negate) return option.description;
  return `${option.description} (default: ${String(option.defaultValue)})`;
}

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function row(term: string, meaning: string): string {
  return `| \`${term}\` | ${meaning.replaceAll('|', '\\|')} |`;
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
