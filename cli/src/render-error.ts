import type { CommandContext } from './command-context.ts';
import { allOf, codeOf, dataOf, reasonOf } from './failure.ts';
import { safeLine } from './terminal/safe-text.ts';
import type { Translate } from './text/language.ts';

/** An error as people (or, with `--json`, programs) read it on standard error: one line each, when several came together. */
export function renderError(error: unknown, context: CommandContext): string {
  const lines = allOf(error).map((one) => {
    const message = safeLine(messageOf(one, context.say));
    if (context.options.json) return JSON.stringify({ error: { code: codeOf(one) ?? 'internal', message } });
    return `${context.errorStyle.red(`${context.say('error.label')}:`)} ${message}`;
  });
  return `${lines.join('\n')}\n`;
}

/** Most messages are the catalogue's own. What only the command line can meet is told in the user's language. */
function messageOf(error: unknown, say: Translate): string {
  const { url = '', file = '', reason = '' } = dataOf(error);
  switch (codeOf(error)) {
    case undefined:
      return say('error.unexpected', { reason: reasonOf(error) });
    case 'server-unreachable':
      return say('error.unreachable', { url });
    case 'key-not-found':
      return say('error.keyMissing', { url, file });
    case 'key-invalid':
      return say('error.keyRefused');
    case 'file-unreadable':
      return say('error.fileUnreadable', { file, reason });
    default:
      return reasonOf(error);
  }
}
