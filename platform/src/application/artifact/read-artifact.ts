import { BatutaError } from '@batuta/contract';
import type { ArtifactStore } from '../../port/artifact.ts';
import type { Identity } from '../access/identity.ts';
import { isVisible } from '../access/visibility.ts';

/** The whole of a file. Errors: `artifact-unknown`. */
export async function readArtifact(
  store: ArtifactStore,
  identity: Identity,
  id: string,
): Promise<{ name: string; mediaType: string; content: Uint8Array }> {
  const info = await store.describe(identity.tenantId, id);
  if (!info || !isVisible(identity, info.ownerId)) throw new BatutaError('artifact-unknown', { id });
  const content = await store.read(identity.tenantId, id, { offset: 0, length: info.bytes });
  if (!content) throw new BatutaError('artifact-unknown', { id });
  return { name: info.name, mediaType: info.mediaType, content };
}
