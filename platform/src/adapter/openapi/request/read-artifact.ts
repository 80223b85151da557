import type { ToolContext } from '../../../port/tool.ts';
import type { StoredFile } from './encode-body.ts';
import { RequestFault } from './request-fault.ts';

/** A stored file as a whole. Throws `RequestFault` where there is none, or too much of it. */
export async function readWholeArtifact(
  id: string,
  { context, maxBytes }: { context: ToolContext; maxBytes: number },
): Promise<StoredFile> {
  const found = await context.readArtifact(id, { offset: 0, length: maxBytes });
  if (!found)
    throw new RequestFault(`there is no artifact "${id.slice(0, 80)}"; give the id of one, art_...`);
  if (found.bytes <= found.content.byteLength) return found;
  throw new RequestFault(
    `the artifact ${id} has ${found.bytes} bytes, more than the ${maxBytes} that may be sent`,
  );
}
