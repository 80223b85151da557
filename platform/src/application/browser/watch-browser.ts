import { BatutaError } from '@batuta/contract';
import type { SessionStore } from '../../port/session-store.ts';
import type { Identity } from '../access/identity.ts';
import { getSession } from '../session/sessions.ts';
import type { LiveConnection, LiveViewer, LiveViews } from './live-views.ts';

/** What doors can ask about browsers. */
export interface BrowserDoor {
  /** Looks the session up; what it gives begins to show its browser. Errors: `session-unknown`; then `browser-elsewhere`. */
  watch(identity: Identity, sessionId: string): Promise<(viewer: LiveViewer) => LiveConnection>;
}

/** Lets somebody look at the browser of a session that they may read. Errors: `session-unknown`; of what it gives: `browser-elsewhere`. */
export async function watchBrowser(
  { sessions, live }: { sessions: SessionStore; live: LiveViews | null },
  identity: Identity,
  sessionId: string,
): Promise<(viewer: LiveViewer) => LiveConnection> {
  await getSession(sessions, identity, sessionId);
  return (viewer) => {
    if (!live) throw new BatutaError('browser-elsewhere', {});
    return live.watch(identity, sessionId, viewer);
  };
}
