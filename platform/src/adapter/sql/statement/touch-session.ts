import { statement } from '../statement.ts';

/** Marks a session as changed: when a run of it ends or is suspended, not at every turn. */
export const touchSession = statement<never, readonly [sessionId: string]>(
  'touch-session',
  'update sessions set updated_at = now() where id = $1',
);
