import type { Application } from '../../application/application.ts';
import type { Identity } from '../../application/access/identity.ts';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';

/** Who speaks to the server, and what it is served with. Made anew for each request. */
export interface McpCaller {
  application: Application;
  identity: Identity;
  clock: Clock;
  log: Log;
  userAgent: string | null;
  /** Aborts when the platform is told to stop. */
  stopping: AbortSignal;
}

/** A form that the client shows to its person. */
export interface PersonalQuestion {
  message: string;
  /** What the person agrees to. */
  label: string;
}

/** What the person said; `unasked`: the client has not put the question yet; `impossible`: it cannot. */
export type PersonalAnswer = 'agreed' | 'declined' | 'unasked' | 'impossible';

/** One call of a tool, as the tool sees it. */
export interface McpCall extends McpCaller {
  /** Aborts when the client cancels the call, or goes away where the protocol takes that for a cancellation. */
  signal: AbortSignal;
  /** Tells the client how far the call has come; null where it did not ask for that. */
  progress: ((message: string) => void) | null;
  /** What the client's person answered to the one question that a tool may ask. */
  answer: PersonalAnswer;
}
