import { defineEndpoint, type Endpoint } from '../endpoint.ts';

const create = defineEndpoint({
  method: 'POST',
  path: '/v1/backups',
  summary: 'Make a backup of all tenants, as of one instant, and download it.',
  group: 'Backups',
  scope: 'backups:write',
  answers: [{ status: 200, description: 'The backup.', mediaType: 'application/gzip' }],
  errors: ['backup-under-way', 'backup-file-unusable'],
  async handle({ door, identity, headers }) {
    const { content, bytes, summary } = await door.application.backups.create(identity);
    const day = summary.createdAt.replace(/[:.]/g, '-');
    return new Response(content, {
      headers: {
        ...headers,
        'content-type': 'application/gzip',
        'content-length': String(bytes),
        'content-disposition': `attachment; filename="batuta-${day}.batuta-backup"`,
        'batuta-backup-created-at': summary.createdAt,
      },
    });
  },
});

export const backupEndpoints: readonly Endpoint[] = [create];
