import { BatutaError } from '@batuta/contract';
import type { SandboxCommand, SandboxLimits } from '../../port/sandbox.ts';

/** What the kernel takes for one argument, and about what it takes for all. */
const longestArgument = 131_071;
const longestAll = 1_000_000;
const mostArguments = 4096;
const variable = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Seconds that a command may take. Errors: `command-invalid`. */
export function checkCommand(command: SandboxCommand, limits: SandboxLimits): number {
  const words = [command.program, ...command.arguments];
  const reason =
    faultOfWords(words) ?? faultOfVariables(command.environment ?? {}) ?? faultOfProgram(command.program);
  if (reason !== undefined) throw new BatutaError('command-invalid', { reason });
  return Math.min(command.seconds ?? limits.seconds, limits.seconds);
}

/** Errors: `command-invalid`. */
export function requireProgram({ program }: SandboxCommand): void {
  const reason = faultOfProgram(program);
  if (reason !== undefined) throw new BatutaError('command-invalid', { reason });
}

function faultOfProgram(program: string): string | undefined {
  return program === '' || program.startsWith('-') ? 'it names no program' : undefined;
}

function faultOfWords(words: readonly string[]): string | undefined {
  if (words.length > mostArguments) return `it has more than ${mostArguments} arguments`;
  const lengths = words.map((word) => Buffer.byteLength(word));
  if (lengths.some((length) => length > longestArgument))
    return `an argument is longer than ${longestArgument} bytes; write it into a file and name that`;
  if (lengths.reduce((sum, length) => sum + length, 0) > longestAll)
    return `its arguments are longer than ${longestAll} bytes together`;
  return words.some((word) => word.includes('\0')) ? 'an argument contains a zero byte' : undefined;
}

function faultOfVariables(environment: Readonly<Record<string, string>>): string | undefined {
  const bad = Object.entries(environment).find(
    ([name, value]) =>
      !variable.test(name) || value.includes('\0') || Buffer.byteLength(value) > longestArgument,
  );
  return bad && `the variable "${bad[0].slice(0, 40)}" has a name or value that cannot be used`;
}
