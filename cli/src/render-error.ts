import type { CommandContext } from './command-context.ts';
import { codeOf, dataOf, reasonOf } from './failure.ts';
import { safeLine } from './terminal/safe-text.ts';
import type { Translate } from './text/language.ts';

/** An error as people (or, with `--json`, programs) read it on standard error. */
export function renderError(error: unknown, context: CommandContext): string {
  const code = codeOf(error);
  const message = safeLine(messageOf(error, context.say));
  if (context.options.json) return `${JSON.stringify({ error: { code: code ?? 'internal', message } })}\n`;
  return `${context.errorStyle.red(`${context.say('error.label')}:`)} ${message}\n`;
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
