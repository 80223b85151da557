import type { CommandContext } from '../command-context.ts';
import { plainScreen } from './plain-screen.ts';
import type { Screen } from './screen.ts';
import { TerminalScreen } from './terminal-screen.ts';

/** A growing text for a terminal. */
export function terminalScreen(context: CommandContext): TerminalScreen {
  return new TerminalScreen(context.io.output, context.style, context.say('chat.reset'));
}

/** Whole answers for a pipe. Remarks are dim on standard error, if that is a terminal. */
export function pipeScreen(context: CommandContext, render: (text: string) => string): Screen {
  const screen = plainScreen(context.io, render);
  return {
    ...screen,
    notice: (line) => screen.notice(context.errorStyle.dim(line)),
    important: (line) => screen.important(context.errorStyle.yellow(line)),
  };
}
