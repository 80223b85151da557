import { isObject, type JsonSchema } from '../open-api/json-schema.ts';
import type { OpenApiDocument } from '../open-api/open-api-document.ts';
import { escapeHtml, makePage, type Page } from './page.ts';

/**
 * The reference as one page, made on the server from the OpenAPI document: no script, nothing fetched from elsewhere. The
 * usual reference pages load megabytes of script from a CDN, or ask for a content security policy with holes.
 */
export function makeReferencePage(document: OpenApiDocument): Page {
  const { info, tags, paths, components } = document;
  return makePage(
    `${info.title} API ${info.version}`,
    [
      `<h1>${text(info.title)} API <span class="muted">${text(info.version)}</span></h1>`,
      `<p>${markup(info.description)} The same as data: <a href="/openapi.json">/openapi.json</a>.</p>`,
      ...tags.map(({ name }) => `<h2>${text(name)}</h2>${operationsOf(paths, name)}`),
      '<h2 id="schemas">Schemas</h2>',
      ...Object.entries(components.schemas).map(schemaSection),
    ].join('\n'),
  );
}

function operationsOf(paths: OpenApiDocument['paths'], tag: string): string {
  return Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    )
    .filter(({ operation }) => list(operation['tags']).includes(tag))
    .map(operationSection)
    .join('\n');
}

function operationSection(entry: { path: string; method: string; operation: JsonSchema }): string {
  const { path, method, operation } = entry;
  const title = `<span class="method">${text(method.toUpperCase())}</span> <code>${text(path)}</code>`;
  return `<details id="${text(operation['operationId'])}"><summary>${title} ${markup(operation['summary'])}</summary>
<p>${markup(operation['description'])}</p>${parameters(operation)}${requestBody(operation)}${responses(operation)}</details>`;
}

function parameters(operation: JsonSchema): string {
  const rows = list(operation['parameters'])
    .filter(isObject)
    .map(
      ({ name, in: place, required, description, schema }) =>
        `<tr><td><code>${text(name)}</code></td><td>${text(place)}${required === true ? ', required' : ''}</td>` +
        `<td>${markup(description)} <code>${text(JSON.stringify(schema))}</code></td></tr>`,
    );
  return rows.length === 0 ? '' : `<h4>Parameters</h4><table>${rows.join('')}</table>`;
}

function requestBody(operation: JsonSchema): string {
  const body = operation['requestBody'];
  return isObject(body) ? `<h4>Body</h4><p>${contentLinks(body)}</p>` : '';
}

function responses(operation: JsonSchema): string {
  const all = isObject(operation['responses']) ? operation['responses'] : {};
  const rows = Object.entries(all).map(([status, response]) => {
    const known = isObject(response) ? response : {};
    return `<tr><td>${text(status)}</td><td>${markup(known['description'])}</td><td>${contentLinks(known)}</td></tr>`;
  });
  return `<h4>Answers</h4><table>${rows.join('')}</table>`;
}

function contentLinks(holder: JsonSchema): string {
  const content = isObject(holder['content']) ? holder['content'] : {};
  return Object.entries(content)
    .map(([mediaType, media]) => `${text(mediaType)} ${schemaLink(media)}`)
    .join('<br>');
}

function schemaLink(media: unknown): string {
  const reference = /"#\/components\/schemas\/(\w+)"/.exec(JSON.stringify(media))?.[1];
  return reference === undefined ? '' : `<a href="#schema-${reference}">${reference}</a>`;
}

function schemaSection([name, schema]: [string, JsonSchema]): string {
  const json = text(JSON.stringify(schema, null, 2));
  const linked = json.replace(/#\/components\/schemas\/(\w+)/g, '<a href="#schema-$1">$1</a>');
  return `<details id="schema-${text(name)}"><summary><code>${text(name)}</code></summary><pre>${linked}</pre></details>`;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? escapeHtml(value) : '';
}

/** The little Markdown that descriptions use: code, and paragraphs. */
function markup(value: unknown): string {
  return text(value)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\n\n/g, '<br>');
}
