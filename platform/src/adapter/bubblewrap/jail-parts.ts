import { existsSync, lstatSync, readlinkSync } from 'node:fs';

/** Options of bwrap for root, who needs no namespace of users: it makes the rest of the jail, becomes somebody else, and none of its rights are left. */
export const rootNamespaces: readonly string[] =
  '--cap-drop ALL --cap-add CAP_SETUID --cap-add CAP_SETGID --cap-add CAP_SETPCAP'.split(' ');

/** What root runs first inside: from then on it is this user, for good. */
export function becomeUser(user: number): string[] {
  const id = String(user);
  const rights = ['--clear-groups', '--bounding-set=-all', '--inh-caps=-all', '--no-new-privs'];
  return ['/usr/bin/setpriv', '--reuid', id, '--regid', id, ...rights];
}

/** Options that show a folder such as `bin` of `/`: a link on today's systems, a folder on older ones; none where it is not there. */
export function rootFolder(name: string): string[] {
  const path = `/${name}`;
  if (!existsSync(path)) return [];
  return lstatSync(path).isSymbolicLink()
    ? ['--symlink', readlinkSync(path), path]
    : ['--ro-bind', path, path];
}
