import { expect, it } from 'vitest';
import { renderMessage } from '../src/error/batuta-error.ts';

it.each([
  ['It broke', 'Migration one failed and was rolled back: It broke.'],
  ['It broke.', 'Migration one failed and was rolled back: It broke.'],
  ['Did it break?', 'Migration one failed and was rolled back: Did it break?'],
])('ends a message with one full stop: %s', (reason, message) => {
  expect(renderMessage('migration-failed', { name: 'one', reason })).toBe(message);
});
