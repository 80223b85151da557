import type { Command } from 'commander';
import { addCommand, type ProgramParts } from './parts.ts';

/** browser. */
export function addBrowserCommands(program: Command, { say, perform }: ProgramParts): void {
  const browser = addCommand(program, { name: 'browser', description: say('help.browser') }, say);
  addCommand(browser, { name: 'watch', description: say('help.browser.watch') }, say)
    .argument('<session>', say('help.browser.session'))
    .action((session: string, _options: unknown, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/browser.ts')).watchBrowser(context, session),
      ),
    );
}
