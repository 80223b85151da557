import type { AccessDependencies } from '../application/access/access-dependencies.ts';
import { Authenticator } from '../application/access/authenticate.ts';
import { beginLogin, finishLogin } from '../application/access/browser-login.ts';
import { exchangeLogin } from '../application/access/login.ts';
import { signOut } from '../application/access/sign-out.ts';
import { StandingWatch } from '../application/access/standing-watch.ts';
import { TokenEntrance } from '../application/access/token-entrance.ts';
import { UseRecorder } from '../application/access/use-recorder.ts';
import type { Application } from '../application/application.ts';
import type { AccessStore } from '../port/access-store.ts';
import type { Bus } from '../port/bus.ts';
import type { UserStore } from '../port/user-store.ts';
import type { SignInParts } from './auth-parts.ts';

/** The way in: who asks, and how browsers are signed in. */
export interface Entrance {
  accessDependencies: AccessDependencies;
  access: Application['access'];
  /** Looks after who was let in and stays. */
  standings: StandingWatch;
  owners: Pick<AccessStore, 'owners'>;
  /** Makes a change of keys, users or a tenant count at once, in all processes. Contract: returns at once, never throws. */
  accessChanged: (tenantId: string) => void;
  /** Writes what was noted about the use of keys. */
  flush(): Promise<void>;
}

/** What the entrance is made of. */
interface EntranceParts extends Omit<AccessDependencies, 'store'> {
  access: AccessStore;
  users: UserStore;
  bus: Bus;
  /** Absent: only keys and login links let people in. */
  signIn?: SignInParts;
}

const onlyKeys: SignInParts = {
  issuers: [],
  verifier: { hasIssuers: false, verify: () => Promise.reject(new TypeError('no token is accepted')) },
  login: null,
  clientId: undefined,
};

/** Puts the entrance together. */
export function makeEntrance(parts: EntranceParts): Entrance {
  const context = { ...parts, ...(parts.signIn ?? onlyKeys), store: parts.access };
  const uses = new UseRecorder(context);
  const authenticator = new Authenticator({ ...context, uses, tokens: new TokenEntrance(context) });
  const standings = new StandingWatch({ ...context, forget: (hash) => authenticator.forgetHash(hash) });
  const heard = (tenantId: string) => {
    authenticator.forgetTenant(tenantId);
    void standings.look();
  };
  const accessChanged = (tenantId: string) => {
    heard(tenantId);
    if (parts.bus.remote) parts.bus.publish({ kind: 'access-changed', tenantId });
  };
  parts.bus.subscribe((message) => {
    if (message.kind === 'access-changed') heard(message.tenantId);
  });
  return {
    standings,
    owners: parts.access,
    accessChanged,
    accessDependencies: context,
    access: {
      authenticate: (key) => authenticator.key(key),
      authenticateBrowser: (token) => authenticator.browser(token),
      signOut: (token, returnTo) =>
        signOut({ ...context, accessChanged }, authenticator, { token, returnTo }),
      exchangeLogin: (token) => exchangeLogin(context, token),
      beginLogin: (callback) => beginLogin(context, callback),
      finishLogin: (returned, brought) => finishLogin(context, returned, brought),
      watch: (identity, ended) => standings.watch(identity, ended),
    },
    flush: () => uses.flush(),
  };
}
