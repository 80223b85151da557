import { readFileSync } from 'node:fs';
import { BatutaError } from '@batuta/contract';

/** A user of the operating system, by its numbers. */
export interface SystemUser {
  uid: number;
  gid: number;
}

/** In this order: the user that PostgreSQL's package makes, else the one that owns nothing. */
const candidates = ['postgres', '_postgres', 'nobody'];

/** The user to run the server as: PostgreSQL refuses to run as root. Undefined when we are not root: then as ourselves. */
export function chooseServerUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readUsers();
  for (const name of candidates) {
    const user = users.get(name);
    if (user !== undefined) return user;
  }
  throw new BatutaError('postgres-not-started', {
    reason: `it may not run as root, and there is no user ${candidates.join(' or ')} to run it as`,
  });
}

function readUsers(): Map<string, SystemUser> {
  const users = new Map<string, SystemUser>();
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name !== undefined && gid !== undefined) users.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  return users;
}
