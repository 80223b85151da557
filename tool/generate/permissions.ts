import { roles } from '@batuta/contract';
import { permissions, platformScopes } from '../../platform/src/domain/identity/permissions.ts';
import type { GeneratedFile } from './generated-file.ts';

const introduction = `# Permissions

Who may do what, from the one table in \`platform/src/domain/identity/permissions.ts\`. Every endpoint of the
[API](openapi.json) names the scope that it needs. An identity has the scopes of its role, or fewer: a key can be made with some of them.
Members see and touch only their own runs and sessions, with the approvals and files in them, and their own keys; the other roles see all of the
tenant. \`docs/guide/identity.md\` tells more. This page is made from the table by \`npm run generate\`.
`;

/** The page of scopes and roles. */
export function generatePermissions(): GeneratedFile {
  const rows = permissions.map(({ scope, roles: having, about }) => {
    const marks = roles.map((role) => (having.includes(role) ? 'yes' : ''));
    return [`\`${scope}\``, about, ...marks, platformScopes.has(scope) ? 'yes' : ''];
  });
  const heading = ['scope', 'what it allows', ...roles, 'platform'];
  const text = [
    introduction,
    rowOf(heading),
    rowOf(heading.map(() => '---')),
    ...rows.map(rowOf),
    '',
    "*platform*: no role has it. The key of the platform's administrator has it, and keys that were made with it by name; both only in the tenant",
    'that looks after the platform, `default`.',
    '',
  ];
  return { path: 'docs/reference/permissions.md', text: text.join('\n') };
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
