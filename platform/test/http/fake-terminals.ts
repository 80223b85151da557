import { BatutaError } from '@batuta/contract';
import type { Identity } from '../../src/application/access/identity.ts';
import type { Application } from '../../src/application/application.ts';

/** A platform without sandboxes. */
export function makeFakeTerminals(
  ownSession: (identity: Identity, id: string) => unknown,
): Application['terminals'] {
  return {
    admit: async (identity, { sessionId, terminalId }) => {
      ownSession(identity, sessionId);
      if (terminalId !== undefined) throw new BatutaError('terminal-unknown', { id: terminalId });
      throw new BatutaError('sandbox-off', {});
    },
  };
}
