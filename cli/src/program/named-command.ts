import type { Command } from 'commander';

/** The names of the innermost command that the typed words lead to, from below the program: `['budgets', 'set']`. */
export function namedCommand(program: Command, words: readonly string[]): string[] {
  const names: string[] = [];
  let command = program;
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (next) {
      command = next;
      names.push(next.name());
    }
  }
  return names;
}
