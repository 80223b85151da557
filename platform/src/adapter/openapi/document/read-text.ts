import { isAlias, LineCounter, parseDocument, visit } from 'yaml';
import type { JsonObject } from '@batuta/contract';
import { FaultyPart } from './document-fault.ts';
import { asObject } from './json-shape.ts';

/** A few lines of YAML must not become gigabytes. */
const mostAliases = 1_000;

/** The object that a text in JSON or YAML holds. Throws `FaultyPart` with the line. */
export function readText(text: string): JsonObject {
  const value = /^\s*\{/.test(text) ? readJson(text) : readYaml(text);
  const object = asObject(value);
  if (object) return object;
  throw new FaultyPart(
    'line 1',
    'must be an object with the keys openapi, info and paths; this is another text',
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // YAML takes JSON with comments and trailing commas, too; and where it does not, it knows the line.
    return readYaml(text, error);
  }
}

function readYaml(text: string, jsonError?: unknown): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    merge: true,
    // Dates stay the texts that they are in JSON.
    schema: 'core',
    logLevel: 'silent',
  });
  const [error] = document.errors;
  if (error) {
    const kind = jsonError === undefined ? 'YAML' : 'JSON or YAML';
    throw new FaultyPart(`line ${lines.linePos(error.pos[0]).line}`, `not valid ${kind}: ${error.message}`);
  }
  let aliases = 0;
  visit(document, {
    Alias(_, node) {
      if (isAlias(node)) aliases += 1;
    },
  });
  if (aliases > mostAliases) throw new FaultyPart('line 1', `it has more than ${mostAliases} YAML aliases`);
  try {
    return document.toJS({ maxAliasCount: mostAliases });
  } catch (problem) {
    throw new FaultyPart(
      'line 1',
      `not usable YAML: ${problem instanceof Error ? problem.message : String(problem)}`,
    );
  }
}
