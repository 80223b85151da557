import type { ClientBase } from 'pg';
import { applicationRole, backupRole, roleMissing, systemRole } from './connection-setup.ts';
import { sqlState } from './database-error.ts';

/** Times that a statement on roles is tried which met another process doing the same. */
const attempts = 20;

/**
 * Makes the roles that row-level security rests on, and lets the present user take them. Roles belong to the whole
 * server: processes that migrate other databases on it may do the same at this moment, which no lock of this database prevents.
 */
export async function ensureRoles(client: ClientBase): Promise<void> {
  for (const role of [applicationRole, systemRole, backupRole]) {
    await ensureRole(client, role);
    await ensureMembership(client, role);
  }
}

async function ensureRole(client: ClientBase, role: string): Promise<void> {
  const found = await client.query('select 1 from pg_roles where rolname = $1', [role]);
  if (found.rows.length > 0) return;
  await untilDone(client, role, `create role ${role} nologin nobypassrls`);
}

async function ensureMembership(client: ClientBase, role: string): Promise<void> {
  // A superuser may take any role; MEMBER is also true for it.
  const found = await client.query<{ member: boolean }>(
    'select pg_has_role(session_user, $1, $2) as member',
    [role, 'MEMBER'],
  );
  if (found.rows[0]?.member) return;
  await untilDone(client, role, `grant ${role} to session_user`);
}

/** Tries again while another process changes the same rows of the catalogue; "it exists already" is what was wanted. */
async function untilDone(client: ClientBase, role: string, sql: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(sql);
      return;
    } catch (error) {
      const state = sqlState(error);
      if (state === '42710' || state === '23505') return;
      if (state === '42501') throw roleMissing(role, error);
      if (state !== 'XX000' || attempt === attempts) throw error;
    }
  }
}
