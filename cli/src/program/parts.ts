import { Argument, type Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import type { Translate } from '../text/language.ts';

/** Carries a command out: gives it its context and keeps its exit code. */
export type Perform = (command: Command, task: (context: CommandContext) => Promise<number>) => Promise<void>;

/** What the parts of the program are built with. */
export interface ProgramParts {
  say: Translate;
  perform: Perform;
}

/** Adds a command in the language of the program. */
export function addCommand(
  parent: Command,
  signature: { name: string; description: string; isDefault?: boolean },
  say: Translate,
): Command {
  const options = signature.isDefault ? { isDefault: true } : {};
  const command = parent.command(signature.name, options).description(signature.description);
  return command.helpOption('-h, --help', say('help.help')).helpCommand(false);
}

/** An option that takes one of some values. */
export function choiceOption(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices);
}

/** An argument that takes one of some values. */
export function choiceArgument(name: string, description: string, choices: readonly string[]): Argument {
  return new Argument(name, description).choices(choices);
}
