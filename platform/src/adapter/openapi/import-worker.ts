import { parentPort } from 'node:worker_threads';
import { FaultyPart, type DocumentFault } from './document/document-fault.ts';
import { importDocument, type Imported } from './document/import-document.ts';

/** A document to be read. */
export interface ImportQuestion {
  bytes: Uint8Array;
}

/** What the thread tells, piece by piece. */
export type ImportAnswer =
  | { kind: 'piece'; items: Imported[] }
  | { kind: 'end' }
  | { kind: 'fault'; fault: DocumentFault };

/** Characters of schemas in one message: whoever takes it unpacks it at once. */
const pieceCharacters = 100_000;

function tell(answer: ImportAnswer): void {
  parentPort?.postMessage(answer, []);
}

function read({ bytes }: ImportQuestion): void {
  try {
    let items: Imported[] = [];
    let characters = 0;
    for (const item of importDocument(new TextDecoder().decode(bytes))) {
      items.push(item);
      characters += JSON.stringify(item).length;
      if (characters < pieceCharacters) continue;
      tell({ kind: 'piece', items });
      items = [];
      characters = 0;
    }
    tell({ kind: 'piece', items });
    tell({ kind: 'end' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const { place, reason: told } = error instanceof FaultyPart ? error : { place: '/', reason };
    tell({ kind: 'fault', fault: { place, reason: told } });
  }
}

parentPort?.once('message', read);
