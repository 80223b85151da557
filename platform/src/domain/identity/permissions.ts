import type { Role } from '@batuta/contract';

/**
 * Who may do what: the one table. Every endpoint names the scope that it needs, and an identity has the scopes of its role or fewer.
 * `npm run generate` makes docs/reference/permissions.md from it. Members see and touch only what is their own; what that
 * means is said in `ownership.ts`.
 */

const administrator = ['administrator'] as const;
const operator = ['administrator', 'operator'] as const;
const member = ['administrator', 'operator', 'member'] as const;
const everybody = ['administrator', 'operator', 'member', 'viewer'] as const;
const overseers = ['administrator', 'operator', 'viewer'] as const;

/** Each scope: what it allows, and the roles that have it. */
const table = {
  'runs:read': { roles: everybody, about: 'Read and follow runs.' },
  'runs:write': { roles: member, about: 'Start, steer, cancel and retry runs.' },
  'sessions:read': { roles: everybody, about: 'Read and follow sessions.' },
  'sessions:write': { roles: member, about: 'Fork and delete sessions.' },
  'browsers:write': { roles: member, about: 'Take over browsers of sessions that one may read.' },
  'terminals:write': {
    roles: operator,
    about: 'Sit at a terminal in the sandbox of a session.',
  },
  'agents:read': { roles: everybody, about: 'Read agents and what they are made of.' },
  'tools:read': {
    roles: overseers,
    about: 'Read the tools that exist, where they come from and what is wrong with them.',
  },
  'limits:read': { roles: everybody, about: 'Read the own limits and what is left of them.' },
  'approvals:read': { roles: everybody, about: 'Read approvals.' },
  'approvals:write': {
    roles: member,
    about: 'Decide approvals, where the rule that asked does not name a higher role.',
  },
  'artifacts:read': { roles: everybody, about: 'Download files of runs.' },
  'artifacts:write': { roles: member, about: 'Add and delete files.' },
  'keys:read': { roles: member, about: 'List API keys: administrators all, others their own.' },
  'keys:write': {
    roles: member,
    about: 'Make, rotate and revoke API keys: administrators all, others their own.',
  },
  'users:read': { roles: operator, about: 'Read the users of the tenant.' },
  'users:write': { roles: administrator, about: 'Add, change, disable and delete users.' },
  'settings:read': { roles: overseers, about: 'Read the settings of the tenant.' },
  'settings:write': { roles: administrator, about: 'Change the settings of the tenant.' },
  'budgets:read': { roles: overseers, about: 'Read budgets and what is left of them.' },
  'budgets:write': { roles: administrator, about: 'Set budgets.' },
  'usage:read': { roles: overseers, about: 'Read what was used and what it cost.' },
  'policies:read': { roles: overseers, about: 'Read policies and ask them for explanations.' },
  'policies:write': { roles: administrator, about: 'Change policies.' },
  'audit:read': { roles: administrator, about: 'Read, verify and export the audit log.' },
  'secrets:read': { roles: operator, about: 'List the names of secrets; nobody can read their values.' },
  'secrets:write': { roles: administrator, about: 'Set, rotate and delete secrets.' },
  'keyring:write': {
    roles: [],
    about: 'Rotate the key that the secrets of all tenants are encrypted with.',
  },
  'webhooks:read': { roles: operator, about: 'Read webhooks and their deliveries.' },
  'webhooks:write': { roles: operator, about: 'Add, change and delete webhooks, and replay deliveries.' },
  'schedules:read': { roles: overseers, about: 'Read schedules.' },
  'schedules:write': { roles: operator, about: 'Add, change and delete schedules.' },
  'authorizations:read': {
    roles: member,
    about: 'List consents at services elsewhere: administrators all, others their own.',
  },
  'authorizations:write': {
    roles: member,
    about:
      'Begin and withdraw consents at services elsewhere: administrators withdraw all, others their own.',
  },
  'backups:write': { roles: [], about: 'Make a backup of all tenants.' },
  'tenants:read': { roles: [], about: 'List all tenants.' },
  'tenants:write': { roles: [], about: 'Make and disable tenants, and make the first key of each.' },
} as const satisfies Record<string, { roles: readonly Role[]; about: string }>;

/** What an identity may do: a thing and whether it is only read. */
export type Scope = keyof typeof table;

/** A line of the table of permissions. */
interface Permission {
  scope: Scope;
  about: string;
  roles: readonly Role[];
}

/** The whole table, in its order. */
export const permissions: readonly Permission[] = Object.entries(table).map(([scope, { roles, about }]) => ({
  scope: scope as Scope,
  about,
  roles,
}));

/** The names of all scopes, in the order of the table. */
export const scopeNames: readonly Scope[] = permissions.map(({ scope }) => scope);

/** Whether a word is the name of a scope. */
export function isScope(word: string): word is Scope {
  return Object.hasOwn(table, word);
}

/** Scopes over all tenants. No role has them: only the key of the platform's administrator and keys that were made by it. */
export const platformScopes: ReadonlySet<Scope> = new Set([
  'backups:write',
  'keyring:write',
  'tenants:read',
  'tenants:write',
]);

const scopesByRole: Readonly<Record<Role, ReadonlySet<Scope>>> = {
  administrator: scopesWith('administrator'),
  operator: scopesWith('operator'),
  member: scopesWith('member'),
  viewer: scopesWith('viewer'),
};

/** Everything that a role may do. */
export function scopesOf(role: Role): ReadonlySet<Scope> {
  return scopesByRole[role];
}

function scopesWith(role: Role): ReadonlySet<Scope> {
  return new Set(permissions.filter(({ roles }) => roles.includes(role)).map(({ scope }) => scope));
}
