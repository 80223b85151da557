import { BatutaError, type SecretInfo } from '@batuta/contract';
import type { Application } from '../../src/application/application.ts';

const at = '2026-11-21T00:00:00.000Z';

function makeSecret(name: string): SecretInfo {
  return { name, created_at: at, updated_at: at, updated_by: 'ci' };
}

/** Secrets of a tenant that has one, called `weather`. */
export const fakeSecrets: Application['secrets'] = {
  set: async (_, name) => makeSecret(name),
  list: async (_, { cursor = '' }) => {
    if (cursor !== '') throw new BatutaError('cursor-invalid', { cursor });
    return { items: [makeSecret('weather')], next_cursor: null };
  },
  delete: async (_, name) => {
    if (name !== 'weather') throw new BatutaError('secret-unknown', { name });
  },
  rotateKey: async () => ({ key_id: 'ab', made: true, secrets: 1, unused_key_ids: [] }),
};
