import type { CommanderError } from 'commander';
import type { Translate } from '../text/language.ts';

type Told = (message: string, say: Translate) => string;

const told: Readonly<Partial<Record<string, Told>>> = {
  'commander.unknownCommand': (message, say) =>
    say('usage.unknownCommand', { name: quoted(message) }) + suggestion(message, say),
  'commander.unknownOption': (message, say) =>
    say('usage.unknownOption', { name: quoted(message) }) + suggestion(message, say),
  'commander.missingArgument': (message, say) => say('usage.missingArgument', { name: quoted(message) }),
  'commander.optionMissingArgument': (message, say) =>
    say('usage.missingValue', { name: firstWord(quoted(message)) }),
  'commander.missingMandatoryOptionValue': (message, say) =>
    say('usage.missingOption', { name: quoted(message) }),
  'commander.excessArguments': (_message, say) => say('usage.excessArguments'),
  'commander.invalidArgument': (message, say) =>
    invalidOption(message, say) ?? invalidArgument(message, say) ?? message,
};

/** What was typed wrongly, in the language of the user. Commander's own words are the last resort. */
export function usageMessage(error: CommanderError, say: Translate): string {
  const message = error.message.replace(/^error: /, '');
  return told[error.code]?.(message, say) ?? message;
}

function quoted(message: string): string {
  return /'([^']*)'/.exec(message)?.[1] ?? '';
}

function firstWord(text: string): string {
  return text.split(/[\s,]+/)[0] ?? '';
}

function suggestion(message: string, say: Translate): string {
  const name = /Did you mean (?:one of )?([^?]+)\?/.exec(message)?.[1];
  return name === undefined ? '' : ` ${say('usage.didYouMean', { name })}`;
}

function invalidOption(message: string, say: Translate): string | undefined {
  const [, flags, value, expected] =
    /option '([^']*)' argument '([^']*)'.*Allowed choices are ([^.]*)\./.exec(message) ?? [];
  if (flags === undefined || value === undefined || expected === undefined) return undefined;
  return say('usage.invalidValue', { name: firstWord(flags), value, expected });
}

function invalidArgument(message: string, say: Translate): string | undefined {
  const [, value, name, expected] =
    /value '([^']*)' is invalid for argument '([^']*)'.*Allowed choices are ([^.]*)\./.exec(message) ?? [];
  if (name === undefined || value === undefined || expected === undefined) return undefined;
  return say('usage.invalidValue', { name: `<${name}>`, value, expected });
}
