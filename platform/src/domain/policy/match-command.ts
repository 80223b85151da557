import type { JsonValue } from '@batuta/contract';
import { parse } from 'shell-quote';
import type { Certainty } from './call-facts.ts';
import { anyOf, sure } from './certainty.ts';

/** How the commands of a rule are compared: with a text that a shell would read, or with a list of words. */
export type CommandTest = (command: JsonValue) => Certainty;

/** Programs that run other programs: what they really do stands in their arguments, in forms of their own. */
const runners = new Set(
  (
    'env sudo doas su sh bash dash zsh fish ksh csh tcsh busybox xargs nice ionice nohup timeout time stdbuf setsid exec eval ' +
    'command builtin source . chroot unshare nsenter flock watch parallel ssh script strace ltrace systemd-run'
  ).split(' '),
);

/**
 * The words of one simple command; undefined for everything that a shell would make more of: several commands, pipes, redirections,
 * substitutions, variables, globs, braces, comments, assignments before the command, unfinished quotation marks.
 */
export function commandWords(command: JsonValue): string[] | undefined {
  const words = Array.isArray(command) ? listed(command) : parsed(command);
  if (words === undefined || words.length === 0) return undefined;
  const [program = ''] = words;
  const isPlain = words.every((word) => !/[\p{Cc}\p{Cf}]/u.test(word));
  return isPlain && program !== '' && !/^[A-Za-z_]\w*\+?=/.test(program) ? words : undefined;
}

function listed(list: readonly JsonValue[]): string[] | undefined {
  const words = list.filter((word) => typeof word === 'string');
  return words.length === list.length && words.length <= 1024 ? words : undefined;
}

/** What is never taken for a simple command, in quotation marks or not: shells do not agree on it. */
const shellCharacters = /[`$\n\r\0!{}[\]*?~#;&|<>()]/;

function parsed(command: JsonValue): string[] | undefined {
  if (typeof command !== 'string' || command.length > 16_384 || shellCharacters.test(command))
    return undefined;
  if (!hasWholeQuotes(command)) return undefined;
  const entries = parse(command);
  const words = entries.filter((entry) => typeof entry === 'string');
  return words.length === entries.length ? words : undefined;
}

/** Whether each quotation mark has its other half, and nothing is escaped at the end. */
function hasWholeQuotes(command: string): boolean {
  let open = '';
  for (let index = 0; index < command.length; index += 1) {
    const character = command[index] ?? '';
    if (character === '\\' && open !== "'") index += 1;
    else if (open === '' && (character === "'" || character === '"')) open = character;
    else if (character === open) open = '';
    if (index >= command.length) return false;
  }
  return open === '';
}

/** What is wrong with a command pattern of a rule; undefined when nothing is. */
export function faultOfCommandPattern(pattern: string): string | undefined {
  const words = pattern.trim().split(/\s+/);
  if (words[0] === '*' || words[0] === '**' || words[0] === '')
    return `"${pattern}" must begin with a program`;
  const rest = words.indexOf('**');
  return rest >= 0 && rest < words.length - 1 ? `"${pattern}" may have ** at its end only` : undefined;
}

/**
 * Compares commands word by word. A rule that restricts takes a program for the same by whatever path it is called, and holds where a
 * program runs others or where the command cannot be taken apart.
 */
export function compileCommands(patterns: readonly string[], restricts: boolean): CommandTest {
  const wanted = patterns.map((pattern) => pattern.trim().split(/\s+/));
  return (command) => {
    const words = commandWords(command);
    if (words === undefined) return 'unclear';
    const [program = '', ...rest] = words;
    if (!restricts) return sure(wanted.some((pattern) => fits(pattern, words)));
    const name = baseName(program);
    const holds = wanted.some((pattern) => fits(pattern, words) || fits(pattern, [name, ...rest]));
    return anyOf([sure(holds), runners.has(name) ? 'unclear' : 'no']);
  };
}

function baseName(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1).toLowerCase();
}

function fits(pattern: readonly string[], words: readonly string[]): boolean {
  if (pattern.at(-1) === '**') {
    const fixed = pattern.slice(0, -1);
    return words.length >= fixed.length && fits(fixed, words.slice(0, fixed.length));
  }
  return (
    pattern.length === words.length && pattern.every((word, index) => word === '*' || word === words[index])
  );
}
