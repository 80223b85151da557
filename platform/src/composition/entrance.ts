import type { AccessDependencies } from '../application/access/access-dependencies.ts';
import { Authenticator } from '../application/access/authenticate.ts';
import { exchangeLogin } from '../application/access/login.ts';
import { signOut } from '../application/access/sign-out.ts';
import { UseRecorder } from '../application/access/use-recorder.ts';
import type { Application } from '../application/application.ts';
import type { AccessStore } from '../port/access-store.ts';

/** The way in: who asks, and how browsers are signed in. */
export interface Entrance {
  accessDependencies: AccessDependencies;
  access: Application['access'];
  /** Writes what was noted about the use of keys. */
  flush(): Promise<void>;
}

/** Puts the entrance together. */
export function makeEntrance(parts: Omit<AccessDependencies, 'store'> & { access: AccessStore }): Entrance {
  const accessDependencies = { ...parts, store: parts.access };
  const uses = new UseRecorder(accessDependencies);
  const authenticator = new Authenticator({ ...accessDependencies, uses });
  return {
    accessDependencies,
    access: {
      authenticate: (key) => authenticator.key(key),
      authenticateBrowser: (token) => authenticator.browser(token),
      signOut: (token) => signOut(accessDependencies, authenticator, token),
      exchangeLogin: (token) => exchangeLogin(accessDependencies, token),
    },
    flush: () => uses.flush(),
  };
}
